"""How the program looks: colours by role, fonts, and the style of every widget, in one place.

``current()`` is the set of colours in use; who paints by hand asks it at paint time, or listens to
``notifier.changed`` and repaints. Widgets get their look from the application's style sheet; a few variants are chosen
by the dynamic property ``role`` (see ``sheet``): ``theme.set_role(button, "primary")``.

Does not belong here: pictures (``studio.gui.icons``) and sizes that only one panel uses.
"""

from studio.gui.theme.apply import (
    Choice,
    apply,
    current,
    family_colour,
    is_settled,
    notifier,
    set_role,
    set_type_scale,
    type_scale,
)
from studio.gui.theme.fonts import load_fonts, mono_font, ui_font
from studio.gui.theme.tokens import CONTRAST, DARK, LIGHT, THEMES, Theme

__all__ = [
    "CONTRAST",
    "DARK",
    "LIGHT",
    "THEMES",
    "Choice",
    "Theme",
    "apply",
    "current",
    "family_colour",
    "is_settled",
    "load_fonts",
    "mono_font",
    "notifier",
    "set_role",
    "set_type_scale",
    "type_scale",
    "ui_font",
]
