"""The statements of one function that builds (a part of) a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from studio.catalog.spec import is_backbone
from studio.catalog.values import Value
from studio.codegen.block_uses import BlockUses
from studio.codegen.chains import Chain
from studio.codegen.constructors import after_name
from studio.codegen.drawing import Drawing
from studio.codegen.end_notes import notes_of_inputs, notes_of_outputs
from studio.codegen.ir import (
    Argument,
    Assign,
    Blank,
    Call,
    Code,
    Comment,
    Element,
    Listing,
    Statement,
    call,
    keyword,
)  # fmt: skip
from studio.codegen.layer_names import LayerNames
from studio.codegen.literals import literal
from studio.codegen.loops import fold
from studio.codegen.names import BRANCH_STEM, Names, branch_in
from studio.codegen.operations import applied
from studio.codegen.plain import Plain, taken
from studio.codegen.stacking import layer_alone, why_not_stacked
from studio.codegen.turns import LAYER_NAME, Use
from studio.codegen.uses import layer_use
from studio.codegen.variables import Variables, as_before, assign
from studio.codegen.wiring import Tensor, Wired
from studio.core.naming import variable
from studio.core.ports import is_operation
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Node
from studio.core.remember import Remembered
from studio.immutable import immutable

_written: Remembered[Wired, list[Any]] = Remembered(50_000)
"""The last statement of a node: the call that makes its layer, the variables that it takes, the statement."""


def _nothing(each: Wired) -> list[Any]:
    return []


@immutable
class Body:
    """Statements, the variable of every tensor, and what the function makes: (type, parameters) of each layer.

    ``endings`` says for each of these layers what follows the name of a use in its own name, None where Keras names it.
    """

    statements: tuple[Statement, ...]
    variables: Mapping[Tensor, str]
    layers: tuple[tuple[str, Mapping[str, Value]], ...]
    endings: tuple[str | None, ...] = ()


def write(drawing: Drawing, names: Names, write_input: Callable[[Node, str | None], Call] | None) -> Body:
    """The statements that call all layers of ``drawing``.

    ``write_input`` makes the call for an Input of the main graph and is told the name if it must be said; without it
    (in a block) the Inputs are arguments of the function, and layers are named by Keras, since a block is used often.
    """
    writer = _Writer(drawing, names, write_input)
    writer.prepare()
    is_headed = False
    for number, chain in enumerate(drawing.order.chains):
        is_input = drawing.wired[chain.nodes[0]].node.type == INPUT
        is_branch = writer.is_paragraph(number, chain)
        if is_branch:
            writer.head_branch(chain.nodes[0])
        elif not is_input:
            writer.go_on(number, chain, is_headed)
        is_headed = is_branch or (is_headed and is_input)
        for key in chain.nodes:
            writer.node(key)
    for output in drawing.outputs:
        writer.tell_bypassed(output)
    statements = fold(writer.statements, writer.uses, lambda each: layer_use(drawing, each), names.take)
    statements = statements[1:] if statements[:1] == (Blank(),) else statements
    heads = notes_of_inputs(drawing) if write_input is None else ()
    statements = (*heads, *statements, *notes_of_outputs(drawing))
    return Body(statements, writer.variables.of, tuple(writer.layers), tuple(writer.endings))


def stack(drawing: Drawing, names: Names, write_input: Callable[[Node, str | None], Call]) -> Body | None:
    """All of a plain chain as ``keras.Sequential``, or None where the drawing is something else."""
    if why_not_stacked(drawing):
        return None
    chain = [key for chain in drawing.order.chains for key in chain.nodes]
    writer = _Writer(drawing, names, write_input)
    writer.prepare()
    for key in chain:
        writer.node(key)
    writer.tell_bypassed(drawing.outputs[0])
    elements: list[Element | Comment] = []
    for statement in writer.statements:
        if isinstance(statement, Comment):
            elements.append(statement)
        elif isinstance(statement, Assign) and statement.node is not None:
            made = statement.value if statement.node == chain[0] else layer_alone(statement.value)
            if made is None:
                return None
            elements.append(Element(made, statement.node))
    elements += notes_of_outputs(drawing)
    listing = Listing("keras.Sequential", tuple(elements), (drawing.outputs[0].id,))
    return Body((listing,), writer.variables.of, tuple(writer.layers))


class _Writer:
    def __init__(self, drawing: Drawing, names: Names, write_input: Callable[[Node, str | None], Call] | None) -> None:
        self.drawing = drawing
        self.names = names
        self.write_input = write_input
        self.statements: list[Statement] = []
        self.layers: list[tuple[str, Mapping[str, Value]]] = []
        self.endings: list[str | None] = []
        self.uses: dict[int, Use] = {}
        self.branch = 0
        self.variables = Variables({}, frozenset())
        self._shared: dict[str, str] = {}
        """The variable of each layer that is made in a statement of its own: shared ones, frozen networks."""
        self._written: set[str] = set()
        self._frozen: set[str] = set()
        self._told: set[str] = set()
        self._has_bypassed = drawing.has_bypassed
        self._plain = drawing.plain
        self.layer_names = LayerNames(drawing, is_inner=write_input is None)
        self.blocks = BlockUses(
            drawing, names, self.layer_names, write_input is None, self.statements, self.layers, self.endings, self.uses
        )

    def prepare(self) -> None:
        """Choose all names before the first statement is written."""
        drawing = self.drawing
        for key, plain in drawing.plain.items():
            if plain is not None or key not in drawing.wired:
                continue
            each = drawing.wired[key]
            if each.node.type in (INPUT, OUTPUT, BLOCK):
                continue
            origin = drawing.origin(each.node)
            is_apart = origin is not each.node or self.drawing.is_held(origin) or self.drawing.freezes_late(origin)
            if is_apart and origin.id not in self._shared:
                self._shared[origin.id] = self.names.take(variable(origin.name))
        if functions := drawing.functions:
            chains = drawing.order.chains  # a reader meets them, and their numbers, by the statements
            nodes = [drawing.wired[key].node for chain in chains for key in chain.nodes]
            self.blocks.choose_variables([node for node in nodes if node.block in functions])
        if self._shared:
            self._plain = {**self._plain, **dict.fromkeys(self._shared)}
        blocks = {key: function.block.name for key, function in drawing.functions.items()}
        has_own = drawing.style.has_own_variables
        chosen = assign(drawing.wired, drawing.order, self.names, has_own, blocks, drawing.key != MAIN)
        self.variables = as_before(drawing.key, has_own, chosen)
        self.layer_names.choose(self._plain)

    def node(self, key: str) -> None:
        """The statements of one node."""
        plain = self._plain[key]
        if plain is not None:
            if plain.node.note or self._has_bypassed:
                self._note(plain.node)
            self._plain_layer(plain)
            return
        each = self.drawing.wired[key]
        node = each.node
        if node.type == INPUT:
            if self.write_input is not None:
                self._note(node)
                name = self.layer_names.said(node)
                made = self.write_input(node, name)
                self.statements.append(Assign((self.variables.of[(node.id, 0)],), made, node.id))
            return
        if node.note or self._has_bypassed:
            self._note(node)
        of = self.variables.of
        targets = tuple([of[(node.id, number)] for number in range(len(each.outputs))]) or ("_",)
        if node.type == BLOCK:
            self.blocks.write(each, targets, of)
            return
        if is_operation(node):
            self._operation(each, targets)
            return
        layer = self._layer(each)
        given = [of[tensor] for _, tensors in each.inputs for tensor in tensors]
        memory = _written.get(each, _nothing)
        if not memory or memory[0] != layer or memory[1] != given or memory[2].targets != targets:
            made = Call(layer, tuple(self._arguments(each)))
            if any(port.is_nested for port in each.outputs):
                made = call("keras.tree.flatten", made)
            memory[:] = [layer, given, Assign(targets, made, node.id)]
        self.statements.append(memory[2])
        origin = self.drawing.origin(node)
        if self.drawing.freezes_late(origin) and origin.id not in self._frozen:
            self._frozen.add(origin.id)
            self._tell_learning(origin)

    def _plain_layer(self, plain: Plain) -> None:
        """A layer of its own with one result: nearly every node. Its statement is remembered with all that it says."""
        names = self.layer_names
        self.layers.append(plain.made)
        self.endings.append(names.endings.get(plain.node.id))
        self.statements.append(plain.statement(names.told(plain.node), self.variables.of))

    def is_paragraph(self, number: int, chain: Chain) -> bool:
        """Whether a branch stands apart: a single statement only where it is one of the numbered branches."""
        branches = self.variables.branches
        if number not in branches or len(chain.nodes) > 1:
            return number in branches
        return not branches.intersection(chain.needs) and self.variables.of[(chain.nodes[0], 0)].startswith(BRANCH_STEM)

    def head_branch(self, first: str) -> None:
        """An empty line, and a comment unless the variable says already that it is a branch, and which.

        What begins with a merge is none. Branches are counted from where the trunk forks, so that a number says which
        of them it is; where layers are named by their branches the comment has the same number.
        """
        self.statements.append(Blank())
        if len(self.drawing.wired[first].tensors) > 1:
            return
        named = self.variables.of[(first, 0)]
        number = branch_in(named)
        self.branch = max(self.branch, int(number)) if number else self.branch + 1
        if not named.startswith(BRANCH_STEM):
            self.statements.append(Comment(f"Branch {number or self.branch}"))

    def go_on(self, number: int, chain: Chain, is_headed: bool) -> None:
        """What does not stand apart is parted from a branch above it; behind the trunk branches are counted anew."""
        of, is_one = self.variables.of, number in self.variables.branches
        self.branch = self.branch + of[(chain.nodes[0], 0)].startswith(BRANCH_STEM) if is_one else 0
        if is_headed:
            self.statements.append(Blank())

    def tell_bypassed(self, node: Node) -> None:
        """Say once which nodes before this one are bypassed."""
        for passed in self.drawing.bypassed_before(node.id):
            if passed.id not in self._told:
                self._told.add(passed.id)
                what = "block" if passed.type == BLOCK else passed.type
                self.statements.append(Comment(f"{passed.name} ({what}) is bypassed.", passed.id))

    def _operation(self, each: Wired, targets: tuple[str, ...]) -> None:
        """A call of ``keras.ops``. Keras gives the name: no function takes one."""
        node, of = each.node, self.variables.of
        spec, made = self.drawing.catalog.layer(node.type), self.drawing.constructor(node).plain
        assert spec is not None
        assert made is not None
        self.layers.append((self.layer_names.operation_class(node), {}))
        self.endings.append(None)
        given = [of[tensor] for _, tensors in each.inputs for tensor in tensors]
        memory = _written.get(each, _nothing)
        if not memory or memory[0] is not made or memory[1] != given or memory[2].targets != targets:
            tensors = {port.name: [of[tensor] for tensor in found] for port, found in each.inputs}
            memory[:] = [made, given, Assign(targets, applied(spec, made, tensors, node.params.get("key")), node.id)]
        self.statements.append(memory[2])

    def _note(self, node: Node) -> None:
        self.tell_bypassed(node)
        if node.note and not node.note.isspace():
            self.statements.append(Comment(node.note, node.id))

    def _layer(self, each: Wired) -> Code | Call:
        origin = self.drawing.origin(each.node)
        shared = self._shared.get(origin.id)
        if shared is None:
            return self._made(origin, each)
        if origin.id not in self._written:
            self._written.add(origin.id)
            self.statements.append(Assign((shared,), self._made(origin, each), origin.id))
            if self.drawing.is_held(origin):
                self._tell_learning(origin)
        return Code(shared)

    def _tell_learning(self, origin: Node) -> None:
        learns = self.drawing.expressions.free(origin.params["trainable"])
        self.statements.append(Assign((f"{self._shared[origin.id]}.trainable",), learns, origin.id))

    def _made(self, origin: Node, each: Wired) -> Call:
        if is_backbone(origin.type):
            return self._backbone(origin, each)
        return self._made_plain(origin)

    def _made_plain(self, origin: Node) -> Call:
        made = self.drawing.constructor(origin)
        if self.drawing.freezes_late(origin):
            made = made.without("trainable")
        assert made.plain is not None
        self.layers.append((origin.type, origin.params))
        ending = self.layer_names.endings.get(origin.id)
        self.endings.append(ending)
        if ending is not None:
            return made.named(after_name(LAYER_NAME, ending).text)
        name = self.layer_names.said(origin)
        return made.named(None if name is None else literal(name))

    def _backbone(self, origin: Node, each: Wired) -> Call:
        """A ready-made network for pictures of the size that arrives here, with a name of its own in any case."""
        made = self.drawing.constructor(origin).plain
        assert made is not None
        self.layers.append((origin.type, origin.params))
        self.endings.append(None)
        arriving = self.variables.of[each.inputs[0][1][0]]
        shape = keyword("input_shape", Code(f"{arriving}.shape[1:]"))
        name = Code(literal(self.layer_names.called(origin)))
        if self.write_input is None:  # In a block, which may be used often: each use has a name of its own.
            stem = variable(origin.name)
            name = Code(f"f\"{stem}_{{keras.backend.get_uid('{stem}')}}\"")
        front = 2 if made.arguments[:1] and made.arguments[0].before == "include_top=" else 1
        arguments = (*made.arguments[:front], shape, *made.arguments[front:], keyword("name", name))
        return Call(made.function, arguments)

    def _arguments(self, each: Wired) -> list[Argument]:
        arguments = taken(each.inputs, self.variables.of)
        if each.node.params and each.node.type != BLOCK:
            origin = self.drawing.origin(each.node)
            arguments += self.drawing.expressions.flag_arguments(origin.type, each.node.params)
        return arguments
