"""How rows are divided into a training, a validation and a test part.

An exported file carries the one of the three functions that it needs; the program calls
`split` for its previews, which picks the same one. Rows with gaps are gone before.
"""

import numpy as np


def split(rows, labels, validation, test, seed, shuffle=True):
    """Row numbers of the training, validation and test part.

    `labels` holds the class number of each row: of the target that is a category, or of
    the combination where several are (`class_numbers`). It is None where none is.
    """
    if not shuffle:
        return split_in_order(rows, validation, test)
    if labels is None:
        return split_at_random(rows, validation, test, seed)
    return split_by_class(labels, validation, test, seed)


def split_in_order(rows, validation, test):
    """Row numbers of the parts: training first, then validation, then test."""
    first = rows - round(rows * (validation + test))
    second = rows - round(rows * test)
    return np.split(np.arange(rows), [first, second])


def split_at_random(rows, validation, test, seed):
    """Row numbers of the training, validation and test part, drawn by lot."""
    order = np.random.default_rng(seed).permutation(rows)
    first = rows - round(rows * (validation + test))
    second = rows - round(rows * test)
    return np.split(order, [first, second])


def split_by_class(labels, validation, test, seed):
    """Row numbers of the three parts, each with the same share of every class."""
    rng = np.random.default_rng(seed)
    place = np.empty(len(labels))  # of each row among its class, from 0 to 1
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    part = np.digitize(place, [1 - validation - test, 1 - test])
    return [np.flatnonzero(part == number) for number in range(3)]


def class_numbers(*columns):
    """One class number per row for the combination of classes in `columns`."""
    return np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].ravel()
