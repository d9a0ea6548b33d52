"""The project, made of values that nobody changes (``studio.immutable``), changed only by edits that make a new one.

Nothing here refers to Qt, Keras or a file. Ids are minted by the project ("n7" nodes, "e12" edges, "f5" frames, "t6"
notes, "b3" blocks, "s4" snippets) from one counter, so they are unique in the whole project, blocks included.
Mappings are plain dictionaries that nobody changes after they were made; an edit copies the one mapping that it
touches, and everything else is shared between the old and the new project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from studio.catalog.values import KerasObject, Value
from studio.immutable import immutable

MAIN = "main"
"""The key of the main graph wherever a graph is named; every other graph is named by its block's id."""

INPUT = "Input"
OUTPUT = "Output"
BLOCK = "block"
"""Node types that are not layers: where data comes in, where a prediction goes out, one use of a block."""

Direction = Literal["down", "right"]
Point = tuple[float, float]


@immutable
class PortRef:
    """One port of one node; ports are named after the arguments of the layer's call."""

    node: str
    port: str


@immutable
class Edge:
    """A tensor that goes from an output port to an input port.

    ``rank`` orders the edges of one input port that takes many (the order of a Concatenate); ranks are 0, 1, 2, ...
    without gaps. ``route`` holds way-points in scene coordinates (px), usually none.
    """

    id: str
    source: PortRef
    target: PortRef
    rank: int = 0
    route: tuple[Point, ...] = ()


@immutable
class Node:
    """A layer, an Input, an Output or one use of a block, at a place on the canvas (top left corner, px).

    ``name`` is title, variable and Keras layer name in one. ``params`` keeps only what differs from Keras's defaults.
    ``shares`` is the id of the node whose layer (and weights) this node calls again; a use of a block that is called
    again is a model in the code. ``block`` is the id of the block
    that a node of type "block" uses; its ``params`` are then the values of the block's parameters. A use that
    ``is_time_distributed`` applies its block to every time step of what it takes: a ``TimeDistributed`` of Keras around
    a model of the block. A bypassed node
    hands on the first tensor that it takes, as if it were not there; a folded one shows its name only. ``extra`` keeps
    keys of a file that this version does not know.
    """

    id: str
    type: str
    name: str
    params: Mapping[str, Value] = field(default_factory=dict)
    x: float = 0.0
    y: float = 0.0
    note: str = ""
    shares: str | None = None
    block: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    is_bypassed: bool = False
    is_folded: bool = False
    is_marked: bool = False
    is_time_distributed: bool = False


FrameColour = Literal["grey", "blue", "green", "orange", "purple", "red"]
"""The colours that frames and notes can have."""


@immutable
class Frame:
    """A titled area of the drawing around some nodes, at least one, and notes; none of them stands in two frames.

    It says nothing to Keras. Its place follows from that of what it holds, so it has none of its own.
    """

    id: str
    title: str
    nodes: tuple[str, ...]
    colour: FrameColour = "grey"
    notes: tuple[str, ...] = ()


NOTE_WIDTH, NOTE_HEIGHT = 184.0, 88.0
"""The size of a new note, px: as wide as a node, with room for a sentence or two."""


@immutable
class Note:
    """A text of the person's own on the canvas, which belongs to no node: a rectangle at a place (px).

    It says nothing to Keras and stands in no code, for there is no line that it is about. What is to be read beside a
    layer's line is the layer's own ``note``.
    """

    id: str
    text: str = ""
    x: float = 0.0
    y: float = 0.0
    width: float = NOTE_WIDTH
    height: float = NOTE_HEIGHT
    colour: FrameColour = "orange"


@immutable
class Graph:
    """Nodes, edges, frames and notes by id, in the order in which they were made."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)
    frames: Mapping[str, Frame] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)


@immutable
class BlockParameter:
    """A parameter of a block: nodes inside refer to it by ParameterRef, each use may give it another value."""

    name: str
    default: Value = None


@immutable
class Block:
    """A reusable sub-graph, defined once. Its ports are the Input and Output nodes of its graph, by their names.

    ``names_layers`` calls its layers after each use: "conv" is "stage_2_conv" in the use stage_2, and a layer that is
    called as the block itself is "stage_2". Without it Keras names them, and with it those of the nodes ``unnamed``.
    """

    id: str
    name: str
    graph: Graph = field(default_factory=Graph)
    parameters: tuple[BlockParameter, ...] = ()
    names_layers: bool = False
    unnamed: frozenset[str] = frozenset()

    def names(self, node: Node) -> bool:
        """Whether the layer of a node inside is named after each use, and not by Keras."""
        return self.names_layers and node.id not in self.unnamed


ColumnKind = Literal["number", "category", "image", "text"]


@immutable
class Column:
    """What is known about one column (or array) of a data source, recorded when the source was chosen.

    ``shape`` is the shape of one cell: () for a number, a category or a text, (28, 28, 1) for a picture. ``classes``
    are the values of a category in the order of their class numbers. ``gaps`` counts empty cells. ``low`` and ``high``
    are the smallest and largest number, or of a text the fewest and most words; ``is_integer`` says that all numbers
    are whole.
    """

    name: str
    kind: ColumnKind = "number"
    shape: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    gaps: int = 0
    low: float | None = None
    high: float | None = None
    is_integer: bool = False

    @property
    def is_binary(self) -> bool:
        """Whether the column is a number that is always 0 or 1, such as a label that is on or off."""
        return self.kind == "number" and self.is_integer and self.low == 0 and self.high == 1


@immutable
class Split:
    """How rows are divided: fractions of the whole, the rest is for training. ``stratify`` keeps class shares."""

    validation: float = 0.2
    test: float = 0.0
    seed: int = 0
    shuffle: bool = True
    stratify: bool = True


@immutable
class DataSource:
    """Where the rows come from and which columns feed what.

    ``kind`` "made" is a seeded generator with ``params`` ("moons", samples, noise, seed); "bundled" a data set of the
    program; "file" a table or array file, ``name`` then is its path relative to the project file. ``columns`` and
    ``rows`` record what was found when the source was chosen, so that a drawing can be checked and exported while
    the file is elsewhere. ``bindings`` maps Input and Output node ids to columns where a person chose; the rest is
    connected by ``core.bindings``. ``gaps`` says what to do with rows that have empty cells. ``sample_weights`` is the
    column that says how much each row counts in the loss.
    """

    kind: Literal["none", "made", "bundled", "file"] = "none"
    name: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)
    rows: int = 0
    columns: tuple[Column, ...] = ()
    features: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    bindings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    split: Split = field(default_factory=Split)
    gaps: Literal["refuse", "drop", "mean"] = "drop"
    sample_weights: str | None = None

    def column(self, name: str) -> Column | None:
        """The column called ``name``, or None."""
        return next((column for column in self.columns if column.name == name), None)


@immutable
class OutputPlan:
    """Loss, metrics and loss weight of one Output; None means: chosen from the data by ``core.plan``.

    ``weighted_metrics`` count each row as the loss does, by the weights of classes or rows; the others count all alike.
    """

    loss: KerasObject | None = None
    metrics: tuple[KerasObject, ...] | None = None
    weight: float = 1.0
    weighted_metrics: tuple[KerasObject, ...] = ()

    @property
    def every_metric(self) -> tuple[KerasObject, ...]:
        """Both kinds of metrics that were chosen."""
        return (*(self.metrics or ()), *self.weighted_metrics)


Compiling = Literal["auto", True, False]
"""Whether XLA makes machine code of the network; "auto" leaves it to Keras."""

ClassWeights = Literal["balanced"] | tuple[float, ...] | None
"""How much the rows of each class count: as Keras does it, such that all classes count alike, or by class number."""


DtypePolicy = Literal["float32", "mixed_float16", "mixed_bfloat16"]
"""In which numbers layers compute unless their own ``dtype`` says otherwise, by Keras's name for it."""


RunsOn = Literal["device", "host", "hosts", "ray", "jax"]
"""Where the exported script trains: on one device, on all devices of one computer, on several computers by TensorFlow
alone or started by Ray, or on any number of devices and computers by JAX. The program itself uses one device."""


UNMARKED = "?"
"""The mark of a file that nobody has looked at yet."""


@immutable
class WeightsFile:
    """A file with learned weights on this machine. ``mark`` tells whether it is still the same file."""

    path: str
    mark: str


@immutable
class TrainingPlan:
    """How the model learns. ``outputs`` maps Output node ids to what a person chose for them.

    ``starts_from`` is a saved model: layers that are called as in it begin with its weights.

    ``are_inputs_listed`` tells that a model with several Inputs takes them in a list, in the order in which they were
    drawn, and not in a dictionary by their names.

    ``steps_per_execution`` is how many batches Keras does before it looks up: until then it tells and heeds nothing.
    """

    optimizer: KerasObject = field(default_factory=lambda: KerasObject("Adam"))
    epochs: int = 20
    batch_size: int = 32
    seed: int = 0
    outputs: Mapping[str, OutputPlan] = field(default_factory=dict)
    callbacks: tuple[KerasObject, ...] = ()
    jit_compile: Compiling = "auto"
    steps_per_execution: int = 1
    run_eagerly: bool = False
    class_weights: ClassWeights = None
    dtype_policy: DtypePolicy = "float32"
    runs_on: RunsOn = "device"
    starts_from: WeightsFile | None = None
    are_inputs_listed: bool = False


@immutable
class Snippet:
    """Code of the person's own (a custom loss, a Lambda's function). It never runs before they agreed to it."""

    id: str
    name: str
    kind: str
    source: str


@immutable
class Project:
    """Everything that is saved and undone. ``extra`` keeps keys of a file that this version does not know."""

    title: str = "Untitled"
    main: Graph = field(default_factory=Graph)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    data: DataSource = field(default_factory=DataSource)
    training: TrainingPlan = field(default_factory=TrainingPlan)
    snippets: Mapping[str, Snippet] = field(default_factory=dict)
    next_id: int = 1
    direction: Direction = "down"
    lesson: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    def graph(self, key: str = MAIN) -> Graph:
        """The main graph, or the graph of the block with the id ``key``. KeyError if there is none."""
        return self.main if key == MAIN else self.blocks[key].graph

    def graphs(self) -> dict[str, Graph]:
        """All graphs by key, the main one first."""
        return {MAIN: self.main} | {block.id: block.graph for block in self.blocks.values()}

    @property
    def node_count(self) -> int:
        """How many nodes all graphs have together; those of a block count once."""
        return sum(len(graph.nodes) for graph in self.graphs().values())
