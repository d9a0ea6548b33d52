"""The model alone, or one block, as code: into a file or to the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from studio.core.project import BLOCK, MAIN
from studio.workbench import exporting

if TYPE_CHECKING:
    from studio.gui.window import MainWindow


class PartCommands:
    """The commands by the ids of their actions. The block is the selected use, else the one that is open."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.table: dict[str, Callable[[], object]] = {
            "export_model": partial(window.files.ask_export, exporting.MODEL),
            "copy_model": partial(self._copy, exporting.MODEL),
            "export_block": lambda: window.files.ask_export(f"{exporting.ONE_BLOCK}{self._block()}"),
            "keep_block": self._keep,
            "import_block": self._import,
            "copy_block": lambda: self._copy(f"{exporting.ONE_BLOCK}{self._block()}"),
        }

    def why_not(self) -> str:
        """Why no block can be exported or copied, in one sentence; "" where it can."""
        block = self._block()
        if not block:
            return self._window.tr("Select one block, or go into one.")
        session = self._window.session
        source = exporting.source_for(
            session.project, session.catalog, Path("part.py"), session.style, f"{exporting.ONE_BLOCK}{block}"
        )
        return next((problem.message for problem in source.problems if problem.code == "left_out"), "")

    def why_not_keep(self) -> str:
        """Why no block can be kept in the library; "" where it can."""
        return "" if self._key() else self._window.tr("Select one block, or go into one.")

    def _block(self) -> str:
        """The name of the block, or ""."""
        key = self._key()
        return self._window.session.project.blocks[key].name if key else ""

    def _key(self) -> str:
        """The id of the block, or ""."""
        session = self._window.session
        if len(session.selection) == 1:
            (key,) = session.selection
            node = session.graph.nodes[key]
            if node.type == BLOCK and node.block is not None and node.block in session.project.blocks:
                return node.block
        return "" if session.graph_key == MAIN else session.graph_key

    def _keep(self) -> None:
        session = self._window.session
        session.library.put(session.project, self._key())

    def _import(self) -> None:
        session, window = self._window.session, self._window
        kinds = window.tr("Layer Studio projects (*.studio)")
        title = window.tr("Take blocks into the library")
        path, _ = QFileDialog.getOpenFileName(window, title, str(session.folder or Path.home()), kinds)
        if path:
            session.library.bring_in(Path(path))

    def _copy(self, scope: str) -> None:
        session, window = self._window.session, self._window
        source = exporting.source_for(session.project, session.catalog, Path("part.py"), session.style, scope)
        QGuiApplication.clipboard().setText(source.text)
        is_model = scope == exporting.MODEL
        window.say(
            window.tr("The code of the model is on the clipboard.")
            if is_model
            else window.tr("The code of the block is on the clipboard.")
        )
