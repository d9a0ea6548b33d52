"""What the window knows of training runs, without widgets: the curve store, a run, the trainer."""
