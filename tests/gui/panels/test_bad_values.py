"""Bad values in every form of the inspector: refused with a reason, and the last good value stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from studio.catalog.checking import title
from studio.catalog.spec import ObjectKind, Parameter
from studio.catalog.values import ParameterRef
from studio.core import edits
from studio.gui.panels.inspector import InspectorPanel
from studio.gui.panels.inspector.editors import TypedEditor
from studio.gui.panels.inspector.form import ParameterForm
from studio.gui.panels.inspector.reading import read
from studio.gui.panels.inspector.row import ParameterRow
from tests.support.catalog import CATALOG

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

HUGE = str(10**30)

NEVER: Mapping[str, tuple[str, ...]] = {
    "int": ("True", "nan", "inf", "1.5", "3 3", HUGE, f"-{HUGE}", "9" * 5000, "²", "1e400", "(3,)", "abc", "1/2"),
    "float": ("True", "nan", "1e400", "9" * 5000, "²", "1/0", "abc", "0x10", "1,2,3"),
    "seed": ("True", "nan", "1.5", HUGE, "abc", "(1,)"),
    "ints": ("True", "nan", "1.5", HUGE, f"3, {HUGE}", "(True, True)", "3, 2.5", "abc", "()", "(1,(2,(3,)))", "3 3"),
    "shape": ("True", "nan", "1.5", HUGE, "0", "0, 3", "abc", "(1,(2,3))", "3, True"),
    "axis": ("True", "nan", "1.5", HUGE, "abc", "()", "1, True"),
    "list": ("abc", "nan", HUGE, f"1, {HUGE}", "1e400", "'words.txt'", "{1, 2}", "lambda: 1", "__import__('os')"),
    "dict": ("abc", "1", "[1]", "{1: 2}", "dict(a=1)", "{**a}"),
    "array": ("abc", "nan", "1, (2, 3)", "1, nan", "{}", "1e400", f"1, {HUGE}"),
    "slice": ("", "abc", "::0", "1:2:3:4", "nan", "lambda: 1", "x[0]", "1.5"),
    "choice": ("surely not a choice", "nan", "1.5"),
}
"""Texts that are no value, by the kind of the parameter, whatever its bounds are."""

KINDS: tuple[ObjectKind, ...] = (
    "loss", "optimizer", "schedule", "metric", "callback", "initializer", "regularizer", "constraint",
)  # fmt: skip
OWNERS = [
    *((spec.type, spec.parameters) for spec in (*CATALOG.layers.values(), *CATALOG.cells.values())),
    *((spec.type, spec.parameters) for spec in CATALOG.operations.values()),
    *((f"{kind} {spec.type}", spec.parameters) for kind in KINDS for spec in CATALOG.objects(kind).values()),
]
KNOWN = [(owner, each) for owner, parameters in OWNERS for each in parameters]


def bad_texts(parameter: Parameter) -> Iterator[str]:
    """What nobody may type here: wrong kinds, what lies outside of the bounds, and nothing where a value must be."""
    kinds = (parameter.kind, *parameter.also)
    good = ("text",) if "text" in kinds else ()
    for text in () if good else NEVER.get(parameter.kind, ()):
        if not any(text not in NEVER.get(kind, (text,)) for kind in parameter.also):
            yield text
    if parameter.kind in ("int", "float") and not parameter.also:
        if parameter.low is not None:
            yield f"{parameter.low - 1:g}"
        if parameter.high is not None:
            yield f"{parameter.high + 0.5:g}" if parameter.kind == "float" else f"{parameter.high + 1:g}"
    if parameter.kind == "ints":
        low = 1 if parameter.low is None else parameter.low
        yield f"{low - 1:g}"
        if parameter.lengths:
            yield ", ".join("1" * (max(1, *parameter.lengths) + 1))
    if not (parameter.allows_none or parameter.default is None) and parameter.kind != "text":
        yield ""
        yield "None"
    yield "= no_such_parameter"


def what(parameter: Parameter) -> tuple[object, ...]:
    """What decides how a parameter is edited."""
    bounds = (parameter.low, parameter.high, parameter.lengths, parameter.takes_pairs)
    return (parameter.kind, parameter.also, bounds, parameter.allows_none, parameter.choices, parameter.object_kind)


def test_no_bad_text_is_a_value_of_any_parameter() -> None:
    """All parameters of all layers, operations and other objects; the sentence says what was expected."""
    tried, wrong = 0, []
    for owner, parameter in KNOWN:
        for text in bad_texts(parameter):
            if text.startswith("="):
                continue  # Whether there is such a parameter is for the form to know.
            reason = CATALOG.why_not_value(parameter, read(parameter, text)) or ""
            if not (reason.endswith(".") and len(reason) < 400 and reason.startswith(title(parameter.name))):
                wrong.append((owner, parameter.name, text[:40], reason))
            tried += 1
    assert wrong == []
    assert tried > 10_000


ONE_OF_EACH = list({what(parameter): (owner, parameter) for owner, parameter in KNOWN}.values())


def paste(row: ParameterRow, text: str) -> None:
    """Put a text over what stands in a field, as one act: while somebody types "1.5", "1" is a value for a moment."""
    field = row.editor.field
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    if not text:
        QTest.keyClick(field, Qt.Key.Key_Delete)
        return
    QApplication.clipboard().setText(text)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def form_of(qtbot: QtBot, parameter: Parameter) -> tuple[ParameterForm, ParameterRow, list[object]]:
    """A form of one parameter on the screen, its row, and the values that it tells."""
    form = ParameterForm(CATALOG, [parameter])
    qtbot.addWidget(form)
    told: list[object] = []
    form.changed.connect(lambda _, value: told.append(value))
    form.show_values({})
    form.show()
    return form, form.rows[parameter.name], told


def test_what_is_no_value_is_refused_in_every_sort_of_field(qtbot: QtBot, qapp: QApplication) -> None:
    """With real keys: a reason stands below the field, nothing is told, and Esc shows the value that was there."""
    refused = 0
    for owner, parameter in ONE_OF_EACH:
        form, row, told = form_of(qtbot, parameter)
        field = row.editor.field
        if not isinstance(row.editor, TypedEditor):
            assert not isinstance(field, QLineEdit)  # A choice or a button lets nobody type.
            assert not (isinstance(field, QComboBox) and field.isEditable())
            form.close()
            continue
        assert isinstance(field, QLineEdit)
        before = field.text()
        for text in bad_texts(parameter):
            if text == before:
                continue
            paste(row, text)
            where = (owner, parameter.name, text)
            assert told == [], where
            assert row.message.text().endswith("."), where
            assert row.message.isVisible(), where
            assert field.property("invalid"), where
            QTest.keyClick(field, Qt.Key.Key_Escape)
            assert (field.text(), row.message.isVisible()) == (before, False), where
            refused += 1
        form.close()
    assert refused > 500


@pytest.mark.parametrize(("type", "name"), [("Dense", "units"), ("Dropout", "rate"), ("Conv2D", "kernel_size")])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=12) | st.sampled_from([text for texts in NEVER.values() for text in texts if len(text) < 99])
)
def test_only_values_come_out_of_a_field(qtbot: QtBot, qapp: QApplication, type: str, name: str, text: str) -> None:
    """Key by key, whatever is typed."""
    spec = CATALOG.layer(type)
    assert spec is not None
    parameter = spec.parameter(name)
    assert parameter is not None
    form, row, told = form_of(qtbot, parameter)
    row.editor.field.setFocus()
    QTest.keyClicks(row.editor.field, "".join(letter for letter in text if 32 <= ord(letter) < 127))
    assert [value for value in told if CATALOG.why_not_value(parameter, value)] == []  # type: ignore[arg-type]
    assert not any(isinstance(value, ParameterRef | bool) for value in told)
    form.close()
    form.deleteLater()


def test_the_last_good_value_of_a_node_stays(qtbot: QtBot, session: Any) -> None:
    panel = InspectorPanel(session)
    qtbot.addWidget(panel)
    panel.resize(336, 700)
    panel.show()
    session.set_selection({"n2"})
    form = panel.node_page.form
    assert form is not None
    row = form.row("units")
    assert row is not None
    QTest.keyClicks(row.editor.field, "")
    for text in ("64", HUGE, "True", "", "-1", "3 3", "= units"):
        paste(row, text)
        assert session.graph.nodes["n2"].params["units"] == 64, text
    paste(row, "1 000")
    assert session.graph.nodes["n2"].params["units"] == 1000
    session.set_selection({"n3"})
    session.set_selection({"n2"})
    assert row.editor.field.text().replace(" ", "") == "1000"


def test_a_parameter_of_a_block_is_named_only_inside_and_only_one_that_is_there(qtbot: QtBot, session: Any) -> None:
    parameter = CATALOG.layer("Dense").parameter("units")  # type: ignore[union-attr]
    assert parameter is not None
    form, row, told = form_of(qtbot, parameter)
    paste(row, "= width")
    assert "only a block has some" in row.message.text()
    form.show_values({}, ("filters",))
    paste(row, "=width")
    assert "filters" in row.message.text()
    assert told == []
    paste(row, "= filters")
    assert told == [ParameterRef("filters")]
    form.close()


def test_the_default_of_a_block_s_parameter(qtbot: QtBot, session: Any) -> None:
    session.apply(lambda project: edits.make_block(project, CATALOG, ["n2"], "part"), "Make a block")
    block = next(iter(session.project.blocks))
    inner = next(node for node in session.project.blocks[block].graph.nodes.values() if node.type == "Dense")
    session.apply(lambda project: edits.promote(project, CATALOG, inner.id, "units", graph=block), "Make a parameter")
    session.open_graph(block)
    panel = InspectorPanel(session)
    qtbot.addWidget(panel)
    panel.resize(336, 700)
    panel.show()
    row = panel.block_page.rows["units"].default
    good = session.project.blocks[block].parameters
    for text in (HUGE, "True", "-1", "1.5", "abc", "= other", "", "\u00b2"):
        paste(row, text)
        assert session.project.blocks[block].parameters == good, text
        assert row.message.isVisible(), text
        assert row.message.text().endswith("."), text
    paste(row, "12")
    assert session.project.blocks[block].parameters[0].default == 12
    assert not row.message.isVisible()
