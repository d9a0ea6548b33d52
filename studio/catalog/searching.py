"""Which layers a few typed letters may mean, best first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeAlias

from studio.catalog.spec import OPERATION, SLICE, LayerSpec

_OPERATOR = re.compile(r"[-+*/%@&|^~<>=!\[\]:]+")

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|\d+D?|[a-z]+")
"""The words of a class name: MaxPooling2D is Max, Pooling, 2D; LSTM is one word."""


_EXACT, _BEGINNING = 0, 2
"""Ranks of a name that is typed whole, and of one that begins with what was typed."""

Liking: TypeAlias = Callable[[LayerSpec], float]
"""How much something speaks for a layer where two are equally meant; 0 for nothing."""


def _nothing(spec: LayerSpec) -> float:
    return 0.0


def ranked(text: str, specs: Iterable[LayerSpec], liking: Liking = _nothing) -> list[LayerSpec]:
    """The specs that ``text`` may mean, best first.

    Of those that are equally meant the one that is liked more comes first, then common ones, then as they were given.

    Best is the name itself (that of an operation comes after the common layers that begin so), then its beginning, then
    an old name's, then the beginnings of its words ("mp2" is MaxPooling2D), then letters in the right order anywhere,
    then a word of the summary.
    """
    wanted = re.sub(r"[\W_]+", "", text).lower()
    if not wanted and _OPERATOR.fullmatch(text.strip()):
        return [spec for spec in specs if text.strip() in spec.old_names]
    if not wanted:
        return sorted(specs, key=lambda spec: -liking(spec)) if liking is not _nothing else list(specs)
    known = list(specs)
    found = _found(text, known)
    if not found and "." in text:
        found = _found(text.strip().rpartition(".")[2], known)  # tf.keras.layers.Dense, K.sum
    return [spec for _, spec in sorted(found, key=lambda pair: _place(pair[0], pair[1], liking))]


def _place(rank: int, spec: LayerSpec, liking: Liking) -> tuple[int, float, int]:
    """Where it comes in the list. An operation stands behind the common layers that begin with its name.

    Who types "conv" or "max" is on the way to Conv2D or MaxPooling2D more often than to keras.ops.conv.
    """
    is_exact_operation = rank == _EXACT and spec.type.startswith(OPERATION)
    rank = _BEGINNING if is_exact_operation else rank
    return rank, -liking(spec), 0 if spec.is_common else 1 if is_exact_operation else 2


def called(text: str, specs: Iterable[LayerSpec]) -> LayerSpec | None:
    """The spec that is called exactly this, today or in an older book, or None."""
    wanted = re.sub(r"[\W_]+", "", text.rpartition(".")[2]).lower()
    for spec in ranked(text, specs) if wanted else ():
        name, old_names, _ = _names(spec.shown, spec.old_names)
        if wanted == name or wanted in old_names:
            return spec
    return None


def _found(text: str, specs: Iterable[LayerSpec]) -> list[tuple[int, LayerSpec]]:
    wanted = re.sub(r"[\W_]+", "", text).lower()
    if not wanted:
        return []
    return [(rank, spec) for spec in specs if (rank := _rank(wanted, text.strip().lower(), spec)) is not None]


def _rank(wanted: str, text: str, spec: LayerSpec) -> int | None:
    name, old_names, words = _names(spec.shown, spec.old_names)
    claims: Iterable[Callable[[], bool]] = (
        lambda: name == wanted or (spec.type == SLICE and wanted == "slice"),  # The slice that people mean.
        lambda: wanted in old_names,
        lambda: name.startswith(wanted),
        lambda: any(old.startswith(wanted) for old in old_names),
        lambda: any(_begins_words(wanted, full) for full in words),
        lambda: wanted in name,
        lambda: _is_subsequence(wanted, name),
        lambda: len(wanted) > 2 and any(word.startswith(text) for word in re.findall(r"\w+", spec.summary.lower())),
    )
    return next((rank for rank, holds in enumerate(claims) if holds()), None)


@lru_cache(maxsize=2000)
def _names(shown: str, old_names: tuple[str, ...]) -> tuple[str, list[str], list[list[str]]]:
    """A name and the older ones as they are compared, and the words of each: there are hundreds for each key press."""
    old = [re.sub(r"[\W_]+", "", each).lower() for each in old_names]
    words = [[word.lower() for word in _WORD.findall(full)] for full in (shown, *old_names)]
    return re.sub(r"[\W_]+", "", shown).lower(), old, words


def _begins_words(wanted: str, words: list[str]) -> bool:
    """Whether ``wanted`` is made of beginnings of words, in their order, with words skipped at will."""
    if not wanted:
        return True
    for index, word in enumerate(words):
        for length in range(min(len(word), len(wanted)), 0, -1):
            if wanted.startswith(word[:length]) and _begins_words(wanted[length:], words[index + 1 :]):
                return True
    return False


def _is_subsequence(wanted: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in wanted)
