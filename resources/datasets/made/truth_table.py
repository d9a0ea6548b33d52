"""Three switches and two questions about them, as a made-up data set."""

import numpy as np


def truth_table(copies=100):
    """Every combination of three switches: is any of them on, are at least two on?"""
    rows = np.array(list(np.ndindex(2, 2, 2)), dtype="float32")
    rows = np.tile(rows, (copies, 1))
    a, b, c = rows.T
    count = a + b + c
    return {
        "A": a,
        "B": b,
        "C": c,
        "any": (count >= 1).astype("float32"),
        "at_least_two": (count >= 2).astype("float32"),
    }
