"""Checked JSON -> project. Every mistake is a ProjectFileError that names the key.

Only what would make the rest of the program stumble is refused: ids that are used twice, edges into nowhere, blocks
inside themselves. A drawing that is unfinished or wrong is none of that; ``core.rules`` tells its problems.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, cast, get_args

from studio.core.project import (
    Block,
    BlockParameter,
    Column,
    ColumnKind,
    DataSource,
    Direction,
    DtypePolicy,
    Edge,
    Frame,
    FrameColour,
    Graph,
    Node,
    Note,
    OutputPlan,
    Project,
    RunsOn,
    Snippet,
    Split,
    TrainingPlan,
    WeightsFile,
)
from studio.storage import pieces, values
from studio.storage.errors import ProjectFileError
from studio.storage.fields import MAX_CODE, Fields, check_code, check_code_name, text_tuple
from studio.storage.plain import shown
from studio.storage.soundness import refuse_bad_blocks, refuse_bad_frames, refuse_bad_share
from studio.storage.usual import usual_edge, usual_node

MAX_NODES = 20_000
MAX_EDGES = 100_000
MAX_NOTES = 20_000
NESTED: Final = "$nested"
"""The key of ``Project.extra`` under which unknown keys of inner objects wait for the next save, by their place."""

_ID = {letter: re.compile(rf"{letter}[1-9][0-9]{{0,14}}\Z") for letter in "nefbst"}
_Item = TypeVar("_Item")


def project_of(plain: dict[str, Any]) -> Project:
    """The project that the JSON of the current format describes."""
    return _Reader().project(Fields(plain, ""))


class _Reader:
    """What is known across the whole file while it is read."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._highest = 0
        self._nodes = 0
        self._edges = 0
        self._notes = 0
        self._nested: dict[str, Any] = {}

    def project(self, fields: Fields) -> Project:
        title = fields.name("title", "Untitled", may_be_empty=True)
        direction = cast(Direction, fields.choice("direction", ("down", "right"), "down"))
        next_id = fields.integer("next_id", 1, low=1)
        main = self._graph(Fields(fields.take("main", {}), "main"))
        blocks = self._by_id(fields, "blocks", self._block)
        refuse_bad_blocks(main, blocks)
        data = self._data(Fields(fields.take("data", {}), "data"))
        training = self._training(Fields(fields.take("training", {}), "training"))
        snippets = self._by_id(fields, "snippets", self._snippet)
        lesson = fields.optional_name("lesson")
        extra = fields.rest()
        if self._nested:
            extra = extra | {NESTED: self._nested}
        return Project(
            title=title,
            main=main,
            blocks=blocks,
            data=data,
            training=training,
            snippets=snippets,
            next_id=max(next_id, self._highest + 1),
            direction=direction,
            lesson=lesson,
            extra=extra,
        )

    def _keep_rest(self, fields: Fields) -> None:
        rest = fields.rest()
        if rest:
            self._nested[fields.where] = rest

    def _new_id(self, fields: Fields, letter: str) -> str:
        identifier = fields.name("id")
        if not _ID[letter].match(identifier):
            raise ProjectFileError(f'{fields.at("id")} must look like "{letter}7", but it is {shown(identifier)}.')
        if identifier in self._ids:
            raise ProjectFileError(f"{fields.at('id')}: the id {identifier} is used twice.")
        self._note_id(identifier)
        return identifier

    def _note_id(self, identifier: str) -> None:
        self._ids.add(identifier)
        self._highest = max(self._highest, int(identifier[1:]))

    def _by_id(self, fields: Fields, key: str, read: Callable[[Fields], _Item]) -> dict[str, _Item]:
        items = [read(Fields(plain, f"{key}[{index}]")) for index, plain in enumerate(fields.items(key, []))]
        return {item.id: item for item in items}  # type: ignore[attr-defined]

    def _graph(self, fields: Fields) -> Graph:
        nodes: dict[str, Node] = {}
        for index, plain in enumerate(fields.items("nodes", [])):
            node = usual_node(plain)
            if node is not None and node.id not in self._ids:
                self._note_id(node.id)
            else:
                node = self._node(Fields(plain, f"{fields.where}.nodes[{index}]"))
            nodes[node.id] = node
        self._nodes += len(nodes)
        if self._nodes > MAX_NODES:
            raise ProjectFileError(f"The project has more than {MAX_NODES:,} nodes.")
        edges: dict[str, Edge] = {}
        for index, plain in enumerate(fields.items("edges", [])):
            edge = usual_edge(plain, nodes)
            if edge is not None and edge.id not in self._ids:
                self._note_id(edge.id)
            else:
                edge = self._edge(Fields(plain, f"{fields.where}.edges[{index}]"), nodes)
            edges[edge.id] = edge
        self._edges += len(edges)
        if self._edges > MAX_EDGES:
            raise ProjectFileError(f"The project has more than {MAX_EDGES:,} edges.")
        for node in nodes.values():
            refuse_bad_share(node, nodes, fields.where)
        frames: dict[str, Frame] = {}
        for index, plain in enumerate(fields.items("frames", [])):
            frame = self._frame(Fields(plain, f"{fields.where}.frames[{index}]"))
            frames[frame.id] = frame
        notes: dict[str, Note] = {}
        for index, plain in enumerate(fields.items("notes", [])):
            note = self._note(Fields(plain, f"{fields.where}.notes[{index}]"))
            notes[note.id] = note
        self._notes += len(notes)
        if self._notes > MAX_NOTES:
            raise ProjectFileError(f"The project has more than {MAX_NOTES:,} notes.")
        refuse_bad_frames(frames.values(), nodes, notes, fields.where)
        self._keep_rest(fields)
        return Graph(nodes, edges, frames, notes)

    def _node(self, fields: Fields) -> Node:
        return Node(
            id=self._new_id(fields, "n"),
            type=fields.name("type"),
            name=fields.name("name"),
            params=values.decode_all(fields.take("params", {}), fields.at("params")),
            x=fields.number("x", 0),
            y=fields.number("y", 0),
            note=fields.text("note", ""),
            shares=fields.optional_name("shares"),
            block=fields.optional_name("block"),
            is_bypassed=fields.flag("is_bypassed", False),
            is_folded=fields.flag("is_folded", False),
            is_marked=fields.flag("is_marked", False),
            is_time_distributed=fields.flag("is_time_distributed", False),
            extra=fields.rest(),
        )

    def _frame(self, fields: Fields) -> Frame:
        frame = Frame(
            id=self._new_id(fields, "f"),
            title=fields.name("title"),
            nodes=fields.texts("nodes"),
            colour=cast(FrameColour, fields.choice("colour", get_args(FrameColour), "grey")),
            notes=fields.texts("notes", []),
        )
        self._keep_rest(fields)
        return frame

    def _note(self, fields: Fields) -> Note:
        note = Note(
            id=self._new_id(fields, "t"),
            text=fields.text("text"),
            x=fields.number("x", 0),
            y=fields.number("y", 0),
            width=fields.number("width"),
            height=fields.number("height"),
            colour=cast(FrameColour, fields.choice("colour", get_args(FrameColour), "orange")),
        )
        if note.width <= 0 or note.height <= 0:
            raise ProjectFileError(f"{fields.where} is no rectangle: its width and height must be above 0.")
        self._keep_rest(fields)
        return note

    def _edge(self, fields: Fields, nodes: Mapping[str, Node]) -> Edge:
        edge = Edge(
            id=self._new_id(fields, "e"),
            source=pieces.port(fields, "source", nodes),
            target=pieces.port(fields, "target", nodes),
            rank=fields.integer("rank", 0),
            route=tuple(pieces.point(point, fields.at("route")) for point in fields.items("route", [])),
        )
        self._keep_rest(fields)
        return edge

    def _block(self, fields: Fields) -> Block:
        block = Block(
            id=self._new_id(fields, "b"),
            name=fields.name("name"),
            graph=self._graph(Fields(fields.take("graph", {}), fields.at("graph"))),
            parameters=tuple(
                self._block_parameter(Fields(plain, f"{fields.at('parameters')}[{index}]"))
                for index, plain in enumerate(fields.items("parameters", []))
            ),
            names_layers=fields.flag("names_layers", False),
            unnamed=frozenset(fields.texts("unnamed", [])),
        )
        self._keep_rest(fields)
        return block

    def _block_parameter(self, fields: Fields) -> BlockParameter:
        parameter = BlockParameter(
            fields.name("name"), values.decode(fields.take("default", None), fields.at("default"))
        )
        self._keep_rest(fields)
        return parameter

    def _snippet(self, fields: Fields) -> Snippet:
        snippet = Snippet(
            id=self._new_id(fields, "s"),
            name=check_code_name(fields.name("name"), fields.at("name")),
            kind=fields.name("kind"),
            source=check_code(fields.text("source", longest=MAX_CODE), fields.at("source")),
        )
        self._keep_rest(fields)
        return snippet

    def _data(self, fields: Fields) -> DataSource:
        source = DataSource(
            kind=cast(Any, fields.choice("kind", ("none", "made", "bundled", "file"), "none")),
            # A path outside the project's folder is read here and never opened: ``data`` holds that, because an
            # autosaved copy may name a file that was picked but not yet brought beside the project.
            name=fields.name("name", "", may_be_empty=True),
            params=values.decode_all(fields.take("params", {}), fields.at("params")),
            rows=fields.integer("rows", 0),
            columns=tuple(
                self._column(Fields(plain, f"{fields.at('columns')}[{index}]"))
                for index, plain in enumerate(fields.items("columns", []))
            ),
            features=fields.texts("features", []),
            targets=fields.texts("targets", []),
            bindings={
                node: text_tuple(columns, f"{fields.at('bindings')}.{node}")
                for node, columns in fields.mapping("bindings", {}).items()
            },
            split=self._split(Fields(fields.take("split", {}), fields.at("split"))),
            gaps=cast(Any, fields.choice("gaps", ("refuse", "drop", "mean"), "drop")),
            sample_weights=fields.optional_text("sample_weights"),
        )
        self._keep_rest(fields)
        return source

    def _column(self, fields: Fields) -> Column:
        column = Column(
            name=fields.text("name"),
            kind=cast(ColumnKind, fields.choice("kind", ("number", "category", "image", "text"), "number")),
            shape=pieces.lengths(fields.items("shape", []), fields.at("shape")),
            classes=fields.texts("classes", []),
            gaps=fields.integer("gaps", 0),
            low=pieces.optional_number(fields, "low"),
            high=pieces.optional_number(fields, "high"),
            is_integer=fields.flag("is_integer", False),
        )
        self._keep_rest(fields)
        return column

    def _split(self, fields: Fields) -> Split:
        split = Split(
            validation=fields.number("validation", 0.2),
            test=fields.number("test", 0.0),
            seed=fields.integer("seed", 0),
            shuffle=fields.flag("shuffle", True),
            stratify=fields.flag("stratify", True),
        )
        if split.validation < 0 or split.test < 0 or split.validation + split.test >= 1:
            raise ProjectFileError(f"{fields.where} leaves no rows for training.")
        self._keep_rest(fields)
        return split

    def _training(self, fields: Fields) -> TrainingPlan:
        plan = TrainingPlan(
            optimizer=pieces.keras_object(fields.take("optimizer", {"$object": "Adam"}), fields.at("optimizer")),
            epochs=fields.integer("epochs", 20, low=1),
            batch_size=fields.integer("batch_size", 32, low=1),
            seed=fields.integer("seed", 0),
            outputs={
                node: self._output_plan(Fields(plain, f"{fields.at('outputs')}.{node}"))
                for node, plain in fields.mapping("outputs", {}).items()
            },
            callbacks=pieces.keras_objects(fields.items("callbacks", []), fields.at("callbacks")),
            jit_compile=pieces.compiling(fields),
            steps_per_execution=fields.integer("steps_per_execution", 1, low=1),
            run_eagerly=fields.flag("run_eagerly", False),
            class_weights=pieces.class_weights(fields),
            dtype_policy=cast(DtypePolicy, fields.choice("dtype_policy", get_args(DtypePolicy), "float32")),
            runs_on=cast(RunsOn, fields.choice("runs_on", get_args(RunsOn), "device")),
            starts_from=self._weights_file(fields),
            are_inputs_listed=fields.flag("are_inputs_listed", False),
        )
        self._keep_rest(fields)
        return plan

    def _weights_file(self, fields: Fields) -> WeightsFile | None:
        if (plain := fields.take("starts_from", None)) is None:
            return None
        inner = Fields(plain, fields.at("starts_from"))
        file = WeightsFile(inner.text("path"), inner.name("mark"))
        self._keep_rest(inner)
        return file

    def _output_plan(self, fields: Fields) -> OutputPlan:
        loss = fields.take("loss", None)
        metrics = fields.take("metrics", None)
        plan = OutputPlan(
            loss=None if loss is None else pieces.keras_object(loss, fields.at("loss")),
            metrics=None if metrics is None else pieces.keras_objects(metrics, fields.at("metrics")),
            weight=fields.number("weight", 1.0),
            weighted_metrics=pieces.keras_objects(fields.items("weighted_metrics", []), fields.at("weighted_metrics")),
        )
        self._keep_rest(fields)
        return plan
