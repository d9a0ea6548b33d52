"""What layers of a script that was run tell of themselves: their arguments, and the functions that they hold.

A part of the program ``script_run``, which imports nothing of ours by its name.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import importlib.abc
import importlib.machinery
import inspect
import json
import re
import sys
import types
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.engine.script_run import Watched


@dataclasses.dataclass(frozen=True)
class Telling:
    """Lets layers tell what they are made of. ``scope`` are the variables of the script in the file ``origin``."""

    watched: Watched
    scope: Mapping[str, Any]
    origin: str

    def let_it_tell(self, layer: Any) -> None:
        """A layer of the script's own tells the arguments that it was made of; what it holds of functions has names."""
        for key, value in list(vars(layer).items()):
            if isinstance(value, types.FunctionType | functools.partial):
                with contextlib.suppress(AttributeError, TypeError, ValueError):
                    self._name(layer, key, value)
        config = self._of_own(layer)
        if config is not None:
            layer.get_config = lambda: config
            return
        try:
            json.dumps(layer.get_config(), default=str)
        except Exception:  # then its name is all that can be told
            name = str(layer.name)
            layer.get_config = lambda: {"name": name, "trainable": bool(layer.trainable)}

    def _of_own(self, layer: Any) -> dict[str, Any] | None:
        """The config of a layer of a class of the script's own: the arguments that it was made of."""
        found = self.watched.arguments.get(id(layer))
        if found is None:
            return None
        _, given, told = found
        try:
            signature = inspect.signature(type(layer).__init__)
            bound = signature.bind(layer, *given, **told)
        except (TypeError, ValueError):
            return None
        config = {"name": str(layer.name), "trainable": bool(layer.trainable), "dtype": layer.dtype_policy.name}
        for position, (name, value) in enumerate(bound.arguments.items()):
            kind = signature.parameters[name].kind
            if position == 0 or name == "name":
                continue
            if kind is inspect.Parameter.VAR_POSITIONAL:
                return None
            many = value if kind is inspect.Parameter.VAR_KEYWORD else {name: value}
            for key, each in many.items():
                if key not in ("name", "trainable", "dtype"):
                    self._argument(config, layer, key, each)
        return config

    def _argument(self, config: dict[str, Any], layer: Any, key: str, value: Any) -> None:
        import keras

        try:
            if isinstance(value, keras.Model):
                raise TypeError("a model in a layer")
            if isinstance(value, types.FunctionType):
                named = self._told_function(value)
                config[key] = {"class_name": "function", "config": named, "registered_name": named}
            else:
                config[key] = json.loads(json.dumps(keras.saving.serialize_keras_object(value)))
        except Exception:  # a tokenizer, a lock, whatever the script has
            self.watched.lost[f"{key} of {layer.name}"] = None

    def _name(self, layer: Any, key: str, function: Any) -> None:
        """Give a function that a layer holds the name by which its config tells it."""
        import keras

        kind = "activation" if key.endswith("activation") else "function"
        if isinstance(function, functools.partial):  # of which no config could tell anything
            known = _plain_call(function)
            word = str(getattr(function.func, "__name__", ""))
            if known is not None:
                self._tell_library(layer, key, kind, function, known)
            else:
                word = word if word.isidentifier() else "function"
                setattr(layer, key, _called(function, f"{word}_with_arguments"))
            return
        if function.__code__.co_filename == self.origin:
            if self.scope.get(function.__name__) is not function:
                function.__name__ = self._told_function(function, kind)
            return
        is_whole = isinstance(layer, keras.layers.Lambda) and key == "function"
        # keras.ops.gelu takes a shortcut that the activation of the same name does not, whose name its config has.
        is_other = kind == "activation" and (
            function is keras.ops.gelu or not hasattr(keras.activations, function.__name__)
        )
        if (is_whole or is_other) and (path := _public(function)):
            self._tell_library(layer, key, kind, function, {"library": path})

    def _tell_library(self, layer: Any, key: str, kind: str, function: Any, told: dict[str, Any]) -> None:
        """A function of a library is told by its path, under a name of its own."""
        words = [told["library"], *(f"{name}_{value}" for name, value in told.get("keywords", {}).items())]
        named = re.sub(r"\W", "_", "_".join([kind, *words]))
        self.watched.functions[named] = {**told, "kind": kind}
        setattr(layer, key, _called(function, named))

    def _told_function(self, function: types.FunctionType, kind: str = "function") -> str:
        """The name of a function of the script, with where it stands and what it has from the functions around it."""
        if self.scope.get(function.__name__) is function or function.__name__ in self.watched.functions:
            return function.__name__
        code = function.__code__
        cells = dict(zip(code.co_freevars, function.__closure__ or (), strict=False))
        places = [
            (line, column) for line, _, column, _ in code.co_positions() if line is not None and column is not None
        ]
        starts = [place for place in places if place != (code.co_firstlineno, 0)]
        named = f"script_function_{len(self.watched.functions)}"
        self.watched.functions[named] = {
            "kind": kind,
            "line": code.co_firstlineno,
            "start": min(starts, default=None),
            "around": {name: _plain(cell) for name, cell in cells.items()},
            "defaults": [_value(each) for each in function.__defaults__ or ()],
            "named_defaults": {key: _value(each) for key, each in (function.__kwdefaults__ or {}).items()},
        }
        return named


def _called(function: Any, name: str) -> Any:
    """A function of this name that calls another one."""

    def instead(*given: Any, **told: Any) -> Any:
        return function(*given, **told)

    instead.__name__ = name
    return instead


def _plain_call(partial: functools.partial[Any]) -> dict[str, Any] | None:
    """The function of a library with plain keywords that this is; None for others."""
    are_plain = all(each is None or type(each) in (bool, int, float, str) for each in partial.keywords.values())
    path = _public(partial.func) if are_plain and not partial.args and hasattr(partial.func, "__name__") else ""
    return {"library": path, "keywords": dict(partial.keywords)} if path else None


def _plain(cell: Any) -> Any:
    try:
        return _value(cell.cell_contents)
    except ValueError:  # not given yet
        return {"unknown": True}


def _value(thing: Any) -> Any:
    """A plain value, or the path of a module; anything else is only told to be something else."""
    if isinstance(thing, types.ModuleType):
        return {"module": thing.__name__}
    return {"value": thing} if thing is None or type(thing) in (bool, int, float, str) else {"unknown": True}


def _public(function: Any) -> str:
    """The public name of a function of Keras or TensorFlow, or ""."""
    import keras

    places = [("keras.ops", keras.ops), ("keras.activations", keras.activations)]
    tf = sys.modules.get("tensorflow")
    places += [("tf", tf), ("tf.math", tf.math), ("tf.nn", tf.nn)] if tf is not None else []
    name = function.__name__
    for path, place in places:
        for each in (name, *(key for key in dir(place) if not key.startswith("_"))):
            if getattr(place, each, None) is function:
                return f"{path}.{each}"
    return ""


def note_ends(layer: Any, told: dict[str, Any]) -> None:
    """How many tensors a layer gives, and which arguments of its calls are lists of tensors."""
    import keras

    for node in layer._inbound_nodes:
        told["gives"] = max(told["gives"], len(node.outputs))
        given = [*enumerate(node.arguments.args), *node.arguments.kwargs.items()]
        for name, each in given:
            is_list = isinstance(each, list | tuple) and any(isinstance(it, keras.KerasTensor) for it in each)
            if is_list and name not in told["lists"]:
                told["lists"].append(name)


class Silent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in for libraries that only draw pictures, where they are missing: no model needs them."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """What is asked for last of all, when nobody else knows a module."""
        if name.partition(".")[0] not in ("matplotlib", "seaborn", "pydot", "pydot_ng", "IPython"):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Nothing(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


class _Nothing(types.ModuleType):
    """Whatever it is asked for, it is that, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return (lambda *given, **told: (self, self)) if name == "subplots" else self

    def __call__(self, *given: Any, **told: Any) -> Any:
        return self

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        pass


def is_of_keras(kind: type) -> bool:
    """Whether a class is one of Keras itself."""
    return kind.__module__.split(".")[0] == "keras"
