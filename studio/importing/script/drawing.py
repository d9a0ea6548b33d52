"""From what a script made to a project: nodes and edges, blocks for routines and nested models, shares, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from studio.catalog.spec import OPERATION, Port
from studio.catalog.values import Value
from studio.core.automatic_names import AutomaticNames
from studio.core.naming import LONGEST_NAME, name_of_end, unused
from studio.core.project import BLOCK, INPUT, OUTPUT, Block, BlockParameter, Edge, Graph, Node, PortRef
from studio.importing.entries import MAX_NODES
from studio.importing.errors import ModelFileError
from studio.importing.kinds import not_of_this_keras
from studio.importing.plain import clean, shown
from studio.importing.report import OTHER_NAME, Findings, renamed
from studio.importing.script.begins import begins_of, model_name, with_taken
from studio.importing.script.naming import Sheet, wanted_name
from studio.importing.script.run import Run
from studio.importing.script.things import BlockMade, Call, MadeLayer, Network, Tensor
from studio.importing.script.ways import calls_in, size_of, use_in
from studio.importing.script.words import (
    free_name,
    is_by_name,
    name_by_keras,
    named_by_variable,
    names_to_come,
    words_of,
)  # fmt: skip


@dataclass(slots=True)
class Drawer:
    """Draws a network of a script. ``lines`` tells where each node stands in the script.

    ``inside`` are the models (by their id) that came in as parts of it.
    """

    run: Run
    findings: Findings
    blocks: dict[str, Block] = field(default_factory=dict)
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)
    next_id: int = 1
    layers: int = 0
    shared: int = 0
    inside: set[int] = field(default_factory=set)
    _of_routines: dict[int, list[str]] = field(default_factory=dict)
    _of_networks: dict[int, str] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
    _places: dict[int, int] = field(default_factory=dict)
    _is_by_name: bool = False
    _begins_again: set[int] = field(default_factory=set)
    """The Inputs (by their id) of models that are called again: what these take is said by them."""

    def draw(self, network: Network | None) -> tuple[Graph, dict[str, str]]:
        """The main graph, and the id of each Output by what training calls it. Without a model: all there is."""
        calls = [each for each in self.run.made if isinstance(each, Call)]
        self._places = {id(call): at for at, call in enumerate(calls)}
        for each in self.run.networks:
            if each.stack is not None:
                self._chain(each)
        others = [each for each in self.run.networks if each is not network]
        inside = {id(call) for each in others for call in calls_in(each)} if self.run.is_ours else set()
        are_inside = bool(inside) and all(map(use_in, others))  # models of blocks, which stand in this one
        is_alone = network is not None and network.stack is None and (not others or are_inside)
        is_alone = is_alone and not self.run.opened  # Of a ready-made network that was opened most may lead nowhere.
        if network is not None and not is_alone:
            calls = self._leading_to(network)
        elif network is not None:
            calls = [call for call in calls if id(call) not in inside]
        self._name_layers(network)
        self._is_by_name = self.run.is_book and is_by_name(self.run, self._names, network)
        words = words_of(network, self._is_by_name) if network is not None else []
        sheet = Sheet(is_main=True, spoken_for=self._told_names() | frozenset(() if self._is_by_name else words))
        if network is not None:
            begins = begins_of(network, calls)
            calls = [*begins, *(call for call in calls if call not in begins)]
        self._calls(sheet, calls)
        outputs: dict[str, str] = {}
        if network is not None:
            notes = self.run.notes_of_ends(network.line, network.end_line)
            for at, (key, tensor) in enumerate(network.outputs):
                node = self._end(sheet, tensor, words[at], (network.line, network.line), notes.get(at, ""))
                outputs[key or self._names.get(id(tensor.call.layer), "") or node] = node
        return Graph(sheet.nodes, sheet.edges), outputs

    # Which calls, and what their layers are called

    def _leading_to(self, network: Network) -> list[Call]:
        found: dict[int, Call] = {id(tensor.call): tensor.call for _, tensor in network.inputs}
        waiting = [tensor.call for _, tensor in network.outputs]
        while waiting:
            call = waiting.pop()
            if id(call) not in found:
                found[id(call)] = call
                waiting += [tensor.call for _, tensor in call.takes]
        return sorted(found.values(), key=lambda call: self._places.get(id(call), 0))

    def _chain(self, network: Network) -> None:
        """The calls of a Sequential, which a script never writes."""
        if network.outputs or not network.stack:
            return
        stack = list(network.stack)
        first = stack[0]
        if isinstance(first, Tensor):
            begin = first.call
            stack = stack[1:]
        elif isinstance(first, MadeLayer) and first.type == INPUT:
            begin = Call("input", first.line, first.line, network.trial, params=first.params, name=first.name)
            begin.note = first.note
            stack = stack[1:]
        else:
            begin = Call("input", network.line, network.line, network.trial)
            shape = first.input_shape if isinstance(first, MadeLayer) else None
            if isinstance(first, Network) and first.inputs:
                begin.params = dict(first.inputs[0][1].call.params)
            if isinstance(shape, tuple | list) and all(size is None or isinstance(size, int) for size in shape):
                begin.params = {"shape": tuple(shape)}
        self._places.setdefault(id(begin), len(self._places))
        tensor = Tensor(begin)
        for each in stack:
            if isinstance(each, Network):
                if each.stack is not None:
                    self._chain(each)
                call = Call("model", each.line, each.line, network.trial, model=each, takes=[("", tensor)])
                call.outputs = (Port("0"),)
            else:
                inputs, outputs = self.run.catalog.ports(each.type, each.params)
                call = Call("layer", each.line, each.line, network.trial, each)
                call.takes = [(inputs[0].name if inputs else "x", tensor)]
                call.outputs = outputs or (Port("output"),)
                each.is_called = True
            self._places[id(call)] = len(self._places)
            tensor = Tensor(call)
        network.inputs, network.outputs = (("", Tensor(begin)),), (("", tensor),)

    def _name_layers(self, network: Network | None) -> None:
        """Walk through all that is made as Keras will, to see what names it gives."""
        count = AutomaticNames()
        made: list[MadeLayer | Call] = list(self.run.made)
        begin = network.inputs[0][1].call if network is not None and network.inputs else None
        if begin is not None and begin not in made:
            made.insert(0, begin)
        for each in made:
            if isinstance(each, MadeLayer):
                if each.is_called and each.type.startswith(OPERATION):
                    self._names[id(each)] = count.take(self._class_of(each.type), {})
                elif each.is_called:
                    self._names[id(each)] = name_by_keras(count, each.type, each.name, each.params)
            elif each.kind == "input":
                self._names[id(each)] = name_by_keras(count, INPUT, each.name, each.params)
            elif each.block is not None:
                if size_of(each.block) > MAX_NODES:
                    raise ModelFileError(f"{shown(each.block.name)} stands for more than {MAX_NODES:,} layers.")
                self._count_block(count, each.block)

    def _told_names(self) -> frozenset[str]:
        """The names that Keras knows: of Inputs, layers and uses that name their layers, not of operations."""
        operations = {
            id(each) for each in self.run.made if isinstance(each, MadeLayer) and each.type.startswith(OPERATION)
        }
        calls = [each for each in self.run.made if isinstance(each, Call)]
        uses = [each.name for each in calls if each.block is not None and each.name]
        uses += [each.model.name for each in calls if each.model is not None and each.model.name]
        return frozenset([*uses, *(name for key, name in self._names.items() if key not in operations)])

    def _count_block(self, count: AutomaticNames, block: BlockMade) -> None:
        for each in block.made:
            if isinstance(each, MadeLayer) and each.is_called and each.ending is None:
                count.take(self._class_of(each.type), each.params)
            elif isinstance(each, Call) and each.block is not None:
                self._count_block(count, each.block)

    def _class_of(self, type_name: str) -> str:
        """The class that Keras names a layer or an operation after."""
        spec = self.run.catalog.layer(type_name)
        return spec.operation.class_name if spec is not None and spec.operation is not None else type_name

    # Nodes

    def _calls(self, sheet: Sheet, calls: Sequence[Call], is_block: bool = False) -> None:
        sheet.last = named_by_variable(calls, is_block=is_block, is_by_name=self._is_by_name)
        sheet.kept = sheet.spoken_for | names_to_come(sheet.last)
        whole = [(network, call.layer is not None) for call in calls if (network := call.network) is not None]
        times = Counter([id(network) for network, _ in whole])
        self._begins_again |= {id(tensor.call) for network, is_step in whole if is_step or times[id(network)] > 1
                               for _, tensor in network.inputs}  # fmt: skip
        for call in calls:
            if call.network is None or call.network.outputs:
                self._node(sheet, call, is_block)

    def _node(self, sheet: Sheet, call: Call, is_block: bool) -> None:
        where = sheet.where
        made = call.network or call.layer
        origin = sheet.origins.get(id(made)) if made is not None else None
        caller = call.layer or call.model
        called = sheet.called.get(id(caller)) if caller is not None else None
        name = self._name(sheet, call, called, is_block)
        key = self._mint("n")
        if caller is not None:
            sheet.called.setdefault(id(caller), key)
        params: Mapping[str, Value] = {}
        type_name, block_id = INPUT, None
        extra: Mapping[str, object] = {}
        outputs = call.outputs
        if call.kind == "input":
            params = {} if is_block and id(call) not in self._begins_again else call.params
        elif call.layer is not None and call.network is None:
            type_name = call.layer.type
            params = {**call.layer.params, **call.params}
            extra = call.layer.extra
            self._tell_unknown(type_name, name)
            if origin is None:
                sheet.origins[id(call.layer)] = key
                self.layers += 1
            else:
                self.shared += 1
        else:
            use = use_in(call.network) or call
            type_name, params = BLOCK, use.params
            if call.network is not None:
                sheet.origins.setdefault(id(call.network), key)
                self.shared += origin is not None
            if use is not call and origin is None:  # What is said of a block stands above all that makes it a model.
                call.note = call.note or next((each.call.note for _, each in use.takes if each.call.note), use.note)
            block_id = self._block_of(call)
            ends = [node.name for node in self.blocks[block_id].graph.nodes.values() if node.type == OUTPUT]
            outputs = tuple([Port(end) for end in ends])
        note = call.note or (call.layer.note if call.layer is not None and origin is None else "")
        if len(self.lines) > MAX_NODES:
            raise ModelFileError(f"The script makes more than {MAX_NODES:,} layers.")
        sheet.nodes[key] = Node(
            key, type_name, name, params, note=note, shares=origin, block=block_id, extra=extra,
            is_time_distributed=type_name == BLOCK and call.layer is not None,
        )  # fmt: skip
        self.lines[key] = (call.line, call.end_line)
        for at, port in enumerate(outputs):
            where[(id(call), at)] = PortRef(key, port.name)
        self._edges(sheet, call, key, block_id)

    def _edges(self, sheet: Sheet, call: Call, key: str, block_id: str | None) -> None:
        ports: list[str] = []
        if block_id is not None:
            ports = [node.name for node in self.blocks[block_id].graph.nodes.values() if node.type == INPUT]
        ranks: dict[str, int] = {}
        for at, (port, tensor) in enumerate(call.takes):
            source = sheet.where.get((id(tensor.call), tensor.index))
            if source is None:
                continue
            wanted = ports[at] if ports and at < len(ports) else port
            rank = ranks.get(wanted, 0)
            ranks[wanted] = rank + 1
            edge = self._mint("e")
            sheet.edges[edge] = Edge(edge, source, PortRef(key, wanted), rank)

    def _block_of(self, call: Call) -> str:
        if call.block is not None:
            return self._block_of_routine(call, ())
        network = call.network
        assert network is not None
        self.inside.add(id(network))
        use = use_in(network)
        if use is not None:
            begins = [tensor.call for _, tensor in use.takes if id(tensor.call) in self._begins_again]
            return self._block_of_routine(use, tuple([begin.params for begin in begins]))
        if id(network) in self._of_networks:
            return self._of_networks[id(network)]
        key = self._of_networks[id(network)] = self._mint("b")
        name = model_name(network)
        sheet = Sheet()
        self._calls(sheet, self._leading_to(network), is_block=True)
        words = words_of(network)
        for at, (_, tensor) in enumerate(network.outputs):
            self._end(sheet, tensor, words[at], (network.line, network.line))
        self.blocks[key] = Block(key, self._block_name(name), Graph(sheet.nodes, sheet.edges))
        return key

    def _block_of_routine(self, use: Call, taken: tuple[Mapping[str, Value], ...]) -> str:
        """The block of a function; ``taken`` is what its Inputs say where it is the inside of a model called again.

        Two models of other shapes are two blocks: what a block takes stands in it.
        """
        drawn = self._of_routines.setdefault(id(use.block), [])
        for key in drawn:
            graph = self.blocks[key].graph
            before = tuple([node.params for node in graph.nodes.values() if node.type == INPUT])
            if taken and not any(before):
                self.blocks[key] = replace(self.blocks[key], graph=with_taken(graph, taken))
            if not taken or not any(before) or before == taken:
                return key
        drawn.append(self._mint("b"))
        self._draw_block(drawn[-1], use)
        block = self.blocks[drawn[-1]]
        self.blocks[block.id] = replace(block, graph=with_taken(block.graph, taken)) if any(taken) else block
        return block.id

    def _draw_block(self, key: str, use: Call) -> None:
        made = use.block
        assert made is not None
        sheet = Sheet(block=made.name)
        calls = [each for each in made.made if isinstance(each, Call)]
        inside = {id(each) for call in calls if call.network is not None for each in calls_in(call.network)}
        calls = [each for each in calls if id(each) not in inside]
        ends = {word for word, _ in made.outputs}
        if not self._is_by_name:
            sheet.spoken_for = frozenset(ends)
        self._calls(sheet, calls, is_block=True)
        for at, (word, tensor) in enumerate(made.outputs):
            end = made.routine.node.end_lineno or made.line
            if self._is_by_name:  # The variable is that of the node; a use calls the result "part_mask" in its turn.
                told = use.variables[at] if 0 < at < len(use.variables) else ""
                word = told.removeprefix(f"{use.variable}_") if told.startswith(f"{use.variable}_") else ""
            self._end(sheet, tensor, word if word != "x" else "", (end, end), made.notes.get(at, ""))
        parameters = tuple([BlockParameter(name, default) for name, default in made.parameters])
        graph = Graph(sheet.nodes, sheet.edges)
        unnamed = frozenset([
            sheet.where[(id(call), 0)].node
            for call in calls
            if made.names_layers and call.kind == "layer" and call.layer is not None and call.layer.ending is None
        ])  # fmt: skip
        self.blocks[key] = Block(key, self._block_name(made.name), graph, parameters, made.names_layers, unnamed)

    def _block_name(self, wanted: str) -> str:
        plain = clean(wanted.replace("/", "_"), LONGEST_NAME) or "block"
        return unused(plain, {block.name for block in self.blocks.values()})

    def _end(self, sheet: Sheet, tensor: Tensor, wanted: str, lines: tuple[int, int], note: str = "") -> str:
        word = clean(wanted, LONGEST_NAME) or "output"
        name = name_of_end(word, sheet.names, sheet.nodes.values()) if sheet.is_main else sheet.names.take(word)
        key = self._mint("n")
        sheet.nodes[key] = Node(key, OUTPUT, name, note=note)
        self.lines[key] = lines
        source = sheet.where.get((id(tensor.call), tensor.index))
        if source is not None:
            edge = self._mint("e")
            sheet.edges[edge] = Edge(edge, source, PortRef(key, "inputs"), 0)
        return key

    def _name(self, sheet: Sheet, call: Call, origin: str | None, is_block: bool) -> str:
        chosen = wanted_name(self.run, self._names, sheet, call, origin, is_block=is_block, is_by_name=self._is_by_name)
        plain = clean(chosen.wanted.replace("/", "_"), LONGEST_NAME) or "layer"
        if plain != chosen.wanted:
            self.findings.replace(OTHER_NAME, renamed(plain, chosen.wanted))
        if chosen.is_told:
            return sheet.names.take(plain)
        return free_name(plain, sheet.names, sheet.spoken_for if chosen.has_word else sheet.kept)

    def _tell_unknown(self, type_name: str, name: str) -> None:
        if self.run.catalog.layer(type_name) is None:
            self.findings.miss(not_of_this_keras(type_name), name)

    def _mint(self, letter: str) -> str:
        self.next_id += 1
        return f"{letter}{self.next_id - 1}"
