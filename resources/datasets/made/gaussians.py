"""Clouds of points, one for each class, as a made-up data set."""

import numpy as np


def gaussians(samples=400, classes=3, noise=0.3, seed=0):
    """Clouds of points, one per class, with their centres spread over a circle."""
    rng = np.random.default_rng(seed)
    label = np.arange(samples) % classes
    angle = 2.0 * np.pi * label / classes
    x = np.cos(angle) + rng.normal(0.0, noise, samples)
    y = np.sin(angle) + rng.normal(0.0, noise, samples)
    return {"x": x.astype("float32"), "y": y.astype("float32"), "label": label}
