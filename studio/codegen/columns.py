"""How the arrays of one Input or Output are made from the columns of the data: one expression for each source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from studio.codegen.ir import Argument, Call, Code, Expression, call, items, keyword
from studio.codegen.literals import literal
from studio.core.bindings import Binding
from studio.core.project import Column, DataSource
from studio.immutable import immutable

_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
_TRUTH = frozenset({"true", "false"})


class CannotLoad(Exception):
    """Why columns cannot be loaded, as one plain sentence."""


@immutable
class Columns:
    """The columns of a source, with the constants that hold the classes of a category and the names of several columns.

    Both are filled in before the first expression is asked for.
    """

    data: DataSource
    classes: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()
    """Names of the columns of which some Input takes the words."""

    @property
    def is_table(self) -> bool:
        """Whether pandas reads the source."""
        return self.data.kind != "made" and not self.is_arrays

    @property
    def is_arrays(self) -> bool:
        """Whether the source is a file of NumPy arrays. Of a bundled set only its columns tell."""
        if self.data.kind == "bundled":
            return any(column.kind == "image" for column in self.data.columns)
        return self.data.kind == "file" and self.data.name.lower().endswith(".npz")

    @property
    def variable(self) -> str:
        """The variable that holds the columns."""
        return "arrays" if self.is_arrays else "table"

    def expression(self, binding: Binding, is_input: bool) -> Expression:
        """The array that one Input or Output takes, as many rows as the data has."""
        columns = binding.columns
        if binding.encoding == "class":
            numbers = self.class_numbers(columns[0])
            return Call(numbers, (Argument(Code(":, None")),), "", "[") if is_input else numbers
        if binding.encoding == "image":
            grey = "[..., None]" if len(columns[0].shape) == 2 else ""
            return Code(f"{self._one(columns[0])}{grey}.astype({literal(binding.dtype)})")
        if binding.encoding == "text":
            if not is_input:
                raise CannotLoad(f"{columns[0].name} is free text, with which no output can be compared.")
            return self._words(columns, has_axis=binding.shape != ())
        if binding.encoding == "numbers":
            return self._numbers(columns, binding.dtype)
        if not self.is_table:
            raise CannotLoad("Only tables can have several categories in one Input or Output.")
        chosen = self._chosen(columns)
        dummies = call("pd.get_dummies", Code(chosen), keyword("dtype", Code(literal(binding.dtype))))
        return Code(f"{dummies.text}.to_numpy({literal(binding.dtype)})")

    def weights(self, column: Column) -> Expression:
        """How much each row counts."""
        method = "to_numpy" if self.is_table else "astype"
        return call(f"{self._one(column)}.{method}", Code(literal("float32")))

    def class_numbers(self, column: Column) -> Call:
        """The class number of each row."""
        if self.is_table:
            return replace(
                call("pd.Categorical", Code(self._one(column)), Code(self.classes[column.name])), after=".codes"
            )
        numbers = self.class_values(column)
        if self.data.kind == "file" and numbers is None:
            each = f"{self.classes[column.name]}.index(each) for each in {self._one(column)}"
            return call("np.array", items("[", [Code(each)]))
        if numbers is not None and numbers != tuple(range(len(numbers))):
            return call("np.searchsorted", Code(literal(numbers)), Code(self._one(column)))
        return call(f"{self._one(column)}.astype", Code(literal("int32")))

    def needs_constant(self, column: Column) -> bool:
        """Whether the code says the classes of this category: for a table always, else where they have names."""
        return column.kind == "category" and (self.is_table or self.class_values(column) is None)

    def class_values(self, column: Column) -> tuple[int, ...] | None:
        """The classes as whole numbers, if they are read as such."""
        return None if column.name in self.texts and self.is_table else class_values(column)

    def read_as_text(self, columns: Sequence[Column]) -> list[str]:
        """The columns that pandas must leave as they are written."""
        return [column.name for column in columns if column.name in self.texts or is_read_as_truth(column)]

    def _words(self, columns: Sequence[Column], *, has_axis: bool) -> Expression:
        if not has_axis:
            return Code(f"{self._one(columns[0])}.to_numpy(object)") if self.is_table else self._words_of(columns[0])
        if self.is_table:
            return Code(f"{self._chosen(columns)}.to_numpy(object)")
        if len(columns) == 1:
            return Call(self._words_of(columns[0]), (Argument(Code(":, None")),), "", "[")
        return call("np.column_stack", items("[", [self._words_of(column) for column in columns]))

    def _words_of(self, column: Column) -> Call | Code:
        if class_values(column) is not None:
            return Code(f"{self._one(column)}.astype(str)")
        if column.kind == "category" and self.data.kind != "file":  # class numbers, whose names the program knows
            return Code(f"np.array({self.classes[column.name]})[{self._one(column)}]")
        return Code(self._one(column))

    def _one(self, column: Column) -> str:
        return f"{self.variable}[{literal(column.name)}]"

    def _chosen(self, columns: Sequence[Column]) -> str:
        """Several columns of a table; all but the targets are told by what is left out."""
        names = [column.name for column in columns]
        others = [column.name for column in self.data.columns if column.name not in names]
        in_order = [column.name for column in self.data.columns if column.name in names]
        if names == in_order and len(names) > 3 and len(others) < 3:
            if not others:
                return "table"
            left_out = others[0] if len(others) == 1 else tuple(others)
            listed = literal(left_out) if isinstance(left_out, str) else f"[{', '.join(map(literal, others))}]"
            return f"table.drop(columns={listed})"
        constant = self.lists.get(tuple(names))
        return f"table[{constant}]" if constant else f"table[[{', '.join(map(literal, names))}]]"

    def needs_list(self, columns: Sequence[Column]) -> bool:
        """Whether the names of these columns are too many to stand inside an expression."""
        chosen = self._chosen(columns) if self.is_table else ""
        return chosen.startswith("table[[") and (len(columns) > 2 or len(chosen) > 50)

    def _numbers(self, columns: Sequence[Column], dtype: str) -> Expression:
        if self.is_table:
            chosen = self._chosen(columns)
            return Code(f"{chosen}.to_numpy({literal(dtype)})")
        if len(columns) == 1:
            axis = "" if columns[0].shape else "[:, None]"
            cast = "" if self.data.kind == "made" and dtype == "float32" else f".astype({literal(dtype)})"
            return Code(f"{self._one(columns[0])}{axis}{cast}")
        stacked = call("np.column_stack", items("[", [Code(self._one(column)) for column in columns]))
        if self.data.kind == "made" and dtype == "float32":
            return stacked
        return call("np.asarray", stacked, Code(literal(dtype)))


def class_values(column: Column) -> tuple[int, ...] | None:
    """The classes as whole numbers, if they are."""
    if column.classes and all(_WHOLE.fullmatch(name) for name in column.classes):
        return tuple(int(name) for name in column.classes)
    return None


def is_read_as_truth(column: Column) -> bool:
    """Whether pandas would take the texts of this category for True and False."""
    return column.kind == "category" and {name.lower() for name in column.classes} <= _TRUTH
