"""Masks, which say what steps of a sequence count: who takes one in its call, and who hands one on."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import keras

MASK: Final = "mask"
"""The argument of a call. Keras gives it the mask that the first tensor has, unless the call says another."""

# What only the code of a call tells: the places of a mask that is a list.
MASK_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "AdditiveAttention": ("query_mask", "value_mask"),
    "Attention": ("query_mask", "value_mask"),
}


def takes_mask(layer: Any) -> bool:
    """Whether a call can be given a mask. A Lambda's parameter of that name says what mask it makes."""
    made_with = inspect.signature(layer.__init__).parameters
    return MASK in inspect.signature(layer.call).parameters and MASK not in made_with


def mask_ports(name: str) -> list[dict[str, Any]]:
    """The ports of the argument ``mask``: one, or one for each place in the list that it is."""
    listed = MASK_LISTS.get(name)
    if listed is None:
        return [{"name": MASK, "is_optional": True}]
    return [{"name": each, "is_optional": True, "argument": MASK} for each in listed]


def hands_mask_on(layer: Callable[..., Any], values: Mapping[str, Any], ports: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what a layer gives has the mask of what it takes, where it gives all steps (``return_sequences``)."""
    takes_many = any(port.get("takes_many") for port in ports[:1])
    steps = {"return_sequences": True} if "return_sequences" in inspect.signature(layer.__init__).parameters else {}
    tensor, mask = keras.KerasTensor((None, 4, 6)), keras.KerasTensor((None, 4), "bool")
    entering = ([tensor, tensor], [mask, mask]) if takes_many else (tensor, mask)
    try:
        made = layer(**{**{name: _giving_all_steps(value) for name, value in values.items()}, **steps})
        masks = made.compute_mask(*entering) if made.supports_masking else None
    except Exception:  # Keras raises whatever it likes
        return False
    return any(each is not None for each in keras.tree.flatten(masks))


def _giving_all_steps(value: Any) -> Any:
    """For a layer that may give the last step only another one that gives all: Bidirectional does what it does."""
    if not hasattr(value, "return_sequences"):
        return value
    return type(value).from_config({**value.get_config(), "return_sequences": True})
