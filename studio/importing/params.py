"""The parameters of one layer from its config, and what of the config could not be taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.catalog.spec import LayerSpec, Parameter
from studio.catalog.values import KerasObject, Value
from studio.core.snippets import is_possible_name
from studio.importing.plain import is_key, shown
from studio.importing.report import Findings
from studio.importing.values import Unfit, Values, without_derived

_IGNORED = frozenset({
    "name", "dtype", "trainable", "batch_input_shape", "batch_shape", "input_length", "sparse", "ragged", "groups",
    "implementation", "time_major", "reset_after", "autocast", "experimental_autocast", "quantization_config",
    "zero_output_for_mask", "shared_object_id", "kernel_initializer", "kernel_regularizer", "kernel_constraint",
    "oov_method", "vocabulary_size", "query_shape", "key_shape", "value_shape", "function_type", "output_shape_type",
    "output_shape_module", "module", "rng_type",
})  # fmt: skip
"""Keys that configs have and constructors of today do not, which change nothing: bookkeeping, and what Keras 2 wrote
that Keras 3 drops by itself. A parameter that the catalog knows is never looked up here."""

_NOTHING: tuple[object, ...] = (None, False, [], {}, "channels_last")

_FILES = frozenset({"vocabulary", "weights", "idf_weights"})
"""Parameters that may name a file: a stranger's model must not choose files of this machine."""


def layer_params(
    values: Values, spec: LayerSpec, config: Mapping[str, Any], name: str, findings: Findings
) -> dict[str, Value]:
    """What differs from Keras's defaults. ``name`` is the layer's, for the report."""
    found: dict[str, Value] = {}
    config = without_derived(spec.type, config)
    for key, plain in config.items():
        parameter = spec.parameter(key)
        if parameter is None:
            if key not in _IGNORED and plain not in _NOTHING:
                findings.miss(
                    f"The parameter {shown(key)} of {spec.type} is not known here and was left out: {{}}.", name
                )
            continue
        if parameter.kind == "code" and _is_of_project(plain, values):
            found[key] = KerasObject(plain["config"])
        if parameter.kind == "code":
            continue  # Code of somebody's own, often machine code: never taken out of a file (``kinds`` tells it).
        if key in _FILES and isinstance(plain, str):
            findings.miss(
                f"The {key} stands in a file beside the model. No model may choose a file of this computer, so set it"
                " here: {}.", name,
            )  # fmt: skip
            continue
        try:
            value = values.of_named(parameter, plain)
        except Unfit as error:
            findings.miss(f"A value of {key} was left out, because {error}: {{}}.", name)
            continue
        if not values.is_default(parameter, value) and not _is_own_dtype(spec, key, value, config):
            found[key] = value
            if isinstance(value, KerasObject) and values.catalog.why_not_value(parameter, value) is not None:
                findings.miss(_why_not(values, parameter, value), name)
    return found


def _why_not(values: Values, parameter: Parameter, value: KerasObject) -> str:
    """The sentence about an object that cannot be the value, with a {} for the name of the layer."""
    what, kind = parameter.name.replace("_", " "), parameter.object_kind
    is_known = values.catalog.inner_layer(value.type) is not None or (
        kind is None or values.catalog.object(kind, value.type) is not None
    )
    if is_known or not is_possible_name(value.type):
        return f"{shown(value.type)} cannot stand as {what}; choose another one: {{}}."
    return (
        f"The {what} {value.type} is none of Keras's own, and its code is not in the file; write it under “Your code”"
        " with this name, or choose another one: {}."
    )


def _is_of_project(plain: Any, values: Values) -> bool:
    """Whether this is a function that came along as code of the project, after a script was run."""
    if not isinstance(plain, dict) or plain.get("class_name") != "function":
        return False
    name = plain.get("config")
    return isinstance(name, str) and name in values.catalog.own


def unknown_params(values: Values, config: Mapping[str, Any], name: str, findings: Findings) -> dict[str, Value]:
    """The config of a class that nobody here knows, as far as a project can hold it."""
    found: dict[str, Value] = {}
    for key, plain in config.items():
        if key == "name" or not is_key(key):
            continue
        try:
            value = values.of(None, plain) if key != "dtype" else values.of(None, _policy(plain))
        except Unfit as error:
            findings.miss(f"A value of {shown(key)} was left out, because {error}: {{}}.", name)
            continue
        is_usual = (key == "dtype" and value == "float32") or (key == "trainable" and value is True)
        if not is_usual:
            found[key] = value
    return found


def _policy(plain: Any) -> Any:
    config = plain.get("config") if isinstance(plain, dict) else None
    return config["name"] if isinstance(config, dict) and set(config) == {"name"} else plain


def _is_own_dtype(spec: LayerSpec, key: str, value: Value, config: Mapping[str, Any]) -> bool:
    """Whether this is the type of number that a layer of class numbers chooses for itself."""
    return key == "dtype" and spec.family == "preprocessing" and value == "int64" and config.get("output_mode") in (
        "int", None,
    )  # fmt: skip
