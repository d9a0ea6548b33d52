"""The saved model from which training starts: kept as a reference, and what of it fits the drawing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.naming import follows_use
from studio.core.problem import Problem
from studio.core.project import UNMARKED, Project, WeightsFile
from studio.immutable import immutable
from studio.protocol import Answer
from studio.workbench.picked_files import is_picked, note

if TYPE_CHECKING:
    from studio.codegen import FlatCall

_PIECE = 64 * 1024
_PIECES = 32


def mark_of(path: Path) -> str:
    """Tells whether a file is still the same: its size and a hash of pieces all over it. OSError where it is gone.

    A model can have gigabytes, so not all of it is read. The end of a ``.keras`` holds checksums of all that is in it.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for number in range(_PIECES + 1):
            file.seek(max(0, (size - _PIECE) * number // _PIECES))
            digest.update(file.read(_PIECE))
    return f"{size}-{digest.hexdigest()[:24]}"


def weights_file(path: Path) -> WeightsFile:
    """The file that a person picked, noted as picked. OSError where it cannot be read."""
    path = path.resolve()
    found = WeightsFile(str(path), mark_of(path))
    note(path)
    return found


def with_weights(project: Project, path: Path) -> Project:
    """The project that starts from the weights of the model that it came from; as it is where that holds none.

    The layers in blocks get names, which tell where their weights are.
    """
    from studio.importing.stored_weights import holds_weights  # the window starts without it

    if not holds_weights(path):
        return project
    try:
        str(path).encode("utf-8")
        file = weights_file(path)
    except (OSError, UnicodeError):
        return project
    blocks = {key: replace(block, names_layers=True, unnamed=frozenset()) for key, block in project.blocks.items()}
    return replace(project, blocks=blocks, training=replace(project.training, starts_from=file))


def with_mark(project: Project) -> Project:
    """The project of an exported script that starts from a file: marked as it is now, if a person picked it here."""
    file = project.training.starts_from
    if file is None or file.mark != UNMARKED or not is_picked(file.path):
        return project
    try:
        file = replace(file, mark=mark_of(Path(file.path)))
    except OSError:
        return project
    return replace(project, training=replace(project.training, starts_from=file))


def start_problems(project: Project) -> tuple[Problem, ...]:
    """Why training cannot start from the weights: the file is gone, is another one, or was picked elsewhere."""
    file = project.training.starts_from
    if file is None:
        return ()
    shown = file.path.replace("\\", "/").rpartition("/")[2]
    what = "choose it again in the training plan, or start anew"
    if not is_picked(file.path):
        message = f"The weights {shown} were not picked on this machine; {what}."
    elif not Path(file.path).is_file():
        message = f"The weights {shown} are not where they were; {what}."
    elif _mark(file.path) != file.mark:
        message = f"The file {shown} is not the one that was chosen: it has changed since; {what}."
    else:
        return ()
    return (Problem("weights", message),)


_marks: dict[str, tuple[tuple[int, int], str]] = {}


def _mark(path: str) -> str:
    """The mark of a file; read again only when its time or size has changed, for it is asked after every edit."""
    try:
        stat = os.stat(path)
        known = _marks.get(path)
        if known is None or known[0] != (stat.st_mtime_ns, stat.st_size):
            known = _marks[path] = ((stat.st_mtime_ns, stat.st_size), mark_of(Path(path)))
    except OSError:
        return ""
    return known[1]


@immutable
class Fit:
    """Which layers begin with the weights of a file. ``other`` have another size there, ``new`` are not in it."""

    fitting: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def layers(self) -> int:
        """How many layers have weights."""
        return len(self.fitting) + len(self.other) + len(self.new)


def fit(project: Project, calls: tuple[FlatCall, ...], answers: Mapping[str, Answer], stored: Mapping[str, int]) -> Fit:
    """What of the stored sizes (by layer name) fits the layers of the drawing, as far as Keras has answered."""
    groups: dict[str, list[str]] = {"fitting": [], "other": [], "new": []}
    for call in calls:
        answer = answers.get(call.id)
        if call.kind != "layer" or call.shares is not None or answer is None or not answer.parameters:
            continue
        name = layer_name(project, call.id)
        size = stored.get(name, 0)
        group = "fitting" if size == answer.parameters else "other" if size else "new"
        groups[group].append(name)
    return Fit(tuple(groups["fitting"]), tuple(groups["other"]), tuple(groups["new"]))


def layer_name(project: Project, call: str) -> str:
    """What the layer of a call is called in exported code: in a block its name follows that of the use."""
    graph, name, owner = project.main, "", ""
    for place, key in enumerate(call.split("/")):
        node = graph.nodes.get(key)
        if node is None:
            return ""
        if place == 0:
            name = node.name
        elif not follows_use(owner, node.name):
            name = f"{name}_{node.name}"
        block = project.blocks.get(node.block or "")
        if block is not None:
            owner, graph = block.name, block.graph
    return name
