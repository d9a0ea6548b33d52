"""Facts and words become specs: JSON that Keras told, TOML that we wrote, and nothing else.

Words win where both speak: they may give a kind, choices or bounds that Keras does not tell. Words about a parameter
are looked up under the class first, then under the parameter's name alone, so a sentence about ``kernel_size`` is
written once. For classes and parameters of other releases, which have no words of ours, Keras's own first sentence
comes with the facts that the engine sends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from studio.assets import table
from studio.catalog.spec import (
    BACKBONE,
    FAMILIES,
    OPERATION,
    REQUIRED,
    LayerSpec,
    ObjectKind,
    ObjectSpec,
    Operation,
    Parameter,
    Port,
)
from studio.catalog.values import KerasObject, Value

Facts = Mapping[str, Any]
Words = Mapping[str, Any]

# Keras's own folders under keras.src.layers; what a later release adds falls to "core".
_FAMILIES: Mapping[str, str] = {
    "convolutional": "convolution",
    "normalization": "regularization",
    "rnn": "recurrent",
}

_ADVANCED_KINDS = frozenset({"regularizer", "constraint", "initializer", "dtype", "seed", "dict"})
"""Kinds that stay folded away unless words say otherwise: a beginner needs none of them."""

_OBJECT_KINDS: Mapping[str, ObjectKind] = {
    "initializer": "initializer",
    "regularizer": "regularizer",
    "constraint": "constraint",
    "activation": "activation",
    "code": "function",
}

LAST = 1000
"""The order of everything that words do not place."""


def read_words(name: str) -> Words:
    """The words of ``resources/catalog/NAME.toml``."""
    return table("catalog", f"{name}.toml")


def value_of(plain: Any) -> Value:
    """A value of JSON or TOML as a parameter value: lists become tuples, {"$object": ...} a KerasObject."""
    if isinstance(plain, list):
        return tuple(value_of(item) for item in plain)
    if isinstance(plain, Mapping):
        params: Mapping[str, Any] = plain.get("params", {})
        return KerasObject(plain["$object"], {name: value_of(value) for name, value in params.items()})
    return cast(Value, plain)


def layer_spec(type: str, facts: Facts, base: Mapping[str, Facts]) -> LayerSpec:
    """The spec of one layer, from its facts, the facts of the base class's parameters and our words."""
    words = read_words("layers").get(type, {})
    calls = [{**entry, "is_call": True} for entry in facts.get("call_parameters", ())]
    entries = [*facts["parameters"], *calls, *(base[name] for name in facts.get("base_parameters", ()))]
    return LayerSpec(
        type=type,
        family=family_of(type, facts),
        summary=words.get("summary") or facts.get("told", ""),
        parameters=tuple(_parameter(entry, words, read_words("parameters")) for entry in entries),
        inputs=_inputs(facts["inputs"]),
        outputs=tuple(Port(name) for name in facts["outputs"]),
        has_own_words="summary" in words,
        is_common=words.get("is_common", False),
        order=words.get("order", LAST),
        old_names=(*facts.get("aliases", ()), *words.get("old_names", ())),
        aliases=tuple(facts.get("aliases", ())),
        inputs_if={name: _inputs(ports) for name, ports in facts.get("inputs_if", {}).items()},
        outputs_if={name: tuple(Port(port) for port in ports) for name, ports in facts.get("outputs_if", {}).items()},
        hands_mask_on=facts.get("hands_mask_on", False),
        try_it=words.get("try_it", ""),
        freezes_late=facts.get("freezes_late", False),
        module=facts.get("module", ""),
        ranks=tuple(facts.get("ranks", ())),
    )


def backbone_spec(type: str, facts: Facts, base: Mapping[str, Facts]) -> LayerSpec:
    """The spec of a ready-made network. Its words stand by kinds: all the ResNets are told of together."""
    every = read_words("backbones")
    name = type.removeprefix(BACKBONE)
    own: Words = next((entry for entry in every["kind"] if name in entry["names"]), {})
    words = {**every["all"], "parameters": every["all"].get("parameters", {})}
    entries = [*facts["parameters"], *(base[key] for key in facts.get("base_parameters", ()))]
    parameters = [_parameter(entry, words, read_words("parameters")) for entry in entries]
    weights = Parameter("weights", "file", None, allows_none=True, hint=every["all"]["hints"]["weights"])
    trainable = next((place for place, each in enumerate(parameters) if each.name == "trainable"), len(parameters))
    return LayerSpec(
        type=type,
        family="backbones",
        summary=own.get("summary", every["all"]["summary"]),
        parameters=(*parameters[:trainable], weights, *parameters[trainable:]),
        inputs=tuple(Port(port["name"]) for port in facts["inputs"]),
        outputs=tuple(Port(port) for port in facts["outputs"]),
        has_own_words=True,
        is_common=name in every["all"]["common"],
        order=own.get("order", LAST),
        old_names=(*every["all"]["old_names"], *own.get("old_names", ())),
        try_it=_pixels(facts["pixels"], every["pixels"]),
    )


def _pixels(wanted: list[list[float]], words: Words) -> str:
    """What the pixels should be, in our words, by what the network's own preprocessing makes of black and white."""
    if wanted[0] == [0.0, 255.0]:
        return str(words["as_they_are"])
    if wanted[0] == [-1.0, 1.0]:
        return str(words["from_minus_one_to_one"])
    is_spread = wanted[0][1] - wanted[0][0] < 100
    return str(words["by_mean_and_spread" if is_spread else "less_the_mean"])


def _inputs(ports: Iterable[Facts]) -> tuple[Port, ...]:
    return tuple(
        Port(
            port["name"],
            port.get("takes_many", False),
            port.get("is_optional", False),
            port.get("fewest", 1),
            port.get("most"),
            argument=port.get("argument", ""),
        )
        for port in ports
    )


def operation_spec(path: str, facts: Facts) -> LayerSpec:
    """The spec of one function of ``keras.ops``, from its facts and our words."""
    words = read_words("operations").get(path, {})
    shared = read_words("operations").get("parameters", {})
    counted_by, counted_more = facts.get("counted_by", ("", 0))
    names = words.get("outputs") or facts["outputs"]
    unless = {name: tuple(Port(port) for port in ports) for name, ports in facts.get("outputs_unless", {}).items()}
    return LayerSpec(
        type=f"{OPERATION}{path}",
        family="operations",
        summary=words.get("summary", ""),
        parameters=tuple(_parameter(entry, words, shared) for entry in facts["parameters"]),
        inputs=_inputs(facts["inputs"]),
        outputs=tuple(Port(name) for name in names),
        has_own_words="summary" in words,
        is_common=words.get("is_common", False),
        order=words.get("order", LAST),
        old_names=(facts.get("operator", ""), *facts.get("aliases", ()), *words.get("old_names", ())),
        outputs_if={name: tuple(Port(port) for port in ports) for name, ports in facts.get("outputs_if", {}).items()},
        try_it=words.get("try_it", ""),
        operation=Operation(
            path,
            facts["class"],
            tuple(facts["arguments"]),
            facts.get("operator", ""),
            facts.get("is_reflected", False),
            counted_by,
            counted_more,
            unless,
        ),
    )


def output_spec() -> LayerSpec:
    """Output, which is ours: the place where a prediction leaves the drawing and meets its target."""
    words = read_words("layers").get("Output", {})
    return LayerSpec(
        type="Output",
        family="io",
        summary=words.get("summary", ""),
        inputs=(Port("inputs"),),
        has_own_words=True,
        is_common=True,
        order=words.get("order", LAST),
        try_it=words.get("try_it", ""),
    )


def object_spec(kind: ObjectKind, type: str, facts: Facts) -> ObjectSpec:
    """The spec of one loss, optimizer, metric, callback, initializer, regularizer, constraint or activation."""
    words = read_words("objects").get(kind, {})
    own = words.get(type, {})
    shared = words.get("parameters", {})
    identifiers = tuple(facts.get("identifiers", ()))
    return ObjectSpec(
        type=type,
        module=facts["module"],
        identifier=identifiers[0] if identifiers else "",
        summary=own.get("summary") or facts.get("told", ""),
        parameters=tuple(_parameter(entry, own, shared) for entry in facts["parameters"]),
        is_common=own.get("is_common", False),
        identifiers=identifiers,
        order=own.get("order", LAST),
    )


def family_of(type: str, facts: Facts) -> str:
    """The family: ours where we gave one, else by Keras's folder, else "core"."""
    family = read_words("layers").get(type, {}).get("family") or _FAMILIES.get(facts["family"], facts["family"])
    return family if family in FAMILIES else "core"


def _parameter(entry: Facts, own: Words, shared: Words) -> Parameter:
    name = entry["name"]
    told: dict[str, Any] = {**entry, **shared.get(name, {}), **own.get("parameters", {}).get(name, {})}
    is_required = "default" not in entry
    kind = told["kind"]
    initial = own.get("initial", {}).get(name, told.get("initial") if is_required else None)
    is_advanced = told.get("advanced", not is_required and kind in _ADVANCED_KINDS) or name in own.get("advanced", ())
    return Parameter(
        name=name,
        kind=kind,
        default=REQUIRED if is_required else value_of(entry["default"]),
        choices=tuple(told.get("choices") or ()),
        allows_none=told.get("allows_none", False),
        initial=value_of(initial),
        low=told.get("low"),
        high=told.get("high"),
        hint=own.get("hints", {}).get(name) or told.get("hint") or told.get("told", ""),
        advanced=is_advanced and name not in own.get("shown", ()),
        also=tuple(told.get("also") or ()),
        lengths=tuple(told.get("lengths") or ()),
        takes_pairs=told.get("takes_pairs", False),
        object_kind=told.get("object_kind") or _OBJECT_KINDS.get(kind),
        is_call=told.get("is_call", False),
        items=told.get("items"),
        fits=tuple(told.get("fits") or ()),
        inner_params={key: value_of(value) for key, value in told.get("inner_params", {}).items()},
    )
