"""What window and engine say about measuring a network: how long each call takes, how large its gradient is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """Do what the script does up to the training, and measure the model instead. ``Stop`` ends that, too."""

    run: str
    script: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Measuring:
    """So many calls of a model are measured."""

    run: str
    done: int
    whole: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Each call of a model, for one batch of ``rows``: how long it takes, how large the gradient of its layer is.

    Calls stand in an order that follows from the connections: ``takes`` has for each the numbers of the calls whose
    tensors it takes, in the order of its signature, ``ends`` those that give the model's outputs. A gradient is NaN
    where nothing is learned. ``step`` is after how many batches it was measured.
    """

    run: str
    takes: tuple[tuple[int, ...], ...] = ()
    ends: tuple[int, ...] = ()
    milliseconds: tuple[float, ...] = ()
    gradients: tuple[float, ...] = ()
    rows: int = 0
    step: int = 0
    problem: str = ""
    details: str = ""
