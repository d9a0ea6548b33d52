"""Classes of a script's own, called: they become code of the project, or grey nodes where that cannot be."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from studio.catalog.spec import Port
from studio.catalog.values import Value
from studio.core.snippets import is_possible_name
from studio.importing.plain import clean
from studio.importing.script import own_objects, routines
from studio.importing.script.layers import own_object, value_of
from studio.importing.script.models import text_of
from studio.importing.script.run import Run
from studio.importing.script.things import Instance, Known, MadeLayer, OwnClass, Routine, Tensor, Thing, flat

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling


def ports_of(run: Run, layer: MadeLayer, args: list[Thing], kwargs: Mapping[str, Thing]) -> tuple[Port, ...]:
    """The ports of a layer that is called. One of the script's own may take several tensors if it is given a list."""
    ports = run.catalog.ports(layer.type, layer.params)[0]
    own = run.own_code
    if own is None:
        return ports
    given = {port.name: thing for port, thing in zip(ports, args, strict=False)} | dict(kwargs)
    several = [
        port for port in ports
        if not port.takes_many and isinstance(thing := given.get(port.name), list | tuple) and len(thing) != 1
    ]  # fmt: skip
    taught = [own.let_take_many(layer.type, port.name) for port in several]
    return run.catalog.ports(layer.type, layer.params)[0] if any(taught) else ports


def with_function(
    reader: Calling, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call
) -> tuple[list[Thing], dict[str, Thing]]:
    """The arguments of a Lambda, with a function of a library (``tf.nn.l2_normalize``) as one that calls it.

    A function without a name is called as the Lambda is.
    """
    words = next((each.value for each in node.keywords if each.arg == "function"), node.args[0] if node.args else None)
    thing = args[0] if args else kwargs.get("function")
    own = reader.run.own_code
    name = kwargs.get("name")
    if isinstance(thing, Routine) and isinstance(name, str) and own is not None and is_possible_name(name):
        own.function(thing, "function", name)
    if not isinstance(thing, Known) or words is None or own is None:
        return args, kwargs
    made = ast.parse(f"lambda inputs: {ast.unparse(words)}(inputs)", mode="eval").body
    assert isinstance(made, ast.Lambda)
    ast.increment_lineno(made, node.lineno - 1)
    routine = Routine(made, reader.whole, (), (), own)
    return args[1:], {**kwargs, "function": routine}


def as_layer(reader: Calling, model: Instance, line: int) -> MadeLayer | None:
    """A model of the script's own class that is called on tensors: a layer like others."""
    own = reader.run.own_code
    if model.layer is None and own is not None and own.take_class(model.own_class, is_layer=True):
        name = model.own_class.name
        found = own_object(reader.run.catalog, name, model.args, model.kwargs, line, reader.run.trial)
        model.layer = reader.made(found) if isinstance(found, MadeLayer) else None
    return model.layer


def is_merging(layer: MadeLayer, args: list[Thing]) -> bool:
    """Whether a Lambda that knows its function is called on several tensors, for which a drawing has no Lambda."""
    several = args[0] if len(args) == 1 else None
    return layer.routine is not None and isinstance(several, list | tuple) and len(several) > 1


def made(reader: Calling, own: OwnClass, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Thing:
    """What a class of the script gives when it is called."""
    line = node.lineno
    if _is_functional(own) and any(isinstance(each, Tensor) for each in flat([*args, *kwargs.values()])):
        sentence = f"{own.name} is drawn as a functional model; its own way of training did not come in."
        reader.run.changed[line] = sentence
        return reader.network(args, kwargs, node)
    if own.is_plain:
        return own_objects.made(reader, own, args, kwargs, node)
    if reader.run.own_code is not None and not reader.run.own_code.take_class(own):
        return Instance(own, tuple(args), kwargs)
    ending = routines.ending_of(reader.run, kwargs.get("name")) if own.is_layer else None
    if ending is not None:  # a layer of a block that names its layers
        kwargs = {key: thing for key, thing in kwargs.items() if key != "name"}
    known = own_object(reader.run.catalog, own.name, args, kwargs, line, reader.run.trial)
    if isinstance(known, MadeLayer):
        known.ending = ending
        return reader.made(known)
    if known is not None:
        return known
    if not own.is_layer or own.is_model:
        return Instance(own, tuple(args), kwargs)
    params: dict[str, Value] = {}
    for at, thing in enumerate(args):
        kwargs = {f"argument_{at + 1}": thing, **kwargs}
    for key, thing in kwargs.items():
        if key != "name":
            params[key] = value_of(reader.run.catalog, None, thing, line)
    taken = reader.run.catalog.inner_layer(own.name) is not None or own.name in ("Input", "Output", "block")
    name = clean(own.name, 50)
    layer = MadeLayer(f"Custom>{name}" if taken else name, params, text_of(kwargs.get("name")), line,
                      reader.run.trial, extra={"keras": {"class_name": own.name}})  # fmt: skip
    return reader.made(layer)


def _is_functional(own: OwnClass) -> bool:
    """Whether a class of models is made of tensors as Keras's own is: it trains otherwise, and that is all."""
    methods = {each.name for each in own.node.body if isinstance(each, ast.FunctionDef)} if own.node is not None else ()
    return own.bases == {"keras.Model"} and not {"__init__", "__new__", "call"} & {*methods}
