"""Which layers and the like there are: those of the installed Keras, and those that are code of the open project."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.catalog import Catalog
from studio.catalog import load as load_catalog
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.gui.session.checker import Checker

log = logging.getLogger(__name__)


class Catalogs(QObject):
    """Keeps the catalog true to the project and to the Keras that the engine found."""

    changed = Signal()
    replaced = Signal()
    """The installed Keras is another than the one that the program brought facts of. ``changed`` came before."""

    def __init__(self, keras: Catalog, project: Project, checker: Checker, parent: QObject) -> None:
        super().__init__(parent)
        self.keras = keras
        """Without the project's own code."""
        self.whole = with_snippets(keras, project)
        """With it."""
        self._checker = checker
        self._asked_for_facts_of = ""
        self._project = project
        checker.state_changed.connect(self._compare_versions)
        checker.facts.connect(self._take_facts)

    def follow(self, project: Project) -> None:
        """The layers and the like that are code of the project belong to the catalog."""
        if project.snippets is not self._project.snippets:
            self._project = project
            whole = with_snippets(self.keras, project)
            if whole is not self.whole:
                self.whole = whole
                self.changed.emit()

    def _compare_versions(self, _state: str) -> None:
        installed = self._checker.engine.keras_version
        if installed and installed != self.whole.keras_version and installed != self._asked_for_facts_of:
            self._asked_for_facts_of = installed
            self._checker.ask_facts()

    def _take_facts(self, facts: dict[str, Any]) -> None:
        """From now on the installed Keras's own layers and parameters count."""
        try:
            keras = load_catalog(facts)
            self.whole = with_snippets(keras, self._project)
        except (KeyError, TypeError, ValueError):
            log.exception("the facts of the installed Keras could not be used")
            return
        self.keras = keras
        self.changed.emit()
        self.replaced.emit()
