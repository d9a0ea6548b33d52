"""What Keras says to each layer that could be put behind an output: its shape, or why it does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from studio.catalog import Catalog
from studio.catalog.spec import LayerSpec, is_backbone
from studio.core.ports import ports_of
from studio.core.project import BLOCK, INPUT, OUTPUT, Edge, Graph, Node, PortRef, Project
from studio.core.topology import id_key
from studio.gui.canvas.card import shape_text

if TYPE_CHECKING:
    from studio.gui.session import Session
    from studio.protocol import Answer, Call

AT_ONCE: Final = 24
"""Layers that are asked about in one message: an edit that comes in between waits 30 ms for them, not longer."""


class Fit(NamedTuple):
    """The shape that a layer would give, or why Keras refuses it. Both are empty while nothing is known."""

    shape: str = ""
    why_not: str = ""


UNKNOWN: Final = Fit()


class Tensor(NamedTuple):
    """What leaves an output: the call that gives it, and of what kind it is."""

    call: str
    number: int
    shape: tuple[int | None, ...]
    dtype: str


def tensor_of(session: Session, prefix: str, ref: PortRef) -> Tensor | None:
    """The tensor at an output of the open graph; None while Keras has not said what it is."""
    project, node = session.project, session.graph.nodes.get(ref.node)
    if node is None:
        return None
    names = [port.name for port in ports_of(project, session.catalog, node)[1]]
    number = names.index(ref.port) if ref.port in names else -1
    call = prefix + node.id
    if node.type == BLOCK and number >= 0 and not node.is_time_distributed:
        inside = project.blocks[node.block or ""].graph.nodes
        ends = sorted((id for id, inner in inside.items() if inner.type == OUTPUT), key=id_key)
        call, number = f"{call}/{ends[number]}", 0
    answer = session.answers.get(call)
    if answer is None or not 0 <= number < len(answer.outputs):
        return None
    shape, dtype = answer.outputs[number]
    return Tensor(call, number, tuple(shape), dtype)


class Fitting(QObject):
    """Asks the engine about layers behind one kind of tensor, some at a time, and remembers what it said.

    Until it spoke, the ranks that stand in the facts are what is known.
    """

    changed = Signal()
    """More is known about the tensor that was asked about last."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: dict[tuple[tuple[int | None, ...], str], dict[str, Fit]] = {}
        self._catalog: Catalog | None = None
        self._here: dict[str, Fit] = {}
        self._rank = 0
        self._tensor: Tensor | None = None
        self._asked: tuple[int, list[str]] | None = None
        self._waiting: list[LayerSpec] = []
        self._is_first = True
        self._ask_soon = QTimer(self, singleShot=True, interval=0)  # the search is seen first
        self._ask_soon.timeout.connect(self._ask_more)
        session.tried.connect(self._take)

    def of(self, spec: LayerSpec) -> Fit:
        """What is known about a layer behind the tensor that was asked about last."""
        found = self._here.get(spec.type)
        if found is not None:
            return found
        if not self.refuses(spec):
            return UNKNOWN
        wanted = " or ".join(map(str, spec.ranks))
        return Fit(why_not=self.tr("It takes a tensor of {0} axes; this one has {1}.").format(wanted, self._rank))

    def refuses(self, spec: LayerSpec) -> bool:
        """Whether a layer does not fit there, as far as is known."""
        found = self._here.get(spec.type)
        if found is not None:
            return bool(found.why_not)
        return self._rank > 1 and bool(spec.ranks) and self._rank not in spec.ranks

    def ask(self, tensor: Tensor | None, specs: Iterable[LayerSpec]) -> None:
        """Ask about these layers, the first ones first; those that were asked about before and still wait give way."""
        if self._catalog is not self._session.catalog:
            self._catalog = self._session.catalog
            self._known.clear()
            self._look_at(None)
        if tensor != self._tensor:
            self._look_at(tensor)
        known = self._here.keys() | (self._asked[1] if self._asked else ())
        self._waiting = [spec for spec in specs if spec.type not in known] if tensor is not None else []
        if self._asked is None:
            self._is_first = True
            self._ask_soon.start()

    def forget(self) -> None:
        """Nobody looks any more."""
        self._look_at(None)
        self._waiting = []

    def _look_at(self, tensor: Tensor | None) -> None:
        self._tensor, self._asked = tensor, None
        self._rank = len(tensor.shape) if tensor is not None else 0
        self._here = self._known.setdefault((tensor.shape, tensor.dtype), {}) if tensor is not None else {}

    def _ask_more(self) -> None:
        while self._tensor is not None and self._asked is None and self._waiting:
            some, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            calls = _calls(self._session.catalog, some, self._tensor)
            if calls:
                self._asked = self._session.try_calls(calls), [call.id for call in calls]
                return

    def _take(self, request: int, answers: object) -> None:
        if self._asked is None or request != self._asked[0]:
            return
        types, self._asked = self._asked[1], None
        found: Sequence[Answer] = answers  # type: ignore[assignment]
        for type, answer in zip(types, found, strict=False):
            if answer.problem:
                self._here[type] = Fit(why_not=answer.problem)
            elif answer.outputs:
                self._here[type] = Fit(shape=shape_text(answer.outputs[0][0]))
        if self._waiting:
            self._ask_soon.start()
        if self._is_first or not self._waiting:  # the likely ones, then all: a list that jumps about is not read
            self.changed.emit()
        self._is_first = False


def _calls(catalog: Catalog, specs: Sequence[LayerSpec], tensor: Tensor) -> list[Call]:
    """One call for each layer as it is when it is new, with the tensor at every port that needs one.

    The id of a call is the layer's type. Layers that need code of the person's own are not asked about.
    """
    # Imported here: code generation is not needed to show a window.
    from studio.codegen import flat_calls
    from studio.workbench.inference import protocol_call

    source = Node("n1", INPUT, "source", {"shape": (1,)})
    nodes = {source.id: source}
    edges: dict[str, Edge] = {}
    types: dict[str, str] = {}
    for number, spec in enumerate(specs, 2):
        if spec.type in catalog.own or spec.type in (INPUT, OUTPUT) or is_backbone(spec.type):
            continue  # a ready-made network takes seconds to build
        node = Node(f"n{number}", spec.type, f"a{number}", catalog.initial_params(spec.type))
        nodes[node.id], types[node.id] = node, spec.type
        for port in spec.inputs:
            for rank in range(0 if port.is_optional else max(2, port.fewest) if port.takes_many else 1):
                id = f"e{len(edges) + 1}"
                edges[id] = Edge(id, PortRef(source.id, "output"), PortRef(node.id, port.name), rank)
    found = []
    for call in flat_calls(Project(main=Graph(nodes, edges)), catalog):
        type = types.get(call.id)
        if type is not None and call.expression and not call.fault and not call.own:
            inputs = tuple((port, ((tensor.call, tensor.number),) * len(given)) for port, given in call.inputs)
            found.append(replace(protocol_call(call), id=type, inputs=inputs))
    return found
