"""Colour is never alone: what is told by a colour is told as well where all colours are one."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import icons, theme
from studio.gui.canvas import marks, minimap
from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.heat import Warmth
from studio.gui.canvas.painter import Painter
from studio.gui.canvas.pictures import draw_card
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.view import View
from studio.gui.data.class_bars import draw_parts
from studio.gui.training.curve_plot import CurvePlot
from studio.gui.training.lines import RunLines
from tests.gui.canvas.drawing import FakeSession, chain
from tests.gui.training.conftest import curve_run

ONE = "#444444"
GREY = replace(
    theme.LIGHT,
    **dict.fromkeys(
        ("text", "secondary", "faint", "accent", "accent_hover", "edge", "border", "hatch", "training", "validation",
         "problem", "warning"), ONE,
    ),
    problem_background=theme.LIGHT.surface,
    accent_background=theme.LIGHT.surface,
    canvas=theme.LIGHT.surface,
    families=dict.fromkeys(theme.LIGHT.families, ONE),
)  # fmt: skip
"""One grey for all that is drawn and written, one white for all that is behind it."""


@pytest.fixture(autouse=True)
def _grey(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    theme.apply(qapp, "light")
    monkeypatch.setattr(sys.modules["studio.gui.theme.apply"], "_theme", GREY)


def drawn(size: tuple[int, int], draw) -> bytes:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(GREY.surface))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return bytes(image.constBits())


def all_differ(pictures: dict[str, bytes]) -> None:
    same = [(one, other) for one in pictures for other in pictures if one < other and pictures[one] == pictures[other]]
    assert same == []


@pytest.mark.parametrize("is_detailed", [True, False])
def test_each_state_of_a_node_has_a_mark(is_detailed: bool) -> None:
    states = {
        "plain": 0, "problem": Flag.PROBLEM, "warning": Flag.WARNING, "blocked": Flag.BLOCKED,
        "bypassed": Flag.BYPASSED, "block": Flag.BLOCK, "bookmark": Flag.MARKED,
    }  # fmt: skip
    if is_detailed:
        states |= {"shared": Flag.SHARED, "frozen": Flag.FROZEN}
    card = Card(title="dense", kind="Dense", shape="(None, 3)", parameters=9)

    def picture(flags: int, warmth: Warmth | None = None) -> bytes:
        def draw(painter: QPainter) -> None:
            painter.translate(12, 12)
            told = card._replace(flags=flags, waits_for="before" if flags == Flag.BLOCKED else "")
            draw_card(painter, told, 184, 60, GREY, is_detailed=is_detailed, warmth=warmth)

        return drawn((210, 90), draw)

    pictures = {name: picture(flags) for name, flags in states.items()}
    pictures |= {f"heat {share}": picture(0, Warmth(3, share, None)) for share in (0.2, 0.6, 1.0)}
    all_differ(pictures)


def test_signs_differ_in_shape() -> None:
    def sign(kind: str) -> bytes:
        return drawn((24, 24), lambda painter: marks.sign(painter, marks.QPointF(12, 12), kind, GREY))

    all_differ({kind: sign(kind) for kind in ("problem", "warning", "added", "removed", "changed")})

    def severity(name: str) -> bytes:
        return drawn((24, 24), lambda painter: icons.paint(painter, name, QRectF(4, 4, 16, 16), ONE))

    all_differ({name: severity(name) for name in ("error", "warning", "hint")})


@pytest.mark.parametrize("scale", [0.05, 0.2])
def test_from_afar_a_problem_and_a_change_have_their_signs(qapp: QApplication, scale: float) -> None:
    session = FakeSession(chain("Input", "Dense", "Dense", "Output"))
    scene = Scene(session)
    scene.load(session.project)
    x, y = scene.pos.min(axis=0).tolist()
    view = View(scale, 20 - x * scale, 20 - y * scale)

    def picture(flags: int = 0, **versions: str) -> bytes:
        scene.flags[1] = flags
        scene.versions = versions  # type: ignore[assignment]
        return drawn(
            (200, 200), lambda painter: Painter().paint(painter, scene, view, QRectF(0, 0, 200, 200), theme.current())
        )

    node = scene.ids[1]
    all_differ(
        {
            "plain": picture(),
            "problem": picture(Flag.PROBLEM),
            "warning": picture(Flag.WARNING),
            "added": picture(**{node: "added"}),
            "changed": picture(**{node: "changed"}),
        }
    )


def test_the_map_has_signs_of_problems() -> None:
    session = FakeSession(chain("Input", *["Dense"] * 20, "Output"))
    scene = Scene(session)
    scene.load(session.project)

    def picture() -> bytes:
        def draw(painter: QPainter) -> None:
            minimap.paint_nodes(painter, scene, (0.05, 60, 10), GREY)
            minimap.paint_problems(painter, scene, (0.05, 60, 10), GREY)

        return drawn((136, 96), draw)

    before = picture()
    scene.flags[5] |= Flag.PROBLEM
    assert picture() != before


def test_parts_of_the_rows_differ() -> None:
    counts = {"training": (1, 0, 0), "validation": (0, 1, 0), "test": (0, 0, 1)}

    def bar(of: tuple[int, int, int]) -> bytes:
        return drawn((80, 20), lambda painter: draw_parts(painter, QRectF(4, 4, 60, 8), of))

    all_differ({name: bar(of) for name, of in counts.items()})


def test_lines_of_a_run_differ_and_each_run_has_its_name(qtbot: QtBot, qapp: QApplication) -> None:
    plot = CurvePlot("loss")
    qtbot.addWidget(plot)
    plot.resize(560, 240)
    plot.show()
    qtbot.waitExposed(plot)
    runs = [curve_run(number=number) for number in (1, 2, 3)]
    plot.show_runs(runs, runs[2])
    lines: dict[object, RunLines] = plot._lines  # type: ignore[assignment]
    for run in runs:
        assert lines[run].training.pen.style() != lines[run].validation.pen.style()
    texts = [{label.text for label in lines[run].labels if label.place is not None} for run in runs]
    assert texts[0] == {"run 1"}
    assert texts[1] == {"run 2"}
    assert {text.split()[0] for text in texts[2]} == {"train", "validation"}
    boxes = [plot._layer.label_box(label) for run in runs for label in lines[run].labels]
    shown = [box for box in boxes if box is not None]
    assert not any(one.intersects(other) for at, one in enumerate(shown) for other in shown[:at])
    assert all(box.right() <= plot.width() for box in shown)
