"""Project -> the text of its file: the same project always gives the same bytes.

Keys have a fixed order, nodes and edges are sorted by id number, and what has its default value is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from studio.catalog.values import KerasObject
from studio.core.project import (
    Block,
    Column,
    DataSource,
    Edge,
    Frame,
    Graph,
    Node,
    Note,
    OutputPlan,
    Project,
    Snippet,
    TrainingPlan,
)
from studio.core.topology import id_key
from studio.storage import values
from studio.storage.errors import ProjectFileError
from studio.storage.fields import check_code, check_code_name, check_name, check_text
from studio.storage.lines import Part, number, render
from studio.storage.migrations import FIRST_FORMAT, STEPS_FORMAT
from studio.storage.reader import NESTED


def text_of(project: Project) -> str:
    """The whole file, with a newline at its end."""
    return render(_project(project), 0) + "\n"


def _project(project: Project) -> dict[str, Any]:
    nested = project.extra.get(NESTED, {})
    writer = _Writer(nested if isinstance(nested, Mapping) else {})
    plain: dict[str, Any] = {
        "format": _format(project),
        "title": check_name(project.title, "The title"),
        "direction": project.direction,
        "next_id": max(project.next_id, 1 + _highest_id(project)),
        "main": writer.graph(project.main, "main"),
    }
    if project.blocks:
        blocks = _sorted(project.blocks.values())
        plain["blocks"] = [writer.block(block, f"blocks[{index}]") for index, block in enumerate(blocks)]
    plain["data"] = writer.data(project.data)
    plain["training"] = writer.training(project.training)
    if project.snippets:
        snippets = _sorted(project.snippets.values())
        plain["snippets"] = [writer.snippet(snippet, f"snippets[{index}]") for index, snippet in enumerate(snippets)]
    if project.lesson is not None:
        plain["lesson"] = check_name(project.lesson, "The lesson")
    return plain | {key: value for key, value in project.extra.items() if key != NESTED}


def _format(project: Project) -> int:
    """The oldest format that says all of the project: older programs open what they understand."""
    nodes = (node for graph in project.graphs().values() for node in graph.nodes.values())
    return STEPS_FORMAT if any(node.is_time_distributed for node in nodes) else FIRST_FORMAT


def _highest_id(project: Project) -> int:
    ids = [*project.blocks, *project.snippets]
    for graph in project.graphs().values():
        ids += [*graph.nodes, *graph.edges, *graph.frames, *graph.notes]
    return max((int(identifier[1:]) for identifier in ids if identifier[1:].isdecimal()), default=0)


def _sorted(items: Iterable[Any]) -> list[Any]:
    try:
        return sorted(items, key=lambda item: (item.id[0], int(item.id[1:])))
    except ValueError:
        raise ProjectFileError("The project holds an id without a number.") from None


class _Writer:
    """Knows the unknown keys of inner objects, which go back to where they were read (``reader.NESTED``)."""

    def __init__(self, nested: Mapping[str, Any]) -> None:
        self._nested = nested

    def _with_rest(self, plain: dict[str, Any], where: str) -> dict[str, Any]:
        return plain | self._nested[where] if self._nested and where in self._nested else plain

    def graph(self, graph: Graph, where: str) -> dict[str, Any]:
        nodes, edges = _sorted(graph.nodes.values()), _sorted(graph.edges.values())
        plain: dict[str, Any] = {
            "nodes": [Part(node, self.node) for node in nodes],
            # Unknown keys of an edge are found by its place in the file, not by the edge.
            "edges": [self.edge(edge, f"{where}.edges[{index}]") for index, edge in enumerate(edges)]
            if self._nested
            else [Part(edge, self.edge) for edge in edges],
        }
        if graph.frames:
            frames = _sorted(graph.frames.values())
            plain["frames"] = [self.frame(frame, f"{where}.frames[{index}]") for index, frame in enumerate(frames)]
        if graph.notes:
            notes = _sorted(graph.notes.values())
            plain["notes"] = [self.note(note, f"{where}.notes[{index}]") for index, note in enumerate(notes)]
        return self._with_rest(plain, where)

    def frame(self, frame: Frame, where: str) -> dict[str, Any]:
        plain: dict[str, Any] = {"id": frame.id, "title": check_name(frame.title, f"The title of {frame.id}")}
        if frame.colour != "grey":
            plain["colour"] = frame.colour
        plain["nodes"] = list(frame.nodes)
        if frame.notes:
            plain["notes"] = list(frame.notes)
        return self._with_rest(plain, where)

    def note(self, note: Note, where: str) -> dict[str, Any]:
        places = {key: number(getattr(note, key), note.id) for key in ("x", "y", "width", "height")}
        plain: dict[str, Any] = {"id": note.id, "text": check_text(note.text, f"The text of {note.id}"), **places}
        if note.colour != "orange":
            plain["colour"] = note.colour
        return self._with_rest(plain, where)

    def node(self, node: Node) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "id": node.id,
            "type": check_name(node.type, f"The type of {node.id}"),
            "name": check_name(node.name, f"The name of {node.id}"),
        }
        if node.params:
            plain["params"] = values.encode_all(node.params, node.name)
        plain["x"] = number(node.x, node.name)
        plain["y"] = number(node.y, node.name)
        if node.note:
            plain["note"] = check_text(node.note, f"The note of {node.name}")
        if node.shares is not None:
            plain["shares"] = node.shares
        if node.block is not None:
            plain["block"] = node.block
        if node.is_bypassed:
            plain["is_bypassed"] = True
        if node.is_folded:
            plain["is_folded"] = True
        if node.is_marked:
            plain["is_marked"] = True
        if node.is_time_distributed:
            plain["is_time_distributed"] = True
        return {**plain, **node.extra}

    def edge(self, edge: Edge, where: str = "") -> dict[str, Any]:
        plain: dict[str, Any] = {
            "id": edge.id,
            "source": [edge.source.node, edge.source.port],
            "target": [edge.target.node, edge.target.port],
        }
        if edge.rank:
            plain["rank"] = edge.rank
        if edge.route:
            plain["route"] = [[number(x, edge.id), number(y, edge.id)] for x, y in edge.route]
        return self._with_rest(plain, where)

    def block(self, block: Block, where: str) -> dict[str, Any]:
        plain: dict[str, Any] = {"id": block.id, "name": check_name(block.name, f"The name of {block.id}")}
        if block.parameters:
            plain["parameters"] = [
                self._with_rest(
                    {
                        "name": check_name(parameter.name, f"A parameter of {block.name}"),
                        "default": values.encode(parameter.default, f"{block.name}.{parameter.name}"),
                    },
                    f"{where}.parameters[{index}]",
                )
                for index, parameter in enumerate(block.parameters)
            ]
        if block.names_layers:
            plain["names_layers"] = True
        unnamed = block.unnamed & block.graph.nodes.keys()
        if unnamed:
            plain["unnamed"] = sorted(unnamed, key=id_key)
        plain["graph"] = self.graph(block.graph, f"{where}.graph")
        return self._with_rest(plain, where)

    def snippet(self, snippet: Snippet, where: str) -> dict[str, Any]:
        plain = {
            "id": snippet.id,
            "name": check_code_name(snippet.name, f"The name of {snippet.id}"),
            "kind": snippet.kind,
            "source": check_code(snippet.source, snippet.name),
        }
        return self._with_rest(plain, where)

    def data(self, data: DataSource) -> dict[str, Any]:
        plain: dict[str, Any] = {"kind": data.kind}
        if data.name:
            plain["name"] = check_name(data.name, "The name of the data")
        if data.params:
            plain["params"] = values.encode_all(data.params, "The data")
        if data.rows:
            plain["rows"] = data.rows
        if data.columns:
            plain["columns"] = [
                self.column(column, f"data.columns[{index}]") for index, column in enumerate(data.columns)
            ]
        if data.features:
            plain["features"] = _texts(data.features)
        if data.targets:
            plain["targets"] = _texts(data.targets)
        if data.bindings:
            plain["bindings"] = {node: _texts(data.bindings[node]) for node in sorted(data.bindings)}
        split = data.split
        # The split and the plan are always written: another default in a later version must not change a result.
        plain["split"] = self._with_rest(
            {
                "validation": number(split.validation, "The split"),
                "test": number(split.test, "The split"),
                "seed": split.seed,
                "shuffle": split.shuffle,
                "stratify": split.stratify,
            },
            "data.split",
        )
        plain["gaps"] = data.gaps
        if data.sample_weights is not None:
            plain["sample_weights"] = check_text(data.sample_weights, "The column of sample weights")
        return self._with_rest(plain, "data")

    def column(self, column: Column, where: str) -> dict[str, Any]:
        plain: dict[str, Any] = {"name": check_text(column.name, "The name of a column")}
        if column.kind != "number":
            plain["kind"] = column.kind
        if column.shape:
            plain["shape"] = list(column.shape)
        if column.classes:
            plain["classes"] = _texts(column.classes)
        if column.gaps:
            plain["gaps"] = column.gaps
        if column.low is not None:
            plain["low"] = number(column.low, column.name)
        if column.high is not None:
            plain["high"] = number(column.high, column.name)
        if column.is_integer:
            plain["is_integer"] = True
        return self._with_rest(plain, where)

    def training(self, plan: TrainingPlan) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "optimizer": values.encode(plan.optimizer, "The optimizer"),
            "epochs": plan.epochs,
            "batch_size": plan.batch_size,
            "seed": plan.seed,
        }
        if plan.outputs:
            plain["outputs"] = {node: self.output_plan(plan.outputs[node], node) for node in sorted(plan.outputs)}
        if plan.callbacks:
            plain["callbacks"] = _objects(plan.callbacks, "A callback")
        if plan.jit_compile != "auto":
            plain["jit_compile"] = plan.jit_compile
        if plan.steps_per_execution != 1:
            plain["steps_per_execution"] = plan.steps_per_execution
        if plan.run_eagerly:
            plain["run_eagerly"] = True
        if plan.class_weights is not None:
            plain["class_weights"] = _class_weights(plan.class_weights)
        if plan.dtype_policy != "float32":
            plain["dtype_policy"] = plan.dtype_policy
        if plan.runs_on != "device":
            plain["runs_on"] = plan.runs_on
        if plan.starts_from is not None:
            plain["starts_from"] = self._with_rest(
                {
                    "path": check_text(plan.starts_from.path, "The path of the weights"),
                    "mark": check_name(plan.starts_from.mark, "The mark of the weights"),
                },
                "training.starts_from",
            )
        if plan.are_inputs_listed:
            plain["are_inputs_listed"] = True
        return self._with_rest(plain, "training")

    def output_plan(self, plan: OutputPlan, node: str) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        if plan.loss is not None:
            plain["loss"] = values.encode(plan.loss, "A loss")
        if plan.metrics is not None:
            plain["metrics"] = _objects(plan.metrics, "A metric")
        if plan.weight != 1:
            plain["weight"] = number(plan.weight, "A loss weight")
        if plan.weighted_metrics:
            plain["weighted_metrics"] = _objects(plan.weighted_metrics, "A metric")
        return self._with_rest(plain, f"training.outputs.{node}")


def _texts(texts: Iterable[str]) -> list[str]:
    return [check_text(text, "A column or class") for text in texts]


def _objects(objects: Iterable[KerasObject], where: str) -> list[Any]:
    return [values.encode(item, where) for item in objects]


def _class_weights(weights: Literal["balanced"] | tuple[float, ...]) -> Any:
    return weights if weights == "balanced" else [number(weight, "A class weight") for weight in weights]
