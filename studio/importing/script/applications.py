"""The ready-made networks of Keras in a script: their builders, and the functions that prepare pictures for them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from studio.catalog.slices import Span, slice_text
from studio.catalog.spec import BACKBONE, SLICE, LayerSpec
from studio.importing.plain import shown
from studio.importing.script import model_layers, operations
from studio.importing.script.insides import opened, sizes_of, source_inputs
from studio.importing.script.layers import made_layer
from studio.importing.script.things import (
    Known,
    MadeLayer,
    Method,
    NotPlain,
    ReadyMade,
    Sealed,
    Tensor,
    Thing,
    Unclear,
)

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling

PLACE = "keras.applications."
_SCALED = frozenset(
    {"inception_resnet_v2", "inception_v3", "mobilenet", "mobilenet_v2", "nasnet", "resnet_v2", "xception"}
)
"""Modules whose pictures go from -1 to 1."""
_TURNED = frozenset({"resnet", "resnet50", "vgg16", "vgg19"})
"""Modules whose pictures have blue first, less the mean of ImageNet."""
_AS_THEY_ARE = frozenset({"convnext", "efficientnet", "efficientnet_v2", "mobilenet_v3"})
SEALED = "The layers of a ready-made network are known only when the script runs."
_LEFT_OUT = ("input_shape", "input_tensor", "weights")


def ready_made(
    reader: Calling, function: Known, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call
) -> Thing:
    """What a function of ``keras.applications`` gives; NotPlain for a network that a script cannot tell."""
    if function.last == "preprocess_input":
        return _prepared(
            reader, function.path.split(".")[-2], [*args, *kwargs.values()][0] if args or kwargs else None, node
        )
    spec = reader.run.catalog.layers.get(f"{BACKBONE}{function.last}")
    if spec is None:
        reason = f"{shown(function.last)} is a finished network, which cannot be read from a script."
        raise NotPlain(node.lineno, reason)
    if args:
        raise NotPlain(node.lineno, f"Write the names of what {function.last} is given, such as include_top=...")
    given = {key: thing for key, thing in kwargs.items() if key not in _LEFT_OUT}
    layer = made_layer(reader.run.catalog, spec, args, given, node.lineno, reader.run.trial)
    layer.variable = stem_of_ours(node) if reader.run.is_ours and reader.run.trial is not None else ""
    layer.input_shape = reader.plain(kwargs.get("input_shape"))
    begin = kwargs.get("input_tensor")
    if isinstance(begin, Unclear):
        raise NotPlain(begin.line, begin.reason)
    ready = ReadyMade(
        layer, (node.lineno, node.col_offset), begin if isinstance(begin, Tensor) else None, layer.input_shape
    )
    if ready.where in reader.run.opened and (network := opened(reader, ready, node.lineno)) is not None:
        return network
    reader.run.ready[id(layer)] = ready
    return reader.made(layer)


def of_layer(reader: Calling, layer: MadeLayer, name: str, line: int) -> Thing:
    """An attribute of a layer, or of a ready-made network that stays one node."""
    ready = reader.run.ready.get(id(layer))
    if ready is not None and name in ("input", "inputs", "output", "outputs"):
        if ready.begin is None:
            ready.begin = reader.begin(sizes_of(ready, line), line)
        if name.startswith("in"):
            begins = source_inputs(ready.begin)
            return begins if name.endswith("s") else begins[0]
        if ready.end is None:
            place = ast.Constant(None, lineno=line, col_offset=0, end_lineno=line)
            ready.end = reader.call_layer(layer, [ready.begin], {}, place)
        return [ready.end] if name.endswith("s") else ready.end
    if ready is not None and name == "layers":
        return Sealed(line, SEALED, ready=ready)
    if ready is None and name in ("input", "output"):
        found = model_layers.output_of(reader, layer, name, line)
        if found is not None:
            return found
    if name == "name" and layer.name is not None:
        return layer.name
    spec = reader.run.catalog.inner_layer(layer.type)
    parameter = spec.parameter(name) if spec is not None else None
    if parameter is not None and parameter.kind in ("int", "float", "bool") and not parameter.is_call:
        value = layer.params.get(name, parameter.default)
        if isinstance(value, int | float):
            return value
    return Method(layer, name)


def stem_of_ours(node: ast.Call) -> str:
    """What a network is called in a block of our own files, before the number that Keras counts; "" in others."""
    told = next((each.value for each in node.keywords if each.arg == "name"), None)
    parts = told.values if isinstance(told, ast.JoinedStr) else []
    if len(parts) != 2 or not isinstance(parts[0], ast.Constant) or "get_uid" not in ast.unparse(parts[1]):
        return ""
    return str(parts[0].value).removesuffix("_")


def said_in_block(keywords: list[ast.keyword]) -> list[ast.keyword]:
    """The arguments of a network in a block of our own files but for what is another one in each use: size and name."""
    own = {"input_shape": "shape[1:]", "name": "get_uid("}
    return [each for each in keywords if own.get(each.arg or "", "\n") not in ast.unparse(each.value)]


def _prepared(reader: Calling, module: str, pictures: Thing, node: ast.Call) -> Thing:
    """The operations by which Keras prepares pictures; data are known only when the script runs."""
    if not isinstance(pictures, Tensor):
        return Unclear(node.lineno, "What preprocess_input makes of data is known only when the script runs.")
    if module in _AS_THEY_ARE:
        return pictures
    if module in _SCALED:
        return _with(reader, "-", _with(reader, "/", pictures, 127.5, node), 1.0, node)
    if module == "densenet":
        x = _with(reader, "+", _with(reader, "/", pictures, 255.0, node), (-0.485, -0.456, -0.406), node)
        return _with(reader, "/", x, (0.229, 0.224, 0.225), node)
    if module not in _TURNED:
        raise NotPlain(
            node.lineno, f"How pictures are prepared for {shown(module)} is known only when the script runs."
        )
    turned = slice_text(("...", Span(None, None, -1)))
    x = operations.operate(reader, _spec(reader.run.catalog.layer(SLICE)), [pictures, turned], {}, node)
    return _with(reader, "+", x, (-103.939, -116.779, -123.68), node)


def _with(reader: Calling, operator: str, x: Thing, number: float | tuple[float, ...], node: ast.Call) -> Thing:
    spec = _spec(reader.run.catalog.operation_of_operator(operator))
    return operations.operate(reader, spec, [x, number], {}, node)


def _spec(found: LayerSpec | None) -> LayerSpec:
    assert found is not None
    return found
