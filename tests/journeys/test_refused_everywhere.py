"""A value with which Keras makes nothing, in a form of every sort: its reason is told and the last good one stays.

What the kind of a value refuses is in ``tests/gui/panels/test_bad_values.py``; here are values that are of their kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import pytest
from PySide6.QtWidgets import QWidget

from studio.catalog.spec import BACKBONE
from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.project import OutputPlan, Project
from studio.gui.panels.inspector import ParameterForm
from studio.gui.panels.inspector.row import ParameterRow
from studio.gui.training.object_settings import ObjectSettings
from studio.gui.window import MainWindow
from tests.journeys.hands import put
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id

pytestmark = [pytest.mark.keras, pytest.mark.journey]

CONV: Final = "x:Input(shape=(8, 8, 4)) -> c:Conv2D(filters=8, kernel_size=3) -> y:Output"
OWN: Final = '''class Halved(keras.layers.Layer):
    """Takes a part away."""

    def __init__(self, part=2.0, **kwargs):
        super().__init__(**kwargs)
        if part < 1.0:
            raise ValueError("a part is one at least")
        self.part = part

    def call(self, inputs):
        return inputs / self.part
'''

OWN_LOSS: Final = '''class Guarded(keras.losses.Loss):
    """Divides by a part."""

    def __init__(self, part=2.0, **kwargs):
        super().__init__(**kwargs)
        if part < 1.0:
            raise ValueError("a part is one at least")
        self.part = part

    def call(self, y_true, y_pred):
        return ops.mean(ops.square(y_true - y_pred), axis=-1) / self.part
'''
KINDS: Final = {"metrics": "metric", "weighted_metrics": "metric", "callbacks": "callback"}


@dataclass(frozen=True)
class Case:
    """What is drawn, opened and selected, the row that is typed in, a bad and a good text, and what is said."""

    drawn: str | Callable[[], Project]
    selected: str
    path: tuple[str, ...]
    bad: str
    good: str
    word: str
    opened: str = ""


def shared() -> Project:
    project = graph(CONV)
    project = edits.share(project, node_id(project, "c"), 0, 0)
    return graph("z:Input(shape=(8, 8, 4)) -> c_1 -> w:Output", project=project)


def backbone() -> Project:
    project = graph("x:Input(shape=(32, 32, 3)) -> net:Dense(units=1) -> y:Output")
    key = node_id(project, "net")
    net = replace(project.main.nodes[key], type=f"{BACKBONE}MobileNet", params={"alpha": 0.25, "include_top": False})
    return replace(project, main=replace(project.main, nodes={**project.main.nodes, key: net}))


def blocks(depth: int = 1) -> Project:
    """A convolution whose groups are a parameter of its block, so many blocks deep."""
    project = graph(CONV)
    project = edits.make_block(project, CATALOG, [node_id(project, "c")], "tower")
    (block,) = project.blocks
    project = edits.promote(project, CATALOG, node_id(project, "c", block), "groups", graph=block)
    if depth == 2:
        project = edits.make_block(project, CATALOG, [node_id(project, "tower")], "outer")
        outer = next(key for key in project.blocks if key != block)
        project = edits.promote(project, CATALOG, node_id(project, "tower", outer), "groups", graph=outer)
    return project


def two_uses() -> Project:
    """Groups in a block, and the filters of each use: what is wrong in the second is right in the first."""
    project = graph(CONV)
    project = edits.make_block(project, CATALOG, [node_id(project, "c")], "tower")
    (block,) = project.blocks
    project = edits.promote(project, CATALOG, node_id(project, "c", block), "filters", graph=block)
    return graph("z:Input(shape=(8, 8, 4)) -> second:tower(filters=6) -> w:Output", project=project)


CASES: Final = {
    "layer": Case(CONV, "c", ("groups",), "3", "2", "divisible"),
    "object in a layer": Case(
        "x:Input(shape=(4,)) -> d:Dense(units=3, kernel_initializer=VarianceScaling()) -> y:Output",
        "d", ("kernel_initializer", "scale"), "0", "2", "scale",
    ),
    "several nodes": Case(
        f"{CONV}; other:Conv2D(filters=8, kernel_size=3)", "c other", ("groups",), "3", "4", "divisible"
    ),
    "shared layer": Case(shared, "c_1", ("groups",), "3", "2", "divisible"),
    "layer in a wrapper": Case(
        "x:Input(shape=(2, 8, 8, 4)) -> t:TimeDistributed(layer=Conv2D(filters=8, kernel_size=3)) -> y:Output",
        "t", ("layer", "groups"), "3", "2", "divisible",
    ),
    "object in a cell": Case(
        "x:Input(shape=(5, 4)) -> r:RNN(cell=GRUCell(units=3, kernel_initializer=VarianceScaling())) -> y:Output",
        "r", ("cell", "kernel_initializer", "scale"), "0", "2", "scale",
    ),
    "one of several cells": Case(
        "x:Input(shape=(5, 4)) -> r:RNN(cell=StackedRNNCells(cells=(GRUCell(units=3),"
        " LSTMCell(units=3, kernel_initializer=VarianceScaling())))) -> y:Output",
        "r", ("cell", "cells", "cell 2", "kernel_initializer", "scale"), "0", "2", "scale",
    ),
    "own layer": Case("x:Input(shape=(4,)) -> h:Halved -> y:Output", "h", ("part",), "0.5", "4", "a part is one"),
    "ready-made network": Case(backbone, "net", ("alpha",), "0.02", "0.5", "filters"),
    "use of a block": Case(blocks, "tower", ("groups",), "3", "2", "tower/c: "),
    "use of a block with a block": Case(lambda: blocks(2), "outer", ("groups",), "3", "2", "outer/tower/c: "),
    "default of a block": Case(blocks, "", ("groups",), "3", "2", "tower/c: ", "tower"),
    "default of an outer block": Case(lambda: blocks(2), "", ("groups",), "3", "2", "outer/tower/c: ", "outer"),
    "layer in a block, as another use makes it": Case(two_uses, "c", ("groups",), "4", "2", "second/c: ", "tower"),
}  # fmt: skip

PLANS: Final = {
    "loss": Case("loss:CategoricalGeneralizedCrossEntropy", "", ("q",), "0", "0.3", "interval"),
    "optimizer": Case("optimizer:Lion", "", ("beta_1",), "0", "0.5", "[0, 1]"),
    "metric": Case("metrics:AUC", "", ("num_thresholds",), "1", "50", "integer > 1"),
    "metric by weights": Case("weighted_metrics:FBetaScore", "", ("beta",), "0", "2", "beta"),
    "callback": Case("callbacks:TensorBoard", "", ("profile_batch",), "-1", "2", "non-negative"),
    "own loss": Case("loss:Guarded", "", ("part",), "0.5", "4", "a part is one at least"),
}


def test_it_gives_way(qtbot, window: MainWindow) -> None:
    for name, case in CASES.items():
        print(name)
        in_the_drawing(qtbot, window, case)
    for name, case in PLANS.items():
        print(name)
        in_the_plan(qtbot, window, case)


def in_the_drawing(qtbot, window: MainWindow, case: Case) -> None:
    session = window.session
    window.workspaces.show("design")
    if "Halved" in str(case.drawn):
        session.load(Project(), None, is_saved=True)
        session.new_code("layer", "Halved", OWN)
        session.apply(lambda project: graph(str(case.drawn), catalog=session.catalog, project=project), "Draw")
    else:
        session.load(graph(case.drawn) if isinstance(case.drawn, str) else case.drawn(), None, is_saved=True)
    if case.opened:
        session.open_graph(next(key for key, block in session.project.blocks.items() if block.name == case.opened))
    session.set_selection(node_id(session.project, name, session.graph_key) for name in case.selected.split())
    qtbot.waitUntil(lambda: session.engine_state == "ready" and not session.is_judging, timeout=60_000)
    check(qtbot, window, lambda: row_of(window, case.path), case)


def in_the_plan(qtbot, window: MainWindow, case: Case) -> None:
    session = window.session
    part, _, name = str(case.drawn).partition(":")
    session.load(graph("x:Input(shape=(4,)) -> d:Dense(units=3) -> y:Output"), None, is_saved=True)
    if name == "Guarded":
        session.new_code("loss", "Guarded", OWN_LOSS)
    output = node_id(session.project, "y")
    chosen = KerasObject(name, dict(CATALOG.initial_object_params(KINDS.get(part, part), name)))
    plan = session.project.training
    if part in ("loss", "metrics", "weighted_metrics"):
        filled = replace(OutputPlan(), **{part: chosen if part == "loss" else (chosen,)})
        plan = replace(plan, outputs={output: filled})
    elif part == "callbacks":
        plan = replace(plan, callbacks=(chosen,))
    else:
        plan = replace(plan, optimizer=chosen)
    session.apply(lambda project: edits.set_training(project, plan), "Choose")
    window.workspaces.show("train")
    panel = window.panels["plan"].content
    qtbot.waitUntil(lambda: not session.is_judging and panel.isVisible(), timeout=60_000)

    def row() -> ParameterRow:
        settings = next(
            each for each in panel.findChildren(ObjectSettings) if each.isVisible() and name in each.fold.text()
        )
        if not settings.fold.isChecked():
            settings.fold.click()
        assert settings.form is not None
        found = settings.form.row(case.path[0])
        assert found is not None
        return found

    check(qtbot, window, row, case)


def row_of(window: MainWindow, path: tuple[str, ...]) -> ParameterRow:
    inspector = window.inspector
    if inspector.block_page.isVisible():
        return inspector.block_page.rows[path[0]].default
    page = inspector.node_page if inspector.node_page.isVisible() else inspector.several_page
    form = page.form
    assert form is not None
    found = form.row(path[0])
    for name in path[1:]:
        assert found is not None
        found = inner_row(found, name)
    assert found is not None
    return found


def inner_row(row: ParameterRow, name: str) -> ParameterRow:
    """The row of this name inside another, whose folds are opened as by a person."""
    for _ in range(3):
        found = [each for each in row.findChildren(ParameterRow) if each.parameter.name == name and each.isVisible()]
        if found:
            return found[0]
        if row.fold.isVisible() and not any(each.isVisible() for each in row.findChildren(ParameterRow)):
            row.fold.click()
        for form in row.findChildren(ParameterForm):
            if form.isVisible():
                form.row(name)
    raise AssertionError(name)


def messages(window: MainWindow, row: Callable[[], ParameterRow]) -> str:
    """What is told beside the field, or beside the parameter of the layer in which it stands."""
    found: QWidget | None = row()
    while found is not None:
        if isinstance(found, ParameterRow) and found.message.isVisible():
            return found.message.text()
        found = found.parentWidget()
    return ""


def check(qtbot, window: MainWindow, row: Callable[[], ParameterRow], case: Case) -> None:
    session = window.session
    before, steps = session.project, len(session.document.history.past)
    put(row(), case.bad)
    qtbot.waitUntil(lambda: bool(messages(window, row)))
    qtbot.waitUntil(lambda: not session.is_judging)
    assert case.word in messages(window, row)
    assert session.project is before
    assert len(session.document.history.past) == steps
    assert not session.document.can_redo
    assert not [each for each in session.problems if each.code == "keras"]
    put(row(), case.good)
    qtbot.waitUntil(lambda: not session.is_judging)
    assert messages(window, row) == ""
    assert session.project is not before
    assert not [each for each in session.problems if each.code == "keras"]
