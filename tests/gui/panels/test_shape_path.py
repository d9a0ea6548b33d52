"""The path of the shapes along a branch, in the inspector."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core import edits
from studio.core.project import PortRef
from studio.gui.panels.inspector import InspectorPanel, shape_path
from tests.gui.panels.conftest import CATALOG, Answer, FakeSession, small_project
from tests.support.graphs import graph


def shapes(**found: tuple[int | None, ...]) -> dict[str, Answer]:
    return {node: Answer(outputs=((shape, "float32"),)) for node, shape in found.items()}


def shown(qtbot, session: FakeSession, node: str) -> InspectorPanel:
    panel = InspectorPanel(session)
    qtbot.addWidget(panel)
    panel.resize(336, 700)
    panel.show()
    session.set_selection([node])
    return panel


def test_it_lists_every_layer_of_the_branch_with_its_shape(qtbot, session: FakeSession) -> None:
    session.answer(**shapes(n1=(None, 10), n2=(None, 10), n3=(None, 3)))
    panel = shown(qtbot, session, "n3")
    path = panel.node_page.path
    assert path.told == [], "nothing is looked for before it is opened"
    QTest.mouseClick(path.fold, Qt.MouseButton.LeftButton)
    assert path.told == [("data", "(None, 10)"), ("hidden", "(None, 10)"), ("hidden_2", "(None, 3)")]
    session.answer(**shapes(n3=(None, 7)))
    assert path.told[-1] == ("hidden_2", "(None, 7)")
    session.set_selection(["n2"])
    assert [name for name, _ in path.told] == ["data", "hidden"], "it stays open"
    session.set_selection(["n1"])
    assert path.isHidden(), "an Input has no path"


def test_a_click_or_a_key_goes_to_a_layer_of_it(qtbot, session: FakeSession) -> None:
    session.answer(**shapes(n1=(None, 10), n2=(None, 10)))
    panel = shown(qtbot, session, "n3")
    path = panel.node_page.path
    QTest.keyClick(path.fold, Qt.Key.Key_Space)
    wanted: list[str] = []
    panel.node_wanted.connect(wanted.append)
    (data, _), (hidden, _), (here, unknown) = path._rows
    assert unknown.text() == "?", "Keras has not spoken about it"
    QTest.mouseClick(data, Qt.MouseButton.LeftButton)
    QTest.keyClick(hidden, Qt.Key.Key_Space)
    QTest.mouseClick(here, Qt.MouseButton.LeftButton)
    assert wanted == ["n1", "n2", "n3"], "the last one is brought into view"


def test_at_a_merge_it_follows_the_first_edge_and_says_so(session: FakeSession) -> None:
    project = graph(
        "x:Input(shape=(4,)) -> a:Dense(units=2)\nx -> b:Dense(units=3)\na & b -> both:Concatenate -> y:Output"
    )
    session = FakeSession(project)
    nodes = {node.name: id for id, node in project.main.nodes.items()}
    session.answer(**shapes(**{nodes["both"]: (None, 5)}))
    path = shape_path.path_to(session, nodes["y"])
    assert [(stop.name, stop.shape, stop.arriving) for stop in path] == [
        ("x", "", 0), ("a", "", 1), ("both", "(None, 5)", 2), ("y", "", 1),
    ]  # fmt: skip


def test_a_long_branch_shows_its_ends_and_a_circle_ends_it(qtbot) -> None:
    project = small_project()
    last = "n3"
    for number in range(40):
        new = f"n{project.next_id}"
        project = edits.add_node(project, "Dense", x=0, y=0, name=f"deep_{number}", params={"units": 2})
        project = edits.connect(project, CATALOG, PortRef(last, "output"), PortRef(new, "inputs"))
        last = new
    session = FakeSession(project)
    panel = shown(qtbot, session, last)
    path = panel.node_page.path
    path.fold.click()
    names = [name for name, _ in path.told]
    assert (len(names), names[0], names[-1]) == (shape_path.SHOWN, "data", "deep_39")
    assert path.left_out.isVisible()
    assert path.left_out.text() == f"{43 - shape_path.SHOWN} more in between"
    session.set_selection(["n3"])
    assert path.left_out.isHidden()
    assert len(path.told) == 3
