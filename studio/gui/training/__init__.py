"""The panels of training: live curves, the controls of a run, the list of runs, the form of the training plan."""
