"""A small circle inside a large one, as a made-up data set."""

import numpy as np


def circles(samples=400, noise=0.08, seed=0):
    """Points on two circles with the same centre: class 0 outside, class 1 inside."""
    rng = np.random.default_rng(seed)
    label = np.arange(samples) % 2
    angle = rng.uniform(0.0, 2.0 * np.pi, samples)
    radius = np.where(label == 0, 1.0, 0.5)
    x = radius * np.cos(angle) + rng.normal(0.0, noise, samples)
    y = radius * np.sin(angle) + rng.normal(0.0, noise, samples)
    return {"x": x.astype("float32"), "y": y.astype("float32"), "label": label}
