"""The person's own shortcuts: read back from the settings, told where they collide, in force at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from studio.gui import keymap
from studio.gui.actions import TABLE, ActionRow, shown_keys
from studio.gui.keymap import Changes
from studio.gui.settings import Settings
from studio.gui.shortcuts_dialog import ShortcutsDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _as_in_the_table() -> Iterator[None]:
    yield
    keymap.use({}, TABLE)


def row(id: str) -> ActionRow:
    return next(each for each in TABLE if each.id == id)


def test_every_key_of_the_table_is_one_key_and_may_be_given() -> None:
    for each in TABLE:
        for text in each.shortcuts:
            assert keymap.normal(text), (each.id, text)
            assert keymap.why_not(each, keymap.normal(text)) == "", (each.id, text)


@pytest.mark.parametrize(
    "stored", [{"undo": ["Ctrl+Alt+U"]}, {"undo": "Ctrl+Alt+U"}, {"undo": []}, {"bypass": ["B", "Ctrl+J"]}]
)
def test_what_is_remembered_comes_back(tmp_path: Path, stored: dict[str, object]) -> None:
    settings = Settings(tmp_path)
    changes = keymap.read(stored, TABLE)
    settings.shortcuts = {id: list(texts) for id, texts in changes.items()}
    settings.save()
    assert keymap.read(Settings(tmp_path).shortcuts, TABLE) == changes


def test_rubbish_in_the_settings_is_passed_over() -> None:
    stored: dict[str, object] = {
        "undo": ["Ctrl+", "nonsense"],
        "gone": ["Ctrl+K"],
        "redo": 7,
        "save": ["Ctrl+K, Ctrl+S"],
    }
    assert keymap.read(stored, TABLE) == {"redo": ("7",)}


def test_a_key_without_ctrl_is_for_the_drawing_and_esc_is_nobodys() -> None:
    for text in ("S", "Left", "5", "Shift+Up", "Backspace", "Home"):
        assert "drawing" in keymap.why_not(row("save"), text), text
        assert keymap.why_not(row("bypass"), text) == "", text
    assert keymap.why_not(row("save"), "F7") == ""
    assert keymap.why_not(row("bypass"), "Esc")


def test_each_key_of_the_drawing_belongs_to_an_action_that_can_have_another() -> None:
    known = {keymap.keys.combination(text) for each in TABLE for text in each.shortcuts}
    own = {found for found in keymap.keys.KEYS if found not in known}
    assert own == {(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)}


def test_sheet_and_tips_show_the_new_key() -> None:
    keymap.use({"bypass": ("B",), "undo": ()}, TABLE)
    assert shown_keys(row("bypass")) == "B"
    assert shown_keys(row("undo")) == ""
    assert shown_keys(row("redo"))


# ---- the dialog ------------------------------------------------------------------------------------------------------


class Person:
    """Somebody at the dialog."""

    def __init__(self, qtbot, changes: Changes) -> None:
        self.taken: list[dict[str, tuple[str, ...]]] = []
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        self.dialog = ShortcutsDialog(self.parent, changes, lambda found: self.taken.append(dict(found)))
        self.dialog.show()

    def choose(self, words: str) -> None:
        self.dialog.search.setFocus()
        self.dialog.search.selectAll()
        QTest.keyClicks(self.dialog.search, words)

    def press(self, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        self.dialog.key_field.setFocus()
        QTest.keyClick(self.dialog.key_field, key, modifiers)

    def click(self, button) -> None:
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def ok(self) -> None:
        self.click(self.dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))


def test_a_free_key_is_given_and_taken_over_with_ok(qtbot) -> None:
    person = Person(qtbot, {})
    person.choose("Tidy the drawing or")
    person.press(Qt.Key.Key_K, CTRL)
    assert person.dialog.message.text() == ""
    person.click(person.dialog.give)
    assert person.taken == []
    person.ok()
    assert person.taken == [{"tidy": ("Ctrl+K",)}]


def test_a_key_that_is_taken_says_so_and_is_taken_away_on_demand(qtbot) -> None:
    person = Person(qtbot, {})
    person.choose("Tidy the drawing or")
    person.press(Qt.Key.Key_S, CTRL)
    assert "“Save”" in person.dialog.message.text()
    assert person.dialog.give.text() == "Take this key"
    person.click(person.dialog.give)
    person.ok()
    assert person.taken == [{"tidy": ("Ctrl+S",), "save": ()}]


def test_cancel_changes_nothing(qtbot) -> None:
    person = Person(qtbot, {})
    person.choose("Tidy the drawing or")
    person.press(Qt.Key.Key_K, CTRL)
    person.click(person.dialog.give)
    QTest.keyClick(person.dialog, Qt.Key.Key_Escape)
    assert person.taken == []
    assert not person.dialog.isVisible()


def test_one_is_reset_and_its_key_comes_back_from_whoever_has_it(qtbot) -> None:
    person = Person(qtbot, {"save": (), "tidy": ("Ctrl+S",), "fit": ("G",)})
    person.choose("Save")
    person.dialog.table.selectRow(0)
    person.click(person.dialog.reset)
    person.ok()
    assert person.taken == [{"tidy": (), "fit": ("G",)}]


def test_no_key_and_all_as_at_first(qtbot) -> None:
    person = Person(qtbot, {"fit": ("G",)})
    person.choose("Undo")
    person.click(person.dialog.clear)
    assert person.dialog.changes == {"fit": ("G",), "undo": ()}
    person.click(person.dialog.reset_all)
    person.ok()
    assert person.taken == [{}]


def test_a_key_that_cannot_be_given_disables_the_button(qtbot) -> None:
    person = Person(qtbot, {})
    person.choose("Save as")
    person.press(Qt.Key.Key_K)
    assert "without Ctrl or Alt" in person.dialog.message.text()
    assert not person.dialog.give.isEnabled()
    assert QKeySequence("K").toString() == "K"


def test_the_search_finds_keys_too(qtbot) -> None:
    person = Person(qtbot, {})
    person.choose("ctrl+l")
    names = {person.dialog.table.item(number, 0).text() for number in range(person.dialog.table.rowCount())}
    assert "Tidy the drawing or the selection" in names
