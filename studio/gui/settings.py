"""What the window remembers between starts: colours, last projects, the places of panels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QByteArray, QSettings

from studio.gui.theme import Choice
from studio.storage.places import state_folder

RECENT_PROJECTS = 10


class Settings:
    """Remembered in one INI file in the person's state folder; ``folder`` puts it elsewhere."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or state_folder()
        self._settings = QSettings(str(self.folder / "layer-studio.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Choice:
        """Which colours the person wants."""
        choice = str(self._settings.value("theme", "system"))
        return next((known for known in get_args(Choice) if known == choice), "system")

    @theme.setter
    def theme(self, choice: Choice) -> None:
        self._settings.setValue("theme", choice)

    @property
    def is_first_start(self) -> bool:
        """Whether the program was never closed before."""
        return not self._flag("started_before")

    def note_start(self) -> None:
        """From now on it is not the first start any more."""
        self._settings.setValue("started_before", True)

    @property
    def recent(self) -> list[Path]:
        """Project files, the last one first."""
        stored = self._settings.value("recent", [])
        # Qt gives a list of one entry back as that entry
        paths = stored if isinstance(stored, list) else [stored]
        return [Path(str(path)) for path in paths if path]

    def note_project(self, path: Path) -> None:
        """Put a project file at the head of the recent ones."""
        paths = [path, *(other for other in self.recent if other != path)][:RECENT_PROJECTS]
        self._settings.setValue("recent", [str(entry) for entry in paths])

    @property
    def last_project(self) -> Path | None:
        """The project that was open when the program was closed."""
        text = str(self._settings.value("last_project", ""))
        return Path(text) if text else None

    @last_project.setter
    def last_project(self, path: Path | None) -> None:
        self._settings.setValue("last_project", "" if path is None else str(path))

    @property
    def is_coach_done(self) -> bool:
        """Whether the hints of the first minute were finished or sent away."""
        return self._flag("coach_done")

    @is_coach_done.setter
    def is_coach_done(self, done: bool) -> None:
        self._settings.setValue("coach_done", done)

    @property
    def shows_edge_shapes(self) -> bool:
        """Whether every edge carries its shape."""
        return self._flag("edge_shapes")

    @shows_edge_shapes.setter
    def shows_edge_shapes(self, on: bool) -> None:
        self._settings.setValue("edge_shapes", on)

    @property
    def names_axes(self) -> bool:
        """Whether the shapes on edges have the names of their axes."""
        return self._flag("axis_names")

    @names_axes.setter
    def names_axes(self, on: bool) -> None:
        self._settings.setValue("axis_names", on)

    @property
    def shows_minimap(self) -> bool:
        """Whether a map of the drawing is shown while a part of it is out of view."""
        return not self._flag("hides_minimap")

    @shows_minimap.setter
    def shows_minimap(self, on: bool) -> None:
        self._settings.setValue("hides_minimap", not on)

    @property
    def shortcuts(self) -> dict[str, object]:
        """What was stored of the person's own shortcuts, by action; ``keymap.read`` makes sense of it."""
        self._settings.beginGroup("shortcuts")
        found = {key: self._settings.value(key) for key in self._settings.childKeys()}
        self._settings.endGroup()
        return found

    @shortcuts.setter
    def shortcuts(self, changes: Mapping[str, object]) -> None:
        self._settings.remove("shortcuts")
        for key, texts in changes.items():
            self._settings.setValue(f"shortcuts/{key}", texts)

    @property
    def habits(self) -> str:
        """Which layers the person adds after which, as ``gui.canvas.habits`` writes it."""
        return str(self._settings.value("habits", ""))

    @habits.setter
    def habits(self, text: str) -> None:
        self._settings.setValue("habits", text)

    @property
    def code_style(self) -> str:
        """The name of the style in which code is written."""
        return str(self._settings.value("code_style", "default"))

    @code_style.setter
    def code_style(self, name: str) -> None:
        self._settings.setValue("code_style", name)

    @property
    def export_target(self) -> str:
        """Where code went the last time: "script", "notebook" or "clipboard"."""
        return str(self._settings.value("export_target", "script"))

    @export_target.setter
    def export_target(self, target: str) -> None:
        self._settings.setValue("export_target", target)

    @property
    def proves_exports(self) -> bool:
        """Whether an exported file is run and compared with the drawing."""
        return not self._flag("skips_proofs")

    @proves_exports.setter
    def proves_exports(self, on: bool) -> None:
        self._settings.setValue("skips_proofs", not on)

    @property
    def export_folder(self) -> Path | None:
        """The folder of the last export; projects that were never saved have no other."""
        text = str(self._settings.value("export_folder", ""))
        return Path(text) if text and Path(text).is_dir() else None

    @export_folder.setter
    def export_folder(self, folder: Path) -> None:
        self._settings.setValue("export_folder", str(folder))

    def bytes(self, key: str) -> QByteArray | None:
        """A stored state of Qt (window geometry, places of docks), or None."""
        value = self._settings.value(f"places/{key}")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def set_bytes(self, key: str, value: QByteArray | None) -> None:
        """Store or forget a state of Qt."""
        if value is None:
            self._settings.remove(f"places/{key}")
        else:
            self._settings.setValue(f"places/{key}", value)

    def save(self) -> None:
        """Write to disk now."""
        self._settings.sync()

    def _flag(self, key: str) -> bool:
        return str(self._settings.value(key, "false")).lower() == "true"
