def tell_batch(batch, logs=None):
    """Tell in the log how every hundredth batch goes."""
    if batch % 100 == 0:
        print(f"batch {batch}: {logs}")
