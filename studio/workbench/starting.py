"""How a project begins, and what is said about its data in a line."""

from __future__ import annotations

from dataclasses import replace

from studio import data
from studio.core.edits import add_node
from studio.core.project import INPUT, OUTPUT, DataSource, Project


def new_project(title: str = "Untitled") -> Project:
    """An empty project: an Input and an Output, and room between them."""
    project = replace(Project(), title=title)
    project = add_node(project, INPUT, x=0, y=0, name="input")
    return add_node(project, OUTPUT, x=0, y=320, name="output")


def data_in_words(source: DataSource) -> str:
    """The data set and its size in a few words: "breast cancer · 569 rows"."""
    known: data.BundledSet | data.MadeSet | None
    match source.kind:
        case "none":
            return "no data yet"
        case "made":
            known = data.made().get(source.name)
        case "bundled":
            known = data.bundled().get(source.name)
        case _:
            known = None
    title = known.title if known is not None else source.name
    return f"{title} · {source.rows:,} rows"
