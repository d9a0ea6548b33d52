"""Two spirals wound around each other, as a made-up data set."""

import numpy as np


def spirals(samples=600, noise=0.03, turns=1.25, seed=0):
    """Points on two spirals that wind around each other, one class each."""
    rng = np.random.default_rng(seed)
    label = np.arange(samples) % 2
    radius = np.sqrt(rng.uniform(0.02, 1.0, samples))
    angle = 2.0 * np.pi * turns * radius + np.pi * label
    x = radius * np.cos(angle) + rng.normal(0.0, noise, samples)
    y = radius * np.sin(angle) + rng.normal(0.0, noise, samples)
    return {"x": x.astype("float32"), "y": y.astype("float32"), "label": label}
