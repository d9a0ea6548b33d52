def scale(x):
    """Bring pixels from 0 ... 255 to -1 ... 1."""
    return x / 127.5 - 1.0
