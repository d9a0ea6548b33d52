"""Operations on tensors in a script: functions of ``keras.ops``, Python's operators, slices, TensorFlow's names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING, Any, cast

from studio.catalog.slices import MOST_ENTRIES, Entry, Span, slice_text
from studio.catalog.spec import SLICE, LayerSpec, Operation, Parameter, Port
from studio.catalog.values import ParameterRef, Value
from studio.core.edits import is_same_value
from studio.importing.plain import shown
from studio.importing.script.layers import value_of
from studio.importing.script.run import Run
from studio.importing.script.shapes import shape_of
from studio.importing.script.things import Call, MadeLayer, NotPlain, Scope, Tensor, Thing, Unclear

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling
    from studio.importing.script.expressions import Expressions
    from studio.importing.values import Catalog

SYMBOLS: Mapping[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**", ast.Mod: "%",
    ast.FloorDiv: "//", ast.USub: "-", ast.Invert: "~", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.LShift: "<<", ast.RShift: ">>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==",
    ast.NotEq: "!=",
}  # fmt: skip
"""Python's operators as the catalog knows them."""

_OF_TENSORFLOW: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "concat": ("concatenate", {"values": "xs"}), "reduce_mean": ("mean", {"input_tensor": "x"}),
    "reduce_sum": ("sum", {"input_tensor": "x"}), "reduce_max": ("max", {"input_tensor": "x"}),
    "reduce_min": ("min", {"input_tensor": "x"}), "reduce_prod": ("prod", {"input_tensor": "x"}),
    "reduce_all": ("all", {"input_tensor": "x"}), "reduce_any": ("any", {"input_tensor": "x"}),
    "reshape": ("reshape", {"tensor": "x", "shape": "newshape"}),
    "transpose": ("transpose", {"a": "x", "perm": "axes"}),
    "expand_dims": ("expand_dims", {"input": "x"}), "squeeze": ("squeeze", {"input": "x"}),
    "stack": ("stack", {"values": "x"}), "unstack": ("unstack", {"value": "x"}), "pow": ("power", {}),
    "split": ("split", {"value": "x", "num_or_size_splits": "indices_or_sections"}), "truediv": ("true_divide", {}),
    "tile": ("tile", {"input": "x", "multiples": "repeats"}), "clip_by_value": ("clip", {}), "neg": ("negative", {}),
    "one_hot": ("one_hot", {"indices": "x", "depth": "num_classes"}), "stop_gradient": ("stop_gradient", {}),
    "sub": ("subtract", {}), "mul": ("multiply", {}), "div": ("true_divide", {}), "floordiv": ("floor_divide", {}),
    "reduce_std": ("std", {"input_tensor": "x"}), "reduce_variance": ("var", {"input_tensor": "x"}),
    "reduce_logsumexp": ("logsumexp", {"input_tensor": "x"}), "floormod": ("mod", {}), "atan2": ("arctan2", {}),
    "leaky_relu": ("leaky_relu", {"features": "x", "alpha": "negative_slope"}), "swish": ("silu", {"features": "x"}),
    "gather": ("take", {"params": "x"}), "reverse": ("flip", {"tensor": "x"}),
    "resize": ("image.resize", {"method": "interpolation"}),
}  # fmt: skip
"""Functions of TensorFlow that are called otherwise in ``keras.ops``, and their arguments that are."""


_PLACES: Mapping[str, int] = {
    "argmax": 2, "argmin": 2, "cumprod": 2, "cumsum": 2, "gather": 2, "matmul": 2, "moments": 2, "norm": 3,
    "one_hot": 2, "resize": 3, "sort": 2, "split": 3, "squeeze": 2, "transpose": 2, "unstack": 3,
}  # fmt: skip
"""How many arguments of a function of TensorFlow mean the same by their places as those of ``keras.ops``."""
_FROM_FIRST = frozenset({"argmax", "argmin", "cumprod", "cumsum", "gather"})
"""Functions that TensorFlow lets go along the first axis where nothing is said, and Keras over all."""


_OPERATIONS_BY_MODULE = re.compile(r"^(nn|numpy|core|linalg|math)\.")
"""Keras has its operations once more in modules: ``keras.ops.nn.relu``."""


_OTHER_NAMES: Mapping[str, str] = {"swish": "silu", "hard_swish": "hard_silu"}


def operation_of(catalog: Catalog, path: str) -> tuple[LayerSpec, Mapping[str, str]] | None:
    """The operation that a dotted name of a library means, and the arguments that have other names there."""
    if path.startswith(("keras.ops.", "keras.activations.")):
        name = path.partition(".")[2].partition(".")[2]
        name = _OTHER_NAMES.get(name.rpartition(".")[2], name)
        spec = catalog.operation(name) or catalog.operation(_OPERATIONS_BY_MODULE.sub("", name))
        return None if spec is None else (spec, {})
    if path.startswith("tensorflow."):
        name = path.rpartition(".")[2]
        other, arguments = _OF_TENSORFLOW.get(name, (name, {}))
        module = path.removeprefix("tensorflow.").rpartition(".")[0].removeprefix("compat.v1").strip(".")
        if module == "image":
            other = f"image.{name}"
        spec = catalog.operation(other)
        if path == "tensorflow.linalg.normalize":
            return None  # It gives the norm, too.
        if spec is not None and module in ("", "math", "nn", "linalg", "image", "signal"):
            return spec, arguments
    return None


def as_keras_takes(
    path: str, args: list[Thing], kwargs: Mapping[str, Thing], renamed: Mapping[str, str], line: int
) -> tuple[list[Thing], dict[str, Thing]]:
    """The arguments as ``keras.ops`` takes them; NotPlain where their places mean something else there."""
    named = {renamed.get(key, key): thing for key, thing in kwargs.items()}
    if path.endswith(".gelu") and not path.startswith("keras.ops.") and len(args) == 1:
        return args, {"approximate": False, **named}
    name = path.rpartition(".")[2] if path.startswith("tensorflow.") else ""
    most = _PLACES.get(name, len(args))
    if len(args) > most:
        raise NotPlain(line, f"{shown(name)} is read with {most} arguments by their places, and the others by name.")
    if name in _FROM_FIRST and len(args) <= _PLACES[name] - (name != "gather"):
        named.setdefault("axis", 0)
    if name == "split":
        return _split(args, named, line)
    return args, named


def _split(args: list[Thing], named: dict[str, Thing], line: int) -> tuple[list[Thing], dict[str, Thing]]:
    """TensorFlow is told how long the parts are, Keras where they begin."""
    parts = args[1] if len(args) > 1 else named.get("indices_or_sections")
    if not isinstance(parts, list | tuple):
        return args, named
    if not all(isinstance(each, int) and each >= 0 for each in parts[:-1]):
        raise NotPlain(line, "How long the parts are is known only when the script runs.")
    begins = list(accumulate(parts[:-1]))  # the last may be -1: the rest
    return ([args[0], begins, *args[2:]], named) if len(args) > 1 else (args, {**named, "indices_or_sections": begins})


def told_format(run: Run, spec: LayerSpec, params: Mapping[str, Value]) -> Mapping[str, Value]:
    """The order of the axes of pictures, where the script has set another than Keras's and the layer has none."""
    parameter = spec.parameter("data_format")
    is_open = parameter is not None and parameter.default is None and "data_format" not in params
    return {"data_format": run.data_format} if is_open and run.data_format != "channels_last" else {}


def operate(
    reader: Calling, spec: LayerSpec, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.expr
) -> Thing:  # fmt: skip
    """What an operation on tensors gives; NotPlain where a drawing cannot hold it."""
    operation = spec.operation
    assert operation is not None
    line = node.lineno
    run = reader.run
    params: dict[str, Value] = {}
    takes: list[tuple[str, Thing]] = []
    ports = {port.name: port for port in spec.inputs}
    for name, thing in _bound(operation, spec, args, kwargs, line):
        if isinstance(thing, Unclear):
            raise NotPlain(thing.line, thing.reason)
        if _has_tensor(thing):
            port = ports.get(name)
            if port is None:
                raise NotPlain(
                    line, f"{shown(name)} of {spec.shown} is a tensor here, and a drawing has no port for it."
                )
            takes += _tensors(port, thing, spec, line)
        elif thing is not None or _takes_none(spec, name):
            value = _value(reader, spec, name, thing, line)
            parameter = cast(Parameter, spec.parameter(name))
            if parameter.is_required or not is_same_value(value, cast(Value, parameter.default)):
                params[name] = value
    if operation.counted_by not in ("", *params) and takes and (count := _along(reader, params, takes[0][1])):
        params[operation.counted_by] = count
    params |= told_format(run, spec, params)
    layer = MadeLayer(spec.type, params, None, line, run.trial)
    run.make(layer)
    call = Call("layer", line, node.end_lineno or line, run.trial, layer)
    inputs, call.outputs = run.catalog.ports(spec.type, params)
    for name, thing in takes:
        reader.take(call, name, thing, line)
    missing = next((port.name for port in inputs if not port.is_optional and port.fewest != 0
                    and all(port.name != name for name, _ in call.takes)), None)  # fmt: skip
    if missing is not None or not call.takes:
        raise NotPlain(line, f"{spec.shown} is not given its {missing or 'tensor'} as a tensor.")
    layer.is_called = True
    run.make(call)
    tensors = [Tensor(call, at) for at in range(len(call.outputs))]
    return tensors[0] if len(tensors) == 1 and not operation.counted_by else tensors


def _along(reader: Calling, params: Mapping[str, Value], tensor: Thing) -> int | None:
    """How many tensors ``unstack`` gives where nothing says it: the size of the axis."""
    axis, shape = params.get("axis", 0), shape_of(reader.run, tensor) if isinstance(tensor, Tensor) else None
    if shape is None or not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        return None
    return shape[axis] if isinstance(shape[axis], int) else None


def _bound(
    operation: Operation, spec: LayerSpec, args: list[Thing], kwargs: Mapping[str, Thing], line: int
) -> Iterator[tuple[str, Thing]]:  # fmt: skip
    """Each argument by its name."""
    names = list(operation.arguments)
    for at, thing in enumerate(args):
        starred = next((name for name in names[: at + 1] if name.startswith("*")), None)
        if starred is not None:
            yield starred.removeprefix("*"), args[at:]
            break
        if at >= len(names):
            raise NotPlain(line, f"{spec.shown} takes {len(names)} arguments, and here are {len(args)}.")
        yield names[at], thing
    for name, thing in kwargs.items():
        if name in ("name", "data_format") and name not in names:
            continue
        if name not in names:
            raise NotPlain(line, f"{spec.shown} has no argument {shown(name)} in this version of Keras.")
        yield name, thing


def _has_tensor(thing: Thing) -> bool:
    return isinstance(thing, Tensor) or (isinstance(thing, list | tuple) and any(map(_has_tensor, thing)))


def _tensors(port: Port, thing: Thing, spec: LayerSpec, line: int) -> Iterator[tuple[str, Thing]]:
    many = list(thing) if isinstance(thing, list | tuple) else [thing]
    unclear = next((each for each in many if isinstance(each, Unclear)), None)
    if unclear is not None:
        raise NotPlain(unclear.line, unclear.reason)
    if not all(isinstance(each, Tensor) for each in many) or (len(many) > 1 and not port.takes_many):
        raise NotPlain(line, f"{spec.shown} takes tensors here, and a drawing holds nothing else beside them.")
    yield from ((port.name, each) for each in many)


def _takes_none(spec: LayerSpec, name: str) -> bool:
    """Whether None says something else than leaving the argument out."""
    parameter = spec.parameter(name)
    return parameter is not None and (
        parameter.is_required or (parameter.allows_none and parameter.default is not None)
    )


def _value(reader: Calling, spec: LayerSpec, name: str, thing: Thing, line: int) -> Value:
    parameter = spec.parameter(name)
    if parameter is None:
        raise NotPlain(line, f"{shown(name)} of {spec.shown} is no tensor here, and a drawing has no place for it.")
    value = value_of(reader.run.catalog, parameter, thing, line)
    if parameter.kind == "shape" and isinstance(value, int):
        value = (value,)
    if isinstance(value, ParameterRef):
        return value
    reason = reader.run.catalog.why_not_value(parameter, value)
    if reason is not None:
        raise NotPlain(line, f"{spec.shown}: {reason}")
    return value


def sliced(reader: Calling, tensor: Tensor, node: ast.Subscript, scope: Scope) -> Thing:
    """``x[:, 0]``."""
    spec = reader.run.catalog.layer(SLICE)
    assert spec is not None
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if not 0 < len(parts) <= MOST_ENTRIES:
        raise NotPlain(node.lineno, "A tensor is given no such slice.")
    entries = [_entry(reader, part, scope) for part in parts]
    # Keras takes a single span only together with what follows it, so our own exports write "x[:2, ...]".
    if (len(entries) == 2 and entries[1] == "..." and isinstance(entries[0], Span)) or entries == ["...", Span()]:
        del entries[1]
    return operate(reader, spec, [tensor, slice_text(tuple(entries))], {}, node)


def _entry(reader: Expressions, node: ast.expr, scope: Scope) -> Entry:
    if isinstance(node, ast.Slice):
        ends = [None if part is None else _whole(reader, part, scope) for part in (node.lower, node.upper, node.step)]
        return Span(*ends)
    thing: Any = reader.plain(reader.evaluate(node, scope))
    if thing is ...:
        return "..."
    if thing is None:
        return "None"
    return _whole(reader, node, scope)


def _whole(reader: Expressions, node: ast.expr, scope: Scope) -> int:
    thing = reader.plain(reader.evaluate(node, scope))
    if isinstance(thing, Unclear):
        raise NotPlain(thing.line, thing.reason)
    if type(thing) is not int:
        raise NotPlain(node.lineno, "In a part of a tensor a drawing holds whole numbers, None and “...” alone.")
    return thing
