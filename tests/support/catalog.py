"""The catalog that the program ships, loaded once for all tests."""

from __future__ import annotations

import importlib
from typing import Any

from studio import catalog
from studio.catalog.spec import SEQUENTIAL

CATALOG = catalog.load()


def keras_class(type: str) -> Any:
    """The class of Keras with this name, in the public module or where Keras keeps it for its ready-made networks."""
    spec = CATALOG.inner_layer(type)
    usual = "keras" if type == SEQUENTIAL else "keras.layers"
    return getattr(importlib.import_module(spec.module if spec is not None and spec.module else usual), type)
