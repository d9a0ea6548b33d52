"""Files with learned weights that a person picked on this machine.

A project may come from anybody, so a path in it is no wish to read that file: it is used only where the person who
sits here once picked the very same path. What was picked is noted in the state folder, by a hash of the path.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from studio.catalog.spec import is_backbone
from studio.core.problem import Problem
from studio.core.project import MAIN, Project
from studio.storage.atomic import replace
from studio.storage.places import state_folder

MOST = 1000
"""Noted paths; the oldest are forgotten, and asked for again."""


def note(path: Path) -> None:
    """The person picked this file. OSError where that cannot be kept."""
    keys = [key for key in _noted() if key != _key(str(path))]
    keys.append(_key(str(path)))
    _book().parent.mkdir(parents=True, exist_ok=True)
    replace(_book(), json.dumps(keys[-MOST:]).encode() + b"\n")


def is_picked(path: str) -> bool:
    """Whether a person picked this path on this machine."""
    return _key(path) in _noted()


def weights_files(project: Project) -> Iterator[tuple[str, str, str, str]]:
    """The weights files that a project names: key of the graph, node id, name of the node, path."""
    for key, graph in project.graphs().items():
        for node in graph.nodes.values():
            path = node.params.get("weights") if is_backbone(node.type) else None
            if isinstance(path, str):
                yield key, node.id, node.name, path


def weights_problems(project: Project) -> tuple[Problem, ...]:
    """Files that were picked elsewhere, or are gone: nothing is trained before they are picked here."""
    found = []
    for key, node, name, path in weights_files(project):
        shown = path.replace("\\", "/").rpartition("/")[2]
        if not is_picked(path):
            message = f"{name}: the weights {shown} were not picked on this machine; pick the file here, or none."
        elif not Path(path).is_file():
            message = f"{name}: the weights {shown} are not there any more; pick the file again, or none."
        else:
            continue
        found.append(Problem("weights", message, node=node if key == MAIN else None, parameter="weights"))
    return tuple(found)


def _key(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()


def _book() -> Path:
    return state_folder() / "picked_files.json"


def _noted() -> list[str]:
    try:
        keys = json.loads(_book().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []
