"""Which layers, losses, optimizers, metrics and callbacks exist, as data. Facts come from Keras, words from us."""
