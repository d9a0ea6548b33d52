from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFontInfo, QImage, QPainter
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolButton

from studio.assets import resource
from studio.gui import icons, theme
from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.pictures import draw_card, heat_colour
from studio.gui.theme.sheet import style_sheet

EVERY = pytest.mark.parametrize("colours", theme.THEMES.values(), ids=lambda colours: colours.name)


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QColor(colour).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(autouse=True)
def _light_afterwards(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp, "light")


@EVERY
def test_text_can_be_read(colours: theme.Theme) -> None:
    surfaces = [colours.surface, colours.canvas, colours.node, colours.accent_background, colours.hover]
    for surface in surfaces:
        assert contrast(colours.text, surface) >= 4.5
    for surface in surfaces[:4]:
        assert contrast(colours.secondary, surface) >= 4.5
        assert contrast(colours.accent, surface) >= 4.5
    assert contrast(colours.problem, colours.problem_background) >= 4.5
    assert contrast(colours.problem, colours.surface) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_accent, colours.accent_hover) >= 4.5


@EVERY
def test_every_rule_of_the_style_sheet_gives_text_its_contrast(colours: theme.Theme) -> None:
    """Also placeholders. Disabled text is exempt (WCAG 2.1, success criterion 1.4.3), and can be read all the same."""
    pale = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style_sheet(colours)):
        rule = dict(part.split(":", 1) for part in body.replace("\n", " ").split(";") if ":" in part)
        rule = {name.strip(): value.strip() for name, value in rule.items()}
        own = rule.get("background", "")
        grounds = [own] if own.startswith("#") else [colours.surface, colours.canvas]
        if ":hover" in selector and not own.startswith("#"):
            grounds.append(colours.hover)
        for ink in ("color", "placeholder-text-color"):
            for ground in grounds if rule.get(ink, "").startswith("#") else ():
                least = 2.8 if ":disabled" in selector and 'role="primary"' not in selector else 4.5
                if contrast(rule[ink], ground) < least:
                    pale.append((selector.strip(), ink, ground, round(contrast(rule[ink], ground), 2)))
        if rule.get("selection-color", "").startswith("#"):
            assert contrast(rule["selection-color"], rule["selection-background-color"]) >= 4.5
    assert pale == []


@EVERY
def test_what_is_written_on_nodes_can_be_read(colours: theme.Theme) -> None:
    for level in range(6):
        assert contrast(colours.text, heat_colour(colours, level, colours.node).name()) >= 4.5, level
    pale = Card(title="dense", kind="Dense", shape="(None, 3)", waits_for="before")
    for flags in (0, Flag.BLOCKED, Flag.BYPASSED, Flag.PROBLEM, Flag.FROZEN, Flag.BLOCK):
        card = pale._replace(flags=flags, waits_for="before" if flags == Flag.BLOCKED else "")
        image = QImage(184 * 4, 60 * 4, QImage.Format.Format_RGB32)
        image.fill(QColor(colours.canvas))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(4, 4)
        draw_card(painter, card, 184, 60, colours, is_detailed=True)
        painter.end()
        for what, place in {"name": QRect(14, 12, 40, 14), "second line": QRect(14, 36, 60, 12)}.items():
            part = image.copy(QRect(place.topLeft() * 4, place.size() * 4))
            found = [part.pixelColor(x, y).name() for x in range(part.width()) for y in range(part.height())]
            ground, _ = Counter(found).most_common(1)[0]
            assert max(contrast(each, ground) for each in set(found)) >= 4.5, (what, flags)


SEEN_BY = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
"""Linear red, green and blue as they are seen: Machado, Oliveira and Fernandes (2009), table 1, severity 1."""


def seen(colour: str, eyes: str) -> tuple[float, float, float]:
    """L*, a* and b* of a colour as somebody sees it, under D65."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    parts = [linear(part) for part in QColor(colour).getRgbF()[:3]]
    red, green, blue = (
        min(1.0, max(0.0, sum(factor * part for factor, part in zip(row, parts, strict=True)))) for row in SEEN_BY[eyes]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (each ** (1 / 3) if each > 0.008856 else 7.787 * each + 16 / 116 for each in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@EVERY
@pytest.mark.parametrize("eyes", SEEN_BY)
def test_operations_look_like_no_other_family(colours: theme.Theme, eyes: str) -> None:
    """They stand between the layers of all families; a difference of 2.3 is just noticed."""
    own = colours.families["operations"]
    assert contrast(own, colours.node) >= 4.5
    assert contrast(own, colours.surface) >= 4.5
    for family, colour in {**colours.families, "a problem": colours.problem}.items():
        if family != "operations":
            assert math.dist(seen(own, eyes), seen(colour, eyes)) > 10, family


@EVERY
@pytest.mark.parametrize("part", ["keyword", "string", "number", "comment", "definition"])
def test_code_can_be_read_also_on_the_lines_of_the_selected_node(colours: theme.Theme, part: str) -> None:
    colour = asdict(colours)[f"code_{part}"]
    assert contrast(colour, colours.surface) >= 4.5
    assert contrast(colour, colours.accent_background) >= 4.5


@EVERY
def test_family_strips_stand_out(colours: theme.Theme) -> None:
    assert set(colours.families) >= {"io", "core", "merging", "preprocessing"}
    for colour in colours.families.values():
        assert contrast(colour, colours.node) >= 2.9


@EVERY
def test_the_style_sheet_has_no_hole_and_its_pictures_exist(colours: theme.Theme) -> None:
    sheet = style_sheet(colours)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    names = re.findall(r"url\(icons:(.+?)\)", sheet)
    assert names
    assert all(resource("icons", name).is_file() for name in names)


@EVERY
def test_the_arrows_of_the_file_chooser_are_seen(qapp: QApplication, qtbot, colours: theme.Theme) -> None:
    """Where Qt's own chooser is shown, its arrows are black: in the dark theme nobody saw them."""
    theme.apply(qapp, colours.name)
    chooser = QFileDialog()
    qtbot.addWidget(chooser)
    chooser.setOption(QFileDialog.Option.DontUseNativeDialog)
    for name in ("backButton", "forwardButton", "toParentButton"):
        button = chooser.findChild(QToolButton, name)
        assert button is not None
        picture = button.icon().pixmap(16).toImage()
        pixels = (picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height()))
        drawn = [pixel.name() for pixel in pixels if pixel.alpha() == 255]
        assert drawn
        assert max(contrast(pixel, colours.surface) for pixel in drawn) >= 3


def test_apply_changes_colours_and_tells_once(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    told: list[str] = []

    def listen() -> None:
        told.append(theme.current().name)

    theme.notifier.changed.connect(listen)
    theme.apply(qapp, "dark")
    theme.apply(qapp, "dark")
    theme.apply(qapp, "light")
    theme.notifier.changed.disconnect(listen)
    assert told == ["dark", "light"]
    assert qapp.palette().window().color() == QColor(theme.LIGHT.surface)


def test_system_without_a_scheme_is_light(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    theme.apply(qapp, "system")
    assert theme.current() is theme.LIGHT


def test_the_shipped_fonts_are_used(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    assert QFontInfo(theme.ui_font(13)).family() == "Inter"
    assert QFontInfo(theme.mono_font(12)).family() == "JetBrains Mono"
    assert theme.ui_font(16).pixelSize() == 16


def test_a_role_can_change_later(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    label = QLabel("no loss")
    label.ensurePolished()
    theme.set_role(label, "title")
    label.ensurePolished()
    assert label.font().pixelSize() == 16
    button = QPushButton("Train")
    theme.set_role(button, "primary")
    button.ensurePolished()
    assert button.palette().buttonText().color() == QColor(theme.LIGHT.on_accent)


def test_unknown_family_is_grey() -> None:
    assert theme.family_colour("of a newer Keras") == theme.family_colour("regularization")


@pytest.mark.parametrize("name", sorted(icons.NAMES))
def test_every_picture_can_be_painted(qapp: QApplication, name: str) -> None:
    image = icons.pixmap(name, 16).toImage()
    assert any(image.pixelColor(x, y).alpha() > 0 for x in range(image.width()) for y in range(image.height()))


def test_a_picture_on_a_button_follows_the_theme(qapp: QApplication) -> None:
    def colour() -> QColor:
        return button.icon().pixmap(16, 16).toImage().pixelColor(8, 8)

    theme.apply(qapp, "light")
    button = QPushButton()
    icons.attach(button, "stop", "text")
    icons.attach(button, "stop", "accent")
    assert colour() == QColor(theme.LIGHT.accent)
    theme.apply(qapp, "dark")
    assert colour() == QColor(theme.DARK.accent)


def test_high_contrast_is_what_it_says() -> None:
    colours = theme.CONTRAST
    for surface in (colours.surface, colours.canvas, colours.node, colours.accent_background, colours.hover):
        for text in (colours.text, colours.secondary):
            assert contrast(text, surface) >= 7
    for line in (colours.edge, colours.border, colours.accent, *colours.families.values()):
        assert contrast(line, colours.canvas) >= 7


def test_high_contrast_is_chosen_by_name(qapp: QApplication) -> None:
    theme.apply(qapp, "contrast")
    assert theme.current() is theme.CONTRAST
