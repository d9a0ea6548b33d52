"""A noisy sine wave, as a made-up data set."""

import numpy as np


def sine(samples=400, noise=0.1, seed=0):
    """Points near one and a half periods of a sine wave; y is to be told from x."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1.5 * np.pi, 1.5 * np.pi, samples)
    y = np.sin(x) + rng.normal(0.0, noise, samples)
    return {"x": x.astype("float32"), "y": y.astype("float32")}
