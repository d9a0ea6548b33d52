"""The catalog itself: every layer and every other object of one version of Keras, looked up by name."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from studio.assets import resource
from studio.catalog.checking import why_not_object, why_not_value
from studio.catalog.old_names import Found, Told, found_objects, told
from studio.catalog.operations import operation_ports
from studio.catalog.reading import (
    LAST,
    backbone_spec,
    family_of,
    layer_spec,
    object_spec,
    operation_spec,
    output_spec,
    read_words,
)
from studio.catalog.searching import Liking, called, ranked
from studio.catalog.spec import (
    FAMILIES,
    OPERATION,
    SEQUENTIAL,
    LayerSpec,
    LeftOut,
    ObjectKind,
    ObjectSpec,
    Parameter,
    Port,
    is_backbone,
)
from studio.catalog.values import KerasObject, Value
from studio.late import LazyMapping

_Spec = TypeVar("_Spec")


class _Joined(Mapping[str, _Spec], Generic[_Spec]):
    """The specs of Keras, and those of one's own after them."""

    def __init__(self, specs: Mapping[str, _Spec], own: Mapping[str, _Spec]) -> None:
        self._specs, self._own = specs, own

    def __getitem__(self, name: str) -> _Spec:
        return self._own[name] if name in self._own else self._specs[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*self._specs, *(name for name in self._own if name not in self._specs)))

    def __len__(self) -> int:
        return len(self._specs) + sum(name not in self._specs for name in self._own)


class Heading(NamedTuple):
    """A heading of the palette: the layers that are shown, how many it has at all, and how many of them when folded."""

    title: str
    layers: list[LayerSpec]
    total: int
    folded: int


class Catalog:
    """What can be drawn, and what its parameters mean. Never changes after it was made."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.keras_version: str = facts["keras"]
        self._facts = facts
        self._base = {entry["name"]: entry for entry in facts["base_parameters"]}
        everything: Mapping[str, Any] = facts["layers"]
        outer = {name: entry for name, entry in everything.items() if not entry.get("stands_inside")}
        self._backbones: Mapping[str, Any] = facts.get("backbones", {})
        self.layers: Mapping[str, LayerSpec] = LazyMapping({**outer, **self._backbones, "Output": None}, self._layer)
        """All layers that can stand on a canvas, Input, Output and the ready-made networks among them."""
        self.cells: Mapping[str, LayerSpec] = LazyMapping(
            {name: entry for name, entry in everything.items() if entry.get("stands_inside")}, self._layer
        )
        """Layers that only another layer can hold, such as LSTMCell."""
        operations: Mapping[str, Any] = facts.get("operations", {})
        self.operations: Mapping[str, LayerSpec] = LazyMapping(
            {f"{OPERATION}{path}": entry for path, entry in operations.items()},
            lambda type: operation_spec(path := type.removeprefix(OPERATION), operations[path]),
        )
        """All functions of ``keras.ops`` that can stand on a canvas, by type ("ops.mean")."""
        self._objects: dict[ObjectKind, Mapping[str, ObjectSpec]] = {
            kind: self._lazy_objects(kind) for kind in get_args(ObjectKind)
        }
        modules = sorted({entry["module"] for entry in everything.values() if "module" in entry})
        self.borrowed: Mapping[str, str] = {module.rpartition(".")[2]: module for module in modules}
        """Modules of ready-made networks that have layers of their own, by the name that code calls them by."""
        self.own: frozenset[str] = frozenset()
        """The names of layers and other objects that are code of the project."""
        self.left_out: tuple[LeftOut, ...] = tuple(LeftOut(name, why) for name, why in facts["left_out"].items())
        """Public layer classes of Keras that do not appear, and why."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it was made from: ``load`` makes the same of it, but for the code of a project."""
        return self._facts

    def with_own(self, layers: Iterable[LayerSpec], objects: Sequence[tuple[ObjectKind, ObjectSpec]]) -> Catalog:
        """This catalog, and in it layers and objects that are code of a project."""
        made = Catalog(self._facts)
        own = {spec.type: replace(spec, parameters=(*spec.parameters, *self._base_parameters)) for spec in layers}
        made.layers = _Joined(self.layers, own)
        for kind in made._objects:
            mine = {spec.type: spec for each, spec in objects if each == kind}
            made._objects[kind] = _Joined(self._objects[kind], mine) if mine else self._objects[kind]
        made.cells = self.cells
        made.own = frozenset(own) | {spec.type for _, spec in objects}
        return made

    def layer(self, type: str) -> LayerSpec | None:
        """The layer or operation that can stand on a canvas under this name, or None."""
        return self.operations.get(type) if type.startswith(OPERATION) else self.layers.get(type)

    def operation(self, name: str) -> LayerSpec | None:
        """The function of ``keras.ops`` with this path, under any of its names ("abs", "absolute"), or None."""
        path = name if f"{OPERATION}{name}" in self.operations else self._operation_aliases.get(name, "")
        return self.operations.get(f"{OPERATION}{path}")

    def operation_of_class(self, class_name: str) -> LayerSpec | None:
        """The function that makes this class of Keras ("GetItem"), or None. No path is the name of two classes."""
        return self.operations.get(self._operation_classes.get(class_name, ""))

    def operation_of_operator(self, operator: str, *, is_unary: bool = False) -> LayerSpec | None:
        """The function that an operator of Python calls ("-": subtract, unary: negative), or None."""
        return self.operations.get(self._operators.get((operator, is_unary), ""))

    def inner_layer(self, type: str) -> LayerSpec | None:
        """The layer that another layer can hold: the cell of an RNN, what a Bidirectional wraps; or None."""
        return self.cells.get(type) or (
            None if type in ("Input", "Output") or is_backbone(type) else self.layers.get(type)
        )

    def objects(self, kind: ObjectKind) -> Mapping[str, ObjectSpec]:
        """All objects of one kind by class name (activations: by function name)."""
        return self._objects[kind]

    def object(self, kind: ObjectKind, type: str) -> ObjectSpec | None:
        """The object with this class name, or with this identifier ("he_normal"), or None."""
        name = type if type in self._objects[kind] else self._identifiers.get((kind, type), "")
        return self._objects[kind].get(name)

    def ports(self, type: str, params: Mapping[str, Value]) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
        """Input and output ports of a layer with these parameters; no ports for an unknown type."""
        spec = self.inner_layer(type) or self.layer(type)
        if spec is None:
            return (), ()
        if spec.operation is not None:
            return operation_ports(spec, spec.operation, params)
        inputs, outputs = spec.inputs, spec.outputs
        for name, more in spec.inputs_if.items():
            if params.get(name) is True:
                inputs += more
        for name, more in spec.outputs_if.items():
            if params.get(name) is True:
                outputs += more
        if type == "RNN" and params.get("return_state") is True:
            outputs += self._states(params.get("cell"))
        if type == "Bidirectional":
            outputs = self._bidirectional_outputs(params)
        return inputs, outputs

    def fitting(self, parameter: Parameter) -> list[LayerSpec]:
        """The layers that a parameter of kind "layer", or each item of a list of layers, may hold; common ones first.

        Where any layer fits, those that take one tensor and need no code of one's own; as an activation those that
        Keras has for it.
        """
        if parameter.kind == "activation":
            known = self._activation_layers if parameter.takes_layer else []
        elif parameter.fits:
            known = [spec for type in parameter.fits if (spec := self.inner_layer(type)) is not None]
        else:
            known = [
                spec
                for spec in self._in_palette_order
                if spec.outputs and self.inner_layer(spec.type) and _takes_one_tensor(spec)
            ]
            several = self.cells.get(SEQUENTIAL) if parameter.kind == "layer" else None
            known += [several] if several is not None else []
        return sorted(known, key=lambda spec: (not spec.is_common, spec.order, spec.type))

    def initial_inner(self, parameter: Parameter, type: str) -> KerasObject:
        """A layer of this type as it begins inside a parameter."""
        return KerasObject(type, {**self.initial_params(type), **parameter.inner_params})

    def initial_params(self, type: str) -> dict[str, Value]:
        """What a new node of this type starts with: values where Keras insists on one."""
        spec = self.inner_layer(type) or self.layer(type)
        parameters = spec.parameters if spec else ()
        return {parameter.name: parameter.initial for parameter in parameters if parameter.initial is not None}

    def initial_object_params(self, kind: ObjectKind, type: str) -> dict[str, Value]:
        """The same for a new optimizer, callback or the like."""
        spec = self.object(kind, type)
        parameters = spec.parameters if spec else ()
        return {parameter.name: parameter.initial for parameter in parameters if parameter.initial is not None}

    def why_not_value(self, parameter: Parameter, value: Value) -> str | None:
        """Why ``value`` cannot stand for ``parameter``, as one plain sentence; None where it can."""
        return why_not_value(self, parameter, value)

    def why_not_object(self, kind: ObjectKind, value: Value) -> str | None:
        """Why ``value`` is no object of this kind with valid parameters, as one plain sentence; None where it is."""
        return why_not_object(self, kind, value)

    def search(self, text: str, liking: Liking | None = None) -> list[LayerSpec]:
        """The layers and operations that ``text`` may mean, best first; all in palette order where it is empty.

        ``liking`` says which of two comes first that are equally meant.
        """
        order = self._in_palette_order
        return ranked(text, order) if liking is None else ranked(text, order, liking)

    def find_objects(self, kind: ObjectKind, text: str) -> list[Found]:
        """The objects of a kind that ``text`` may mean, by names of today and of older books, best first."""
        return found_objects(text, kind, self._objects[kind].values())

    def told(self, text: str) -> Told | None:
        """What a text means that is no layer: a name of an older book, or an object of the training plan."""
        return told(text, self.object)

    def told_beside_layers(self, text: str) -> Told | None:
        """The same for a search among layers: a layer of exactly this name is meant first."""
        found, layer = self.told(text), self.called(text)
        if found is None or layer is None or layer.shown.lower() != text.strip().rpartition(".")[2].lower():
            return found
        is_whole = found.called.rpartition(".")[2].lower() == layer.shown.lower()  # Dense only begins DenseFeatures
        return found if found.says and is_whole else None

    def called(self, text: str) -> LayerSpec | None:
        """The layer or operation whose name of today, or of an older book, is this text; None where there is none."""
        return called(text, self._in_palette_order)

    def palette(self, unfolded: Collection[str] | None = None, enough: int = 0) -> Iterator[Heading]:
        """The headings of the palette with their layers in order: all, or the common ones where it is folded.

        ``unfolded`` names the headings that show everything; None means each. Where ``enough`` is not 0, only the first
        headings of Keras's layers: as many as hold so many common ones. Builds the specs of these alone, which is a
        fraction of all.
        """
        groups: dict[str, list[str]] = {heading: [] for heading in FAMILIES.values()}
        for name in self.layers if enough else (*self.layers, *self.operations):
            if not (enough and is_backbone(name)):
                groups[FAMILIES[self._palette_words(name)[0]]].append(name)
        count = 0
        for heading, names in groups.items():
            if not names or (enough and count >= enough):
                continue
            names.sort(key=lambda name: (self._palette_words(name)[1], name))
            common = [name for name in names if self._palette_words(name)[2]]
            count += len(common)
            folded = common or names[:3]
            shown = names if unfolded is None or heading in unfolded else folded
            specs = [spec for name in shown if (spec := self.layer(name)) is not None]
            yield Heading(heading, specs, len(names), len(folded))

    def _palette_words(self, name: str) -> tuple[str, int, bool]:
        """Family, place and whether it is common, without building the spec where the facts alone can tell."""
        facts = self._facts["layers"].get(name)
        if facts is not None and name not in self.own:
            words = read_words("layers").get(name, {})
            return family_of(name, facts), words.get("order", LAST), words.get("is_common", False)
        spec = self.layer(name)
        assert spec is not None, name
        return spec.family, spec.order, spec.is_common

    @cached_property
    def _base_parameters(self) -> tuple[Parameter, ...]:
        """What every layer takes that hands its keywords on to Keras."""
        dense = self.layers["Dense"]
        return tuple(parameter for parameter in dense.parameters if parameter.name in ("trainable", "dtype"))

    @cached_property
    def _in_palette_order(self) -> tuple[LayerSpec, ...]:
        return tuple(spec for heading in self.palette() for spec in heading.layers)

    @cached_property
    def _activation_layers(self) -> list[LayerSpec]:
        """Those that Keras keeps for it, without the one that only calls a function."""
        entries: Mapping[str, Any] = self._facts["layers"]
        known = [self.layers[name] for name, entry in entries.items() if entry["family"] == "activations"]
        return [spec for spec in known if not any(parameter.kind == "activation" for parameter in spec.parameters)]

    @cached_property
    def _identifiers(self) -> dict[tuple[ObjectKind, str], str]:
        return {
            (kind, identifier): type
            for kind, entries in self._facts["objects"].items()
            for type, entry in entries.items()
            for identifier in entry.get("identifiers", ())
        }

    @cached_property
    def _operation_aliases(self) -> dict[str, str]:
        entries: Mapping[str, Any] = self._facts.get("operations", {})
        return {alias: path for path, entry in entries.items() for alias in entry.get("aliases", ())}

    @cached_property
    def _operation_classes(self) -> dict[str, str]:
        """The function that is called like the class, where several make it."""
        entries: Mapping[str, Any] = self._facts.get("operations", {})
        found: dict[str, str] = {}
        for path, entry in entries.items():
            name = entry["class"]
            if name not in found or path.replace("_", "") == name.lower():
                found[name] = f"{OPERATION}{path}"
        return found

    @cached_property
    def _operators(self) -> dict[tuple[str, bool], str]:
        entries: Mapping[str, Any] = self._facts.get("operations", {})
        return {
            (entry["operator"], len(entry["inputs"]) == 1): f"{OPERATION}{path}"
            for path, entry in entries.items() if "operator" in entry
        }  # fmt: skip

    def _layer(self, type: str) -> LayerSpec:
        if type in self._backbones:
            return backbone_spec(type, self._backbones[type], self._base)
        return output_spec() if type == "Output" else layer_spec(type, self._facts["layers"][type], self._base)

    def _lazy_objects(self, kind: ObjectKind) -> Mapping[str, ObjectSpec]:
        entries: Mapping[str, Any] = self._facts["objects"].get(kind, {})
        return LazyMapping(entries, lambda type: object_spec(kind, type, entries[type]))

    def _states(self, cell: Value) -> tuple[Port, ...]:
        """The states that an RNN with this cell gives back; those of stacked cells are numbered."""
        if not isinstance(cell, KerasObject):
            return (Port("state"),)
        if cell.type == "LSTMCell":
            return (Port("state_h"), Port("state_c"))
        if cell.type != "StackedRNNCells":
            return (Port("state"),)
        cells = cell.params.get("cells")
        found: list[Port] = []
        for number, inner in enumerate(cells if isinstance(cells, tuple) else ()):
            states = self._states(inner)
            for state in states:
                name = state.name.replace("state", f"state_{number}", 1)
                found.append(Port(name, is_nested=len(states) > 1 or state.is_nested))
        return tuple(found)

    def _bidirectional_outputs(self, params: Mapping[str, Value]) -> tuple[Port, ...]:
        """One joined output, or two where nothing joins them, then the states of both directions."""
        layer = params.get("layer")
        inner = self.ports(layer.type, layer.params)[1] if isinstance(layer, KerasObject) else ()
        joined = params.get("merge_mode", "concat") is not None
        outputs = (Port("output"),) if joined else (Port("output"), Port("backward_output"))
        directions = ("forward", "backward")
        return outputs + tuple(
            Port(f"{direction}_{port.name}", is_nested=port.is_nested) for direction in directions for port in inner[1:]
        )


def _takes_one_tensor(spec: LayerSpec) -> bool:
    needed = [port for port in spec.inputs if not port.is_optional]
    needs_code = any(parameter.kind == "code" and parameter.is_required for parameter in spec.parameters)
    return len(needed) == 1 and not needed[0].takes_many and not needs_code


def load(facts: Mapping[str, Any] | None = None) -> Catalog:
    """The catalog of the facts that the engine sent, or of those that the program ships."""
    if facts is None:
        facts = json.loads(resource("catalog", "facts.json").read_text(encoding="utf-8"))
    return Catalog(facts)
