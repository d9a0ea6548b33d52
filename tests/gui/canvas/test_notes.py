"""Notes on the canvas: written, moved, resized, coloured, framed, copied, found, by mouse and by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.project import Note
from studio.gui import theme
from studio.gui.canvas import noting, sticky
from studio.gui.canvas.note_field import NoteField
from tests.gui.canvas.drawing import node_named
from tests.gui.canvas.hands import ALT, CTRL, EMPTY, SHIFT, Hands

Key = Qt.Key


def note_of(hands: Hands, number: int = 0) -> Note:
    return list(hands.project.main.notes.values())[number]


def on(hands: Hands, number: int = 0) -> QPoint:
    left, top, _, _ = hands.canvas.scene.notes.box(number)
    return hands.at(left + 30, top + 14)


def corner(hands: Hands) -> QPoint:
    _, _, right, bottom = hands.canvas.scene.notes.box(0)
    return hands.at(right - 4, bottom - 4)


def write(hands: Hands, text: str, x: float = 620, y: float = 80) -> str:
    new = f"t{hands.project.next_id}"
    hands.session.apply(lambda project: edits.add_note(project, text, x=x, y=y), "Write")
    return new


def field_of(hands: Hands) -> NoteField:
    field = hands.canvas.name_field
    assert isinstance(field, NoteField)
    return field


def test_n_writes_a_note_at_the_pointer_in_one_step(hands: Hands) -> None:
    before = hands.project
    hands.click(EMPTY)
    hands.key(Key.Key_N)
    hands.type("Two branches")
    hands.enter()
    hands.type("because the book has them.")
    assert hands.project is before, "not before it is written"
    hands.click(hands.at(-180, 560))
    note = note_of(hands)
    assert note.text == "Two branches\nbecause the book has them."
    middle = hands.at(note.x + note.width / 2, note.y + 44)
    assert (middle - EMPTY).manhattanLength() < 16
    assert hands.undo_is_one_step(before)


@pytest.mark.parametrize("text", ["", "words"])
def test_a_new_note_that_is_given_up_or_empty_is_none(hands: Hands, text: str) -> None:
    before = hands.project
    hands.key(Key.Key_N)
    hands.type(text)
    QApplication.focusWidget()
    field = field_of(hands)
    if text:
        hands.key_into(Key.Key_Escape)
    else:
        hands.canvas.setFocus()
    assert field.is_done
    assert hands.canvas.name_field is None
    assert hands.project is before
    assert hands.canvas.hasFocus()


@pytest.mark.parametrize("how", ["double click", "F2", "Enter"])
def test_its_text_is_changed_in_place(hands: Hands, how: str) -> None:
    id = write(hands, "first words")
    before = hands.project
    if how == "double click":
        hands.double_click(on(hands))
    else:
        hands.click(on(hands))
        hands.key(Key.Key_F2 if how == "F2" else Key.Key_Return)
    assert field_of(hands).toPlainText() == "first words"
    hands.type("other words")
    hands.key_into(Key.Key_Return, CTRL)
    assert hands.project.main.notes[id].text == "other words"
    assert hands.undo_is_one_step(before)


def test_esc_keeps_the_text_that_was_there_and_long_text_makes_room(hands: Hands) -> None:
    id = write(hands, "first words")
    before = hands.project
    hands.double_click(on(hands))
    hands.type("other")
    hands.key_into(Key.Key_Escape)
    assert hands.project is before
    hands.double_click(on(hands))
    field_of(hands).setPlainText("many words " * 40)
    hands.canvas.setFocus()
    note = hands.project.main.notes[id]
    assert note.height > before.main.notes[id].height
    assert sticky.shown(note)[1], "all of it can be read"
    small = Note("t1", note.text, width=120, height=60)
    assert sticky.shown(small)[0].endswith("…")


def test_a_field_over_a_note_that_goes_away_goes_too(hands: Hands) -> None:
    write(hands, "first words")
    hands.double_click(on(hands))
    hands.type("other")
    hands.session.undo()
    assert hands.canvas.name_field is None
    assert not hands.project.main.notes


def test_it_is_dragged_in_line_with_a_layer_or_on_the_grid(hands: Hands) -> None:
    id = write(hands, "words", x=620, y=83)
    before = hands.project
    wanted = node_named(hands.project, "b2_l2")
    left, top = hands.canvas.scene.notes.pos[0].tolist()
    hands.drag(on(hands), on(hands) + hands.at(0, wanted.y - top + 3) - hands.at(0, 0))
    assert hands.project.main.notes[id].y == wanted.y
    assert hands.undo_is_one_step(before)
    assert left == 620


def test_its_corner_gives_it_another_size(hands: Hands) -> None:
    id = write(hands, "words")
    before = hands.project
    # Not by 48: the edge would stand half-way between two lines of the grid, and fractions of the view's place decide.
    hands.drag(corner(hands), corner(hands) + hands.at(50, 32) - hands.at(0, 0))
    note = hands.project.main.notes[id]
    assert (note.width, note.height) == (before.main.notes[id].width + 52, before.main.notes[id].height + 32)
    assert (note.x, note.y) == (620, 80)
    assert hands.undo_is_one_step(before)


def test_it_is_selected_with_others_and_moved_with_them(hands: Hands) -> None:
    id = write(hands, "words")
    wanted = node_named(hands.project, "b2_l1").id
    hands.click(on(hands))
    assert (hands.session.selection, hands.session.selected_notes) == (frozenset(), {id})
    hands.click(hands.node("b2_l1"), SHIFT)
    assert hands.session.chosen == {id, wanted}
    before = hands.project
    hands.key(Key.Key_Right)
    assert hands.project.main.notes[id].x == 628
    assert hands.project.main.nodes[wanted].x == before.main.nodes[wanted].x + 8
    hands.drag(hands.node("b2_l1"), hands.node("b2_l1") + hands.at(0, 80) - hands.at(0, 0))
    assert hands.project.main.notes[id].y == 160
    hands.session.undo()
    assert hands.session.chosen == {id, wanted}, "undo gives back what was selected"
    hands.click(on(hands), SHIFT)
    assert hands.session.chosen == {wanted}
    hands.key(Key.Key_A, CTRL)
    assert id in hands.session.chosen
    hands.session.set_selection([])
    hands.drag(hands.at(600, 60), hands.at(700, 120))
    assert hands.session.selected_notes == {id}


def test_keys_delete_copy_and_duplicate_it(hands: Hands) -> None:
    id = write(hands, "words")
    before = hands.project
    hands.click(on(hands))
    hands.key(Key.Key_C, CTRL)
    hands.key(Key.Key_D, CTRL)
    copy = next(iter(hands.session.selected_notes))
    assert copy != id
    assert hands.undo_is_one_step(before)
    hands.move(EMPTY)
    hands.key(Key.Key_V, CTRL)
    assert [note.text for note in hands.project.main.notes.values()] == ["words", "words"]
    assert hands.undo_is_one_step(before)
    hands.session.set_selection([id])
    hands.key(Key.Key_Delete)
    assert not hands.project.main.notes
    assert hands.undo_is_one_step(before)
    assert hands.session.selected_notes == {id}


def test_it_goes_into_a_frame_moves_with_it_and_leaves_it(hands: Hands) -> None:
    id = write(hands, "words", x=-40, y=620)
    hands.session.set_selection([node_named(hands.project, name).id for name in ("b1_l1", "b1_l2", "b1_l3")])
    hands.key(Key.Key_J, CTRL)
    hands.enter()
    hands.session.set_selection([])
    hands.drag(on(hands), hands.node("b1_l2", -160, -10))
    (frame,) = hands.project.main.frames.values()
    assert frame.notes == (id,)
    before = hands.project
    hands.drag(on(hands), hands.at(-150, 500), ALT)
    (frame,) = hands.project.main.frames.values()
    assert frame.notes == ()
    assert hands.undo_is_one_step(before)


def test_colours_and_sizes_are_steps_of_their_own(hands: Hands) -> None:
    id = write(hands, "words")
    hands.session.set_selection([id])
    before = hands.project
    noting.colour(hands.canvas, "green")
    assert hands.project.main.notes[id].colour == "green"
    assert hands.undo_is_one_step(before)
    for _ in range(3):
        noting.resize(hands.canvas, *noting.STEPS["wider"])
    assert hands.project.main.notes[id].width == 256
    assert hands.undo_is_one_step(before)


def test_notes_and_layers_are_lined_up_together(hands: Hands) -> None:
    from studio.gui.canvas import together

    id = write(hands, "words", x=600, y=0)
    noting.colour(hands.canvas, "green")
    wanted = node_named(hands.project, "b2_l1")
    hands.session.apply(lambda project: edits.change_note(project, id, size=(280, 80)), "Resize")
    hands.session.set_selection([id, wanted.id])
    together.align(hands.canvas, "centre")
    note, node = hands.project.main.notes[id], hands.project.main.nodes[wanted.id]
    assert abs(note.x + note.width / 2 - node.x - 92) <= 8
    hands.session.undo()
    together.align(hands.canvas, "right")
    note, node = hands.project.main.notes[id], hands.project.main.nodes[wanted.id]
    assert note.x + note.width == node.x + 184


def test_tab_comes_to_the_notes_after_the_last_layer(hands: Hands) -> None:
    lower, upper = write(hands, "lower", y=300), write(hands, "upper", y=80)
    hands.session.set_selection([node_named(hands.project, "diagnosis").id])
    hands.key(Key.Key_Tab)
    assert hands.session.chosen == {upper}
    hands.key(Key.Key_Tab)
    assert hands.session.chosen == {lower}
    hands.key(Key.Key_Backtab, SHIFT)
    assert hands.session.chosen == {upper}
    hands.key(Key.Key_Right, ALT)
    hands.key(Key.Key_Down, ALT)
    assert hands.session.chosen == {upper}, "a note leads nowhere"


def test_the_search_for_layers_has_it_too(hands: Hands) -> None:
    hands.key(Key.Key_A)
    hands.type("note")
    hands.enter()
    hands.type("words")
    hands.canvas.setFocus()
    assert note_of(hands).text == "words"


@pytest.mark.parametrize("colours", ["light", "dark", "contrast"])
def test_text_on_every_colour_is_easy_to_read(colours: str) -> None:
    now = {"light": theme.LIGHT, "dark": theme.DARK, "contrast": theme.CONTRAST}[colours]
    for colour in ("grey", "blue", "green", "orange", "purple", "red"):
        ground, text = _light(sticky.ground(now, colour)), _light(QColor(now.text))
        assert (max(ground, text) + 0.05) / (min(ground, text) + 0.05) >= 4.5


def _light(colour: QColor) -> float:
    """Relative luminance as WCAG 2.1 has it."""
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_lines_are_the_same_at_every_zoom_and_no_letter_is_lost() -> None:
    text = "Ünï 🧠🧠🧠 çödé wordswithoutanyspacetobreakthem at all\n\nand a paragraph"
    shown, is_whole = sticky.shown(Note("t1", text, width=100, height=400))
    assert is_whole
    assert "".join(shown.split()) == "".join(text.split())


def test_a_name_field_that_opens_over_a_search_is_not_closed_with_it(hands: Hands) -> None:
    """The search gave the focus back to the drawing while the field was being made, which closed the field too."""
    hands.key(Key.Key_A)
    search = hands.canvas.quick_add
    assert search is not None
    hands.canvas.rename(node_named(hands.project, "b1_l1").id)
    field = hands.canvas.name_field
    assert hands.canvas.quick_add is None
    assert field is not None
    assert field.hasFocus()
    hands.type("first")
    hands.enter()
    assert node_named(hands.project, "first")
    write(hands, "words")
    hands.key(Key.Key_A)
    hands.canvas.rename(next(iter(hands.project.main.notes)))
    assert field_of(hands).hasFocus()
