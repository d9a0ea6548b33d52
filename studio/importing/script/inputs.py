"""Inputs in a script: ``keras.Input((8,))``, and what ``InputLayer`` is told."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from studio.catalog.values import Value
from studio.importing.plain import shown
from studio.importing.script.layers import value_of
from studio.importing.script.things import Call, NotPlain, Tensor, Thing

if TYPE_CHECKING:
    from studio.importing.script.models import Models


def params(reader: Models, args: list[Thing], kwargs: Mapping[str, Thing], line: int) -> dict[str, Value]:
    """The parameters of an Input by the arguments of a call."""
    given = {key: thing for key, thing in kwargs.items() if key not in ("name", "sparse", "ragged", "optional")}
    if "input_shape" in given:
        given["shape"] = given.pop("input_shape")
    batch = given.pop("batch_shape", given.pop("batch_input_shape", None))
    if isinstance(batch, tuple | list) and batch:
        given["shape"], given["batch_size"] = tuple(batch)[1:], batch[0]
    order = ("shape", "batch_size", "dtype")
    given.update(zip(order, args, strict=False))
    if given.get("shape") is ...:  # what our own exports write where nothing tells the shape yet
        del given["shape"]
    shape = reader.plain(given.get("shape"))
    if isinstance(shape, int) and _is_size(shape):
        raise NotPlain(line, f"The shape of an Input is a tuple: write ({shape},).")
    spec = reader.run.catalog.layers["Input"]
    found: dict[str, Value] = {}
    for key, thing in given.items():
        parameter = spec.parameter(key)
        if parameter is None:
            raise NotPlain(line, f"An Input cannot be given {shown(key)} here.")
        if thing is not None:
            found[key] = value_of(reader.run.catalog, parameter, reader.plain(thing), line)
    sizes = found.get("shape", ())
    if not isinstance(sizes, tuple) or not all(_is_size(size) for size in sizes):
        raise NotPlain(line, "The sizes of a shape are whole numbers above 0, or None.")
    if found.get("dtype") == "float32":
        del found["dtype"]
    return found


def made(reader: Models, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call) -> Tensor:
    """``keras.Input((8,))``."""
    given = dict(kwargs)
    name = reader.plain(given.pop("name", None))
    for switch in ("sparse", "ragged", "optional"):
        if reader.plain(given.get(switch)) is True:
            sentence = f"An Input of a drawing cannot be {switch}, so this is an ordinary one"
            reader.run.changed[node.lineno] = f"{sentence}: {name}." if isinstance(name, str) else f"{sentence}."
    told = params(reader, args, given, node.lineno)
    call = Call("input", node.lineno, node.end_lineno or node.lineno, reader.run.trial, params=told,
                name=name if isinstance(name, str) else None)  # fmt: skip
    reader.run.make(call)
    return Tensor(call)


def _is_size(size: object) -> bool:
    return size is None or (type(size) is int and 0 < size < 2**53)
