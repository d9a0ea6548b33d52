"""Every message that window and engine exchange, as frozen values.

Requests carry an ``id`` that their answer repeats; messages about a training carry the ``run`` they belong to. Lists
are tuples here, so that a message can never change after it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from studio.protocol.calls import Answer, Call, Piece, Shape
from studio.protocol.measures import Measure, Measured, Measuring

PROTOCOL_VERSION: Final = 1
"""Raised when a message changes its meaning; new fields and new messages need no new number."""

# ---- window -> engine ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UpdateGraph:
    """Change the checker's graph: put in or replace the calls of ``set``, drop ``remove``; ``reset`` starts empty.

    Of several updates that wait, only the last is answered, with what all of them changed. ``code`` are pieces of the
    person's own code that this engine was not told yet. ``dtype_policy`` is Keras's name for the numbers in which
    layers compute that say nothing themselves; another one than before asks for all answers anew.
    """

    id: int
    revision: int
    reset: bool = False
    set: tuple[Call, ...] = ()
    remove: tuple[str, ...] = ()
    code: tuple[Piece, ...] = ()
    dtype_policy: str = "float32"


@dataclass(frozen=True, slots=True)
class TryCalls:
    """Ask what these calls would give against the current graph, without changing it. Later ones may take earlier."""

    id: int
    calls: tuple[Call, ...]
    code: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Expand:
    """Ask what a ready-made network is made of, built for pictures of ``shape`` (with the batch). Takes seconds."""

    id: int
    expression: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Prove:
    """Compare the model that an exported file built in a process of its own with the current graph.

    ``folder`` holds what that process found. ``inputs`` and ``outputs`` are calls in the order of their names.
    """

    id: int
    folder: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forget:
    """The answer to the Prove with this id is wanted no more: what is under way for it ends soon, and tells nothing."""

    id: int


@dataclass(frozen=True, slots=True)
class CancelBuilding:
    """Stop building the ready-made network that is under way; its call then has a problem that says so."""

    id: int


@dataclass(frozen=True, slots=True)
class Docs:
    """Ask for Keras's own documentation of a public class."""

    id: int
    type: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Ask for the catalog's facts about the installed Keras."""

    id: int


@dataclass(frozen=True, slots=True)
class Train:
    """Run the script in the run folder: ``script`` is its path, ``folder`` takes metrics and weights.

    ``watch_rows`` rows of the training data are predicted while it runs (0: none). ``measures`` asks for a
    ``Measured`` after the last batch.
    """

    run: str
    script: str
    folder: str
    watch_rows: int = 0
    start_paused: bool = False
    measures: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold the run after the batch it is in."""

    run: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Let a paused run go on."""

    run: str


@dataclass(frozen=True, slots=True)
class Step:
    """Do one batch, then hold."""

    run: str


@dataclass(frozen=True, slots=True)
class Stop:
    """End the run after the batch it is in; what was learned is kept."""

    run: str


@dataclass(frozen=True, slots=True)
class SetLearningRate:
    """Use another learning rate from the next batch on."""

    run: str
    value: float


@dataclass(frozen=True, slots=True)
class Warm:
    """Do a tiny training now, so that the first real one starts quickly."""

    id: int


# ---- engine -> window ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hello:
    """The process lives; Keras is not imported yet."""

    pid: int
    protocol: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class Ready:
    """Keras is imported. ``devices`` are names such as "CPU:0"; ``seconds`` is how long it took."""

    keras: str
    tensorflow: str
    devices: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Inferred:
    """Answers that changed with this revision. A large graph comes in several messages; ``is_last`` ends them."""

    id: int
    revision: int
    answers: Mapping[str, Answer] = field(default_factory=dict)
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class Building:
    """These calls, ready-made networks, are being built now, which takes seconds; none when it is over."""

    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """The answers to ``TryCalls``, in the order of its calls."""

    id: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Expanded:
    """The config of a network, as Keras writes it into a file. ``problem`` says why there is none."""

    id: int
    config: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Proved:
    """Both models were built. ``difference`` is the largest of their predictions for ``rows`` rows.

    ``problem`` says what differs, "{0}" in it stands for the name of the call ``call``.
    """

    id: int
    problem: str = ""
    call: str = ""
    layers: int = 0
    parameters: int = 0
    rows: int = 0
    difference: float = 0.0


@dataclass(frozen=True, slots=True)
class DocsText:
    """Keras's documentation of ``type``; empty where there is none."""

    id: int
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class FactsText:
    """The facts of the installed Keras, in the form of ``resources/catalog``."""

    id: int
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Warmed:
    """The warm-up is done."""

    id: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The first batch begins. ``epochs`` or ``steps_per_epoch`` are 0 where they are not known."""

    run: str
    parameters: int
    epochs: int
    steps_per_epoch: int
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """Values per batch: ``steps`` counts batches since the start of the run, from 1.

    A value stands for the batches since the point before it (their mean), not for the epoch so far.
    """

    run: str
    steps: tuple[int, ...]
    values: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch is over, validation included. ``epoch`` counts from 1; ``step`` is the last batch it has.

    ``is_partial`` tells that it was stopped before its end.
    """

    run: str
    epoch: int
    logs: Mapping[str, float]
    is_partial: bool = False
    learning_rate: float = 0.0
    seconds: float = 0.0
    step: int = 0


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the model says now about the watched rows: per output one list of numbers per row.

    The watched rows are the first distinct ones of the training data. ``inputs`` are their numbers, in the same form;
    only the first message of a run brings them.
    """

    run: str
    step: int
    outputs: Mapping[str, tuple[tuple[float, ...], ...]]
    inputs: Mapping[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunState:
    """The run goes, holds, or is about to end.

    "waiting" comes first: the engine has the run in hand and executes its script now. An engine that dies before has
    done nothing of it, so that the run can be given to another.
    """

    run: str
    state: Literal["waiting", "running", "paused", "stopping"]


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run is over. ``message`` is one plain sentence; ``line`` is the line of the script that failed, 0 if none."""

    run: str
    outcome: Literal["finished", "stopped", "failed", "diverged"]
    message: str = ""
    line: int = 0
    details: str = ""


@dataclass(frozen=True, slots=True)
class OwnCode:
    """The checker begins (``is_running``) or ends to run pieces of the person's own code, by their digests.

    What does not end is for the window to end, together with the engine.
    """

    digests: tuple[str, ...]
    is_running: bool


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The engine lives; sent every second."""

    busy: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A request could not be answered (``id`` 0: the line was not understood)."""

    id: int
    message: str
    details: str = ""


Message: TypeAlias = (
    UpdateGraph
    | TryCalls
    | Expand
    | Prove
    | Forget
    | CancelBuilding
    | Docs
    | Facts
    | Train
    | Measure
    | Pause
    | Resume
    | Step
    | Stop
    | SetLearningRate
    | Warm
    | Hello
    | Ready
    | Inferred
    | Building
    | Tried
    | Expanded
    | Proved
    | DocsText
    | FactsText
    | Warmed
    | RunStarted
    | Points
    | EpochEnded
    | Predictions
    | Measuring
    | Measured
    | RunState
    | RunEnded
    | OwnCode
    | Heartbeat
    | Failed
)
