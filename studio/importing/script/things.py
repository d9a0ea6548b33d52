"""What an expression of a script can be while the script is read.

Plain Python values (numbers, texts, tuples, lists, dictionaries) stand for themselves, and lists and dictionaries may
hold everything below. Nothing here has a value that only running the script could tell: that is ``Unclear``.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from studio.catalog.spec import ObjectKind, Port
from studio.catalog.values import Value
from studio.immutable import immutable

if TYPE_CHECKING:
    from studio.importing.script.own_code import OwnCode

Thing = Any
"""Whatever an expression gives: a plain value or one of the classes of this module."""


class NotPlain(Exception):
    """Something that cannot be read without running the script; ``line`` counts from 1, the message is a sentence."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@immutable
class Complaint:
    """What could not be read, and why, in one sentence; lines count from 1, columns from 0 in characters."""

    line: int
    reason: str
    column: int = 0
    end_line: int = 0


@immutable
class Known:
    """A name of a library: ``keras.layers.Dense``. Keras under TensorFlow is just Keras here."""

    path: str

    @property
    def last(self) -> str:
        """What stands behind the last dot."""
        return self.path.rpartition(".")[2]


@dataclass(eq=False, slots=True)
class Unclear:
    """A value that only running the script would tell, and where it comes from."""

    line: int
    reason: str
    is_fault: bool = False


@dataclass(eq=False, slots=True)
class Sealed(Unclear):
    """The layers of a ready-made network, which Keras has to be asked for; ``ready`` is that network."""

    ready: ReadyMade | None = None


class NotKnown(Exception):
    """Which way a statement goes is known only when the script runs."""

    def __init__(self, unclear: Unclear) -> None:
        super().__init__()
        self.unclear = unclear


@dataclass(eq=False, slots=True)
class Open:
    """A parameter of a routine function that is read as a block: its value differs from use to use."""

    name: str
    value: Thing
    trial: object


@dataclass(eq=False, slots=True)
class Ending:
    """The name of a use of a block with something behind it: ``f"{name}_conv"`` in a block that names its layers."""

    use: Open
    text: str


@dataclass(eq=False, slots=True)
class Configured:
    """An object of Keras that is no layer: an initializer, an optimizer, a loss."""

    kind: ObjectKind
    type: str
    params: Mapping[str, Value]


@dataclass(eq=False, slots=True)
class MadeLayer:
    """A layer that was constructed. ``extra`` has the words of a class that is none of Keras's.

    ``variable`` is what it was assigned to before it was called, ``routine`` the function of a Lambda. ``is_held``
    tells whether it stands inside of another layer. ``applied`` is the model that a TimeDistributed applies to every
    time step, where that is a block.
    """

    type: str
    params: dict[str, Value]
    name: str | None
    line: int
    trial: object
    note: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    input_shape: Thing = None
    is_called: bool = False
    is_held: bool = False
    ending: str | None = None
    variable: str = ""
    routine: Routine | None = None
    applied: Network | None = None


@dataclass(eq=False, slots=True)
class ReadyMade:
    """A ready-made network that stays one node, until somebody asks for a layer of it.

    ``where`` (line and column) tells it in the script, ``begin`` is the tensor and ``shape`` the size of the pictures
    that it was told; ``end`` is its result where that was asked for.
    """

    layer: MadeLayer
    where: tuple[int, int]
    begin: Tensor | None
    shape: Thing
    end: Tensor | None = None


@dataclass(eq=False, slots=True)
class Call:
    """One call that a drawing shows as a node: an Input, a layer, a use of a block, a call of a whole model.

    ``takes`` has the port and the tensor of every edge, in order. ``own_params`` are those of this call alone.
    ``variable`` is what the result is assigned to, ``variables`` what all of several results are.
    ``ending`` (of a layer too) is what follows the name of the use of the block in which it stands.
    """

    kind: Literal["input", "layer", "block", "model"]
    line: int
    end_line: int
    trial: object
    layer: MadeLayer | None = None
    block: BlockMade | None = None
    model: Network | None = None
    takes: list[tuple[str, Tensor]] = field(default_factory=list)
    outputs: tuple[Port, ...] = (Port("output"),)
    params: dict[str, Value] = field(default_factory=dict)
    name: str | None = None
    note: str = ""
    variable: str = ""
    variables: tuple[str, ...] = ()
    ending: str | None = None

    @property
    def network(self) -> Network | None:
        """The model that it calls: at once, or on every time step of what it takes."""
        return self.model if self.layer is None else self.layer.applied


@dataclass(eq=False, slots=True)
class Tensor:
    """Output number ``index`` of a call."""

    call: Call
    index: int = 0


@dataclass(eq=False, slots=True)
class Routine:
    """A function of the script. ``scope`` is where it was defined; lambdas have no name.

    ``own`` takes it as code of the project, where such code can come in; ``variable`` is what a lambda was called.
    """

    node: ast.FunctionDef | ast.Lambda
    scope: Scope
    defaults: tuple[Thing, ...]
    keyword_defaults: tuple[Thing, ...]
    own: OwnCode | None = None
    variable: str = ""

    @property
    def name(self) -> str:
        """Its name, for sentences too."""
        return self.node.name if isinstance(self.node, ast.FunctionDef) else "lambda"


@dataclass(eq=False, slots=True)
class OwnClass:
    """A class of the script. ``bases`` are the last words of what it derives from, as far as known, deepest first.

    ``values`` are what its attributes are, where it derives from nothing: a table of settings. ``is_plain`` tells that
    it derives from no class of a library; ``above`` are those of the script from which it does. ``is_tuple`` tells that
    its objects are tuples with names. ``inside`` is what its methods stand in.
    """

    name: str
    bases: frozenset[str]
    line: int
    node: ast.ClassDef | None = None
    scope: Scope | None = None
    values: dict[str, Thing] = field(default_factory=dict)
    above: tuple[OwnClass, ...] = ()
    is_plain: bool = False
    is_tuple: bool = False
    inside: Scope | None = None

    @property
    def is_model(self) -> bool:
        """Whether it derives from Keras's Model."""
        return "keras.Model" in self.bases

    @property
    def is_layer(self) -> bool:
        """Whether it derives from a layer of Keras."""
        return any(base == "keras.Layer" or base.startswith("keras.layers.") for base in self.bases)


@dataclass(eq=False, slots=True)
class Instance:
    """An object of a class of the script, with the arguments it was made of; ``layer`` where it is called as one."""

    own_class: OwnClass
    args: tuple[Thing, ...]
    kwargs: Mapping[str, Thing]
    layer: MadeLayer | None = None
    values: dict[str, Thing] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Network:
    """A model: ``stack`` has the layers of a Sequential, else inputs and outputs are tensors (with keys, or "").

    ``compiled`` and ``fitted`` are the arguments of the last ``compile`` and ``fit``. ``parts`` are the layers and
    Inputs of a ready-made network, in Keras's order. ``opened`` are the tensors between the layers of a Sequential that
    somebody asked for. ``is_held`` tells whether it stands inside of a layer.
    """

    line: int
    name: str | None
    inputs: tuple[tuple[str, Tensor], ...] = ()
    outputs: tuple[tuple[str, Tensor], ...] = ()
    stack: list[Thing] | None = None
    notes: dict[int, str] = field(default_factory=dict)
    variable: str = ""
    variables: set[str] = field(default_factory=set)
    output_names: tuple[str, ...] = ()
    compiled: Mapping[str, Thing] | None = None
    fitted: Mapping[str, Thing] | None = None
    trial: object = None
    end_line: int = 0
    parts: tuple[MadeLayer | Tensor, ...] = ()
    opened: list[Tensor] = field(default_factory=list)
    is_held: bool = False

    @property
    def are_inputs_listed(self) -> bool:
        """Whether it takes several inputs in their order, without keys."""
        return len(self.inputs) > 1 and not all(key for key, _ in self.inputs)


class WithDefault(dict[Thing, Thing]):
    """``defaultdict(list)``: what is asked for and not there is made by ``factory``."""

    def __init__(self, factory: Thing, entries: Mapping[Thing, Thing]) -> None:
        super().__init__(entries)
        self.factory = factory


@dataclass(eq=False, slots=True)
class Method:
    """``owner.name``, not called yet."""

    owner: Thing
    name: str


@dataclass(eq=False, slots=True)
class Partial:
    """``functools.partial``: something to call with arguments that it has already."""

    function: Thing
    args: tuple[Thing, ...]
    kwargs: Mapping[str, Thing]


@dataclass(eq=False, slots=True)
class BlockMade:
    """A routine function that was read as a block. ``made`` is everything that one use of it makes, in order.

    ``notes`` are those on its results, by their places; ``size`` (how many layers it stands for) and ``has_own``
    (whether code of the script's own is among them) are 0 and None until somebody asks. ``gives`` is what it returns.
    """

    name: str
    line: int
    inputs: tuple[Call, ...]
    outputs: tuple[tuple[str, Tensor], ...]
    parameters: tuple[tuple[str, Value], ...]
    made: tuple[MadeLayer | Call, ...]
    is_own: bool
    routine: Routine
    names_layers: bool = False
    notes: Mapping[int, str] = field(default_factory=dict)
    uses: int = 0
    size: int = 0
    has_own: bool | None = None
    gives: type = Tensor


@dataclass(eq=False, slots=True)
class Scope:
    """The variables of a function, or of the whole script. ``elsewhere`` are those that it says to be another's."""

    names: dict[str, Thing] = field(default_factory=dict)
    outer: Scope | None = None
    is_class: bool = False
    elsewhere: dict[str, Scope] = field(default_factory=dict)


def holds_tensor(thing: Thing, depth: int = 0) -> bool:
    """Whether a tensor stands in a thing."""
    if isinstance(thing, list | tuple):
        return depth < 10 and any(holds_tensor(each, depth + 1) for each in thing)
    if isinstance(thing, dict):
        return depth < 10 and any(holds_tensor(each, depth + 1) for each in thing.values())
    return isinstance(thing, Tensor)


def flat(thing: Thing) -> list[Thing]:
    """All that stands in lists in lists, in order."""
    if isinstance(thing, list | tuple):
        return [each for part in thing for each in flat(part)]
    return [thing]


def snapshot(thing: Thing, depth: int = 0) -> Thing:
    """What a thing holds now, to be compared with what it holds later: the same list may hold something else."""
    if depth > 10:
        return thing
    if isinstance(thing, list | tuple):
        return tuple([snapshot(each, depth + 1) for each in thing])
    if isinstance(thing, dict):
        return tuple([(key, snapshot(each, depth + 1)) for key, each in thing.items()])
    if isinstance(thing, Instance | OwnClass):
        above = thing.own_class if isinstance(thing, Instance) else thing.above
        return (id(thing), snapshot(thing.values, depth + 1), snapshot(above, depth + 1))
    return thing
