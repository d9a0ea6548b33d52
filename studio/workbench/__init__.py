"""What the window and the command line both do with a project, without Qt: infer, prepare runs, start engines."""
