"""Statements that use a block: calls of its function, or of a model that is made of it once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from studio.catalog.spec import TIME_DISTRIBUTED
from studio.catalog.values import Value
from studio.codegen.constructors import begin_of_model
from studio.codegen.drawing import BlockFunction, Drawing
from studio.codegen.ir import Argument, Assign, Call, Code, Expression, Statement, items, keyword
from studio.codegen.layer_names import LayerNames
from studio.codegen.literals import literal
from studio.codegen.names import Names
from studio.codegen.plain import taken
from studio.codegen.turns import LAYER_NAME, Use
from studio.codegen.wiring import Tensor, Wired, first_of_steps
from studio.core.edits import is_same_value
from studio.core.naming import variable
from studio.core.project import Node


@dataclass(slots=True)
class BlockUses:
    """Writes the uses of one function; ``statements``, ``layers`` and ``endings`` are those of its writer.

    ``turns`` tells of statements (by number) how they could be turns of a loop.
    """

    drawing: Drawing
    names: Names
    layer_names: LayerNames
    is_inner: bool
    statements: list[Statement]
    layers: list[tuple[str, Mapping[str, Value]]]
    endings: list[str | None]
    turns: dict[int, Use]
    _models: dict[str, str] = field(default_factory=dict)
    """The variable of each use of a block that must be a model: it is called again, or applied to every time step."""
    _called: dict[str, Node] = field(default_factory=dict)
    """The first use of each such model that calls the model itself, and so is named as it."""
    _steps: dict[str, str] = field(default_factory=dict)
    """The variable of each layer that applies a model to every time step, where several uses call it."""
    _models_made: set[str] = field(default_factory=set)
    _steps_made: set[str] = field(default_factory=set)

    def choose_variables(self, nodes: Iterable[Node]) -> None:
        """Choose those of models and of layers around them for these uses, before the first statement is written."""
        uses = list(nodes)
        for node in uses:
            first = self.drawing.origin(node)
            if first is not node or node.is_time_distributed:
                self._models[first.id] = ""
            if node.is_time_distributed and (begin := first_of_steps(self.drawing.graph, node)) is not node:
                self._steps[begin.id] = variable(begin.name)
        functions = {function.name for function in self.drawing.functions.values()}
        for node in sorted(uses, key=lambda node: node.shares is not None):
            first = self.drawing.origin(node)
            if first.id in self._models and not node.is_time_distributed:
                self._called.setdefault(first.id, node)
        for key in self._models:
            use = self._called.get(key)
            name = variable(use.name) if use is not None else self._function(self.drawing.graph.nodes[key]).name
            self._models[key] = self.names.take(f"{name}_model" if name in functions else name)
        for key, name in self._steps.items():
            self._steps[key] = self.names.take(f"{name}_steps" if name in functions else name)

    def write(self, each: Wired, targets: tuple[str, ...], of: Mapping[Tensor, str]) -> None:
        """The statements of one use."""
        node, given = each.node, taken(each.inputs, of)
        origin = self.drawing.origin(node)
        model = self._models.get(origin.id)
        if model is None:
            made, turn = self._made(node, given, targets)
            if turn is not None:
                self.turns[len(self.statements)] = turn
            self.statements.append(Assign(targets, made, node.id))
            return
        if origin.id not in self._models_made:
            self._models_made.add(origin.id)
            self._model(origin, model, each, of)
        tensors = [argument.value for argument in given]
        called = Argument(tensors[0] if len(tensors) == 1 else items("[", tensors))
        function = self._distributed(node, model) if node.is_time_distributed else Code(model)
        self.statements.append(Assign(targets, Call(function, (called,)), node.id))

    def _model(self, origin: Node, model: str, each: Wired, of: Mapping[Tensor, str]) -> None:
        """A model is made for what its block says that it takes, or its first call; of every time step, or of all."""
        use = self._called.get(origin.id)
        stem = self._function(origin).name if origin.is_time_distributed else origin.name
        inputs: list[Expression] = []
        for port, tensors in each.inputs:
            called = self._function(origin).takes[port.name].removesuffix("_")  # its name would come back otherwise
            own = self.names.take(variable(f"{stem}_{called}"))
            begin = self.drawing.input_of(origin, port.name)
            made = begin_of_model(
                begin, of[tensors[0]], own, self.drawing.style.input, is_step=each.node.is_time_distributed
            )
            self.statements.append(Assign((own,), made, origin.id))
            inputs.append(Code(own))
        made, _ = self._made(origin, [Argument(each) for each in inputs], ())
        name: tuple[Argument, ...] = ()
        if not self.is_inner:
            called = stem if use is None else self.layer_names.called(use)
            name = (keyword("name", Code(literal(called))),)
        else:  # In a block, which may be used often, Keras gives the name.
            self.layers.append(("Functional", {}))
            self.endings.append(None)
        whole = (Argument(inputs[0] if len(inputs) == 1 else items("[", inputs)), Argument(made), *name)
        self.statements.append(Assign((model,), Call(Code("keras.Model"), whole), origin.id))

    def _distributed(self, node: Node, model: str) -> Code | Call:
        """The layer that applies a model to every time step, made where it is called first."""
        first = first_of_steps(self.drawing.graph, node)
        named = self._steps.get(first.id)
        if named is not None and first.id in self._steps_made:
            return Code(named)
        name = self.layer_names.of_steps(first)
        said = () if name is None else (keyword("name", name),)
        made = Call(Code(f"{self.drawing.style.layers}.{TIME_DISTRIBUTED}"), (Argument(Code(model)), *said))
        self.layers.append((TIME_DISTRIBUTED, {}))
        self.endings.append(self.layer_names.step_endings.get(first.id))
        if named is None:
            return made
        self._steps_made.add(first.id)
        self.statements.append(Assign((named,), made, first.id))
        return Code(named)

    def _function(self, node: Node) -> BlockFunction:
        return self.drawing.functions[node.block or ""]

    def _made(self, node: Node, given: list[Argument], targets: tuple[str, ...]) -> tuple[Call, Use | None]:
        """The call of the block's function, and what a loop must know of it, where it can be a turn of one."""
        function = self._function(node)
        self.layers += function.layers
        self.endings += self.layer_names.of_use(node, function)
        write: Callable[[Value], Expression] = self.drawing.expressions.free
        more = []
        values: dict[str, Expression] = {}
        defaults: dict[str, Expression] = {}
        for parameter in function.block.parameters:
            value = node.params.get(parameter.name, parameter.default)
            name = function.parameters[parameter.name]
            values[name], defaults[name] = write(value), write(parameter.default)
            if parameter.name in function.positional:
                more.append(Argument(values[name]))
            elif parameter.name in (*function.required, *function.anew) or not is_same_value(value, parameter.default):
                more.append(keyword(name, values[name]))
        if function.takes_name:
            values[LAYER_NAME] = self.layer_names.use(node)
            defaults[LAYER_NAME] = Code("")
            more.append(keyword(LAYER_NAME, values[LAYER_NAME]))
        has_note = bool(node.note.strip())  # A note is about one use, not about all turns of a loop.
        turn = None
        if not has_note and len(targets) == 1 and [argument.text for argument in given] == [targets[0]]:
            turn = Use(
                function.name, targets[0], values, defaults, node.id,
                frozenset(function.parameters[each] for each in function.positional),
                frozenset(function.parameters[each] for each in (*function.required, *function.anew)),
            )  # fmt: skip
        return Call(Code(function.name), (*given, *more)), turn
