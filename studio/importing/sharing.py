"""Layers that stand in several places of a saved model: in a model inside it and beside it, or inside of other layers.

What is called several times in one graph is shared in a drawing, too. What stands in several graphs, or inside of
another layer, is made anew for each place when Keras reads the file, and so it is drawn. Keras marks such a layer where
it tells it again; an ``.h5`` of Keras 3 and JSON have no marks, and there only names and settings make it likely.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from studio.immutable import immutable
from studio.importing.kinds import told
from studio.importing.report import Findings
from studio.importing.values import Catalog, without_marks

_MARK: Final = "shared_object_id"
_MODELS: Final = frozenset({"Functional", "Sequential", "Model"})
_SEVERAL: Final = (
    "Stands in several places of the model, in one of them inside of a model or another layer. Keras makes it anew for"
    " each place when it reads such a file, with weights of its own, and so it is here: {}."
)
_PERHAPS: Final = (
    "Stands in several models of the file, each time with weights of its own, as when Keras reads the file; "
    "if these were shared, they are not any more: {}."
)


@immutable
class _Place:
    """A layer of a model, or one inside of ``holder``, which is "" for the first."""

    type: str
    name: str
    holder: str
    plain: Mapping[str, Any]

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return f"the {told(self.type)} of {told(self.holder)}" if self.holder else told(self.name)


def tell_several_places(config: Mapping[str, Any], catalog: Catalog, findings: Findings, *, is_archive: bool) -> None:
    """Tell which layers with weights are one in the model and several in the drawing.

    Only ``is_archive``, a ``.keras`` file, has marks for all of them, if Keras 3 has written it.
    """
    marked = [place for place in _places(config) if _MARK in place.plain and _has_weights(place, catalog)]
    for place in marked:
        findings.replace(_SEVERAL, place.words)
    if not marked and not (is_archive and _is_of_keras_3(config)):
        for name in _twins(config, {}, catalog):
            findings.replace(_PERHAPS, told(name))


def _is_of_keras_3(config: Mapping[str, Any]) -> bool:
    """Keras 2 wrote the numbers in which a layer computes as text."""
    return any(isinstance(place.plain["config"].get("dtype"), dict) for place in _places(config))


def _twins(
    config: Mapping[str, Any], known: dict[tuple[str, str], tuple[Mapping[str, Any], str]], catalog: Catalog
) -> Iterator[str]:
    """The names of layers and models that have the same name and settings in several models; not what is in those."""
    for place in _nodes(config):
        inner: Mapping[str, Any] = place.plain["config"]
        if _has_weights(place, catalog):
            text = json.dumps(without_marks(inner), sort_keys=True)
            first, said = known.setdefault((place.type, place.name), (config, text))
            if first is not config and said == text:
                yield place.name
                continue
        if place.type in _MODELS:
            yield from _twins(inner, known, catalog)


def _nodes(config: Mapping[str, Any]) -> Iterator[_Place]:
    """The layers of a model."""
    layers = config.get("layers")
    for plain in layers if isinstance(layers, list) else ():
        inner = plain.get("config") if isinstance(plain, dict) else None
        if isinstance(inner, dict):
            yield _Place(str(plain.get("class_name")), str(inner.get("name", "")), "", plain)


def _places(config: Mapping[str, Any]) -> Iterator[_Place]:
    """All layers of a model, those inside of others too. What is marked is not looked into: it stands elsewhere."""
    for place in _nodes(config):
        yield place
        if _MARK not in place.plain:
            inner = place.plain["config"]
            yield from _places(inner) if place.type in _MODELS else _inside(inner, place.name)


def _inside(plain: Any, holder: str) -> Iterator[_Place]:
    if isinstance(plain, list):
        for each in plain:
            yield from _inside(each, holder)
    elif isinstance(plain, dict):
        if isinstance(plain.get("class_name"), str) and isinstance(plain.get("config"), dict):
            yield _Place(plain["class_name"], str(plain["config"].get("name", "")), holder, plain)
            if _MARK in plain:
                return
        for each in plain.values():
            yield from _inside(each, holder)


def _has_weights(place: _Place, catalog: Catalog) -> bool:
    if place.type in _MODELS:
        return True
    if place.type == "InputLayer" or ".ops" in str(place.plain.get("module") or ""):
        return False
    spec = catalog.inner_layer(place.type)
    return spec is not None and spec.may_have_weights
