"""The colours of the program by role, as "#RRGGBB" strings: good for QColor and for style sheets alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from studio.immutable import immutable


@immutable
class Theme:
    """One complete set of colours.

    ``faint`` is for large or decorative things only: it lacks the contrast for small text. ``on_accent`` is text on
    an ``accent`` surface. ``accent_hover`` is the accent under the pointer, ``hover`` a quiet row under the pointer.
    ``warning`` is for signs, not for text, ``hatch`` for lines below text. The ``code_*`` colours have 4.5:1 on
    surface and on accent background.
    """

    name: str
    is_dark: bool
    canvas: str
    grid: str
    hatch: str
    surface: str
    node: str
    border: str
    text: str
    secondary: str
    faint: str
    accent: str
    accent_background: str
    edge: str
    training: str
    validation: str
    problem: str
    problem_background: str
    families: Mapping[str, str]
    on_accent: str
    accent_hover: str
    hover: str
    warning: str
    code_keyword: str
    code_string: str
    code_number: str
    code_comment: str
    code_definition: str


_FAMILY_ORDER = (
    "io", "core", "convolution", "pooling", "merging", "regularization", "recurrent", "attention", "preprocessing",
    "backbones", "own", "operations",
)  # fmt: skip


def _families(colours: str) -> Mapping[str, str]:
    return dict(zip(_FAMILY_ORDER, colours.split(), strict=True))


LIGHT: Final = Theme(
    name="light",
    is_dark=False,
    canvas="#F6F7F9",
    grid="#E2E5EA",
    hatch="#DEE3E9",
    surface="#FFFFFF",
    node="#FFFFFF",
    border="#DADFE6",
    text="#1A1F27",
    secondary="#5A6573",
    faint="#8A94A3",
    accent="#0072B2",
    accent_background="#E6F1F8",
    edge="#9AA5B4",
    training="#0072B2",
    validation="#E69F00",
    problem="#B3310C",
    problem_background="#FBEAE4",
    families=_families(
        "#1A1F27 #0072B2 #00805E #3D8FB8 #C98500 #6E7887 #B0568A #C4510A #6B55C9 #7A5C3E #5E7A1A #6C186C"
    ),
    on_accent="#FFFFFF",
    accent_hover="#005F96",
    hover="#EEF0F4",
    warning="#B87700",
    code_keyword="#8B2C7D",
    code_string="#00694D",
    code_number="#8F4A00",
    code_comment="#5A6573",
    code_definition="#005F96",
)

DARK: Final = Theme(
    name="dark",
    is_dark=True,
    canvas="#15171C",
    grid="#22262E",
    hatch="#323844",
    surface="#1C1F26",
    node="#242832",
    border="#323844",
    text="#E7EAEF",
    secondary="#A3ADBA",
    faint="#788392",
    accent="#56B4E9",
    accent_background="#17344A",
    edge="#5E6979",
    training="#56B4E9",
    validation="#E69F00",
    problem="#FF8A65",
    problem_background="#3A221B",
    families=_families(
        "#E7EAEF #56B4E9 #2FBF95 #7CC4EA #E6A52A #97A2B2 #D98BB8 #F08A4B #9D8CF0 #C9A98A #A8C45C #D8C0D8"
    ),
    on_accent="#0C1620",
    accent_hover="#7CC8F2",
    hover="#262B35",
    warning="#E6A52A",
    code_keyword="#E29AC6",
    code_string="#5CCBA6",
    code_number="#E9B25C",
    code_comment="#A3ADBA",
    code_definition="#7CC4EA",
)

CONTRAST: Final = Theme(
    name="contrast",
    is_dark=True,
    canvas="#000000",
    grid="#3A3A3A",
    hatch="#4A4A4A",
    surface="#000000",
    node="#000000",
    border="#B8B8B8",
    text="#FFFFFF",
    secondary="#E6E6E6",
    faint="#C0C0C0",
    accent="#FFD400",
    accent_background="#3B3200",
    edge="#FFFFFF",
    training="#6CC8FF",
    validation="#FFB000",
    problem="#FF9A7A",
    problem_background="#3A0E00",
    families=_families(
        "#FFFFFF #6CC8FF #3FE0AE #A5DBFF #FFC13D #D0D6DE #FFA6DC #FF9E5E #C3B6FF #E8C9A6 #C8E86A #F0F0A0"
    ),
    on_accent="#000000",
    accent_hover="#FFE566",
    hover="#2A2A2A",
    warning="#FFC13D",
    code_keyword="#FFA6DC",
    code_string="#5CF0C0",
    code_number="#FFD27A",
    code_comment="#D6D6D6",
    code_definition="#A5DBFF",
)
"""For people who need it: text at 7:1 at least (WCAG 2.1, success criterion 1.4.6), lines that cannot be missed."""

THEMES: Final[Mapping[str, Theme]] = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}
"""Every set by name."""
