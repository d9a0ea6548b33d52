"""What a lookup layer says of its words where the script lists them: it is asked for their number again and again."""

from __future__ import annotations

from studio.importing.script.things import MadeLayer, Thing

_UNKNOWN = {"StringLookup": "[UNK]", "IntegerLookup": -1}


def answer(layer: MadeLayer, name: str) -> list[Thing] | int | None:
    """What ``get_vocabulary()`` or ``vocabulary_size()`` gives; None where only running the script tells."""
    listed = layer.params.get("vocabulary")
    if name not in ("get_vocabulary", "vocabulary_size") or layer.type not in _UNKNOWN:
        return None
    if not isinstance(listed, list | tuple) or not all(isinstance(word, str | int) for word in listed):
        return None
    outside = layer.params.get("num_oov_indices", 1)
    mask = layer.params.get("mask_token") if layer.params.get("output_mode", "int") == "int" else None
    unknown = layer.params.get("oov_token", _UNKNOWN[layer.type])
    if not isinstance(outside, int) or not isinstance(unknown, str | int):
        return None
    special: list[Thing] = [] if mask is None else [mask]
    special += [unknown] * min(outside, 1000)
    words: list[Thing] = [*listed]
    if words[: len(special)] != special:
        words = [*special, *words]
    return words if name == "get_vocabulary" else len(words)
