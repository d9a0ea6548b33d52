"""What is painted, at every level of detail, on pictures of any density."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.problem import Problem
from studio.core.project import MAIN, Project
from studio.gui import theme
from studio.gui.canvas import areas, lettering
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.look import Look
from studio.gui.canvas.numbers import short_count
from studio.gui.canvas.painter import Painter
from studio.gui.canvas.pictures import DETAIL_SCALE, draw_card
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.view import View
from studio.protocol import Answer
from studio.workbench.examples import Example, examples
from tests.gui.canvas.drawing import (
    FakeSession,
    many,
    node_named,
    shape_answer,
    two_branch_answers,
    two_branches,
)

SCALES = (0.05, 0.2, 0.45, 0.6, 1.0, 1.7)


@pytest.fixture(autouse=True)
def _fonts(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


def full_scene(project: Project | None = None) -> Scene:
    """The two-branch drawing with answers, a problem, a waiting node and a selected one."""
    project = project or two_branches()
    session = FakeSession(project)
    if project.title == "two_branches":
        session.answers = two_branch_answers(project)
        merge = node_named(project, "m1_l1").id
        session.answers[node_named(project, "m1_l2").id] = Answer(blocked_by=(merge,))
        session.problems = (Problem("shape", "m1_l1 joins pictures and rows: flatten the pictures.", node=merge),)
    scene = Scene(session)
    scene.load(project)
    scene.select([scene.ids[2]])
    return scene


def painted(
    scene: Scene, view: View, parts: list[QRect] | None = None, colours=theme.LIGHT, ratio: float = 1.0
) -> QImage:
    """A picture of 900x640, made in one go or part by part."""
    image = QImage(int(900 * ratio), int(640 * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("magenta"))
    painter, pen = Painter(), QPainter(image)
    for part in parts or [QRect(0, 0, 900, 640)]:
        pen.setClipRect(part)
        painter.paint(pen, scene, view, QRectF(part), colours, Look(shows_shapes=True, lit_edge=1))
    pen.end()
    assert painter.is_complete
    return image


def colours_of(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=lambda theme: theme.name)
def test_every_level_of_detail_shows_families_problem_and_canvas(scale: float, colours) -> None:
    image = painted(full_scene(), View(scale, 20.0, 20.0), colours=colours)
    found = colours_of(image)
    assert colours.canvas.lower() in found
    assert "#ff00ff" not in found
    if scale >= 0.2:
        assert colours.families["core"].lower() in found
        assert colours.problem.lower() in found


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("large", [False, True])
def test_parts_painted_one_by_one_make_the_same_picture(scale: float, large: bool) -> None:
    """Partial updates must not be seen: every random tiling gives the picture of one full paint."""
    pick = random.Random(int(scale * 100))
    scene = full_scene(many(300) if large else None)
    view = View(scale, -40.5, 13.0)
    xs = sorted({0, 900, *(pick.randrange(1, 900) for _ in range(4))})
    ys = sorted({0, 640, *(pick.randrange(1, 640) for _ in range(3))})
    tiles = [
        QRect(left, top, right - left, bottom - top)
        for left, right in itertools.pairwise(xs)
        for top, bottom in itertools.pairwise(ys)
    ]
    whole, tiled = painted(scene, view), painted(scene, view, tiles)
    apart = np.abs(pixels(whole).astype(int) - pixels(tiled).astype(int)).max(axis=2)
    if scale >= DETAIL_SCALE:
        assert not apart.any()
    # From afar edges are drawn with Qt's quick cosmetic strokes, which it cuts where the clip ends.
    assert apart.max() <= 24
    assert (apart > 0).sum() < 400


def pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)


@pytest.mark.parametrize("ratio", [1.5, 2.0])
def test_dense_screens_get_sharp_pictures_of_the_same_size(ratio: float) -> None:
    scene = full_scene()
    image = painted(scene, View(1.0, 20, 20), ratio=ratio)
    body = QColor(theme.LIGHT.node).name()
    slot = scene.slot[scene.ids[1]]
    x, y = (scene.pos[slot] + 20).tolist()
    for dx, dy in ((100, 5), (90, 55)):
        assert image.pixelColor(int((x + dx) * ratio), int((y + dy) * ratio)).name() == body
    assert image.pixelColor(int((x - 8) * ratio), int((y + 30) * ratio)).name() != body


def test_a_long_name_and_a_large_shape_stay_on_the_card() -> None:
    """Nothing is painted beyond the card, whatever is written on it."""
    project = two_branches()
    session = FakeSession(project)
    id = node_named(project, "b1_l1").id
    session.answers = {id: shape_answer(None, 1024, 1024, 1024, 512, parameters=123_456_789_012)}
    scene = Scene(session)
    scene.load(project)

    card = scene.cards[scene.slot[id]]._replace(title="a_name_that_is_much_longer_than_any_node_can_show")
    image = QImage(260, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(30, 20)
    draw_card(painter, card, 184, 60, theme.LIGHT, is_detailed=True)
    painter.end()
    outside = [(x, y) for x in range(260) for y in range(100) if not (26 <= x <= 218 and 16 <= y <= 86)]
    assert not any(image.pixelColor(x, y).alpha() for x, y in outside)
    right_margin = {image.pixelColor(x, y).name() for x in range(206, 212) for y in range(28, 72)}
    assert right_margin == {QColor(theme.LIGHT.node).name()}


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (999, "999"), (1_500, "1.5k"), (23_851_784, "23.9M"), (15_000_000_000, "15G")]
)
def test_short_counts(count: int, text: str) -> None:
    assert short_count(count) == text


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("dense", "Dense · relu", "Dense · relu"),
        ("a_hidden_layer", "Dense · sigmoid", "Dense"),
        ("batch_normalization_1", "BatchNormalization", ""),
        ("time_distributed", "TimeDistributed · relu", "relu"),
    ],
)
def test_a_name_that_tells_the_type_needs_no_type_beside_it(name: str, kind: str, shown: str) -> None:
    from PySide6.QtGui import QFont, QFontMetricsF

    title = QFontMetricsF(theme.ui_font(13.5, QFont.Weight.DemiBold)).horizontalAdvance(name)
    assert lettering.fitting_kind(Card(name, kind), 148 - title) == shown


def test_where_time_is_short_the_rest_follows(qtbot) -> None:
    """A budget of nothing leaves placeholders, and says that more is to come."""
    scene, painter = full_scene(many(300)), Painter()
    image = QImage(900, 640, QImage.Format.Format_ARGB32_Premultiplied)
    pen = QPainter(image)
    painter.paint(pen, scene, View(0.5, 20, 20), QRectF(0, 0, 900, 640), theme.LIGHT, Look(budget_ms=0.0))
    assert not painter.is_complete
    painter.paint(pen, scene, View(0.5, 20, 20), QRectF(0, 0, 900, 640), theme.LIGHT, Look(budget_ms=1e6))
    assert painter.is_complete
    pen.end()


def test_a_canvas_that_was_short_of_time_completes_by_itself(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.gui.canvas.stage.PICTURE_BUDGET_MS", 0.3)
    canvas = Canvas(FakeSession(many(200)))
    qtbot.addWidget(canvas)
    canvas.resize(1600, 1000)
    canvas.show()
    qtbot.waitExposed(canvas)
    qtbot.waitUntil(lambda: canvas.painter.is_complete and not canvas.camera.is_refining)


def test_the_theme_can_change_under_a_drawing(qtbot, qapp: QApplication) -> None:
    canvas = Canvas(FakeSession(two_branches()))
    qtbot.addWidget(canvas)
    canvas.resize(900, 640)
    canvas.show()
    qtbot.waitExposed(canvas)
    theme.apply(qapp, "dark")
    found = colours_of(canvas.grab().toImage())
    assert theme.DARK.canvas.lower() in found
    assert theme.DARK.node.lower() in found
    assert theme.LIGHT.canvas.lower() not in found
    theme.apply(qapp, "light")


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_the_names_of_the_gallery_are_whole_at_both_sizes(example: Example) -> None:
    project = example.project()
    scene = Scene(FakeSession(project))
    for key in (MAIN, *project.blocks):
        scene.load(project, key)
        for card in scene.cards:
            marks = 20 * bool(card.flags & Flag.SHARED) + 20 * bool(card.flags & Flag.FROZEN)
            line = lettering.first_line(card, 148 - marks)
            assert line.title == card.title
            assert "…" not in line.kind
            assert "…" not in "".join(lettering.name_alone(card.title, 156, is_low=False)[1])


def test_letters_get_smaller_before_anything_is_left_out() -> None:
    fonts = [lettering.first_line(Card("x" * count, "Dense · relu"), 148) for count in range(4, 40)]
    order = [("title", "Dense · relu"), ("title", "Dense"), ("small title", "Dense"), ("smallest title", "Dense")]
    seen = list(dict.fromkeys((line.title_font, line.kind) for line in fonts if "…" not in line.title))
    assert seen[:2] == order[:2]
    assert next(font for font, _ in seen if font != "title") == "small title"
    assert "…" in fonts[-1].title
    assert fonts[-1].kind == "Dense"


def test_the_activation_stays_where_small_letters_give_it_room() -> None:
    """In the usual names of Keras, dense_1 to dense_9, some digits are wider: beside dense_3 it was left out."""
    room = 184 - 14 - 12 - 10
    lines = {name: lettering.first_line(Card(name, "Dense · softmax"), room) for name in ("dense_1", "dense_3")}
    assert {line.kind for line in lines.values()} == {"Dense · softmax"}
    assert {line.title_font for line in lines.values()} == {"title"}


def test_a_name_alone_takes_two_lines_before_it_is_cut() -> None:
    assert lettering.name_alone("dense", 156, is_low=False) == ("large", ("dense",))
    assert lettering.name_alone("global_average_pooling2d", 156, is_low=False)[1] == ("global_average_", "pooling2d")
    assert "…" in lettering.name_alone("global_average_pooling2d", 156, is_low=True)[1][0]
    assert "…" in lettering.name_alone("x" * 60, 156, is_low=False)[1][0]


@pytest.mark.parametrize("scale", [0.45, 1.0])
def test_the_title_of_a_frame_is_read_over_an_edge_that_comes_in(scale: float) -> None:
    project = two_branches()
    inside = [node_named(project, name).id for name in ("m1_l2", "diagnosis")]
    scene = full_scene(edits.make_frame(project, inside, "Far along: llllllllllll"))
    view = View(scale, 20.0, 20.0)
    left, top, right, _ = areas.area(scene, 0)
    edge = next(k for k in range(len(scene.edges)) if scene.edges[k].target.node == inside[0])
    x, _ = view.to_widget(*scene.edges.chain(edge)[-1].tolist())
    assert view.to_widget(left, top)[0] < x < view.to_widget(right, top)[0]
    _, y = view.to_widget(left, top)
    pictures = []
    for without in (-1, edge):
        image = QImage(900, 640, QImage.Format.Format_ARGB32_Premultiplied)
        pen = QPainter(image)
        Painter().paint(pen, scene, view, QRectF(0, 0, 900, 640), theme.LIGHT, without_edge=without)
        pen.end()
        pictures.append(pixels(image)[:, int(x) - 2 : int(x) + 3].copy())
    apart = np.abs(pictures[0].astype(int) - pictures[1].astype(int)).max(axis=(1, 2))
    text = int(y + max(3, 8 * scale)) + 2
    assert not apart[text : text + 9].any()
    assert apart.any(), "elsewhere the edge is seen"
