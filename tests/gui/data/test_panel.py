"""The Data panel, used as a person uses it: clicks and keys, and what the project says afterwards."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from studio import data
from studio.core import edits
from studio.core.project import INPUT, DataSource, Graph, Node
from studio.gui import theme
from studio.gui.data.columns_table import FEATURE, GAPS, KIND, NAME, TARGET
from studio.gui.data.made_form import MadeForm
from tests.gui.data.hands import click_set, wait

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # what offscreen says of windows


@pytest.fixture
def ready(panel, qtbot):
    """Choose a set and wait until it is shown completely."""

    def choose(kind, name):
        panel.choose(kind, name)
        wait(panel, qtbot)
        return panel

    return choose


def click_cell(panel, column, place):
    table = panel.page.columns
    names = [table.columns.index(row, NAME).data() for row in range(table.columns.rowCount())]
    index = table.columns.index(names.index(column), place)
    table.scrollTo(index)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    return index


def test_before_anything_is_chosen_the_panel_says_what_will_be_there(panel, session):
    assert session.project.data == DataSource(), "the list must not choose by itself when it gets the focus"
    assert panel.page.title.text() == "No data yet"
    assert "Choose a set on the left" in panel.page.description.text()
    assert not panel.page.columns.isVisible()


def test_a_click_chooses_a_set_and_undo_takes_it_back(panel, session, qtbot):
    click_set(panel, "bundled", "iris")
    wait(panel, qtbot)
    assert session.project.data == data.choose("bundled", "iris")
    assert panel.page.title.text() == "Iris flowers"
    assert "CC BY 4.0" in panel.page.origin.text()
    assert panel.page.amount.text() == "150 rows · 5 columns"
    assert session.document.undo_name == "Choose data"
    session.document.undo()
    assert session.project.data == DataSource()
    assert panel.page.title.text() == "No data yet"
    session.document.redo()
    assert panel.page.title.text() == "Iris flowers"


def test_large_sets_are_read_beside_the_event_loop(panel, session, qtbot, monkeypatch):
    data.sources._cache.clear()
    click_set(panel, "bundled", "mnist5k")
    assert panel.is_waiting
    wait(panel, qtbot)
    assert session.project.data.rows == 5000
    assert panel.page.pictures.isVisible()
    assert not panel.page.rows.isVisible()
    assert len(panel.page.pictures.indices()) >= 20


def test_the_last_wish_wins(panel, session, qtbot):
    data.sources._cache.clear()
    panel.choose("bundled", "fashion5k")
    panel.choose("made", "moons")
    qtbot.wait(50)
    wait(panel, qtbot)
    assert session.project.data.name == "moons"


def test_ticks_choose_features_and_targets(ready, session):
    panel = ready("bundled", "penguins")
    click_cell(panel, "flipper_length_mm", FEATURE)
    assert "flipper_length_mm" not in session.project.data.features
    click_cell(panel, "sex", TARGET)
    assert session.project.data.targets == ("species", "sex")
    click_cell(panel, "sex", FEATURE)
    assert session.project.data.targets == ("species",)
    assert session.project.data.features[-1] == "sex"


def test_a_column_that_weighs_the_rows_is_ticked_back_to_a_feature(ready, session):
    panel = ready("bundled", "wine")
    session.apply(lambda project: edits.set_sample_weights(project, "alcohol"), "weigh")
    table = panel.page.columns
    row = [column.name for column in session.project.data.columns].index("alcohol")
    assert table.model().index(row, 1).data() == "sample weights"
    click_cell(panel, "alcohol", FEATURE)
    assert session.project.data.sample_weights is None
    assert "alcohol" in session.project.data.features


def test_free_text_is_a_feature_but_no_target(ready, session):
    panel = ready("bundled", "auto_mpg")
    before = session.project
    click_cell(panel, "name", TARGET)
    assert session.project is before
    assert panel.page.columns.columns.index(0, KIND).data() == "text"
    assert "cannot be a target" in panel.page.columns.columns.index(0, TARGET).data(Qt.ItemDataRole.ToolTipRole)
    click_cell(panel, "name", FEATURE)
    assert "name" in session.project.data.features


def test_classes_can_be_made_text(ready, session):
    panel = ready("bundled", "penguins")
    index = click_cell(panel, "island", KIND)
    box = panel.page.columns.indexWidget(index) or panel.page.columns.findChild(type(panel.page.split.gaps))
    assert [box.itemData(row) for row in range(box.count())] == ["category", "text"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert session.project.data.column("island").kind == "text"


def test_the_choice_in_a_cell_is_heard_with_its_column(ready, session):
    """On Linux a combo box is heard by its choice, and after its label: so it has one as long as it is there."""
    panel = ready("bundled", "penguins")
    table = panel.page.columns
    labels = len(table.viewport().findChildren(QLabel))
    index = click_cell(panel, "island", KIND)
    box = table.indexWidget(index) or table.findChild(type(panel.page.split.gaps))
    assert box.accessibleName() == "Kind of island"
    (label,) = (each for each in table.viewport().findChildren(QLabel) if each.buddy() is box)
    assert label.text() == "Kind of island"
    assert not label.isVisible()
    box.setCurrentIndex(1)
    box.activated.emit(1)
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
    assert len(table.viewport().findChildren(QLabel)) == labels


def test_space_ticks_with_the_keyboard(ready, session):
    panel = ready("bundled", "iris")
    table = panel.page.columns
    table.setFocus()
    table.setCurrentIndex(table.columns.index(0, FEATURE))
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert session.project.data.features[0] == "sepal_width_cm"


def test_whole_numbers_can_be_made_classes(ready, session, qtbot):
    panel = ready("bundled", "penguins")
    index = click_cell(panel, "year", KIND)
    box = panel.page.columns.indexWidget(index) or panel.page.columns.findChild(type(panel.page.split.gaps))
    assert box is not None
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert session.project.data.column("year").classes == ("2007", "2008", "2009")


def test_gaps_are_shown_and_dealt_with(ready, session, qtbot):
    panel = ready("bundled", "penguins")
    assert panel.page.columns.columns.index(6, GAPS).data() == "11"
    split = panel.page.split
    assert split.gap_label.text() == "2 rows have gaps"
    assert "2 left out" in split.bar.words()
    QTest.keyClick(split.gaps, Qt.Key.Key_Down)
    assert session.project.data.gaps == "mean"
    assert "2 left out" not in split.bar.words()
    QTest.keyClick(split.gaps, Qt.Key.Key_Down)
    assert session.project.data.gaps == "refuse"
    assert "2 rows have gaps, the first is row 5" in panel.page.problem.text.text()
    assert panel.page.problem.isVisible()


def test_the_split_follows_its_fields_and_is_one_step(ready, session):
    panel = ready("bundled", "iris")
    before = session.project
    split = panel.page.split
    split.validation.setFocus()
    split.validation.selectAll()
    QTest.keyClicks(split.validation, "30")
    assert session.project.data.split.validation == 0.3
    assert split.bar.words() == ["105 training", "45 validation"]
    session.document.undo()
    assert session.project is before
    assert split.validation.value() == 20


def test_training_always_keeps_a_tenth(ready, session):
    panel = ready("bundled", "iris")
    panel.page.split.test.setValue(90)
    assert session.project.data.split.validation == 0.0
    assert session.project.data.split.test == 0.9


def test_not_shuffling_sorted_rows_is_told(ready, session):
    panel = ready("bundled", "iris")
    box = panel.page.split.shuffle
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert session.project.data.split.shuffle is False
    assert panel.page.problem.text.text().startswith("The validation part contains only “virginica”.")
    assert not panel.page.split.seed.isEnabled()


def test_made_up_sets_have_settings(ready, session, qtbot):
    panel = ready("made", "moons")
    field = panel.page.made.fields["samples"]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "100")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.project.data.params == {"samples": 100}
    assert session.project.data.rows == 100
    assert panel.page.amount.text() == "100 rows · 3 columns"
    field.setValue(400)
    assert session.project.data.params == {}


def test_another_set_keeps_how_rows_are_divided(ready, session):
    panel = ready("made", "moons")
    panel.page.split.seed.setValue(7)
    ready("made", "circles")
    assert session.project.data.split.seed == 7


def test_the_hint_about_scales_goes_when_something_scales(ready, session):
    panel = ready("bundled", "wine")
    assert "“proline” reaches 1680" in panel.page.hint.text.text()
    nodes = dict(session.project.main.nodes) | {"n9": Node("n9", "Normalization", "normalization")}
    session.apply(lambda project: replace(project, main=Graph(nodes)), "Add")
    assert not panel.page.hint.isVisible()


def test_class_counts_are_shown(ready):
    panel = ready("bundled", "iris")
    assert panel.facts.counts == dict.fromkeys(("setosa", "versicolor", "virginica"), (40, 10, 0))
    assert panel.page.bars.isVisible()
    assert "setosa: 50" in panel.page.bars.accessibleDescription()
    ready("bundled", "sunspots")
    assert not panel.page.bars.isVisible()


def test_rows_are_counted_as_in_a_spreadsheet_and_tell_their_part(ready):
    panel = ready("bundled", "penguins")
    rows = panel.page.rows.rows
    assert rows.rowCount() == 344
    assert rows.headerData(3, Qt.Orientation.Vertical) == "5"
    assert rows.index(3, 0).data() == "left out"
    assert rows.index(300, 1).data() == "Chinstrap"
    assert {rows.index(row, 0).data() for row in range(20)} == {"training", "validation", "left out"}


def test_inputs_and_outputs_are_bound_by_themselves_or_by_hand(ready, session, qtbot):
    panel = ready("bundled", "iris")
    form = panel.page.bindings
    assert form.buttons["n1"].text() == "automatic"
    panel.page.ensureWidgetVisible(form)
    qtbot.mouseClick(form.buttons["n1"], Qt.MouseButton.LeftButton)
    popup = form.popup
    qtbot.waitUntil(popup.isVisible)
    popup.list.setCurrentRow(0)
    QTest.keyClick(popup.list, Qt.Key.Key_Space)
    popup.close()
    assert session.project.data.bindings == {"n1": ("sepal_width_cm", "petal_length_cm", "petal_width_cm")}
    assert form.buttons["n1"].text() == "chosen"
    qtbot.mouseClick(form.buttons["n1"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(form.popup.automatic, Qt.MouseButton.LeftButton)
    assert session.project.data.bindings == {}


def test_escape_leaves_the_columns_as_they_were(ready, session, qtbot):
    panel = ready("bundled", "iris")
    before = session.project
    form = panel.page.bindings
    qtbot.mouseClick(form.buttons["n1"], Qt.MouseButton.LeftButton)
    form.popup.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    QTest.keyClick(form.popup, Qt.Key.Key_Escape)
    assert session.project is before


def test_two_inputs_without_names_of_columns_ask_for_them(ready, session):
    panel = ready("bundled", "iris")
    nodes = dict(session.project.main.nodes) | {"n5": Node("n5", INPUT, "other")}
    session.apply(lambda project: replace(project, main=Graph(nodes)), "Add")
    assert panel.page.bindings.buttons["n5"].text() == "choose…"


@pytest.mark.parametrize("width", [700, 1100])
def test_nothing_is_cut_off(ready, qtbot, width):
    panel = ready("bundled", "penguins")
    panel.resize(width, 800)
    qtbot.waitUntil(lambda: panel.page._two.is_wide == (width > 1000))
    inside = panel.page.widget()
    assert inside.width() <= panel.page.viewport().width()
    assert panel.minimumSizeHint().width() <= 700


def test_the_theme_can_change_while_it_is_shown(ready, qapp):
    panel = ready("bundled", "mnist5k")
    light = panel.grab().toImage()
    theme.apply(qapp, "dark")
    dark = panel.grab().toImage()
    theme.apply(qapp, "light")
    assert light.pixelColor(600, 700).lightness() > 200
    assert dark.pixelColor(600, 700).lightness() < 60


def test_what_a_field_cannot_show_survives_a_change_of_another(ready, session):
    """A file may say an eighth and a long seed; the fields show the nearest, and take nothing else along."""
    panel = ready("bundled", "iris")
    odd = replace(session.project.data.split, validation=0.125, seed=4_000_000_000)
    session.apply(lambda project: edits.set_split(project, odd), "Split")
    panel.page.split.test.setValue(25)
    found = session.project.data.split
    assert (found.validation, found.test, found.seed) == (0.125, 0.25, 4_000_000_000)


@pytest.mark.parametrize("text", ["True", "nan", "-5", "1.5", "9" * 40, "²", "abc"])
def test_a_share_of_rows_that_cannot_be_is_not_taken(ready, session, text):
    panel = ready("bundled", "iris")
    before = session.project.data.split
    for field in (panel.page.split.validation, panel.page.split.seed):
        field.setFocus()
        field.selectAll()
        field.lineEdit().insert(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert 0 <= session.project.data.split.validation <= 0.9
        assert field.hasAcceptableInput()
    assert session.project.data.split == before


@pytest.mark.parametrize("value", [10**30, -5, 2.5, float("inf"), "many", None])
def test_odd_settings_of_a_made_up_set_are_survived(qtbot, session, value):
    """They are in a file: the fields show the nearest that they can, and another field changes only itself."""
    form = MadeForm()
    qtbot.addWidget(form)
    wishes = []
    form.changed.connect(lambda params, _: wishes.append(params))
    form.show_source(DataSource("made", "moons", params={"samples": value}))
    form.fields["noise"].setValue(0.33)
    assert wishes == [{"samples": value, "noise": 0.33}]
