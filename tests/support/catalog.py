"""A catalog of a dozen layers for tests that must not depend on the installed Keras."""

from __future__ import annotations

from collections.abc import Mapping

from studio.catalog.spec import REQUIRED, LayerSpec, Parameter, Port
from studio.catalog.values import Value

_IN = (Port("inputs"),)
_OUT = (Port("output"),)
_ACTIVATION = Parameter("activation", "activation", None, allows_none=True)
_UNITS = Parameter("units", "int", REQUIRED, initial=32, low=1)
_RATE = Parameter("rate", "float", REQUIRED, initial=0.5, low=0, high=1)
_RNN = (
    _UNITS,
    Parameter("activation", "activation", "tanh", allows_none=True),
    Parameter("return_sequences", "bool", False),
    Parameter("return_state", "bool", False),
)


def _layer(type: str, family: str, *parameters: Parameter) -> LayerSpec:
    return LayerSpec(type, family, parameters=parameters, inputs=_IN, outputs=_OUT)


def _merge(type: str, *parameters: Parameter) -> LayerSpec:
    return LayerSpec(type, "merging", parameters=parameters, inputs=(Port("inputs", takes_many=True),), outputs=_OUT)


_LAYERS = (
    LayerSpec("Input", "io", parameters=(Parameter("shape", "shape", None, allows_none=True),
                                         Parameter("dtype", "dtype", None, allows_none=True)), outputs=_OUT),
    LayerSpec("Output", "io", inputs=_IN),
    _layer("Dense", "core", _UNITS, _ACTIVATION, Parameter("use_bias", "bool", True)),
    _layer("Activation", "core", Parameter("activation", "activation", REQUIRED, initial="relu")),
    _layer("Softmax", "core", Parameter("axis", "axis", -1)),
    _layer("Flatten", "core"),
    _layer("Dropout", "regularization", _RATE),
    _layer("Conv2D", "convolution", Parameter("filters", "int", REQUIRED, initial=32, low=1),
           Parameter("kernel_size", "ints", REQUIRED, initial=(3, 3)), _ACTIVATION),
    LayerSpec("LSTM", "recurrent", parameters=_RNN, outputs=_OUT, inputs=(
        Port("sequences"), Port("initial_state", takes_many=True, is_optional=True))),
    LayerSpec("MultiHeadAttention", "attention", outputs=_OUT, parameters=(
        Parameter("num_heads", "int", REQUIRED, initial=4, low=1),
        Parameter("key_dim", "int", REQUIRED, initial=16, low=1)),
        inputs=(Port("query"), Port("value"), Port("key", is_optional=True))),
    _merge("Concatenate", Parameter("axis", "axis", -1)),
    _merge("Add"),
)  # fmt: skip


class SmallCatalog:
    """Has the methods that core asks for and knows the layers above."""

    def __init__(self) -> None:
        self.layers: Mapping[str, LayerSpec] = {spec.type: spec for spec in _LAYERS}

    def layer(self, type: str, /) -> LayerSpec | None:
        return self.layers.get(type)

    def ports(self, type: str, params: Mapping[str, Value], /) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
        spec = self.layers[type]
        if params.get("return_state") is True:
            return spec.inputs, (Port("output"), Port("state_h"), Port("state_c"))
        return spec.inputs, spec.outputs

    def why_not_value(self, parameter: Parameter, value: Value, /) -> str | None:
        if value is None:
            return None if parameter.allows_none else f"{parameter.name} needs a value."
        if parameter.kind == "int" and (not isinstance(value, int) or isinstance(value, bool)):
            return f"{parameter.name} must be a whole number."
        if isinstance(value, int | float) and parameter.low is not None and value < parameter.low:
            return f"{parameter.name} must be at least {parameter.low:g}."
        if isinstance(value, int | float) and parameter.high is not None and value > parameter.high:
            return f"{parameter.name} must be at most {parameter.high:g}."
        return None

    def initial_params(self, type: str, /) -> dict[str, Value]:
        return {found.name: found.initial for found in self.layers[type].parameters if found.is_required}


CATALOG = SmallCatalog()
