from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from studio.core import edits, rules
from studio.core.problem import Problem
from studio.gui.panels.problems import ProblemsPanel
from studio.gui.panels.problems.painter import PROBLEM_ROLE

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

BAD = Problem("shape", "hidden needs pictures but gets rows.", node="n2", details="ValueError: min_ndim=4")
ODD = Problem("odd", "hidden_2 is odd.", "warning", node="n3")


def make(qtbot, session, *problems) -> ProblemsPanel:
    panel = ProblemsPanel(session)
    qtbot.addWidget(panel)
    panel.resize(700, 240)
    panel.show()
    session.tell(*problems)
    return panel


def parts(panel, row: int) -> dict[str, QRect]:
    """Where sentence, "Details" and fix button of a row lie, in the viewport."""
    index = panel.model.index(row, 0)
    return panel.list.itemDelegate().parts(panel.list.visualRect(index), index.data(PROBLEM_ROLE))


def click(panel, row: int, part: str = "text") -> None:
    point = parts(panel, row)[part].center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_without_problems_it_says_so(qtbot, session) -> None:
    panel = make(qtbot, session)
    assert panel.nothing.isVisible()
    session.tell(BAD)
    assert panel.list.isVisible()
    assert not panel.nothing.isVisible()
    assert panel.count.text() == "1"
    session.tell()
    assert panel.nothing.isVisible()


def test_a_click_selects_the_node_and_tells(qtbot, session) -> None:
    panel = make(qtbot, session, BAD, ODD)
    with qtbot.waitSignal(panel.problem_activated) as told:
        click(panel, 1)
    assert told.args == [ODD]
    assert session.selection == {"n3"}


def test_details_unfold_and_fold(qtbot, session) -> None:
    panel = make(qtbot, session, BAD, ODD)
    before = panel.list.visualRect(panel.model.index(0, 0)).height()
    click(panel, 0, "more")
    qtbot.waitUntil(lambda: panel.list.visualRect(panel.model.index(0, 0)).height() > before)
    assert session.selection == frozenset()
    click(panel, 0, "more")
    qtbot.waitUntil(lambda: panel.list.visualRect(panel.model.index(0, 0)).height() <= before)
    assert "more" not in parts(panel, 1)


def test_next_problem_goes_round(qtbot, session) -> None:
    panel = make(qtbot, session, BAD, ODD)
    seen = []
    for _ in range(3):
        panel.go_to_next()
        seen.append(next(iter(session.selection)))
    assert seen == ["n2", "n3", "n2"]


def test_a_fix_mends_the_project_in_one_step(qtbot, session) -> None:
    session.apply(lambda project: edits.delete(project, session.catalog, ["n4"]), "Delete answer")
    before = session.project
    found = rules.problems(session.project, session.catalog)
    panel = make(qtbot, session, *found)
    fixable = [row for row, problem in enumerate(found) if panel.fix_of(problem) is not None]
    assert fixable
    click(panel, fixable[0], "fix")
    assert session.project is not before
    session.undo()
    assert session.project is before


def test_thousands_of_problems_stay_a_short_list(qtbot, session) -> None:
    panel = make(qtbot, session, *(Problem("x", f"Problem {number}.") for number in range(3000)))
    assert panel.count.text() == "3000"
    assert panel.model.rowCount() == 200
