"""Which names Keras would give by itself, so that ``name=`` is written only where it says something.

Keras counts class names over the whole program: the first Dense is "dense", the second "dense_1". A layer with a name
of its own is not counted. Some layers make others inside, which are counted too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from studio.catalog.spec import is_backbone
from studio.catalog.values import KerasObject, Value
from studio.core.naming import to_snake_case

_AUGMENTATIONS = (
    "random_shear", "random_translation", "random_rotation", "random_brightness", "random_color_degeneration",
    "random_contrast", "random_sharpness", "solarization", "random_posterization", "auto_contrast", "equalization",
)  # fmt: skip

INSIDE: Mapping[str, tuple[str, ...]] = {
    "MultiHeadAttention": ("softmax", "dropout"),
    "GroupQueryAttention": ("softmax", "dropout"),
    "TextVectorization": ("string_lookup",),
    "AugMix": _AUGMENTATIONS,
    "RandAugment": _AUGMENTATIONS,
}
"""Names that a layer uses up for layers of its own (Keras 3.15; a test counts them again)."""

_stem = cache(to_snake_case)


@lru_cache(maxsize=65_536)
def may_be_automatic(type: str, name: str) -> bool:
    """Whether Keras gives this name to some layer of the type, if it counts that far."""
    stem = _stem(type)
    if not name.startswith(stem):
        return False
    number = name[len(stem) :]
    return not number or (number[0] == "_" and number[1:].isdecimal())


def makes_others(type: str, params: Mapping[str, Value]) -> bool:
    """Whether a layer makes others inside, which Keras counts."""
    return type in INSIDE or any(map(_holds_layer, params.values()))


def _holds_layer(value: Value) -> bool:
    if isinstance(value, tuple):
        return any(map(_holds_layer, value))
    return isinstance(value, KerasObject)


class AutomaticNames:
    """Counts as Keras does from a fresh start."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}
        self._is_lost = False

    def needs_name(self, type: str, name: str, params: Mapping[str, Value]) -> bool:
        """Whether a layer must be told its name to have it; counts what Keras will count for this layer.

        A ready-made network is always told, and uses up names that nobody here counts: from then on all are.
        """
        if is_backbone(type):
            self._is_lost = True
        if self._is_lost:
            return True
        self._count_inside(params)
        stem = "input_layer" if type == "Input" else _stem(type)
        number = self._next.get(stem, 0)
        is_automatic = name == (f"{stem}_{number}" if number else stem)
        if is_automatic:
            self._next[stem] = number + 1
        self._count_made(type)
        return not is_automatic

    def take(self, type: str, params: Mapping[str, Value]) -> str:
        """The name that a layer without a name of its own gets."""
        self._count_inside(params)
        stem = _stem(type)
        number = self._next.get(stem, 0)
        self._next[stem] = number + 1
        self._count_made(type)
        return f"{stem}_{number}" if number else stem

    def _count_inside(self, params: Mapping[str, Value]) -> None:
        """Layers that stand in a parameter are made first."""
        for value in params.values():
            if isinstance(value, KerasObject | tuple):
                self._count_value(value)

    def _count_value(self, value: Value) -> None:
        if isinstance(value, tuple):
            for each in value:
                self._count_value(each)
        elif isinstance(value, KerasObject) and value.type[:1].isupper():
            self.take(value.type, value.params)

    def _count_made(self, type: str) -> None:
        for stem in INSIDE.get(type, ()):
            self._next[stem] = self._next.get(stem, 0) + 1
