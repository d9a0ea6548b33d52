"""A session without engine and code: a document and the signals that the Data panel listens to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from studio.core.document import Document
from studio.core.project import INPUT, OUTPUT, Graph, Node, Project
from studio.gui import theme
from studio.gui.data import DataPanel


class FakeSession(QObject):
    """As much of ``studio.gui.session.Session`` as the panel needs."""

    project_changed = Signal(object, object, object)
    path_changed = Signal()

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.document = Document(project)
        self.document.subscribe(self.project_changed.emit)
        self.folder = None

    @property
    def project(self) -> Project:
        return self.document.project

    def apply(self, edit, name, merge_key=None):
        self.document.apply(edit, name, merge_key=merge_key)


def project() -> Project:
    nodes = {"n1": Node("n1", INPUT, "measurements"), "n2": Node("n2", OUTPUT, "answer")}
    return Project(main=Graph(nodes), next_id=3)


@pytest.fixture
def session(qapp: QApplication) -> FakeSession:
    theme.apply(qapp, "light")
    return FakeSession(project())


@pytest.fixture
def panel(session, qtbot) -> DataPanel:
    made = DataPanel(session)
    qtbot.addWidget(made)
    made.resize(1100, 800)
    made.show()
    qtbot.waitExposed(made)
    return made
