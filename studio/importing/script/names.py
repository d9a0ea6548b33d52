"""Names of Keras, TensorFlow and NumPy that mean something while a script is read."""

from __future__ import annotations

import ast
import builtins
import difflib
from collections.abc import Mapping, Sequence

from studio.catalog.old_names import instead_of
from studio.catalog.spec import LayerSpec
from studio.importing.plain import shown
from studio.importing.script.layers import kind_of_module
from studio.importing.script.things import Known
from studio.importing.values import Catalog

OF_PYTHON = frozenset(name for name in dir(builtins) if not name.startswith("_"))
"""Names that every script has."""

SHORT_FORMS: Mapping[str, str] = {
    "add": "Add", "subtract": "Subtract", "multiply": "Multiply", "average": "Average", "maximum": "Maximum",
    "minimum": "Minimum", "concatenate": "Concatenate", "dot": "Dot",
}  # fmt: skip
BY_NAME = frozenset({
    "keras.DTypePolicy", "keras.dtype_policies.DTypePolicy", "keras.mixed_precision.DTypePolicy",
    "keras.mixed_precision.Policy", "keras.mixed_precision.experimental.Policy",
    "os.path.abspath",
})  # fmt: skip
"""Calls that give what they are told, as far as a project is concerned: a policy, a folder by its plain name."""
SHAPES = frozenset({
    "keras.ops.shape", "tensorflow.shape", "keras.backend.int_shape", "keras.backend.shape",
})  # fmt: skip
COMPARES: Mapping[str, type] = {
    f"{module}.{name}": kind
    for module in ("keras.ops", "numpy", "tensorflow")
    for name, kind in (("equal", ast.Eq), ("not_equal", ast.NotEq), ("less", ast.Lt), ("less_equal", ast.LtE),
                       ("greater", ast.Gt), ("greater_equal", ast.GtE))
}  # fmt: skip
"""Functions that compare two numbers."""


_SAME_AS_KERAS = ("tensorflow.keras", "tf_keras", "tensorflow.python.keras", "keras.src", "keras.api")
_RENAMED: Mapping[str, str] = {
    "keras.layers.Input": "keras.Input", "keras.models.Model": "keras.Model", "keras.engine.input_layer.Input":
    "keras.Input", "keras.models.Sequential": "keras.Sequential", "keras.engine.training.Model": "keras.Model",
    "tensorflow.random_normal_initializer": "keras.initializers.RandomNormal", "tensorflow.random_uniform_initializer":
    "keras.initializers.RandomUniform", "tensorflow.zeros_initializer": "keras.initializers.Zeros",
    "tensorflow.ones_initializer": "keras.initializers.Ones", "tensorflow.constant_initializer":
    "keras.initializers.Constant",
}  # fmt: skip


def known(path: str) -> Known:
    """A dotted name, with Keras by one name whatever it is imported from."""
    for other in _SAME_AS_KERAS:
        if path == other or path.startswith(other + "."):
            path = "keras" + path[len(other) :]
    path = path.replace("keras.layers.experimental.preprocessing.", "keras.layers.")
    return Known(_RENAMED.get(path, path))


_TOP = frozenset({
    "Model", "Sequential", "Input", "Layer", "layers", "models", "ops", "losses", "optimizers", "metrics", "callbacks",
    "activations", "initializers", "regularizers", "constraints", "applications", "utils", "backend", "datasets",
})  # fmt: skip
_LAYERS_TOO = SHORT_FORMS.keys() | {"Input", "InputLayer", "Layer", "Wrapper", "RNN"}


def of_star(modules: Sequence[str], name: str, catalog: Catalog) -> str:
    """The module of which a name comes, of those that are imported with a star; the first where nobody knows."""
    for module in modules:
        plain = module.removeprefix("tensorflow.")
        is_known = {
            "keras": name in _TOP,
            "keras.models": name in ("Model", "Sequential"),
            "keras.layers": name in _LAYERS_TOO or layer(catalog, name) is not None,
        }.get(plain, not plain.startswith("keras.") or _has_object(catalog, plain, name))
        if is_known:
            return module
    return modules[0]


def _has_object(catalog: Catalog, module: str, name: str) -> bool:
    kind = kind_of_module(f"{module}.{name}")
    return kind is not None and catalog.object(kind, name) is not None


_SAME: Mapping[str, str] = {
    "CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU", "Deconvolution2D": "Conv2DTranspose", "ThresholdedReLU": "ReLU",
}  # fmt: skip
"""Names of which Keras itself knows no longer."""


ARGUMENTS: Mapping[tuple[str, str], str] = {
    ("LeakyReLU", "alpha"): "negative_slope", ("ThresholdedReLU", "theta"): "threshold",
}  # fmt: skip
"""Arguments of layers that Keras 2 had under another name; Keras itself takes the first one still."""


def layer(catalog: Catalog, name: str) -> LayerSpec | None:
    """The layer of this Keras that is called so, or was: of most other names Keras itself knows."""
    spec = catalog.inner_layer(_SAME.get(name, name))
    return spec or next((each for each in catalog.layers.values() if name in each.aliases), None)


def no_layer(catalog: Catalog, name: str) -> str:
    """The sentence that Keras has no such layer, with what to take instead, or what is meant, where that is known."""
    instead = instead_of(name)
    near = [] if instead else difflib.get_close_matches(name, catalog.layers, 1, 0.75)
    end = f"; is {near[0]} meant?" if near else "."
    return f"There is no layer called {shown(name)} in this version of Keras{end} {instead}".rstrip()
