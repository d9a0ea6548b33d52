"""What is drawn around the nodes of a figure: frames, their titles, and notes."""

from __future__ import annotations

import pytest

from studio.core import edits
from studio.gui.figure import LOOKS
from tests.gui.canvas.drawing import node_named, two_branches
from tests.gui.figure.reading import SVG, drawn, svg, texts

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("style", LOOKS)
def test_frames_are_on_figures_with_their_nodes(style: str) -> None:
    project = two_branches()
    inside = [node_named(project, name).id for name in ("b1_l1", "b1_l2")]
    framed = edits.set_folded(edits.make_frame(project, inside, "Left side"), inside[:1], True)
    assert "Left side" in texts(svg(framed, look=LOOKS[style]))
    assert "Left side" not in texts(svg(framed, look=LOOKS[style], only=inside[:1]))
    alone = drawn(framed, look=LOOKS[style], only=inside)
    assert alone.height > drawn(project, look=LOOKS[style], only=inside).height


@pytest.mark.parametrize("style", LOOKS)
def test_the_title_of_a_frame_is_written_over_the_edges_that_come_in(style: str) -> None:
    project = two_branches()
    inside = [node_named(project, name).id for name in ("m1_l1", "m1_l2")]
    tree = svg(edits.make_frame(project, inside, "A name that reaches to the other end"), look=LOOKS[style])
    (root,) = (element for element in tree if element.tag == f"{SVG}g")
    drawn_in_order = [each for each in root if each.tag != f"{SVG}g"]
    edge = max(at for at, each in enumerate(drawn_in_order) if each.tag == f"{SVG}path")
    title = next(at for at, each in enumerate(drawn_in_order) if "A name" in "".join(each.itertext()))
    assert edge < title - 1
    patch, text = drawn_in_order[title - 1], drawn_in_order[title]
    assert patch.tag == f"{SVG}rect"
    assert float(patch.attrib["x"]) < float(text.attrib["x"])
    assert float(patch.attrib["width"]) > float(text.attrib["textLength"])


@pytest.mark.parametrize("style", LOOKS)
def test_notes_are_on_figures_with_all_of_the_drawing_or_where_they_are_chosen(style: str) -> None:
    project = edits.add_note(two_branches(), "Why so\nnarrow?", x=900, y=0)
    (note,) = project.main.notes
    assert {"Why so", "narrow?"} <= set(texts(svg(project, look=LOOKS[style])))
    assert drawn(project, look=LOOKS[style]).width > drawn(two_branches(), look=LOOKS[style]).width
    assert "Note: Why so narrow?" in drawn(project, look=LOOKS[style]).described()
    one = node_named(project, "b1_l1").id
    assert "Why so" not in texts(svg(project, look=LOOKS[style], only=[one]))
    assert "Why so" in texts(svg(project, look=LOOKS[style], only=[one, note]))
