"""What stands in several models of one file: Keras writes a shared layer down in each, and reads it back as several.

The file does not tell those from layers that only look alike; that both have the same name makes it likely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.importing.entries import Entry
from studio.importing.kinds import told
from studio.importing.report import Findings
from studio.importing.values import Catalog

STANDS_TWICE = (
    "Stands in several models of the file, each time with weights of its own, as when Keras reads the file; "
    "if these were shared, they are not any more: {}."
)


@dataclass(slots=True)
class Twins:
    """The layers and models of a file by name and class, each with the model in which it was met first."""

    _known: dict[tuple[str, str], tuple[object, Entry]] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _inside: int = 0

    def met(self, entry: Entry, level: object, catalog: Catalog, findings: Findings) -> bool:
        """Note what stands in the model ``level``; whether it stood in another one before. That is told once."""
        if self._inside or not (entry.is_model or _has_weights(entry, catalog)):
            return False
        first, other = self._known.setdefault((entry.type, entry.name), (level, entry))
        if first is level or _said(other.config) != _said(entry.config):
            return False
        if entry.name not in self._told:
            self._told.add(entry.name)
            findings.replace(STANDS_TWICE, told(entry.name))
        return True

    def go_in(self, is_known: bool) -> None:
        """What follows stands inside of a model; in one that is told already, nothing more is."""
        self._inside += is_known

    def come_out(self, is_known: bool) -> None:
        """The model is left."""
        self._inside -= is_known


def _said(config: Any, depth: int = 0) -> Any:
    """A config without what tells only how often something was written down."""
    if depth > 100:
        return config
    if isinstance(config, Mapping):
        kept = {key: each for key, each in config.items() if key not in ("shared_object_id", "build_config")}
        return {key: _said(each, depth + 1) for key, each in kept.items()}
    return [_said(each, depth + 1) for each in config] if isinstance(config, list | tuple) else config


def _has_weights(entry: Entry, catalog: Catalog) -> bool:
    spec = None if entry.is_operation else catalog.layers.get(entry.type)
    parameters = spec.parameters if spec is not None else ()
    return any(each.name.endswith("initializer") or each.kind == "layer" for each in parameters)
