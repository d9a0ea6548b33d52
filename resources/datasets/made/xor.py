"""Two classes in opposite corners of a square, as a made-up data set."""

import numpy as np


def xor(samples=400, noise=0.15, seed=0):
    """Points around the corners of a square: class 1 where just one of x, y is high."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 2, size=(samples, 2))
    x, y = (corners + rng.normal(0.0, noise, size=corners.shape)).T
    return {
        "x": x.astype("float32"),
        "y": y.astype("float32"),
        "label": corners[:, 0] ^ corners[:, 1],
    }
