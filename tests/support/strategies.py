"""Hypothesis strategies: random edits and the projects that come of them.

A random edit is a name and a few whole numbers, read against the project as it is then: 7 means "the eighth node,
counted around". So every sequence makes sense for every project, and a failing one shrinks well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from studio.catalog.values import KerasObject, Value
from studio.core import edits
from studio.core.ports import Catalog, ports_of
from studio.core.project import MAIN, BlockParameter, Column, DataSource, OutputPlan, PortRef, Project, Split
from tests.support.blocks import with_parameters
from tests.support.catalog import CATALOG

TYPES = ("Input", "Dense", "Conv2D", "LSTM", "Concatenate", "Add", "Dropout", "Flatten", "Activation", "Output",
         "MultiHeadAttention", "Dense", "Dense")  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One random edit."""

    kind: str
    a: int
    b: int
    c: int


def _graph_key(project: Project, number: int) -> str:
    keys = [*project.graphs()]
    return MAIN if number % 3 else keys[number % len(keys)]


def _pick(items: Sequence[str], number: int) -> str:
    return items[number % len(items)] if items else "n0"


class _Reading:
    """A step read against a project: which nodes, edges and ports its numbers mean."""

    def __init__(self, project: Project, catalog: Catalog, step: Step) -> None:
        self.project = project
        self.catalog = catalog
        self.step = step
        self.key = _graph_key(project, step.c)
        self.graph = project.graph(self.key)
        self.nodes = [*self.graph.nodes]
        self.edges = [*self.graph.edges]
        self.node = _pick(self.nodes, step.a)
        self.edge = _pick(self.edges, step.b)
        self.frame = _pick([*self.graph.frames], step.b)
        self.note = _pick([*self.graph.notes], step.b)
        self.some = self.nodes[step.a % (len(self.nodes) + 1) :: 1 + step.b % 4]

    @property
    def things(self) -> list[str]:
        """Some nodes, and a note with them."""
        return [*self.some[:6], *([self.note] if self.step.c % 2 else [])]

    def out(self, number: int) -> PortRef:
        return self._port(number, 1)

    def into(self, number: int) -> PortRef:
        return self._port(number, 0)

    def _port(self, number: int, side: int) -> PortRef:
        key = _pick(self.nodes, number)
        found = ports_of(self.project, self.catalog, self.graph.nodes[key])[side] if key in self.graph.nodes else ()
        return PortRef(key, found[self.step.c % len(found)].name if found else "output")


def _add(r: _Reading) -> Project:
    type = TYPES[r.step.a % len(TYPES)]
    params = r.catalog.initial_params(type)
    return edits.add_node(r.project, type, x=float(r.step.b), y=float(r.step.c), params=params, graph=r.key)


def _grow(r: _Reading) -> Project:
    """Adds a layer behind an existing one: most random drawings should hang together."""
    type = TYPES[1 + r.step.b % (len(TYPES) - 1)]
    new = f"n{r.project.next_id}"
    project = edits.add_node(r.project, type, params=r.catalog.initial_params(type), graph=r.key)
    ports = ports_of(project, r.catalog, project.graph(r.key).nodes[new])[0]
    return edits.connect(project, r.catalog, r.out(r.step.a), PortRef(new, ports[0].name), graph=r.key)


def _use_block(r: _Reading) -> Project:
    return edits.add_node(r.project, "block", block=_pick([*r.project.blocks], r.step.a), graph=r.key)


def _set(r: _Reading) -> Project:
    values: list[tuple[str, Value]] = [
        ("units", r.step.b),
        ("activation", "relu"),
        ("return_state", bool(r.step.b % 2)),
        ("rate", r.step.b / 10),
        ("kernel_initializer", KerasObject("HeNormal", {"seed": r.step.b})),
    ]
    name, value = values[r.step.c % len(values)]
    return edits.set_param(r.project, r.node, name, value, catalog=r.catalog, graph=r.key)


def _data(r: _Reading) -> Project:
    names = tuple(f"c{number}" for number in range(r.step.a % 5))
    columns = tuple(Column(name, low=0.0, high=float(r.step.b)) for name in names)
    return edits.set_data(r.project, DataSource("made", "moons", columns=columns, features=names, targets=names[:1]))


def _parameters(r: _Reading) -> Project:
    block = _pick([*r.project.blocks], r.step.a)
    return with_parameters(r.project, block, [BlockParameter(f"p{i}", i) for i in range(r.step.b % 3)])


def _block_parameter(r: _Reading) -> tuple[str, str]:
    """A block and one of its parameters."""
    block = _pick([*r.project.blocks], r.step.a)
    found = r.project.blocks[block].parameters if block in r.project.blocks else ()
    return block, _pick([parameter.name for parameter in found], r.step.b)


ACTIONS: dict[str, Callable[[_Reading], Project]] = {
    "add": _add,
    "grow": _grow,
    "grow more": _grow,
    "use block": _use_block,
    "connect": lambda r: edits.connect(r.project, r.catalog, r.out(r.step.a), r.into(r.step.b), graph=r.key),
    "connect at": lambda r: edits.connect(
        r.project, r.catalog, r.out(r.step.a), r.into(r.step.b), rank=r.step.c % 4, graph=r.key
    ),
    "disconnect": lambda r: edits.disconnect(r.project, [r.edge], graph=r.key),
    "source": lambda r: edits.reconnect(r.project, r.catalog, r.edge, source=r.out(r.step.a), graph=r.key),
    "target": lambda r: edits.reconnect(r.project, r.catalog, r.edge, target=r.into(r.step.a), graph=r.key),
    "delete": lambda r: edits.delete(r.project, r.catalog, [r.node], graph=r.key),
    "delete some": lambda r: edits.delete(r.project, r.catalog, [*r.some, r.note], graph=r.key),
    "cut out": lambda r: edits.delete(r.project, r.catalog, r.some, heal=False, graph=r.key),
    "insert": lambda r: edits.insert_on_edge(r.project, r.catalog, r.node, r.edge, graph=r.key),
    "move": lambda r: edits.move(r.project, {key: (float(r.step.b), 7.0) for key in (*r.some, r.note)}, graph=r.key),
    "rename": lambda r: edits.rename(r.project, r.node, f"name_{r.step.b % 5}", graph=r.key),
    "name by branch": lambda r: edits.name_by_branch(r.project, graph=r.key),
    "note": lambda r: edits.set_note(r.project, r.node, f"note {r.step.b % 3}", graph=r.key),
    "set": _set,
    "reset": lambda r: edits.reset_param(r.project, r.node, "activation", graph=r.key),
    "swap": lambda r: edits.swap_type(r.project, r.catalog, r.node, TYPES[r.step.b % len(TYPES)], graph=r.key),
    "rank": lambda r: edits.move_rank(r.project, r.edge, r.step.a % 4, graph=r.key),
    "route": lambda r: edits.set_route(r.project, r.edge, [(1.0, float(r.step.a))], graph=r.key),
    "share": lambda r: edits.share(r.project, r.node, 1.0, 2.0, graph=r.key),
    "unshare": lambda r: edits.unshare(r.project, r.node, graph=r.key),
    "duplicate": lambda r: edits.duplicate(r.project, r.things, graph=r.key),
    "paste elsewhere": lambda r: edits.paste(
        r.project, edits.copy(r.project, r.things, graph=r.key), graph=_graph_key(r.project, r.step.a)
    ),
    "make block": lambda r: edits.make_block(r.project, r.catalog, r.things, "part", graph=r.key),
    "unpack": lambda r: edits.unpack_block(r.project, r.catalog, r.node, graph=r.key),
    "into block": lambda r: edits.move_into_block(
        r.project, r.some[:3], next((node.id for node in r.graph.nodes.values() if node.block), ""), graph=r.key
    ),
    "own block": lambda r: edits.give_own_block(r.project, [r.node], graph=r.key),
    "out of block": lambda r: edits.move_out_of_block(r.project, r.some[:3], graph=r.key),
    "order of ends": lambda r: edits.move_end(r.project, r.node, r.step.b % 3, graph=r.key),
    "rename block": lambda r: edits.rename_block(r.project, _pick([*r.project.blocks], r.step.a), f"b{r.step.b}"),
    "block parameters": _parameters,
    "delete block": lambda r: edits.delete_block(r.project, _pick([*r.project.blocks], r.step.a)),
    "freeze": lambda r: edits.set_frozen(r.project, r.catalog, r.some[:3], bool(r.step.b % 3), graph=r.key),
    "promote": lambda r: edits.promote(
        r.project, r.catalog, r.node, ["units", "activation", "rate"][r.step.b % 3], graph=r.key
    ),
    "rename parameter": lambda r: edits.rename_parameter(r.project, *_block_parameter(r), f"q{r.step.c % 4}"),
    "remove parameter": lambda r: edits.remove_parameter(r.project, *_block_parameter(r)),
    "default": lambda r: edits.set_parameter_default(r.project, *_block_parameter(r), r.step.c),
    "time steps": lambda r: edits.set_time_distributed(r.project, r.some[:3], bool(r.step.b % 3), graph=r.key),
    "bypass": lambda r: edits.set_bypassed(r.project, r.some[:3], bool(r.step.b % 3), graph=r.key),
    "fold": lambda r: edits.set_folded(r.project, r.some[:3], bool(r.step.b % 3), graph=r.key),
    "frame": lambda r: edits.make_frame(r.project, r.things, f"frame {r.step.a}", graph=r.key),
    "change frame": lambda r: edits.set_frame(r.project, r.frame, title=f"t{r.step.b}", colour="blue", graph=r.key),
    "join frame": lambda r: edits.join_frame(r.project, r.frame, r.things[-3:], graph=r.key),
    "leave frame": lambda r: edits.leave_frame(r.project, r.things[-3:], graph=r.key),
    "remove frame": lambda r: edits.remove_frame(r.project, r.frame, graph=r.key),
    "write": lambda r: edits.add_note(
        r.project, f"words {r.step.a}", x=float(r.step.b), y=float(r.step.c), colour="blue", graph=r.key
    ),
    "rewrite": lambda r: edits.change_note(
        r.project, r.note, text=f"other words {r.step.a}", size=(float(9 * r.step.a), 50.0), graph=r.key
    ),
    "title": lambda r: edits.set_title(r.project, f"title {r.step.a % 3}"),
    "direction": lambda r: edits.set_direction(r.project, "right" if r.step.a % 2 else "down"),
    "data": _data,
    "bind": lambda r: edits.bind(r.project, r.node, [f"c{r.step.b % 4}"] if r.step.a % 3 else None),
    "split": lambda r: edits.set_split(r.project, Split(validation=(r.step.a % 4) / 10)),
    "training": lambda r: edits.set_training(r.project, replace(r.project.training, epochs=1 + r.step.a)),
    "output plan": lambda r: edits.set_output_plan(r.project, r.node, OutputPlan(weight=float(r.step.b % 3))),
}
"""Every kind of edit, by the name that a ``Step`` has."""

_numbers = st.integers(min_value=0, max_value=40)

steps: st.SearchStrategy[Step] = st.builds(Step, st.sampled_from(sorted(ACTIONS)), _numbers, _numbers, _numbers)
"""One random edit."""

sequences: st.SearchStrategy[list[Step]] = st.lists(steps, max_size=25)
"""Random edits one after the other."""


def perform(project: Project, step: Step, catalog: Catalog = CATALOG) -> Project:
    """The project after a random edit."""
    return ACTIONS[step.kind](_Reading(project, catalog, step))


def after(performed: Sequence[Step], project: Project | None = None, catalog: Catalog = CATALOG) -> Project:
    """The project after random edits, of an empty one unless another is given."""
    project = project if project is not None else Project()
    for step in performed:
        project = perform(project, step, catalog)
    return project


def _growing(layers: list[tuple[int, int]], rest: list[Step]) -> Project:
    project = after([Step("add", 0, 0, 1), *(Step("grow", a, b, 1) for a, b in layers)])
    return after(rest, project)


projects: st.SearchStrategy[Project] = st.builds(
    _growing, st.lists(st.tuples(_numbers, _numbers), max_size=12), st.lists(steps, max_size=12)
)
"""Random projects: a drawing that hangs together, then random edits of it."""
