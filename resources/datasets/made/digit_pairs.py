"""Pairs of tiny pictures of digits, as a made-up data set."""

import numpy as np


def digit_pairs(samples=2000, noise=0.2, seed=0):
    """Two noisy digits, each near the middle of 8 x 8 pixels: are they the same digit?"""
    font = np.array(
        [
            list("111101101101111"), list("010110010010111"), list("111001111100111"),
            list("111001111001111"), list("101101111001001"), list("111100111001111"),
            list("111100111101111"), list("111001001010010"), list("111101111101111"),
            list("111101111001111"),
        ],
        dtype="float32",
    ).reshape(10, 5, 3)  # fmt: skip
    rng = np.random.default_rng(seed)
    digits = rng.integers(0, 10, size=(2, samples))
    is_copied = rng.random(samples) < 0.45
    digits[1, is_copied] = digits[0, is_copied]
    pictures = rng.normal(0.0, noise, size=(2, samples, 8, 8)).astype("float32")
    for side, row in np.ndindex(2, samples):
        top, left = rng.integers(1, 3), rng.integers(2, 4)
        pictures[side, row, top : top + 5, left : left + 3] += font[digits[side, row]]
    return {
        "left": pictures[0],
        "right": pictures[1],
        "same": (digits[0] == digits[1]).astype("float32"),
    }
