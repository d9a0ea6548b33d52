def falling_rate(epoch, rate):
    """Keep the rate for five epochs, then let it fall by a tenth per epoch."""
    return rate if epoch < 5 else rate * 0.9
