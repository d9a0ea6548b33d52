"""How a call of ``keras.ops`` reads: ``x + y``, ``-x``, ``x[:, 0]``, ``ops.mean(x, axis=1)``.

An operator of Python stands where Keras says that it is the very same operation; what a name, a number and an operator
cannot say goes through the function.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

from studio.catalog.checking import array_shape
from studio.catalog.slices import Entry, SliceError, Span, key_entries, parse_slice, slice_text
from studio.catalog.spec import SLICE, LayerSpec, Operation
from studio.catalog.values import Value
from studio.codegen.ir import (
    Argument,
    Assign,
    Call,
    Code,
    Element,
    Expression,
    For,
    Function,
    Infix,
    Items,
    Listing,
    Return,
    Statement,
    call,
    items,
    keyword,
)
from studio.codegen.literals import literal

_BY_NAME = frozenset({"axes", "axis", "axis1", "axis2", "dtype", "mode"})
"""Parameters that read better with their names even where Keras insists on them."""

_TAKES_DTYPE = ("cast", "saturate_cast")


def slice_key(value: Value) -> tuple[Entry, ...] | None:
    """The entries of a slice as Keras takes them, or None where the text is none."""
    try:
        return key_entries(parse_slice(value)) if isinstance(value, str) else None
    except SliceError:
        return None


def key_expression(entries: Sequence[Entry]) -> Code:
    """A slice outside of brackets, as a call would be given it: ``(slice(None, None, None), 0)``."""
    written = [
        f"slice({entry.start}, {entry.stop}, {entry.step})" if isinstance(entry, Span) else str(entry)
        for entry in entries
    ]
    return Code(written[0] if len(written) == 1 else f"({', '.join(written)})")


def array(value: Value) -> Expression | None:
    """A number as it is, rows of numbers as an array of one type of number; None for anything else."""
    if array_shape(value) is None:
        return None
    if not isinstance(value, tuple):
        return Code(literal(value))
    leaves = list(_leaves(value))
    is_bool = all(isinstance(leaf, bool) for leaf in leaves)
    is_whole = all(isinstance(leaf, int) for leaf in leaves)
    large = any(isinstance(leaf, int) and abs(leaf) >= 2**31 for leaf in leaves)
    dtype = "bool" if is_bool else ("int64" if large else "int32") if is_whole else "float32"
    return call("np.array", _rows(value), keyword("dtype", Code(literal(dtype))))


def _leaves(value: Value) -> Iterable[Value]:
    if isinstance(value, tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _rows(value: Value) -> Expression:
    return items("[", [_rows(item) for item in value]) if isinstance(value, tuple) else Code(literal(value))


def applied(spec: LayerSpec, made: Call, tensors: Mapping[str, Sequence[str]], key: Value) -> Expression:
    """The call of an operation with variables. ``made`` is its call without them, all arguments by name.

    ``tensors`` are the variables that arrive at each port; ``key`` is the slice, where it is one.
    """
    operation = spec.operation
    assert operation is not None
    plain = {argument.before.removesuffix("="): argument.value for argument in made.arguments}
    entries = slice_key(key) if spec.type == SLICE else None
    if entries is not None:
        return Call(Code(tensors["x"][0]), (Argument(Code(slice_text(tuple(entries)))),), opening="[")
    short = _with_operator(spec, operation, plain, tensors)
    return short if short is not None else _function(spec, operation, made.function.text, plain, tensors)


def _with_operator(
    spec: LayerSpec, operation: Operation, plain: Mapping[str, Expression], tensors: Mapping[str, Sequence[str]]
) -> Infix | None:
    if not operation.operator:
        return None
    operands: list[Code] = []
    for port in spec.inputs:
        found = tensors.get(port.name, ())
        value = Code(found[0]) if found else plain.get(port.name)
        # An array on the left would ask numpy, and before a power a sign would bind later.
        if not isinstance(value, Code) or value.text.startswith(("float(", "True", "False")):
            return None
        operands.append(Code(f"({value.text})") if " / " in value.text else value)
    if len(operands) == 1:
        return Infix(operation.operator, operands[0])
    left, right = operands
    if not tensors.get(spec.inputs[0].name):
        is_signed = left.text.startswith("-") and operation.operator == "**"
        if not operation.is_reflected or is_signed:
            return None
    return Infix(operation.operator, right, left)


def _function(
    spec: LayerSpec, operation: Operation, function: str, plain: Mapping[str, Expression],
    tensors: Mapping[str, Sequence[str]],
) -> Call:  # fmt: skip
    ports = {port.name: port for port in spec.inputs}
    arguments: list[Argument] = []
    is_front = True
    for argument in operation.arguments:
        name = argument.removeprefix("*")
        found = tensors.get(name, ())
        if argument != name:
            arguments += [Argument(Code(each)) for each in found]
            is_front = False
            continue
        value: Expression | None = plain.get(name)
        if found:
            value = items("[", [Code(each) for each in found]) if ports[name].takes_many else Code(found[0])
        if value is None:
            is_front = False
            continue
        parameter = spec.parameter(name)
        is_needed = name in ports or (parameter is not None and parameter.is_required)
        is_named = name in _BY_NAME and operation.path not in _TAKES_DTYPE
        is_front = is_front and is_needed and not is_named
        arguments.append(Argument(value) if is_front else keyword(name, value))
    after = "[0]" if operation.counted_by and _gives_one(operation, plain.get(operation.counted_by)) else ""
    return Call(Code(function), tuple(arguments), after)


def _gives_one(operation: Operation, value: Expression | None) -> bool:
    """Whether the list that comes out has one entry, which is taken out of it."""
    try:
        count = ast.literal_eval(value.text) if value is not None else None
    except ValueError:  # a parameter of a block
        return False
    return (len(count) + operation.counted_more if isinstance(count, tuple | list) else count) == 1


def used(functions: Iterable[Function], prefixes: Sequence[str]) -> set[str]:
    """Those of the prefixes ("ops.") with which the name of something starts that the functions call."""
    found: set[str] = set()
    for function in functions:
        # Most functions say nothing of the kind and need no closer look.
        text = "\n".join([each.text for each in function.body if type(each) is Assign])
        is_there = any(prefix in text for prefix in prefixes)
        for statement in function.body:
            if type(statement) is Assign and not is_there:
                continue
            for value in _values(statement):
                for prefix in prefixes:
                    if prefix in value.text and any(name.startswith(prefix) for name in _called(value)):
                        found.add(prefix)
    return found


def _values(statement: Statement) -> Sequence[Expression]:
    match statement:
        case Assign(value=value):
            return (value,)
        case For(rows=rows):
            return (*rows, *[each.value for each in statement.assignments()])
        case Return(values=values):
            return values
        case Listing(elements=elements):
            return [element.value for element in elements if isinstance(element, Element)]
    return ()


def _called(value: Expression) -> Iterable[str]:
    if isinstance(value, Call):
        if isinstance(value.function, Code):
            yield value.function.text
        else:
            yield from _called(value.function)
    if isinstance(value, Call | Items):
        for argument in value.arguments if isinstance(value, Call) else value.items:
            yield from _called(argument.value)
