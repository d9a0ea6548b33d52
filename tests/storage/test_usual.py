"""Nodes and edges that are read at once are read as the careful reader would read them, mistakes included."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.project import Project
from studio.storage import ProjectFileError, files, reader
from tests.storage.random_projects import projects
from tests.storage.test_hostile_files import PLAIN

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, "", "n1", "n2", "e3", "n01", "a\u202eb", "a\nb", "x" * 1_001, [], ["n1"], ["n1", "output"],
    ["n1", ""], ["n9", "output"], ["n1", 1], "ab", {}, {"units": None}, {"units": [1]}, {"": 1}, {"a": "\x00"},
    [[0, 1]],
)  # fmt: skip
KEYS = ("id", "type", "name", "params", "x", "y", "source", "target", "rank", "route", "note", "shares", "new")


def read(text: str) -> Project | str:
    """The project or what is wrong with it."""
    try:
        return files.loads(text)
    except ProjectFileError as error:
        return str(error)


def read_with_care(text: str) -> Project | str:
    """The same, with every part asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "usual_node", lambda plain: None)
        patch.setattr(reader, "usual_edge", lambda plain, nodes: None)
        return read(text)


@given(projects())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_project_is_read_alike(project: Project) -> None:
    text = files.dumps(project)
    assert read(text) == read_with_care(text)


@given(
    st.sampled_from(("nodes", "edges")), st.integers(0, 1), st.sampled_from(KEYS), st.sampled_from(ODD), st.booleans()
)
def test_any_odd_part_is_told_alike(kind: str, number: int, key: str, value: Any, is_taken_away: bool) -> None:
    plain = copy.deepcopy(PLAIN)
    part = plain["main"][kind][number % len(plain["main"][kind])]
    if is_taken_away:
        part.pop(key, None)
    else:
        part[key] = value
    text = json.dumps(plain)
    assert read(text) == read_with_care(text)
