"""The last lines of ``load_data``: which rows are for training, validation and test, and the parts themselves."""

from __future__ import annotations

from studio.codegen.embedded import function_text
from studio.codegen.ir import Argument, Assign, Code, Expression, Function, Return, call, items, keyword
from studio.codegen.literals import literal
from studio.core.project import Split

_TAKE = '''\
def take(arrays, rows):
    """The same rows of every array."""
    return keras.tree.map_structure(lambda array: array[rows], arrays)'''

_TAKE_TEXT = '''\
def take(arrays, rows):
    """The same rows of every array, as tensors: Keras takes no arrays of text."""
    return keras.tree.map_structure(
        lambda array: keras.ops.convert_to_tensor(array[rows]), arrays
    )'''


def is_divided(split: Split) -> bool:
    """Whether any rows are kept from training."""
    return split.validation > 0 or split.test > 0


def division(split: Split, array: str, labels: Expression | None) -> tuple[Assign, Function]:
    """The statement that chooses the rows of every part, and the function that it calls.

    ``array`` is any array with a row for each row; ``labels`` are the class numbers whose shares are to be the same.
    """
    rows = Argument(Code(f"len({array})"))
    fractions = [
        keyword("validation", Code(literal(split.validation))), keyword("test", Code(literal(split.test))),
    ]  # fmt: skip
    seed = keyword("seed", Code(literal(split.seed)))
    if not split.shuffle:
        name, arguments = "split_in_order", [rows, *fractions]
    elif labels is None:
        name, arguments = "split_at_random", [rows, *fractions, seed]
    else:
        name, arguments = "split_by_class", [Argument(labels), *fractions, seed]
    targets = tuple([part if has_rows else "_" for part, has_rows in _parts(split).items()])
    return Assign(targets, call(name, *arguments)), carried(name)


def parts_of(
    split: Split, is_plain: bool, *, has_text: bool = False, has_weights: bool = False
) -> tuple[Return, tuple[Function, ...]]:
    """The statement that returns the parts, and the functions that it calls.

    ``is_plain`` tells that x and y are one array each, no dictionary; ``has_text`` that some are text,
    ``has_weights`` that there is an array of weights beside them.
    """
    names = ("x", "y", "weights") if has_weights else ("x", "y")
    all_rows = f"({', '.join(names)})"
    if has_text:
        named = {part: part if is_divided(split) else "slice(None)" for part in _parts(split)}
        written = [
            f"take({all_rows}, {named[part]})" if has_rows else "None" for part, has_rows in _parts(split).items()
        ]
        return Return(tuple([Code(part) for part in written])), (Function("take", text=_TAKE_TEXT),)
    if not is_divided(split):
        return Return((Code(all_rows), Code("None"), Code("None"))), ()
    values: list[Expression] = []
    for part, has_rows in _parts(split).items():
        plain = items("(", [Code(f"{name}[{part}]") for name in names])
        rows = plain if is_plain else Code(f"take({all_rows}, {part})")
        values.append(rows if has_rows else Code("None"))
    return Return(tuple(values)), () if is_plain else (Function("take", text=_TAKE),)


def carried(name: str) -> Function:
    """A function of ``resources/datasets/split.py``."""
    return Function(name, text=function_text("split.py", name) or "")


def _parts(split: Split) -> dict[str, bool]:
    """The parts by the names of their rows, and whether they have any."""
    return {"train": True, "validation": split.validation > 0, "test": split.test > 0}
