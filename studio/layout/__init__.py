"""Tidy arrangement of a graph: where nodes stand and along which lanes long edges run; plain numbers in and out.

Read ``arrangement`` first (what goes in and comes out), then ``arranging``, which calls the steps in their order:
cycles are broken (``flow``), parts that no edge joins are treated one by one (``parts``), nodes get ranks (``ranks``,
``simplex``), long edges get a way-point in every rank that they pass (``rows``), the items of each rank get an order
with few crossings (``order``, ``starts``, ``crossings``, ``chains``) or keep the one they have (``newcomers``), items
that shall stand exactly below each other are joined into columns (``columns``, ``modules``), columns get places
(``coordinates``, ``separation``), and what comes out is turned into corners and way-points (``lines``, ``routes``). The
frame of it is that of Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures"
(1981).
``fold`` (with ``fold_curves``) arranges an encoder and a decoder as a U, for figures; ``clusters`` keeps the nodes of
one frame together; ``beside`` takes notes along with the nodes that they lie beside; ``selection`` puts some nodes
among others that stay, and ``detours`` finds the ways of the edges between both.

Only ``tidying`` knows the project: it makes one edit of an arrangement. Everything else is the standard library and
runs in any thread; nothing here draws.
"""

from typing import TYPE_CHECKING

from studio.late import names_from

if TYPE_CHECKING:
    from studio.layout.arrangement import Arrangement, Box, Cancelled, Edge, Gaps, Padding
    from studio.layout.arranging import arrange
    from studio.layout.fold import Folded, folded
    from studio.layout.tidying import Places, places_for, tidy, ways_for

_HOMES = dict.fromkeys(("Arrangement", "Box", "Cancelled", "Edge", "Gaps", "Padding"), "arrangement")
_HOMES |= dict.fromkeys(("Places", "places_for", "tidy", "ways_for"), "tidying")
_HOMES |= {"Folded": "fold", "folded": "fold", "arrange": "arranging"}
__getattr__ = names_from(__name__, _HOMES)

__all__ = [
    "Arrangement",
    "Box",
    "Cancelled",
    "Edge",
    "Folded",
    "Gaps",
    "Padding",
    "Places",
    "arrange",
    "folded",
    "places_for",
    "tidy",
    "ways_for",
]
