from __future__ import annotations

import ast
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from studio.core import edits
from studio.core.project import Block, Graph, Node
from studio.gui import theme
from studio.gui.panels.code import CodePanel
from studio.gui.panels.code.colours import lines_inside_strings, stretches
from studio.gui.panels.code.view import CodeView
from tests.gui.panels.conftest import Source, Span

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

TEXT = "import keras\n\n\ndef build_model():\n" + "".join(f"    x = layers.Dense({n})(x)\n" for n in range(60))
SPANS = (Span("n2", 10, 11), Span("n3", 50, 50), Span("n1", 5, 60))


def make(qtbot, session) -> CodePanel:
    session.write(TEXT, *SPANS)
    panel = CodePanel(session)
    qtbot.addWidget(panel)
    panel.resize(700, 300)
    panel.show()
    return panel


def click_line(panel, line: int) -> None:
    block = panel.view.document().findBlockByNumber(line - 1)
    rect = panel.view.blockBoundingGeometry(block).translated(panel.view.contentOffset())
    point = rect.center().toPoint()
    point.setX(30)
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_the_lines_of_the_selected_nodes_are_marked_and_seen(qtbot, session) -> None:
    panel = make(qtbot, session)
    session.set_selection({"n2"})
    assert panel.view.marked == {10, 11}
    session.set_selection({"n3"})
    assert panel.view.marked == {50}
    first = panel.view.firstVisibleBlock().blockNumber() + 1
    assert first <= 50 <= first + panel.view.verticalScrollBar().pageStep()
    session.set_selection(())
    assert panel.view.marked == frozenset()


def test_a_click_selects_the_node_of_the_line_without_scrolling(qtbot, session) -> None:
    panel = make(qtbot, session)
    place = panel.view.verticalScrollBar().value()
    click_line(panel, 11)
    assert session.selection == {"n2"}  # not n1, whose lines lie around
    click_line(panel, 8)
    assert session.selection == {"n1"}
    click_line(panel, 2)
    assert session.selection == {"n1"}  # a line of no node changes nothing
    assert panel.view.verticalScrollBar().value() == place


def test_a_click_on_a_line_of_a_block_opens_the_block(qtbot, session) -> None:
    def with_block(project):
        inner = Graph({"n8": Node("n8", "Dense", "inner")})
        return replace(project, blocks={"b7": Block("b7", "twice", inner)})

    session.apply(with_block, "Make a block")
    panel = make(qtbot, session)
    session.write(TEXT, Span("n8", 6, 6))
    click_line(panel, 6)
    assert (session.graph_key, session.selection) == ("b7", {"n8"})


def test_a_node_that_is_gone_is_not_selected(qtbot, session) -> None:
    panel = make(qtbot, session)
    session.apply(lambda project: edits.delete(project, session.catalog, ["n2"]), "Delete")
    click_line(panel, 10)
    assert session.selection == frozenset()


def test_new_text_keeps_the_place_of_the_reader(qtbot, session) -> None:
    panel = make(qtbot, session)
    bar = panel.view.verticalScrollBar()
    bar.setValue(30)
    top = panel.view.firstVisibleBlock().text()
    session.write(TEXT.replace("import keras\n", "import keras\nimport numpy\n"), *SPANS)
    assert panel.view.toPlainText().splitlines()[1] == "import numpy"
    assert panel.view.firstVisibleBlock().text() == top
    session.write(TEXT + "# end\n", *SPANS)
    assert panel.view.firstVisibleBlock().text() == top


def test_buttons_ask(qtbot, session) -> None:
    panel = make(qtbot, session)
    with qtbot.waitSignal(panel.copy_requested):
        QTest.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.export_requested):
        QTest.mouseClick(panel.export_button, Qt.MouseButton.LeftButton)


def test_nobody_types_into_the_code(qtbot, session) -> None:
    panel = make(qtbot, session)
    QTest.keyClicks(panel.view, "abc")
    assert panel.view.toPlainText() == TEXT


lines = st.lists(st.sampled_from(["a", "b", "", "x = 1", "😀 = 'ü'"]), max_size=12)


@given(st.lists(lines.map("\n".join), min_size=1, max_size=6))
def test_replacing_what_differs_gives_the_same_text_as_replacing_all(qapp, texts) -> None:
    view = CodeView()
    for text in texts:
        view.show_text(text)
        assert view.toPlainText() == text
        assert view.document().blockCount() == len(text.split("\n"))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("def main() -> None:", ["keyword def", "definition main", "keyword None"]),
        ('x = f(10, "a # b")  # why', ["number 10", 'string "a # b"', "comment # why"]),
        ("x1 = 1e-3 + 0.5", ["number 1e-3", "number 0.5"]),
        (r'"a \" b" if x else y', [r'string "a \" b"', "keyword if", "keyword else"]),
        ('"""One line."""', ['string """One line."""']),
        ("no_keyword_if_here", []),
    ],
)
def test_colours_of_a_line(line, told) -> None:
    found = [f"{part.part} {line[part.start : part.start + part.length]}" for part in stretches(line)]
    assert found == told


def test_text_over_several_lines_is_known() -> None:
    source = ['"""First.', "if def 1", '"""', "x = 1"]
    inside = lines_inside_strings(source)
    assert inside == {1, 2}
    assert [part.part for part in stretches(source[1], is_inside=True)] == ["string"]
    assert [part.part for part in stretches(source[2], is_inside=True)] == ["string"]


@given(st.text(alphabet="ab1.#'\"\\ =()ef", max_size=30))
def test_colours_never_overlap(line) -> None:
    for is_inside in (False, True):
        end = 0
        for part in stretches(line, is_inside=is_inside):
            assert part.start >= end
            end = part.start + part.length
        assert end <= len(line)


def test_strings_end_where_python_says() -> None:
    line = 'layers.Dense(10, name="it\'s")'
    strings = [part for part in stretches(line) if part.part == "string"]
    texts = [ast.literal_eval(line[part.start : part.start + part.length]) for part in strings]
    assert texts == ["it's"]


def test_another_style_is_chosen_in_the_header(qtbot, session) -> None:
    panel = make(qtbot, session)
    number = panel.style_box.findText("book style")
    with qtbot.waitSignal(panel.style_chosen) as told:
        panel.style_box.setCurrentIndex(number)
        panel.style_box.activated.emit(number)
    assert told.args == ["book"]
    assert session.style.layers == "L"


def test_the_chooser_says_why_it_cannot_be_a_sequential(qtbot, session) -> None:
    panel = make(qtbot, session)
    number = panel.style_box.findText("Sequential")
    session.derived.source = Source("pass", (), "add takes more than one tensor")
    session.source_changed.emit()
    tip = panel.style_box.itemData(number, Qt.ItemDataRole.ToolTipRole)
    assert tip == "Not possible for this network: add takes more than one tensor"
    assert panel.note.isHidden()
    panel.style_box.setCurrentIndex(number)
    panel.style_box.activated.emit(number)
    session.source_changed.emit()
    assert panel.note.text() == "In the functional form, since add takes more than one tensor."
    assert not panel.note.isHidden()
    session.write("pass")
    assert panel.note.isHidden()
    assert "a plain chain" in panel.style_box.itemData(number, Qt.ItemDataRole.ToolTipRole)


def test_no_line_loses_its_colours_when_others_change(qtbot) -> None:
    view = CodeView()
    qtbot.addWidget(view)
    view.resize(600, 600)
    view.show()
    lines = [f'    x = layers.Dense({units}, activation="relu")(x)' for units in range(12)]
    changes = (
        (5, 6, ["    x = 3"]),
        (3, 3, ["    y = 3"]),
        (7, 8, []),
        (11, 12, ["    return 4"]),
        (0, 1, []),
        (9, 11, []),
    )
    for first, end, new in changes:
        view.show_text("\n".join(lines))
        lines[first:end] = new
        view.show_text("\n".join(lines))
        blocks = [view.document().findBlockByNumber(number) for number in range(len(lines))]
        assert [len(block.layout().formats()) for block in blocks] == [len(stretches(line)) for line in lines]


def test_the_colours_are_those_of_the_theme(qtbot, qapp) -> None:
    """Also where the new sheet lets it paint before it hears of the new theme."""
    theme.apply(qapp, "light")
    view = CodeView()
    qtbot.addWidget(view)
    view.show_text("".join(f"def f{number}(): return {number}\n" for number in range(40)))
    view.show()
    qtbot.waitExposed(view)
    try:
        for choice in ("dark", "light", "contrast"):
            theme.apply(qapp, choice)
            for block in (view.document().firstBlock(), view.document().findBlockByNumber(4)):
                colours = [part.format.foreground().color() for part in block.layout().formats()]
                assert colours[0] == QColor(theme.current().code_keyword)
    finally:
        theme.apply(qapp, "light")
