"""What ``keras.applications`` has: the builders of ready-made networks, and layers that Keras keeps for these alone.

Such layers (LayerScale of the ConvNeXts) are in none of Keras's public modules, but its models hold them, so a drawing
can. They are found by a rule and not by a list: every layer class that the module of a builder defines.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import keras

from studio.engine.samples import signature


@cache
def builders() -> Mapping[str, Callable[..., Any]]:
    """Every builder by its name: the functions that take ``weights`` and ``input_shape``."""
    found = {}
    for name in sorted(dir(keras.applications)):
        value = getattr(keras.applications, name)
        if inspect.isfunction(value) and {"weights", "input_shape"} <= {each.name for each in signature(value)}:
            found[name] = value
    return found


@cache
def borrowed_layers() -> Mapping[str, type]:
    """The classes by name; none has the name of a public layer."""
    found: dict[str, type] = {}
    for module in borrowed_modules().values():
        for name, value in sorted(vars(module).items()):
            if _is_own_layer(module, value) and not hasattr(keras.layers, name):
                found.setdefault(name, value)
    return found


@cache
def borrowed_modules() -> Mapping[str, ModuleType]:
    """The modules that define such classes, by the name that code calls them by ("convnext")."""
    modules = {builder.__module__: sys.modules[builder.__module__] for builder in builders().values()}
    return {
        path.rpartition(".")[2]: module
        for path, module in sorted(modules.items())
        if any(_is_own_layer(module, value) for value in vars(module).values())
    }


def _is_own_layer(module: ModuleType, value: object) -> bool:
    return inspect.isclass(value) and issubclass(value, keras.layers.Layer) and value.__module__ == module.__name__
