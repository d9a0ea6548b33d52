"""Files of figures: every format opens again and looks alike, and what fails is a sentence."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from studio.core import edits
from studio.core.project import Project
from studio.gui import figure
from studio.gui.figure import LOOKS, FigureError, FigureLook
from studio.gui.theme import DARK
from studio.storage import atomic
from tests.gui.canvas.drawing import many, two_branch_answers, two_branches
from tests.gui.figure.reading import drawn
from tests.support.catalog import CATALOG
from tests.support.graphs import graph

pytestmark = pytest.mark.usefixtures("qapp")


def everything() -> Project:
    """A drawing with all that can be on a figure: a block, a second call, hatching, a folded node, a frame, a note."""
    project = two_branches()
    ids = {node.name: node.id for node in project.main.nodes.values()}
    project = edits.share(project, ids["b1_l1"], 700.0, 100.0)
    project = edits.set_bypassed(project, [ids["b1_l2"]], True)
    project = edits.set_folded(project, [ids["b1_l3"]], True)
    project = edits.make_frame(project, [ids["b2_l1"], ids["b2_l2"]], "Right side")
    project = edits.make_block(project, CATALOG, [ids["b2_l3"]], "last")
    return edits.add_note(project, "Why so\n   narrow?", x=900, y=300)


class Wordless(QPainter):
    def drawText(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.parametrize("style", LOOKS)
def test_an_svg_looks_like_the_png(style: str) -> None:
    """Two painters say the same, but for letters, which Qt's reader of SVG writes in a font of its own."""
    whole = drawn(everything(), look=LOOKS[style])

    def pixels(paint: Callable[[QPainter], object], painter_class: type[QPainter]) -> np.ndarray:
        image = QImage(int(whole.width), int(whole.height), QImage.Format.Format_RGB32)
        painter = painter_class(image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing)
        paint(painter)
        painter.end()
        return np.array(image.constBits()).reshape(-1, 4).astype(int)

    wordless = re.sub(rb"<text .*?</text>", b"", figure.content(whole, ".svg"), flags=re.DOTALL)
    differs = np.abs(pixels(whole.paint, Wordless) - pixels(QSvgRenderer(QByteArray(wordless)).render, QPainter))
    assert differs.max(axis=1).mean() < 0.2
    assert (differs.max(axis=1) > 64).mean() < 0.0005


@pytest.mark.parametrize("style", LOOKS)
def test_drawing_twice_gives_the_same_svg(style: str) -> None:
    project = two_branches()
    answers = two_branch_answers(project)
    one, other = (figure.content(drawn(project, answers, look=LOOKS[style]), ".svg") for _ in range(2))
    assert one == other


def test_the_formats_open_again(tmp_path: Path) -> None:
    project = two_branches()
    answers = two_branch_answers(project)
    paths = {ending: tmp_path / f"figure{ending}" for ending in (".svg", ".pdf", ".png", ".PNG")}
    for path in paths.values():
        figure.write(path, project, CATALOG, answers, look=FigureLook(scale=2.0, dpi=48))
    size = QSvgRenderer(str(paths[".svg"])).viewBox().size()
    image = QImage(str(paths[".png"]))
    assert image.size() == size
    assert image.dotsPerMeterX() == round(48 / 0.0254)
    pdf = paths[".pdf"].read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    (box,) = re.findall(rb"/MediaBox \[([\d. ]+)\]", pdf)
    width, height = (float(part) for part in box.split()[2:])
    assert (width, height) == pytest.approx((size.width() * 1.5, size.height() * 1.5), abs=1)
    assert b"/FontFile" in pdf, "text of a PDF is text, with its font"
    assert list(tmp_path.glob("*.tmp")) == []


def test_a_landscape_pdf_is_not_turned() -> None:
    project = edits.move(graph("a:Dense(units=1); b:Dense(units=1)"), {"n1": (0.0, 0.0), "n2": (2000.0, 0.0)})
    (box,) = re.findall(rb"/MediaBox \[([\d. ]+)\]", figure.content(drawn(project), ".pdf"))
    width, height = (float(part) for part in box.split()[2:])
    assert width > 10 * height


def test_backgrounds() -> None:
    project = two_branches()
    for style, colour in (("dark", DARK.canvas), ("paper", "#ffffff")):
        image = QImage.fromData(figure.content(drawn(project, look=FigureLook(style)), ".png"))
        assert image.pixelColor(0, 0).name() == colour.lower()
    clear = QImage.fromData(figure.content(drawn(project, look=FigureLook("paper", is_transparent=True)), ".png"))
    assert clear.pixelColor(0, 0).alpha() == 0
    assert clear.pixelColor(clear.width() // 2, 60).alpha() == 255


def sentence(path: Path, project: Project, **asked) -> str:
    with pytest.raises(FigureError) as caught:
        figure.write(path, project, CATALOG, {}, **asked)
    return str(caught.value)


def test_failures_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = two_branches()
    assert sentence(tmp_path / "x.jpg", project) == "x.jpg should end with .svg, .pdf or .png."
    assert sentence(tmp_path / "x.svg", Project()) == "There is nothing to draw: the drawing is empty."
    assert sentence(tmp_path / "x.svg", project, only={"n999"}).startswith("There is nothing to draw")
    gone = tmp_path / "gone" / "x.svg"
    assert sentence(gone, project) == f"x.svg was not written to {gone.parent}: No such file or directory."
    far = edits.move(project, {"n1": (1e5, 1e5)})
    assert re.search(r"Take at most \d+ dpi, or an SVG", sentence(tmp_path / "x.png", far, look=FigureLook(dpi=600)))

    (tmp_path / "x.svg").write_text("old")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(atomic, "_write_all", full)
    told = sentence(tmp_path / "x.svg", project)
    assert told == f"x.svg was not written to {tmp_path}: No space left on device."
    assert [path.name for path in tmp_path.iterdir()] == ["x.svg"]
    assert (tmp_path / "x.svg").read_text() == "old"


@pytest.mark.parametrize("x", [float("nan"), float("inf"), 1e300, -1e9])
def test_a_place_out_of_this_world_is_a_sentence(tmp_path: Path, x: float) -> None:
    project = graph("a:Dense(units=1); b:Dense(units=1)")
    nodes = {**project.main.nodes, "n1": replace(project.main.nodes["n1"], x=x)}
    project = replace(project, main=replace(project.main, nodes=nodes))
    for ending in (".svg", ".pdf", ".png"):
        assert "stands too far from the others" in sentence(tmp_path / f"x{ending}", project)


def test_a_huge_drawing_still_fits_a_pdf_page() -> None:
    far = edits.move(two_branches(), {"n1": (0.0, 60_000.0)})
    (box,) = re.findall(rb"/MediaBox \[([\d. ]+)\]", figure.content(drawn(far), ".pdf"))
    assert max(float(part) for part in box.split()) <= 14_400


@pytest.mark.parametrize("style", LOOKS)
def test_a_large_drawing_is_quick(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    project = many(180)
    begin = time.process_time()
    content = figure.content(drawn(project, look=LOOKS[style]), ".svg")
    took_ms = (time.process_time() - begin) * 1000
    with capsys.disabled():
        print(f"\n{style}: 180 nodes as SVG in {took_ms:.0f} ms, {len(content) // 1000} kB")
    assert took_ms < 5000  # a guard against the absurd, no measurement
