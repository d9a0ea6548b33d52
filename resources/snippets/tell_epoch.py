def tell_epoch(epoch, logs=None):
    """Print the loss of each epoch into the log."""
    print(f"epoch {epoch + 1}: loss {logs['loss']:.4f}")
