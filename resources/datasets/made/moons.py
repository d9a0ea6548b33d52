"""Two half moons that reach into each other, as a made-up data set."""

import numpy as np


def moons(samples=400, noise=0.1, seed=0):
    """Points on two half moons that reach into each other, one class each."""
    rng = np.random.default_rng(seed)
    label = np.arange(samples) % 2
    angle = rng.uniform(0.0, np.pi, samples)
    x = np.where(label == 0, np.cos(angle), 1.0 - np.cos(angle))
    y = np.where(label == 0, np.sin(angle), 0.5 - np.sin(angle))
    return {
        "x": (x + rng.normal(0.0, noise, samples)).astype("float32"),
        "y": (y + rng.normal(0.0, noise, samples)).astype("float32"),
        "label": label,
    }
