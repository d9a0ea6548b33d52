"""What Keras makes of a block that is applied to every time step: the specs of one step, and of all of them together.

Keras's own ``TimeDistributed`` is asked both times, around a layer that stands for the block: what one step is depends
on what arrives alone, and what comes out on that and on what the block gives, which is known from its own layers.
"""

from __future__ import annotations

from typing import Any, Final

import keras

from studio.engine import explanations
from studio.engine.inference import Result, Spec

LAYER: Final = "TimeDistributed"


class _Block(keras.layers.Layer):
    """Stands for a block: notes the shape of one step, and gives the one that it was told."""

    def __init__(self, given: tuple[int | None, ...] | None = None) -> None:
        super().__init__(name="block")
        self.given = given
        self.step: tuple[int | None, ...] = ()

    def compute_output_shape(self, input_shape: Any) -> Any:
        self.step = tuple(input_shape)
        return input_shape if self.given is None else (input_shape[0], *self.given[1:])


def one_step(arriving: Spec) -> Result:
    """The spec of one time step as the Input of the block's model has it, in whatever numbers arrive."""
    block = _Block()
    found = _called(block, arriving)
    if found.problem:
        return found
    return Result((arriving._replace(shape=(None, *block.step[1:])),))


def all_steps(arriving: Spec, given: Spec) -> Result:
    """What comes out where the block makes ``given`` of one step."""
    return _called(_Block(given.shape), arriving)


def _called(block: _Block, arriving: Spec) -> Result:
    tensor = keras.KerasTensor(arriving.shape, arriving.dtype, arriving.is_sparse, arriving.is_ragged)
    try:
        made = keras.layers.TimeDistributed(block)(tensor)
    except Exception as error:
        text = explanations.plain_text(error)
        return Result(
            problem=explanations.of_call(LAYER, [arriving.shape], text), details=f"{type(error).__name__}: {text}"
        )
    return Result((Spec(tuple(made.shape), str(made.dtype)),))
