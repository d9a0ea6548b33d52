"""Figures that are folded into a U."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from studio.core import edits
from studio.core.project import Project
from studio.gui.figure import LOOKS, FigureError, FigureLook
from tests.gui.canvas.drawing import two_branches
from tests.gui.figure.reading import SVG, drawn, svg, texts
from tests.support.catalog import CATALOG
from tests.support.graphs import graph

pytestmark = pytest.mark.usefixtures("qapp")


U_NET = graph(
    "i:Input(shape=(8, 8, 1)) -> a:Conv2D(filters=2, kernel_size=1) -> p:MaxPooling2D -> "
    "b:Conv2D(filters=4, kernel_size=1) -> u:UpSampling2D -> k:Concatenate -> o:Output; a -> k"
)


@pytest.mark.parametrize("style", LOOKS)
def test_a_folded_figure_is_as_wide_as_its_u(style: str) -> None:
    straight, folded = (drawn(U_NET, look=replace(LOOKS[style], is_folded=is_on)) for is_on in (False, True))
    assert folded.width > straight.width
    assert {node.name for node in U_NET.main.nodes.values()} <= {
        text.partition(" (")[0] for text in texts(svg(U_NET, look=replace(LOOKS[style], is_folded=True)))
    }


def test_the_arrow_to_a_block_of_the_right_side_ends_at_its_second_sheet() -> None:
    ids = {node.name: node.id for node in U_NET.main.nodes.values()}
    project = edits.make_block(U_NET, CATALOG, [ids["k"]], "last")
    use = next(node.name for node in project.main.nodes.values() if node.block)
    look = replace(LOOKS["paper"], is_folded=True)

    def lowest(project: Project, name: str) -> tuple[float, list[float]]:
        """How far down the node reaches, and where the tips of arrows from below lie."""
        tree = svg(project, look=look)
        group = next(g for g in tree.iter(f"{SVG}g") if (g.findtext(f"{SVG}title") or "").startswith(f"{name}: "))
        _, y = map(float, re.findall(r"[-\d.]+", group.attrib["transform"]))
        heads = [
            [float(part) for part in re.findall(r"[-\d.]+", each.attrib["points"])]
            for each in tree.iter(f"{SVG}polygon")
        ]
        return y + 60, [head[1] for head in heads if head[1] < min(head[3], head[5])]

    low, tips = lowest(U_NET, "k")
    assert low in tips
    low, tips = lowest(project, use)
    assert low + 4 in tips
    assert low not in tips


def test_what_cannot_be_folded_says_so() -> None:
    with pytest.raises(FigureError, match="nothing to fold"):
        drawn(two_branches(), look=FigureLook(is_folded=True))
