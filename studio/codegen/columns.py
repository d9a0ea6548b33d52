"""How the arrays of one Input or Output are made from the columns of the data: one expression for each source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from studio.codegen.ir import Code, Expression, call, items, keyword
from studio.codegen.literals import literal
from studio.core.bindings import Binding
from studio.core.project import Column, DataSource

_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
_TRUTH = frozenset({"true", "false"})


class CannotLoad(Exception):
    """Why columns cannot be loaded, as one plain sentence."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a source. ``classes`` has the constant that holds the classes of each category, by column."""

    data: DataSource
    classes: Mapping[str, str] = field(default_factory=dict)

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

    def expression(self, binding: Binding, is_input: bool) -> Expression:
        """The array that one Input or Output takes, as many rows as the data has."""
        columns = binding.columns
        if binding.encoding == "class":
            numbers = self.class_numbers(columns[0])
            return Code(f"{numbers}[:, None]") if is_input else Code(numbers)
        if binding.encoding == "image":
            grey = "[..., None]" if len(columns[0].shape) == 2 else ""
            return Code(f"{self._one(columns[0])}{grey}.astype({literal(binding.dtype)})")
        if binding.encoding == "numbers":
            return self._numbers(columns, binding.dtype)
        if not self.is_table:
            raise CannotLoad("Only tables can have several categories in one Input or Output.")
        chosen = self._chosen(columns)
        dummies = call("pd.get_dummies", Code(chosen), keyword("dtype", Code(literal(binding.dtype))))
        return Code(f"{dummies.text}.to_numpy({literal(binding.dtype)})")

    def class_numbers(self, column: Column) -> str:
        """The class number of each row."""
        if self.is_table:
            return f'pd.Categorical({self._one(column)}, {self.classes[column.name]}).codes.astype("int32")'
        numbers = class_values(column)
        if self.data.kind == "file" and numbers is None:
            return f"np.array([{self.classes[column.name]}.index(each) for each in {self._one(column)}])"
        if numbers is not None and numbers != tuple(range(len(numbers))):
            return f'np.searchsorted({literal(numbers)}, {self._one(column)}).astype("int32")'
        return f'{self._one(column)}.astype("int32")'

    def needs_constant(self, column: Column) -> bool:
        """Whether the code says the classes of this category: for a table always, else where they have names."""
        return column.kind == "category" and (self.is_table or class_values(column) is None)

    def _one(self, column: Column) -> str:
        return f"table[{literal(column.name)}]"

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
        return f"table[[{', '.join(map(literal, names))}]]"

    def _numbers(self, columns: Sequence[Column], dtype: str) -> Expression:
        if self.is_table:
            names = [column.name for column in columns]
            chosen = self._chosen(columns)
            if chosen.startswith("table[[") and len(names) > 4:
                # A list of many names is a statement of its own, so that it can be broken into lines.
                return call("table.filter", items("[", [Code(literal(name)) for name in names]))
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
