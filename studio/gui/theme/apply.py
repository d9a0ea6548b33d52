"""Puts a theme on the application, and tells everybody when it changed."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from studio.assets import resource
from studio.gui.theme.fonts import load_fonts, ui_font
from studio.gui.theme.restyling import Restyling
from studio.gui.theme.sheet import style_sheet
from studio.gui.theme.tokens import CONTRAST, DARK, LIGHT, THEMES, Theme

Choice = Literal["system", "light", "dark", "contrast"]


class Notifier(QObject):
    """Says when the colours in use became others."""

    changed = Signal()


notifier = Notifier()
_theme: Theme = LIGHT
_choice: Choice = "system"
_followed: QApplication | None = None
_restyling: Restyling | None = None
_type_scale = 1.0


def current() -> Theme:
    """The colours in use. Ask again at each paint; do not keep them."""
    return _theme


def family_colour(family: str) -> str:
    """The colour of a layer family; an unknown one (a layer of a newer Keras) is grey."""
    return _theme.families.get(family, _theme.families["regularization"])


def type_scale() -> float:
    """How many times as large type is shown: more than 1 while something is presented."""
    return _type_scale


def set_type_scale(scale: float, *, in_turns: bool = False) -> None:
    """Show the type of all widgets so many times as large; what is painted by hand asks ``type_scale``.

    ``in_turns`` as for ``apply``.
    """
    global _type_scale
    if _followed is not None and scale != _type_scale:
        _type_scale = scale
        _put_on(_followed, _wanted(_followed), force=True, in_turns=in_turns)


def is_settled() -> bool:
    """Whether all widgets have the look that was asked for last."""
    return _restyling is None or _restyling.is_settled


def set_role(widget: QWidget, role: str) -> None:
    """Choose a variant of the style sheet for this widget, also after it was shown."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it gets its style when it is first shown; asking now would cost a millisecond for nothing
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def apply(app: QApplication, choice: Choice = "system", *, in_turns: bool = False) -> None:
    """Give the application its style, fonts and colours. Cheap to call again; the same theme twice does nothing.

    ``in_turns``: return at once; widgets change a few at a time, and what is seen keeps its last picture meanwhile.
    """
    global _choice, _followed, _restyling
    _choice = choice
    is_first = _followed is not app
    if is_first:
        _followed = app
        _restyling = Restyling(app)
        load_fonts()
        QDir.setSearchPaths("icons", [str(resource("icons"))])
        app.setStyle("Fusion")
        app.setFont(ui_font(13))
        app.styleHints().colorSchemeChanged.connect(_on_system_scheme)
    # The window frame of macOS and Windows follows this; on offscreen and bare X it changes nothing.
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "contrast": Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
    _put_on(app, _wanted(app), force=is_first, in_turns=in_turns)


def _wanted(app: QApplication) -> Theme:
    if _choice != "system":
        return THEMES[_choice]
    if _wants_contrast(app):
        return CONTRAST
    return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def _wants_contrast(app: QApplication) -> bool:
    """Whether the system asks for high contrast; Qt tells it from 6.10 on."""
    accessibility = getattr(app.styleHints(), "accessibility", None)
    if accessibility is None:
        return False
    return bool(accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


def _on_system_scheme() -> None:
    if _followed is not None:
        _put_on(_followed, _wanted(_followed), in_turns=True)


def _put_on(app: QApplication, theme: Theme, *, force: bool = False, in_turns: bool = False) -> None:
    assert _restyling is not None
    if theme is _theme and not force and _restyling.is_settled:
        return
    scale = _type_scale

    def exchange() -> str:
        global _theme
        _theme = theme
        app.setPalette(_palette(theme))
        return style_sheet(theme, scale)

    _restyling.begin(exchange, notifier.changed.emit, in_turns=in_turns)


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.surface,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.canvas,
        role.Text: theme.text,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.problem,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.secondary,
        role.Highlight: theme.accent_background,
        role.HighlightedText: theme.text,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.surface,
        role.Midlight: theme.hover,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Shadow: theme.border,
        role.Accent: theme.accent,
    }
    palette = QPalette()
    for key, colour in colours.items():
        palette.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.faint))
    return palette
