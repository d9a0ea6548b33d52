"""What a figure of a drawing shows, and the question to the program that draws it.

Drawing needs Qt, which the command line does not import, and time, which the window does not have: both start
``studio.gui.figure`` as a process of its own and write orders to its input.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Literal

import studio
from studio import protocol, storage
from studio.core.project import MAIN, Project
from studio.immutable import immutable
from studio.protocol import Answer, messages

Style = Literal["light", "dark", "paper", "plot_model"]

ENDINGS: Final = (".svg", ".pdf", ".png")
"""The endings of the files that a figure can be written to."""

SCREEN_DPI: Final = 96
"""A pixel of the canvas is 1/96 inch on paper, as in CSS."""


class FigureError(Exception):
    """Why there is no figure, in one plain sentence."""


@immutable
class FigureLook:
    """How a figure looks.

    ``light`` and ``dark`` look like the canvas; ``paper`` is for print: white, thin outlines, arrow heads;
    ``plot_model`` has the small tables of ``keras.utils.plot_model``. ``is_folded`` draws an encoder and a decoder as a
    U. ``scale`` makes the whole figure larger or smaller on paper; ``dpi`` is how many pixels of a PNG come on an inch.
    """

    theme: Style = "light"
    shows_shapes: bool = True
    shows_parameters: bool = True
    shows_dtypes: bool = False
    scale: float = 1.0
    dpi: int = 192
    is_transparent: bool = False
    is_folded: bool = False

    @property
    def needs_answers(self) -> bool:
        """Whether something is needed that only Keras knows: what is on the nodes, or where to fold."""
        return self.shows_shapes or self.shows_parameters or self.shows_dtypes or self.is_folded


LOOKS: Final[Mapping[str, FigureLook]] = {
    "light": FigureLook("light"),
    "dark": FigureLook("dark"),
    "paper": FigureLook("paper", shows_parameters=False),
    "plot_model": FigureLook("plot_model", shows_parameters=False),
}
"""What each style shows unless something else is asked for."""


@immutable
class Order:
    """Everything that is needed to draw one figure in another process."""

    project: Project
    answers: Mapping[str, Answer]
    look: FigureLook
    graph: str = MAIN
    only: tuple[str, ...] | None = None
    facts: Mapping[str, Any] | None = None
    """Of the Keras whose layers they are; None where it is the one that the program brought facts of."""
    file: str = ""
    """The file that is written; without one a small picture is the answer."""
    ratio: float = 1.0
    """Pixels of the screen for one of the small picture."""

    def encode(self) -> bytes:
        """The order as one JSON object."""
        told = protocol.encode(messages.Inferred(0, 0, self.answers)).decode("utf-8")
        content = {
            "project": storage.dumps(self.project),
            "answers": told,
            "look": asdict(self.look),
            "graph": self.graph,
            "only": self.only,
            "facts": self.facts,
            "file": self.file,
            "ratio": self.ratio,
        }
        return json.dumps(content).encode("utf-8")  # one line, whatever is in it

    @classmethod
    def decode(cls, content: bytes) -> Order:
        """Read what ``encode`` wrote."""
        fields = json.loads(content)
        told = protocol.decode(fields["answers"].encode("utf-8"))
        assert isinstance(told, messages.Inferred)
        fields["only"] = None if fields["only"] is None else tuple(fields["only"])
        fields["look"] = FigureLook(**fields["look"])
        return cls(**{**fields, "project": storage.loads(fields["project"]), "answers": told.answers})


def why_not_file(path: Path) -> str:
    """Why a figure cannot have this file name, or ""."""
    if path.suffix.lower() in ENDINGS:
        return ""
    return f"{path.name} should end with {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."


def drawing_command(out: Path | None = None) -> list[str]:
    """Program and arguments of the process that draws ``out``; the order goes to its input.

    Without a file it draws one order after the other, a line each, and answers each with a line of JSON: the ``error``
    and the ``picture``, a PNG in base 64.
    """
    return [sys.executable, "-P", "-m", "studio.gui.figure", *([] if out is None else [str(out)])]


def drawing_environment(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of that process: Qt without a screen, our package found also from a checkout."""
    environment = dict(os.environ if inherited is None else inherited)
    environment.pop("PYTHONSTARTUP", None)
    environment["PYTHONPATH"] = str(Path(studio.__file__).resolve().parent.parent)
    environment["QT_QPA_PLATFORM"] = "offscreen"
    environment.pop("QT_SCALE_FACTOR", None)
    return environment
