"""Edits of what is not drawn: title, direction, data, training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.core.edits.rebuild import placed
from studio.core.project import (
    INPUT,
    OUTPUT,
    DataSource,
    Direction,
    Graph,
    OutputPlan,
    Point,
    Project,
    Split,
    TrainingPlan,
)

TURN = 2.5
"""A node is three times as wide as high, so what lies one row below needs 2.5 times the room to the right."""


def set_title(project: Project, title: str) -> Project:
    """Give the project another title."""
    title = title.strip()
    return project if not title or title == project.title else replace(project, title=title)


def set_direction(project: Project, direction: Direction) -> Project:
    """Let edges run downwards or to the right, and turn what is drawn along: what was below is now to the right."""
    if direction == project.direction:
        return project

    def turned(point: Point) -> Point:
        x, y = point
        return y * TURN, x / TURN

    def turned_graph(graph: Graph) -> Graph:
        nodes = {key: placed(node, node.y * TURN, node.x / TURN) for key, node in graph.nodes.items()}
        routed = {
            edge.id: replace(edge, route=tuple(map(turned, edge.route))) for edge in graph.edges.values() if edge.route
        }
        # the same mapping where no edge turns: then nobody looks for what is different in it
        return replace(graph, nodes=nodes, edges={**graph.edges, **routed} if routed else graph.edges)

    blocks = {block.id: replace(block, graph=turned_graph(block.graph)) for block in project.blocks.values()}
    return replace(project, direction=direction, main=turned_graph(project.main), blocks=blocks)


def set_data(project: Project, source: DataSource) -> Project:
    """Take another data source. Bindings to columns or nodes that are not there are dropped, as are weights of rows."""
    known = {column.name for column in source.columns}
    bindings = {
        node: columns
        for node, columns in source.bindings.items()
        if node in project.main.nodes and columns and known.issuperset(columns)
    }
    if len(bindings) != len(source.bindings):
        source = replace(source, bindings=bindings)
    if source.sample_weights is not None and source.sample_weights not in known:
        source = replace(source, sample_weights=None)
    return project if source == project.data else replace(project, data=source)


def set_sample_weights(project: Project, column: str | None) -> Project:
    """Let a column say how much each row counts, which then is no feature and no target; None: all count the same."""
    data = project.data
    if column == data.sample_weights or (column is not None and data.column(column) is None):
        return project
    features = tuple(name for name in data.features if name != column)
    targets = tuple(name for name in data.targets if name != column)
    return replace(project, data=replace(data, sample_weights=column, features=features, targets=targets))


def bind(project: Project, node_id: str, columns: Iterable[str] | None) -> Project:
    """Feed an Input, or compare an Output, with these columns; None leaves the choice to the program again."""
    node = project.main.nodes.get(node_id)
    if node is None or node.type not in (INPUT, OUTPUT):
        return project
    bindings: dict[str, tuple[str, ...]] = dict(project.data.bindings)
    if columns is None:
        bindings.pop(node_id, None)
    else:
        bindings[node_id] = tuple(columns)
    if bindings == project.data.bindings:
        return project
    return replace(project, data=replace(project.data, bindings=bindings))


def set_split(project: Project, split: Split) -> Project:
    """Divide the rows otherwise."""
    return project if split == project.data.split else replace(project, data=replace(project.data, split=split))


def set_training(project: Project, plan: TrainingPlan) -> Project:
    """Take another training plan."""
    return project if plan == project.training else replace(project, training=plan)


def set_output_plan(project: Project, node_id: str, plan: OutputPlan) -> Project:
    """Choose loss, metrics and weight of one Output; an OutputPlan() leaves all to the program again."""
    node = project.main.nodes.get(node_id)
    if node is None or node.type != OUTPUT:
        return project
    plans: dict[str, OutputPlan] = dict(project.training.outputs)
    plans.pop(node_id, None)
    if plan != OutputPlan():
        plans[node_id] = plan
    return _with_plans(project, plans)


def _with_plans(project: Project, plans: Mapping[str, OutputPlan]) -> Project:
    if plans == project.training.outputs:
        return project
    return replace(project, training=replace(project.training, outputs=plans))
