def tell_training(logs=None):
    """Tell in the log that the training begins, or how it ended."""
    print(f"training: {logs or 'begins'}")
