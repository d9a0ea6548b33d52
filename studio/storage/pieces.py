"""Small pieces of a project file that are more than one JSON value, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studio.catalog.values import KerasObject, Value
from studio.core.project import ClassWeights, Compiling, Node, PortRef
from studio.storage import values
from studio.storage.errors import ProjectFileError
from studio.storage.fields import Fields, check_name, kind_of
from studio.storage.plain import shown

MAX_CLASSES = 100_000


def compiling(fields: Fields) -> Compiling:
    """How a model is compiled: true, false, or as Keras thinks."""
    value = fields.take("jit_compile", "auto")
    if type(value) is bool:
        return value
    if value != "auto":
        raise fields.refuse("jit_compile", "true, false or auto", value)
    return "auto"


def class_weights(fields: Fields) -> ClassWeights:
    """Weights of classes: balanced, numbers, or none."""
    value = fields.take("class_weights", None)
    if value is None or value == "balanced":
        return "balanced" if value else None
    if type(value) is not list:
        raise fields.refuse("class_weights", "balanced or a list of numbers", value)
    if len(value) > MAX_CLASSES:
        raise ProjectFileError(f"{fields.at('class_weights')} holds {len(value):,} weights; that is too many.")
    for index, weight in enumerate(value):
        if type(weight) not in (int, float):
            raise fields.refuse(f"class_weights[{index}]", "a number", weight)
    return tuple([float(weight) for weight in value])


def port(fields: Fields, key: str, nodes: Mapping[str, Node]) -> PortRef:
    """A port of one of these nodes."""
    plain = fields.take(key)
    if type(plain) is not list or len(plain) != 2 or not all(type(part) is str for part in plain):
        raise ProjectFileError(f'{fields.at(key)} must be a node and a port, like ["n1", "output"].')
    node, port = plain
    if node not in nodes:
        raise ProjectFileError(f"{fields.at(key)}: there is no node {shown(node)} in this graph.")
    return PortRef(node, check_name(port, fields.at(key)))


def point(plain: object, where: str) -> tuple[float, float]:
    """A place of the drawing."""
    if type(plain) is not list or len(plain) != 2 or not all(type(part) in (int, float) for part in plain):
        raise ProjectFileError(f"{where} must be a list of points, like [[0, 10]].")
    return float(plain[0]), float(plain[1])


def lengths(plain: Iterable[object], where: str) -> tuple[int, ...]:
    """The lengths of the axes of a shape."""
    found: list[int] = []
    for length in plain:
        if type(length) is not int or length < 0:
            raise ProjectFileError(f"{where} must be a list of whole numbers.")
        found.append(length)
    return tuple(found)


def optional_number(fields: Fields, key: str) -> float | None:
    """A number or none."""
    # A column may hold infinite numbers, so this goes through ``values``, which has a word for them.
    value: Value = values.decode(fields.take(key, None), fields.at(key))
    if value is None or type(value) is float:
        return value
    if type(value) is int:
        return float(value)
    raise ProjectFileError(f"{fields.at(key)} must be a number.")


def keras_object(plain: object, where: str) -> KerasObject:
    """An object of Keras with its parameters."""
    value = values.decode(plain, where)
    if not isinstance(value, KerasObject):
        raise ProjectFileError(f'{where} must be an object of Keras, like {{"$object": "Adam"}}.')
    return value


def keras_objects(plain: object, where: str) -> tuple[KerasObject, ...]:
    """Some of them."""
    if type(plain) is not list:
        raise ProjectFileError(f"{where} must be a list, but it is {kind_of(plain)}.")
    return tuple(keras_object(item, f"{where}[{index}]") for index, item in enumerate(plain))
