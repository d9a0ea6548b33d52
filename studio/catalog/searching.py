"""Which layers a few typed letters may mean, best first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from studio.catalog.spec import SLICE, LayerSpec

_OPERATOR = re.compile(r"[-+*/%@&|^~<>=!\[\]:]+")

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|\d+D?|[a-z]+")
"""The words of a class name: MaxPooling2D is Max, Pooling, 2D; LSTM is one word."""


def ranked(text: str, specs: Iterable[LayerSpec]) -> list[LayerSpec]:
    """The specs that ``text`` may mean, best first; those that are equally good keep their order, common ones first.

    Best is the name itself, then its beginning, then an old name's, then the beginnings of its words ("mp2" is
    MaxPooling2D), then letters in the right order anywhere, then a word of the summary.
    """
    wanted = re.sub(r"[\W_]+", "", text).lower()
    if not wanted and _OPERATOR.fullmatch(text.strip()):
        return [spec for spec in specs if text.strip() in spec.old_names]
    if not wanted:
        return list(specs)
    known = list(specs)
    found = _found(text, known)
    if not found and "." in text:
        found = _found(text.strip().rpartition(".")[2], known)  # tf.keras.layers.Dense, K.sum
    return [spec for _, spec in sorted(found, key=lambda pair: (pair[0], not pair[1].is_common))]


def _found(text: str, specs: Iterable[LayerSpec]) -> list[tuple[int, LayerSpec]]:
    wanted = re.sub(r"[\W_]+", "", text).lower()
    if not wanted:
        return []
    return [(rank, spec) for spec in specs if (rank := _rank(wanted, text.strip().lower(), spec)) is not None]


def _rank(wanted: str, text: str, spec: LayerSpec) -> int | None:
    name = re.sub(r"[\W_]+", "", spec.shown).lower()
    names = (spec.shown, *spec.old_names)
    old_names = [re.sub(r"[\W_]+", "", old).lower() for old in spec.old_names]
    claims = (
        name == wanted or (spec.type == SLICE and wanted == "slice"),  # The slice that people mean.
        wanted in old_names,
        name.startswith(wanted),
        any(old.startswith(wanted) for old in old_names),
        any(_begins_words(wanted, [word.lower() for word in _WORD.findall(full)]) for full in names),
        wanted in name,
        _is_subsequence(wanted, name),
        len(wanted) > 2 and any(word.startswith(text) for word in re.findall(r"\w+", spec.summary.lower())),
    )
    return next((rank for rank, holds in enumerate(claims) if holds), None)


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
