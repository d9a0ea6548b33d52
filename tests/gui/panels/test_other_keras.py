"""With another release of Keras the palette and the forms follow, and a project with what is missing there survives.

It sets up what it needs: each release is put before the installed one, on the same TensorFlow. That takes a minute and
the net, so it runs with ``HYPOTHESIS_PROFILE=thorough`` only.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio import storage
from studio.catalog import Catalog, load
from studio.codegen import generate
from studio.core import edits
from studio.core.project import Project
from studio.gui.panels.inspector import InspectorPanel
from studio.gui.panels.palette import PalettePanel
from studio.gui.session import Session
from studio.gui.session.checker import Checker
from tests.support.catalog import CATALOG
from tests.support.engines import fake_engine
from tests.support.graphs import graph
from tests.support.thorough import IS_THOROUGH

pytestmark = [
    pytest.mark.keras,
    pytest.mark.qt_log_ignore("propagateSizeHints"),
    pytest.mark.skipif(not IS_THOROUGH, reason="it installs other releases of Keras"),
]

RELEASES = {"older": "keras>=3.12,<3.13", "newest": "keras<4"}
"""The oldest minor release that the program takes, and what is newest today."""

_FACTS = "import json, sys; from studio.engine import facts; json.dump(facts.facts(), open(sys.argv[1], 'w'))"
_BUILD = "import runpy, sys; print('BUILT', runpy.run_path(sys.argv[1])['build_model']().count_params())"


class Release:
    """A release of Keras in a folder of its own, what it offers, and plain Python with it."""

    def __init__(self, requirement: str, folder: Path) -> None:
        self.path = folder / "packages"
        self._folder = folder
        install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(self.path), requirement]
        subprocess.run([sys.executable, *install], check=True, capture_output=True)
        (found,) = importlib.metadata.distributions(name="keras", path=[str(self.path)])
        self.version = found.version
        self.run(_FACTS, folder / "facts.json")
        self.facts: Mapping[str, Any] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        self.catalog: Catalog = load(self.facts)

    def run(self, code: str, argument: Path) -> str:
        """What a program prints that is run with this release."""
        root = Path(__file__).resolve().parents[3]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(self.path), str(root)])}
        environment |= {"KERAS_BACKEND": "tensorflow"}
        done = subprocess.run(
            [sys.executable, "-c", code, str(argument)],
            env=environment, cwd=self._folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


@pytest.fixture(scope="module", params=RELEASES)
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Release:
    return Release(RELEASES[request.param], tmp_path_factory.mktemp(request.param))


@pytest.fixture
def session(qapp: Any, release: Release) -> Iterator[Session]:
    made = Session(CATALOG, Project(), checker=Checker(engine=fake_engine("checker")))
    made.checker.facts.emit(release.facts)  # as the engine tells them
    yield made
    made.close()


def test_palette_and_forms_follow(qtbot: QtBot, session: Session, release: Release) -> None:
    assert session.catalog.keras_version == release.version
    palette = PalettePanel(session)
    inspector = InspectorPanel(session)
    for panel in (palette, inspector):
        qtbot.addWidget(panel)
    offered = {spec.type for heading in session.catalog.palette() for spec in heading.layers}
    assert set(release.facts["layers"]) - {"Output"} <= offered | set(session.catalog.cells)
    assert {f"ops.{path}" for path in release.facts["operations"]} <= offered
    for type in sorted(set(release.facts["layers"]) - session.catalog.cells.keys()):
        session.apply(
            lambda project, type=type: edits.add_node(project, type, params=session.catalog.initial_params(type)), "Add"
        )
        node = next(reversed(session.graph.nodes.values()))
        session.set_selection((node.id,))
        form = inspector.node_page.form
        assert form is not None
        names = {entry["name"] for entry in release.facts["layers"][type]["parameters"]}
        assert names <= {parameter.name for parameter in form.parameters}, type


def test_what_is_missing_there_is_marked_and_survives_a_save(qtbot: QtBot, session: Session, release: Release) -> None:
    missing = sorted(set(CATALOG.layers) - session.catalog.layers.keys()) or ["NoSuchLayerYet"]
    project = graph("x:Input(shape=(8, 6)) -> a:Dense(units=4) -> y:Output")
    for type in missing:
        params = CATALOG.initial_params(type) or {"rate": 0.5}
        project = edits.add_node(project, type, params=params, name=f"own_{type.lower().replace('.', '_')}")
    saved = storage.dumps(project)
    session.load(storage.loads(saved), None)
    qtbot.waitUntil(lambda: marked(session) == set(missing))
    assert storage.dumps(session.project) == saved


def marked(session: Session) -> set[str]:
    """The types of the nodes of which the window says that it does not know them."""
    nodes = [problem.node for problem in session.problems if problem.code == "unknown_type"]
    return {session.graph.nodes[key].type for key in nodes if key}


def test_the_export_runs_there(release: Release, tmp_path: Path) -> None:
    project = graph(
        "x:Input(shape=(8, 6)) -> a:LSTM(units=4, return_sequences=True) -> look:MultiHeadAttention(num_heads=2,"
        " key_dim=3) -> flat:Flatten() -> d:Dense(units=2) -> y:Output; a -> look.value"
    )
    script = tmp_path / "exported.py"
    script.write_text(generate(project, release.catalog).text, encoding="utf-8")
    counted = release.run(_BUILD, script)
    namespace: dict[str, Any] = {"__name__": "exported"}
    exec(compile(generate(project, CATALOG).text, "exported.py", "exec"), namespace)
    assert f"BUILT {namespace['build_model']().count_params()}" in counted
