"""Why a block that is a model does not take what arrives at it: it is made once, for sizes of its own."""

from __future__ import annotations

from studio.engine import explanations
from studio.engine.inference import Result, Spec


def why_not_again(first: Spec, given: Spec) -> str:
    """Why a block, made for its first call, does not take what arrives at a further one; "" where it does."""
    is_alike = _is_alike(first, given)
    if is_alike and first.dtype == given.dtype:
        return ""
    wanted, found = explanations.in_words(first.shape), explanations.in_words(given.shape)
    if is_alike:
        wanted, found = f"{wanted} of {first.dtype}", f"{found} of {given.dtype}"
    return f"The block was made for {wanted} where it is used first, and gets {found} here."


def why_not_taken(begin: Result, given: Spec) -> str:
    """Why a block that says itself what it takes does not take this; "" where it does. Keras converts the numbers."""
    taken, words = begin.outputs[0], explanations.in_words
    if _is_alike(taken, given):
        return ""
    return f"The block takes {words(taken.shape)}, as its Input says, and gets {words(given.shape)} here."


def _is_alike(taken: Spec, given: Spec) -> bool:
    """Whether two shapes differ in open sizes at most, and in how many rows there are."""
    return len(taken.shape) == len(given.shape) and all(
        None in pair or pair[0] == pair[1] for pair in zip(taken.shape[1:], given.shape[1:], strict=True)
    )
