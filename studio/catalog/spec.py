"""What the catalog says about layers and the other classes of Keras: plain data, read off the installed Keras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final, Literal

from studio.catalog.values import Value
from studio.immutable import immutable

ParameterKind = Literal[
    "int", "float", "bool", "text", "choice", "ints", "shape", "dtype", "axis", "activation", "initializer",
    "regularizer", "constraint", "layer", "list", "dict", "seed", "code", "file", "array", "slice",
]  # fmt: skip

ObjectKind = Literal[
    "loss", "optimizer", "schedule", "metric", "callback", "initializer", "regularizer", "constraint", "activation",
    "function",
]  # fmt: skip
"""Keras has no objects of the kind "function": it is what a parameter of kind "code" holds, a snippet of one's own."""


class _Required:
    """The default of a parameter that has none."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = _Required()


@immutable
class Parameter:
    """One constructor parameter.

    ``default`` is Keras's own, or REQUIRED. ``initial`` is what a new node gets where Keras has no default
    (Dense: 10 units). ``choices`` are the strings that Keras accepts where the kind is "choice". ``allows_none`` tells
    whether None is a value. ``low`` and ``high`` bound a number where Keras does. ``hint`` is our one sentence.
    ``advanced`` parameters stay folded away in a form.

    ``also`` names other kinds whose values Keras takes as well (``use_cudnn``: "auto" or a bool; an activation: a layer
    such as PReLU). ``lengths`` tells how many numbers an "ints" or "float" value may have, 0 standing for one bare
    number; empty means: not known. ``takes_pairs`` says that each of those numbers may be a pair (the two sides of a
    padding). ``object_kind`` is the kind of Keras object that may stand as the value ("schedule" for a learning rate).
    ``is_call`` marks a switch that is told to each call of the layer and not to its constructor (``use_causal_mask``).
    ``items`` is "layer" for a list of layers. ``fits`` names the layers that may stand in a parameter that holds
    layers; empty means: any.
    ``inner_params`` are what a layer that is chosen here starts with beside its own first values.
    """

    name: str
    kind: ParameterKind
    default: Value | _Required
    choices: tuple[str, ...] = ()
    allows_none: bool = False
    initial: Value = None
    low: float | None = None
    high: float | None = None
    hint: str = ""
    advanced: bool = False
    also: tuple[ParameterKind, ...] = ()
    lengths: tuple[int, ...] = ()
    takes_pairs: bool = False
    object_kind: ObjectKind | None = None
    is_call: bool = False
    items: ParameterKind | None = None
    fits: tuple[str, ...] = ()
    inner_params: Mapping[str, Value] = field(default_factory=dict)

    @property
    def takes_layer(self) -> bool:
        """Whether one layer can be the value."""
        return self.kind == "layer" or "layer" in self.also

    @property
    def is_required(self) -> bool:
        """Whether Keras insists on a value."""
        return isinstance(self.default, _Required)


@immutable
class Port:
    """A place where an edge starts or ends, named after the argument of the layer's call ("inputs", "query").

    ``takes_many`` marks the one port of a merging layer that takes several ranked edges; ``fewest`` and ``most`` bound
    their number (Subtract takes exactly 2). ``is_nested`` marks an output that Keras gives inside a list of its own
    (one of the two states of an LSTM cell among stacked cells). Several input ports may be the places of one list:
    ``argument`` is what the call knows that list by, and "" for all others.
    """

    name: str
    takes_many: bool = False
    is_optional: bool = False
    fewest: int = 1
    most: int | None = None
    is_nested: bool = False
    argument: str = ""


OPERATION: Final = "ops."
"""What the type of every operation starts with ("ops.mean"): no class of a layer has a dot in its name."""


TIME_DISTRIBUTED: Final = "TimeDistributed"
"""The layer that applies another one, or a model, to every time step."""

SEQUENTIAL: Final = "Sequential"
"""Several layers in a row that stand inside of another one as a layer; Keras has it beside its layers."""
SLICE: Final = "ops.get_item"
"""The type of a slice, ``x[:, 0]``."""


@immutable
class Operation:
    """What a function of ``keras.ops`` has and a layer has not.

    ``path`` is its name under ``keras.ops`` ("mean", "image.resize"), ``class_name`` the class that Keras makes of each
    call and names it after. ``arguments`` are all arguments in order; one that takes all further ones has a star.
    ``operator`` is the one of Python that does the very same, or ""; where ``is_reflected``, also with a number on its
    left. ``counted_by`` names the parameter that tells how many tensors come out: the number that it is, or as many as
    it has entries and ``counted_more``.
    """

    path: str
    class_name: str
    arguments: tuple[str, ...] = ()
    operator: str = ""
    is_reflected: bool = False
    counted_by: str = ""
    counted_more: int = 0
    outputs_unless: Mapping[str, tuple[Port, ...]] = field(default_factory=dict)


@immutable
class LayerSpec:
    """A layer class: what it is called, what it does in one sentence, its parameters and ports.

    ``family`` is one of FAMILIES and decides place in the palette and colour. ``has_own_words`` says that summary and
    hints were written by us; the other layers have a generic form. ``inputs`` and ``outputs`` are the ports with
    default parameters; ``Catalog.ports`` knows those of a node. ``inputs_if`` and ``outputs_if`` have the ports that a
    parameter adds when it is on (``mask``, ``return_state``); ``hands_mask_on`` says that what it gives has the mask of
    what it takes. ``try_it`` invites to an experiment. ``is_own`` marks a class of the person's own:
    code of the project, not of Keras. ``operation`` marks a function of ``keras.ops``, whose type is "ops.mean"; what
    is said of layers holds for it too, except that it has no weights and no name of its own in Keras. ``freezes_late``
    marks a layer that makes layers inside when it is first called: only then can it be told that all of it is frozen.
    ``module`` is where a class is that Keras keeps for its ready-made networks, and "" for all others.
    ``aliases`` are other names that Keras itself has for the class, ``old_names`` also those that people search for.
    ``ranks`` are the numbers of axes, the batch among them, that its input may have; empty means: not known.
    """

    type: str
    family: str
    summary: str = ""
    parameters: tuple[Parameter, ...] = ()
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    has_own_words: bool = False
    is_common: bool = False
    order: int = 0
    old_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    inputs_if: Mapping[str, tuple[Port, ...]] = field(default_factory=dict)
    outputs_if: Mapping[str, tuple[Port, ...]] = field(default_factory=dict)
    hands_mask_on: bool = False
    try_it: str = ""
    is_own: bool = False
    operation: Operation | None = None
    freezes_late: bool = False
    module: str = ""
    ranks: tuple[int, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """The parameter called ``name``, or None."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    @property
    def shown(self) -> str:
        """What people read in the place of the type."""
        return shown_type(self.type)

    @property
    def may_have_weights(self) -> bool:
        """Whether it may learn or keep numbers: it is told how they begin, or holds a layer, or is not known inside."""
        if self.operation is not None or self.type == "Input":
            return False
        if self.is_own or is_backbone(self.type) or self.type == "Normalization":
            return True
        return any(each.kind in ("layer", "initializer") for each in self.parameters)

    @property
    def has_fixed_ports(self) -> bool:
        """Whether its ports are the same whatever its parameters are."""
        return (
            self.operation is None
            and not self.inputs_if
            and not self.outputs_if
            and self.type not in ("RNN", "Bidirectional")
        )


@immutable
class ObjectSpec:
    """A loss, optimizer, metric, callback, initializer, regularizer, constraint or activation of Keras.

    ``identifier`` is the short string that Keras takes in its place ("he_normal", "adam", "relu"), or "";
    ``identifiers`` are all of them. ``module`` is the public module ("keras.optimizers"). ``is_own`` marks code of the
    project, which is in no module; ``is_function`` that it is given as it is, not made by a call.
    """

    type: str
    module: str
    identifier: str = ""
    summary: str = ""
    parameters: tuple[Parameter, ...] = ()
    is_common: bool = False
    identifiers: tuple[str, ...] = ()
    order: int = 0
    is_own: bool = False
    is_function: bool = False

    def parameter(self, name: str) -> Parameter | None:
        """The parameter called ``name``, or None."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


BACKBONE: Final = "applications."
"""What the types of ready-made networks begin with; no class of a layer has a dot in its name."""


def is_backbone(type: str) -> bool:
    """Whether a type is a ready-made network of ``keras.applications``."""
    return type.startswith(BACKBONE)


def shown_type(type: str) -> str:
    """What people read in the place of a type: the name of a ready-made network or an operation without its module."""
    return type.removeprefix(BACKBONE).removeprefix(OPERATION)


FAMILIES: Final[Mapping[str, str]] = {
    "io": "Basics",
    "core": "Basics",
    "own": "Your layers",
    "convolution": "Convolution",
    "pooling": "Pooling",
    "merging": "Merging",
    "regularization": "Regularization",
    "recurrent": "Recurrent",
    "attention": "Attention",
    "preprocessing": "Preprocessing",
    "backbones": "Backbones",
    "operations": "Operations",
}
"""Family (which decides the colour role) -> heading in the palette."""


@immutable
class LeftOut:
    """A public class that cannot stand on a canvas, and why."""

    type: str
    reason: str = field(default="")
