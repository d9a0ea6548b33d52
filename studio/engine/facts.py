"""What the installed Keras offers: layers, losses, optimizers and their kin with every parameter, as plain data.

``python -m studio.engine.facts`` writes them to ``resources/catalog/facts.json``; the engine sends the same dictionary
to a window whose shipped facts are of another version. Facts only: signatures, defaults, names, bounds. The words that
people read are ours and stand beside in TOML; to a window goes also ``told``, Keras's own first sentence, for what our
words do not know. The text form is byte-stable.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import keras

from studio.engine.activation_facts import layers_as_activations
from studio.engine.applications import borrowed_layers
from studio.engine.backbones import backbone_facts
from studio.engine.inner_facts import inner_layers
from studio.engine.mask_facts import MASK, hands_mask_on, mask_ports, takes_mask
from studio.engine.operation_facts import operations
from studio.engine.parameter_facts import docstring_entries, first_sentence, parameter_facts, tryer
from studio.engine.rank_facts import RANKS, ranks_of
from studio.engine.samples import required_values, signature

FORMAT = 1

LEFT_OUT: Mapping[str, str] = {
    "FlaxLayer": "It wraps a module of Flax, which lives outside Keras.",
    "InputLayer": "It stands on the canvas as Input.",
    "InputSpec": "It describes a layer's input and is no layer.",
    "JaxLayer": "It wraps a function of JAX, which lives outside Keras.",
    "Layer": "It is the abstract base of all layers.",
    "TFSMLayer": "It wraps a SavedModel folder of TensorFlow, which lives outside the drawing.",
    "TorchModuleWrapper": "It wraps a module of PyTorch, which lives outside Keras.",
    "Wrapper": "It is the abstract base of the layers that wrap another layer.",
    "CutMix": "It mixes pictures together with their labels, so it belongs to the data and not to the network.",
    "MixUp": "It mixes pictures together with their labels, so it belongs to the data and not to the network.",
    "MaxNumBoundingBoxes": "It works on labels with bounding boxes, so it belongs to the data and not to the network.",
    # Other objects.
    "Callback": "It is the abstract base of all callbacks.",
    "CallbackList": "It holds callbacks and is none itself.",
    "Constraint": "It is the abstract base of all constraints.",
    "History": "Keras adds it to every training by itself.",
    "Initializer": "It is the abstract base of all initializers.",
    "LearningRateSchedule": "It is the abstract base of all schedules.",
    "Loss": "It is the abstract base of all losses.",
    "LossScaleOptimizer": "It wraps another optimizer; Keras adds it by itself where mixed precision needs it.",
    "Mean": "It averages numbers and compares no predictions.",
    "MeanMetricWrapper": "It needs code of one's own.",
    "Metric": "It is the abstract base of all metrics.",
    "MultiOptimizer": "It wraps other optimizers.",
    "Optimizer": "It is the abstract base of all optimizers.",
    "OptimizerMap": "It maps variables to optimizers and is none itself.",
    "ProgbarLogger": "Keras adds it to every training by itself.",
    "Regularizer": "It is the abstract base of all regularizers.",
    "RemoteMonitor": "It sends numbers to another machine.",
    "Sum": "It adds numbers and compares no predictions.",
}
"""Public classes that do not appear, and why."""

_HANDS_ON = "In this version of Keras its symbolic call gives the input itself, so no model can be built with it."

_PARAMETERS_LEFT_OUT = ("name", "weights", "quantization_config")
"""``name`` is the node's own. ``weights`` are arrays, and quantization is for finished models: no form has them."""

_UNTRIED = ("OrbaxCheckpoint", "STFT", "STFTSpectrogram")
"""Classes that need packages which may be absent: never tried, so that facts do not depend on what is installed."""

_UNTRIED_KINDS = ("activation", "callback", "optimizer")
"""Functions cannot be constructed, callbacks may touch files, and an optimizer takes 4 ms a time for its variables."""

# What no signature tells: how many tensors a single ``inputs`` argument takes. (fewest, most); None: any number.
# A merge of Keras tells that it takes a list only in its build(), an Attention in the text of its docstring.
_ARITY: Mapping[str, tuple[int, int | None]] = {
    "AdditiveAttention": (2, 3),
    "Attention": (2, 3),
    "CustomScaleLayer": (2, 2),
    "Dot": (2, 2),
    "HashedCrossing": (2, 2),
    "Subtract": (2, 2),
}

_NOT_TENSORS = re.compile(r"training|mask|reverse|return_.*|use_.*")
"""Arguments of a call that are switches, or the mask, for which a switch opens a port."""

_CALL_FLAGS = re.compile(r"return_.*|use_.*")
"""Switches of a call that a person sets with the layer; ``return_X`` adds an output X."""

_BASE_PARAMETERS = ("trainable", "dtype", "activity_regularizer")
"""Parameters that only the base class names. ``name`` is the node's; ``autocast`` is Keras's own affair."""

SEQUENTIAL = "Sequential"
_SEVERAL: Mapping[str, Any] = {
    "family": "core", "parameters": [{"name": "layers", "kind": "list", "items": "layer"}], "base_parameters": [],
    "told": "", "inputs": [{"name": "inputs"}], "outputs": ["output"], "stands_inside": True,
}  # fmt: skip
"""A whole Sequential, which stands inside of another layer: what a TimeDistributed does to each step."""

_KINDS: Mapping[str, Any] = {
    "loss": keras.losses,
    "optimizer": keras.optimizers,
    "schedule": keras.optimizers.schedules,
    "metric": keras.metrics,
    "callback": keras.callbacks,
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
    "activation": keras.activations,
}


def facts() -> dict[str, Any]:
    """All facts about the installed Keras, as JSON can hold them. Takes seconds: thousands of constructor calls."""
    layers = {**dict(_public_layers()), **borrowed_layers()}
    try:
        with keras.StatelessScope(initialize_variables=False):
            left_out = {name: LEFT_OUT[name] for name in layers if name in LEFT_OUT}
            left_out |= {name: _HANDS_ON for name in layers if name not in left_out and _hands_input_on(layers[name])}
            found = {name: _layer(name, layer) for name, layer in layers.items() if name not in left_out}
            base = _base_parameters()
            inner_layers(found, layers)
            layers_as_activations(found, layers)
            found[SEQUENTIAL] = dict(_SEVERAL)
            functions, functions_left_out = operations()
        return {
            "format": FORMAT,
            "keras": keras.__version__,
            "base_parameters": base,
            "layers": found | {"Input": _input()},
            "operations": functions,
            # Outside the scope: an optimizer makes variables at once, which the scope refuses.
            "objects": {kind: _objects(kind, module) for kind, module in _KINDS.items()},
            "backbones": backbone_facts(),
            "left_out": dict(sorted(left_out.items())),
            "operations_left_out": functions_left_out,
        }
    finally:
        # The scope leaves its skipped variables in a global list; the next ordinary build would allocate them all.
        keras.backend.clear_session(free_memory=False)


def dumps(value: Mapping[str, Any]) -> str:
    """The text of facts.json: keys in order, one line for each parameter, so that a new Keras reads well as a diff.

    Keras's own words are left out: for all that the shipped facts hold there are words of ours.
    """

    def lines(item: Any, indent: str) -> str:
        if isinstance(item, dict):
            item = {key: value for key, value in item.items() if key != "told"}
        if isinstance(item, dict) and not {"kind"} <= item.keys() and item:
            inner = ",\n".join(f"{indent} {json.dumps(key)}: {lines(item[key], indent + ' ')}" for key in item)
            return f"{{\n{inner}\n{indent}}}"
        if isinstance(item, list) and item and isinstance(item[0], dict) and "kind" in item[0]:
            inner = ",\n".join(f"{indent} {lines(entry, indent)}" for entry in item)
            return f"[\n{inner}\n{indent}]"
        return json.dumps(item)

    return lines(dict(value), "") + "\n"


def _public(module: Any) -> Iterator[tuple[str, Any]]:
    for name in sorted(dir(module)):
        value = getattr(module, name)
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("keras."):
            yield name, value


def _public_once(module: Any) -> Iterator[tuple[str, Any]]:
    """Everything public once: under its own name, or its first public one where its own is not public."""
    for name, value in _public(module):
        names = [name, *_aliases(module, value, name)]
        if name == (value.__name__ if value.__name__ in names else min(names)):
            yield name, value


def _public_layers() -> Iterator[tuple[str, type]]:
    return ((name, value) for name, value in _public_once(keras.layers) if inspect.isclass(value))


def _aliases(module: Any, value: Any, own: str) -> list[str]:
    return [name for name, other in _public(module) if other is value and name != own]


def _parameters(owner: Any, skipped: tuple[str, ...] = (), is_harmless: bool = True) -> list[dict[str, Any]]:
    """The parameters of a class or function in Keras's order; nothing is constructed where that is not harmless."""
    is_harmless = is_harmless and owner.__name__ not in _UNTRIED
    tries = tryer(owner, required_values(owner)) if is_harmless else lambda **_values: False
    names = {parameter.name for parameter in signature(owner)}
    entries: dict[str, str] = {}
    for base in reversed(inspect.getmro(owner) if inspect.isclass(owner) else (owner,)):
        entries |= docstring_entries(base.__doc__) | docstring_entries(inspect.getdoc(vars(base).get("__init__")))
    return [
        parameter_facts(parameter, entries.get(parameter.name, ""), names, tries)
        for parameter in signature(owner)
        if parameter.name not in skipped
    ]


def _base_parameters() -> list[dict[str, Any]]:
    own = {parameter["name"]: parameter for parameter in _parameters(keras.layers.Layer)}
    return [own[name] for name in _BASE_PARAMETERS]


def _layer(name: str, layer: Any) -> dict[str, Any]:
    parameters = _parameters(layer, skipped=_PARAMETERS_LEFT_OUT)
    names = {parameter["name"] for parameter in parameters}
    required = required_values(layer)
    can_try = name not in _UNTRIED and tryer(layer, required)()
    dropped = [key for key in _BASE_PARAMETERS if key in names and can_try and not _keeps(layer, required, key)]
    parameters = [parameter for parameter in parameters if parameter["name"] not in dropped]
    base = [key for key in _BASE_PARAMETERS if key not in names and (not can_try or _keeps(layer, required, key))]
    family = layer.__module__.removeprefix("keras.src.layers.").split(".")[0]
    result: dict[str, Any] = {"family": family, "parameters": parameters, "base_parameters": base}
    result["told"] = first_sentence(layer.__doc__)
    if layer in borrowed_layers().values():
        result = {"module": layer.__module__, **result, "family": "core"}
    flags = _call_flags(layer)
    result["inputs"] = _inputs(name, layer)
    if takes_mask(layer):
        flags.append({"name": MASK, "kind": "bool", "default": False})
        result["inputs_if"] = {MASK: mask_ports(name)}
    if flags:
        result["call_parameters"] = flags
    if can_try and hands_mask_on(layer, required, result["inputs"]):
        result["hands_mask_on"] = True
    result["outputs"] = ["output"]
    if more := [flag["name"] for flag in flags if flag["name"].startswith("return_")]:
        result["outputs_if"] = {flag: [flag.removeprefix("return_")] for flag in more}
    if "return_state" in names and name != "RNN":
        states = ["state_h", "state_c"] if _states(name, layer, required) == 2 else ["state"]
        result["outputs_if"] = {"return_state": states}
    if aliases := _aliases(keras.layers, layer, name):
        result["aliases"] = aliases
    if can_try and _freezes_late(layer, required):
        result["freezes_late"] = True
    if can_try and 0 < len(ranks := ranks_of(layer, required, result["inputs"])) < len(RANKS):
        result["ranks"] = ranks
    if "states" in inspect.signature(layer.call).parameters:  # A cell: it stands inside an RNN only.
        result["stands_inside"] = True
    return result


def _keeps(layer: Callable[..., Any], required: Mapping[str, Any], name: str) -> bool:
    """Whether a layer takes a parameter of its base class and does not drop it without a word."""
    try:
        if name == "trainable":
            return layer(**required, trainable=False).trainable is False
        if name == "activity_regularizer":
            made = layer(**required, activity_regularizer=keras.regularizers.L2(0.5))
            # Without a config the model could not be saved.
            return (made.get_config().get(name) or made.activity_regularizer) is not None
        return any(layer(**required, dtype=each).dtype_policy.name == each for each in ("float16", "int64"))
    except Exception:
        return False


def _freezes_late(layer: Any, required: Mapping[str, Any]) -> bool:
    """Whether layers inside, made when it is first called, go on learning where it was made with trainable=False."""
    for shape in ((None, 4, 6), (None, 4, 5, 6), (None, 3, 4, 5, 6), (None, 2, 3, 4, 5, 6), (None, 6)):
        try:
            made = layer(**required, trainable=False)
            tensors = [keras.KerasTensor(shape)] * sum(port.default is port.empty for port in _tensors(layer))
            made(*tensors)
        except Exception:
            continue
        return any(variable.trainable for variable in made.variables)
    return False


def _tensors(layer: Any) -> list[inspect.Parameter]:
    return list(inspect.signature(layer.call).parameters.values())[1:]


def _hands_input_on(layer: Any) -> bool:
    """Whether the symbolic call on a picture gives the very tensor that it was given."""
    if layer.__name__ in _UNTRIED or "data" not in inspect.signature(layer.call).parameters:
        return False
    picture = keras.KerasTensor((None, 12, 12, 3))
    try:
        return layer(**required_values(layer))(picture) is picture
    except Exception:
        return False


def _call_flags(layer: Any) -> list[dict[str, Any]]:
    arguments = inspect.signature(layer.call).parameters.values()
    return [
        {"name": argument.name, "kind": "bool", "default": argument.default}
        for argument in arguments
        if isinstance(argument.default, bool) and _CALL_FLAGS.fullmatch(argument.name)
    ]


def _input() -> dict[str, Any]:
    """``keras.Input`` is a function, and the only one that stands on a canvas."""
    own = {parameter["name"]: parameter for parameter in _parameters(keras.Input, is_harmless=False)}
    return {
        "family": "io",
        "parameters": [own[name] for name in ("shape", "dtype", "batch_size")],
        "base_parameters": [],
        "inputs": [],
        "outputs": ["output"],
        "aliases": ["InputLayer"],
    }


def _states(name: str, layer: Callable[..., Any], required: Mapping[str, Any]) -> int:
    """How many states a recurrent layer gives back, counted on a symbolic call."""
    dimensions = int(name[-2]) if name[-1] == "D" else 0
    sequence = keras.KerasTensor((None, 5, *(8,) * dimensions, 2))
    return len(layer(**required, return_state=True)(sequence)) - 1


def _inputs(name: str, layer: Any) -> list[dict[str, Any]]:
    merges = any(base.__name__ == "Merge" for base in layer.__mro__) or name in _ARITY
    ports: list[dict[str, Any]] = []
    for argument in list(inspect.signature(layer.call).parameters.values())[1:]:
        if argument.kind not in (argument.POSITIONAL_OR_KEYWORD, argument.KEYWORD_ONLY):
            continue
        is_optional = argument.default is not argument.empty
        if (is_optional and argument.default is not None) or _NOT_TENSORS.fullmatch(argument.name):
            continue
        port: dict[str, Any] = {"name": argument.name}
        if is_optional:
            port["is_optional"] = True
        if argument.name == "initial_state":
            port["takes_many"] = True
        if merges and not ports:
            fewest, most = _ARITY.get(name, (1, None))
            port |= {"takes_many": True, "fewest": fewest, "most": most}
        ports.append(port)
    return ports


def _objects(kind: str, module: Any) -> dict[str, Any]:
    result: dict[str, Any] = {}
    gives = _getter(module)
    for name, value in _public_once(module):
        if name in LEFT_OUT or inspect.isclass(value) == (kind == "activation"):
            continue
        if name in ("get", "serialize", "deserialize"):
            continue
        skipped = ("x",) if kind == "activation" else ("name",) if kind in ("optimizer", "schedule") else ()
        identifiers = _identifiers(module, value, gives) if kind not in ("callback", "schedule") else []
        parameters = _parameters(value, skipped, is_harmless=kind not in _UNTRIED_KINDS)
        result[name] = {"module": f"keras.{module.__name__.removeprefix('keras.')}", "parameters": parameters}
        result[name]["told"] = first_sentence(value.__doc__)
        if identifiers:
            result[name]["identifiers"] = identifiers
    return result


def _getter(module: Any) -> Callable[[str], Any]:
    """What ``get`` of the module makes of a string: a class or a function, None where it makes nothing of it.

    It makes a new object each time, and there are as many strings as classes: each is asked about once.
    """

    @cache
    def gives(name: str) -> Any:
        try:
            got = module.get(name)
        except Exception:
            return None
        return got if inspect.isclass(got) or inspect.isfunction(got) else type(got)

    return gives


def _identifiers(module: Any, value: Any, gives: Callable[[str], Any]) -> list[str]:
    """The strings that ``get`` of the module turns into ``value``, the snake-case one first."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", value.__name__).lower()
    known = dict.fromkeys([snake, snake.replace("_", ""), *(name for name, _ in _public(module))])
    # Private, so used only where it is there: strings like "uniform" stand nowhere else.
    known |= dict.fromkeys(getattr(inspect.getmodule(module.get), "ALL_OBJECTS_DICT", {}))
    return [name for name in known if (got := gives(name)) is value or getattr(got, "__name__", "") == snake]


def main() -> None:
    """Write the facts of the installed Keras to ``resources/catalog/facts.json``."""
    path = Path(__file__).resolve().parents[2] / "resources" / "catalog" / "facts.json"
    path.write_text(dumps(facts()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
