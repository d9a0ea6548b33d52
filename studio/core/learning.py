"""Layers that measure the training data before training begins."""

from __future__ import annotations

from collections.abc import Mapping

from studio.catalog.values import Value

LEARNS: Mapping[str, str] = {
    "Normalization": "mean",
    "Discretization": "bin_boundaries",
    "StringLookup": "vocabulary",
    "IntegerLookup": "vocabulary",
    "TextVectorization": "vocabulary",
}
"""What each of them finds out, unless that is given."""


def learns(type: str, params: Mapping[str, Value]) -> bool:
    """Whether a layer measures the training data."""
    return type in LEARNS and params.get(LEARNS[type]) is None
