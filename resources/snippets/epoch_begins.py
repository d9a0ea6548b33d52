def epoch_begins(epoch, logs=None):
    """Tell in the log that an epoch begins."""
    print(f"epoch {epoch + 1} begins")
