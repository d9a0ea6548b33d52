"""From the layers of a model to graphs: nodes, edges, blocks for models inside models, shares for layers called again.

Two passes over each model: all calls become nodes first, then their inputs become edges, so that the order in which a
file lists its layers means nothing. A model inside a model becomes a block; each further call of it is a use of that
block which shares its weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from studio.catalog.spec import Port
from studio.core.naming import LONGEST_NAME, FreeNames, name_of_end, to_snake_case, unused
from studio.core.project import BLOCK, INPUT, OUTPUT, Block, Edge, Graph, Node, PortRef
from studio.importing.entries import (
    MAX_NODES,
    Entry,
    LayerCall,
    ModelEntries,
    Tensor,
    entries_of,
    tensors_in,
)
from studio.importing.errors import ModelFileError
from studio.importing.kinds import Kind, input_params, kind_of, told
from studio.importing.masks import without_automatic_masks
from studio.importing.old_layers import OTHER_HARD_SIGMOID, has_other_hard_sigmoid
from studio.importing.old_models import of_today
from studio.importing.old_sizes import SIZE_KNOWN
from studio.importing.operations import tensors as tensors_of
from studio.importing.plain import TOO_MANY, clean
from studio.importing.report import OTHER_NAME, Findings, called_with_training, renamed, tell_other_names
from studio.importing.steps import Applied, applied_by
from studio.importing.values import Catalog, Values

MAX_EDGES = 100_000
MAX_MODELS = 2_000
"""Calls of models inside models, each with all that are inside: two in each of 20 models would be a million."""
_MOST_NESTED = 20
"""Models inside models. Nobody nests deeper, and a hostile file must not exhaust the stack."""
_UNNAMED = Port("output")


@dataclass(slots=True)
class _Drawn:
    """A call that became a node, with its output ports; without a list of them every number is one."""

    node: str
    outputs: tuple[Port, ...]


@dataclass(slots=True)
class _Level:
    """One model on its way into a graph. ``places`` tells what became of each call of each layer."""

    model: ModelEntries
    places: dict[tuple[str, int], _Drawn] = field(default_factory=dict)
    _used: dict[tuple[str, int], int] = field(default_factory=dict)

    def used(self, key: str, number: int) -> int:
        """How many outputs of a call somebody takes, counted from the first; at least one."""
        self._used = self._used or _outputs_used(self.model)
        return self._used.get((key, number), 1)


@dataclass(slots=True)
class _Sheet:
    """The graph that is drawn on."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    names: FreeNames = field(default_factory=FreeNames)


@dataclass(slots=True)
class Drawer:
    """Draws models. ``blocks`` are those made so far; ``next_id`` is the first free number of an id."""

    values: Values
    findings: Findings
    blocks: dict[str, Block] = field(default_factory=dict)
    next_id: int = 1
    layers: int = 0
    shared: int = 0
    _models: int = 0
    _nodes: int = 0
    _edges: int = 0

    @property
    def catalog(self) -> Catalog:
        """What layers there are."""
        return self.values.catalog

    def draw(
        self, model: ModelEntries, depth: int = 0, times: int = 1, *, has_shapes: bool = True
    ) -> tuple[Graph, dict[str, str]]:
        """The graph of a model, and the id of each Output by what training calls it (key or layer).

        ``times`` is how often it is called in all, where it is inside others. Its Inputs keep their shapes if
        ``has_shapes``: those of a block that is called once take what arrives there.
        """
        if depth > _MOST_NESTED:
            raise ModelFileError(f"The model has models inside models, more than {_MOST_NESTED} deep.")
        sheet = _Sheet()
        level = _Level(self._read(model))
        self._place(sheet, level, depth, times, has_shapes)
        self._join(sheet, level)
        outputs = self._outputs(sheet, level, is_main=not depth)
        if not depth:
            keys = {key: outputs[key] for key, _ in level.model.outputs if key in outputs}
            tell_other_names(self.findings, sheet.nodes, keys)
        return Graph(sheet.nodes, sheet.edges), outputs

    def _read(self, model: ModelEntries) -> ModelEntries:
        """The model as Keras 3 would have it, without what Keras works out by itself."""
        found = of_today(model)
        today = {entry.key: entry for entry in found.entries}
        for before in model.entries:
            after = today.get(before.key)
            if after is None:
                self.findings.replace(SIZE_KNOWN, told(before.name))
            elif before.type != after.type and not after.is_operation:
                sentence = f"{before.type} of Keras 2 is {after.type} now, which does the same: {{}}."
                self.findings.replace(sentence, told(after.name))
            elif before.type != after.type:
                self.findings.replace(
                    "A function of TensorFlow, now the operation of Keras that does the same: {}.", told(after.name)
                )
        for entry in model.entries:
            if has_other_hard_sigmoid(entry):
                self.findings.replace(OTHER_HARD_SIGMOID, told(entry.name))
        return without_automatic_masks(found, self.catalog)

    # First pass: every call becomes a node.

    def _place(self, sheet: _Sheet, level: _Level, depth: int, times: int, has_shapes: bool) -> None:
        """Nodes for all calls of a model."""
        entries = {entry.key: entry for entry in level.model.entries}
        order = [entries[tensor.layer] for tensor in level.model.inputs if tensor.layer in entries]
        seen = {entry.key for entry in order}
        order += [entry for entry in level.model.entries if entry.key not in seen]
        for entry in order:
            if entry.is_input:
                level.places[(entry.key, 0)] = self._input(sheet, entry, has_shapes)
            elif entry.is_model and not entry.is_own:
                self._place_model(sheet, level, entry, depth, times)
            elif (applied := applied_by(entry)) is not None:
                self._place_model(sheet, level, entry, depth, times, applied)
            else:
                self._place_layer(sheet, level, entry)

    def _place_layer(self, sheet: _Sheet, level: _Level, entry: Entry) -> None:
        """``origin`` is the node of the first call: the others share its layer."""
        first: str | None = None
        kind = plain = kind_of(entry, self.values, self.findings)
        is_alone = entry.is_operation and not kind.origin
        for number, call in enumerate(entry.calls):
            origin = first
            if is_alone:
                origin = None  # It has no weights, so that two calls of one are two operations.
                kind = kind_of(entry, self.values, self.findings) if number else kind
            if origin is None:
                kind = kind.called(call, self.values, self.findings, entry.name)
                kind = kind.opened(self.catalog, (call,) if is_alone else entry.calls)
                if kind.is_open(self.catalog):
                    used = max(level.used(entry.key, number), _length(call, kind))
                    kind = kind.counted(self.catalog, used)
            elif not entry.is_operation:  # What a call is told is said of this call alone.
                kind = plain.called(call, self.values, self.findings, entry.name).opened(self.catalog, entry.calls)
            name = self._name(sheet, entry.name, entry.type)
            node = Node(self._mint("n"), kind.type, name, kind.params, shares=origin, extra=kind.extra(call))
            self._put(sheet, node)
            level.places[(entry.key, number)] = _Drawn(node.id, kind.outputs)
            if origin is not None:
                self.shared += 1
            else:
                self.layers += 1
                first = node.id
        if not entry.calls:
            self.findings.miss("Part of the model but never called, so left out: {}.", told(entry.name))

    def _place_model(
        self, sheet: _Sheet, level: _Level, entry: Entry, depth: int, times: int, applied: Applied | None = None
    ) -> None:
        """Nodes for the calls of a model, or of a layer that applies one to every time step."""
        if depth >= _MOST_NESTED:
            raise ModelFileError(f"The model has models inside models, more than {_MOST_NESTED} deep.")
        times *= len(entry.calls)
        self._models += times
        if self._models > MAX_MODELS:
            raise ModelFileError(f"The model calls models inside models more than {MAX_MODELS:,} times.")
        block = ""
        first: str | None = None
        for number, call in enumerate(entry.calls):
            if isinstance(said := call.kwargs.get("training"), bool):
                self.findings.replace(called_with_training(said), told(entry.name))
            name = self._name(sheet, entry.name, entry.type)
            if not block:
                block = self._mint("b")
            is_steps = applied is not None
            node = Node(self._mint("n"), BLOCK, name, shares=first, block=block, is_time_distributed=is_steps)
            if first is None:
                first = node.id
                config = entry.config if applied is None else applied.config
                has_shapes = is_steps or len(entry.calls) > 1
                graph, _ = self.draw(entries_of(config), depth + 1, times, has_shapes=has_shapes)
                self.blocks[block] = Block(block, name if applied is None else self._name_of(applied), graph)
            else:
                self.shared += 1
            self._put(sheet, node)
            ends = [inner.name for inner in self.blocks[block].graph.nodes.values() if inner.type == OUTPUT]
            level.places[(entry.key, number)] = _Drawn(node.id, tuple(Port(end) for end in ends))

    def _name_of(self, applied: Applied) -> str:
        plain = clean(applied.name.replace("/", "_"), LONGEST_NAME - 8) or "model"
        return unused(plain, {block.name for block in self.blocks.values()})

    def _input(self, sheet: _Sheet, entry: Entry, has_shape: bool) -> _Drawn:
        name = self._name(sheet, entry.name, "Input")
        params = input_params(entry, name, self.findings)
        if not has_shape:
            params = {}
        node = Node(self._mint("n"), INPUT, name, params)
        self._put(sheet, node)
        return _Drawn(node.id, (_UNNAMED,))

    # Second pass: what calls take becomes edges.

    def _join(self, sheet: _Sheet, level: _Level) -> None:
        for entry in level.model.entries:
            for number, call in enumerate(entry.calls):
                place = level.places.get((entry.key, number))
                if place is not None:
                    self._edges_into(sheet, level, sheet.nodes[place.node], call, frozenset(entry.config))

    def _edges_into(self, sheet: _Sheet, level: _Level, node: Node, call: LayerCall, given: frozenset[str]) -> None:
        ranks: dict[str, int] = {}
        for port, tensor in self._arriving(node, call, given):
            source = self._source(level, tensor)
            if source is None:
                self.findings.miss("An edge is missing, since what it came from is not in the model: {}.", node.name)
                continue
            rank = ranks.get(port, 0)
            ranks[port] = rank + 1
            self._edge(sheet, source, PortRef(node.id, port), rank)

    def _arriving(self, node: Node, call: LayerCall, given: frozenset[str]) -> Iterator[tuple[str, Tensor]]:
        """The input port of each tensor that a call takes, in order."""
        if node.type == BLOCK:
            graph = self.blocks[node.block or ""].graph
            names = [inner.name for inner in graph.nodes.values() if inner.type == INPUT]
            arriving = tensors_in([*call.args, *call.kwargs.values()])
            yield from zip(names, arriving, strict=False)
            if len(arriving) != len(names):
                self.findings.miss(f"Takes {len(names)} inputs but is given {len(arriving)}: {{}}.", node.name)
        elif (spec := self.catalog.layer(node.type)) is None:
            yield from _of_unknown(call)
        elif spec.operation is not None:
            yield from tensors_of(spec.operation, call, given)
        else:
            yield from self._of_layer(node, call)

    def _of_layer(self, node: Node, call: LayerCall) -> Iterator[tuple[str, Tensor]]:
        ports = self.catalog.ports(node.type, node.params)[0]
        known = {port.name: port for port in ports}
        more = next((port for port in ports[1:] if port.takes_many), None)
        for number, argument in enumerate(call.args):
            tensors = tensors_in(argument)
            if number >= len(ports):
                if tensors:
                    self._lost(node)
                continue
            port = ports[number]
            for place, tensor in enumerate(tensors):
                # Keras 2 gave recurrent layers their states in one list with the sequence.
                is_state = place > 0 and not port.takes_many and more is not None
                yield (more.name if is_state and more is not None else port.name), tensor
        for name, argument in call.kwargs.items():
            tensors = tensors_in(argument)
            places = [port.name for port in ports if port.argument == name]
            if name in known:
                yield from ((name, tensor) for tensor in tensors)
            elif places and isinstance(argument, list) and len(argument) <= len(places):
                yield from ((place, each) for place, each in zip(places, argument, strict=False) if each in tensors)
            elif tensors:
                self._lost(node)

    def _lost(self, node: Node) -> None:
        self.findings.miss(
            "Is given a tensor in a place where a drawing has no port, so that this edge was left out: {}.", node.name
        )

    def _source(self, level: _Level, tensor: Tensor) -> PortRef | None:
        """The output port where a tensor comes from."""
        place = level.places.get((tensor.layer, tensor.call))
        if place is None or (place.outputs and tensor.index >= len(place.outputs)):
            return None
        if not place.outputs:
            return PortRef(place.node, f"output_{tensor.index}" if tensor.index else "output")
        return PortRef(place.node, place.outputs[tensor.index].name)

    def _outputs(self, sheet: _Sheet, level: _Level, *, is_main: bool) -> dict[str, str]:
        ends = level.model.outputs
        found: dict[str, str] = {}
        for key, tensor in ends:
            source = self._source(level, tensor)
            wanted = key if key else "output" if len(ends) == 1 else f"{_source_name(sheet, source)}_output"
            name = clean(key, LONGEST_NAME) if is_main and key and "/" not in key else ""
            name = name and name_of_end(name, sheet.names, sheet.nodes.values())
            name = name or self._name(sheet, wanted, "Output", is_told=False)
            node = Node(self._mint("n"), OUTPUT, name)
            self._put(sheet, node)
            found.setdefault(key or _source_name(sheet, source), node.id)
            if source is None:
                self.findings.miss("An edge is missing, since what it came from is not in the model: {}.", name)
            else:
                self._edge(sheet, source, PortRef(node.id, "inputs"), 0)
        return found

    # What both passes need.

    def _name(self, sheet: _Sheet, wanted: str, type_name: str, *, is_told: bool = True) -> str:
        plain = clean(wanted.replace("/", "_"), LONGEST_NAME) or to_snake_case(clean(type_name, 40)) or "layer"
        if plain != wanted and is_told:
            self.findings.replace(OTHER_NAME, renamed(plain, wanted))
        name = sheet.names.take(plain)
        while len(name) > LONGEST_NAME:
            plain = plain[:-8].strip()
            name = sheet.names.take(plain)
        return name

    def _put(self, sheet: _Sheet, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ModelFileError(TOO_MANY)
        sheet.nodes[node.id] = node

    def _edge(self, sheet: _Sheet, source: PortRef, target: PortRef, rank: int) -> None:
        self._edges += 1
        if self._edges > MAX_EDGES:
            raise ModelFileError(f"The model has more than {MAX_EDGES:,} edges.")
        edge_id = self._mint("e")
        sheet.edges[edge_id] = Edge(edge_id, source, target, rank)

    def _mint(self, letter: str) -> str:
        self.next_id += 1
        return f"{letter}{self.next_id - 1}"


def _outputs_used(model: ModelEntries) -> dict[tuple[str, int], int]:
    """How many outputs of each call somebody takes, counted from the first."""
    taken = [tensor for entry in model.entries for call in entry.calls
             for tensor in tensors_in([list(call.args), dict(call.kwargs)])]  # fmt: skip
    found: dict[tuple[str, int], int] = {}
    for each in (*taken, *(tensor for _, tensor in model.outputs)):
        found[each.layer, each.call] = max(found.get((each.layer, each.call), 1), each.index + 1)
    return found


def _length(call: LayerCall, kind: Kind) -> int:
    """How long the tensor that ``unstack`` takes apart is along its axis, 0 where the file does not say."""
    axis = kind.params.get("axis", 0)
    shape = next((tensor.shape for tensor in tensors_in([list(call.args), dict(call.kwargs)])), None)
    if shape is None or type(axis) is not int or not -len(shape) <= axis < len(shape):
        return 0
    return shape[axis] or 0


def _source_name(sheet: _Sheet, source: PortRef | None) -> str:
    """The name of the node where a tensor comes from."""
    return sheet.nodes[source.node].name if source is not None and source.node in sheet.nodes else "output"


def _of_unknown(call: LayerCall) -> Iterator[tuple[str, Tensor]]:
    """Ports of a call that nobody here knows: by keyword, else x, or x1 and x2 by the place of the argument."""
    given = [argument for argument in call.args if tensors_in(argument)]
    for number, argument in enumerate(given):
        name = "x" if len(given) == 1 else f"x{number + 1}"
        yield from ((name, tensor) for tensor in tensors_in(argument))
    for name, argument in call.kwargs.items():
        port = clean(name, LONGEST_NAME) or "x"
        yield from ((port, tensor) for tensor in tensors_in(argument))
