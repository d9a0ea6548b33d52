"""Figures of projects, and what an SVG says."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from studio.core.project import Project
from studio.gui import figure
from studio.gui.figure import Figure
from studio.protocol import Answer
from tests.support.catalog import CATALOG
from tests.support.graphs import graph

SVG = "{http://www.w3.org/2000/svg}"


def drawn(project: Project, answers: dict[str, Answer] | None = None, **asked) -> Figure:
    return Figure(project, CATALOG, answers or {}, **asked)


def svg(project: Project, answers: dict[str, Answer] | None = None, **asked) -> ElementTree.Element:
    return ElementTree.fromstring(figure.content(drawn(project, answers, **asked), ".svg"))


def texts(tree: ElementTree.Element) -> list[str]:
    return ["".join(element.itertext()).strip() for element in tree.iter(f"{SVG}text")]


def called(name: str) -> Project:
    """A drawing of one layer with a name that only a file can bring, and the same title."""
    project = graph("layer:Dense(units=1)")
    node = replace(project.main.nodes["n1"], name=name)
    return replace(project, title=name, main=replace(project.main, nodes={"n1": node}))
