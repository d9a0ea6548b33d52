"""``load_data``: from the data source to arrays for training, validation and test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from studio.codegen.columns import CannotLoad, Columns
from studio.codegen.dividing import carried, division, is_divided, parts_of
from studio.codegen.drawing import NOT_JOINED
from studio.codegen.embedded import function_text, made_set_parameters
from studio.codegen.ir import (
    Argument,
    Assign,
    Code,
    Do,
    Expression,
    Function,
    Items,
    Statement,
    call,
    items,
    keyword,
)  # fmt: skip
from studio.codegen.literals import literal
from studio.codegen.names import Names
from studio.core.bindings import Binding
from studio.core.naming import variable
from studio.core.project import Column, DataSource
from studio.core.sample_weights import why_no_weights

DOCSTRING = "Return (x, y) for training, validation and test; None for a part without rows."
WITH_WEIGHTS = "Return (x, y, weights) of training, validation and test, or None without rows."


@dataclass(slots=True)
class Loading:
    """Everything that loading the data adds to the file. ``fault`` is why it cannot be loaded, in one sentence.

    ``has_weights`` tells that each part has weights of its rows as a third member.

    ``classes`` are the constants that hold the classes of a column, by its name. ``has_text`` tells that the
    parts hold text, as tensors: Keras takes no NumPy arrays of it.
    """

    functions: list[Function] = field(default_factory=list)
    constants: list[Statement] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    data_files: tuple[str, ...] = ()
    has_text: bool = False
    has_weights: bool = False
    classes: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def loading(data: DataSource, ends: Mapping[str, Binding | None], inputs: Mapping[str, str], outputs: Mapping[str, str],
            names: Names, is_listed: bool = False) -> Loading:  # fmt: skip
    """The loading of ``data`` for these Inputs and Outputs (ids and the keys that the code has for them).

    ``is_listed`` tells that several Inputs are given in their order, and not by their keys.
    """
    try:
        return _Loader(data, ends, inputs, outputs, names, is_listed).load()
    except CannotLoad as error:
        body = (Do(call("NotImplementedError", Code(literal(str(error)))), "raise"),)
        return Loading([Function("load_data", (), DOCSTRING, body)], fault=str(error))


class _Loader:
    def __init__(self, data: DataSource, ends: Mapping[str, Binding | None], inputs: Mapping[str, str],
                 outputs: Mapping[str, str], names: Names, is_listed: bool) -> None:  # fmt: skip
        self.data = data
        self.ends = ends
        self.inputs = inputs
        self.outputs = outputs
        self.names = names
        self.is_listed = is_listed
        self.classes: dict[str, str] = {}
        self.lists: dict[tuple[str, ...], str] = {}
        bound = {key: binding for key, binding in ends.items() if binding is not None}
        self.words = {key for key in inputs if key in bound and bound[key].encoding == "text"}
        texts = frozenset(column.name for key in self.words for column in bound[key].columns)
        self.columns = Columns(data, self.classes, self.lists, texts)
        self.weights = data.column(data.sample_weights) if data.sample_weights is not None else None
        self.made = Loading(classes=self.classes)
        self.body: list[Statement] = []

    def load(self) -> Loading:
        """All of it, or CannotLoad."""
        self._check()
        self.made.has_text = bool(self.words)
        self._name_constants()
        self._read()
        filled = self._filled()
        x = {} if filled else self._arrays("x", self.inputs, is_input=True)
        y = self._arrays("y", self.outputs, is_input=False)
        self._divide(x or y, y)
        if filled:
            # The means are those of the training rows alone, so the rows must be divided before x is made.
            self._fill(filled)
            x = self._arrays("x", self.inputs, is_input=True)
        if self.weights is not None:
            self.made.has_weights = True
            self.body.append(Assign(("weights",), self.columns.weights(self.weights)))
        self._return(x, y)
        docstring = DOCSTRING if self.weights is None else WITH_WEIGHTS
        self.made.functions.append(Function("load_data", (), docstring, tuple(self.body)))
        return self.made

    def _check(self) -> None:
        if self.data.kind == "none":
            raise CannotLoad("Choose data in the program, or return your arrays here.")
        if not self.inputs or not self.outputs:
            raise CannotLoad(NOT_JOINED)
        if self.data.sample_weights is not None:
            gone = f"The data has no column {self.data.sample_weights[:80]} any more."
            reason = why_no_weights(self.weights) if self.weights is not None else gone
            if reason:
                raise CannotLoad(f"{reason} Choose another column as sample weight, or none.")
        for key, name in (*self.inputs.items(), *self.outputs.items()):
            binding = self.ends.get(key)
            if binding is None or not binding.columns or binding.data_shape is None:
                raise CannotLoad(f"No columns of the data are connected to {name}.")

    def _used(self) -> list[Column]:
        """The columns that are loaded, in the order of the data."""
        used = {column.name for key in (*self.inputs, *self.outputs) for column in self._binding(key).columns}
        used.update(column.name for column in self._strata())
        if self.weights is not None:
            used.add(self.weights.name)
        return [column for column in self.data.columns if column.name in used]

    def _binding(self, key: str) -> Binding:
        binding = self.ends[key]
        assert binding is not None
        return binding

    def _strata(self) -> list[Column]:
        """The categories whose shares are to be the same in every part."""
        split = self.data.split
        if not (split.stratify and split.shuffle and is_divided(split)):
            return []
        known = {column.name: column for column in self.data.columns}
        return [known[name] for name in self.data.targets if name in known and known[name].kind == "category"]

    def _name_constants(self) -> None:
        words_only = self._words_only()
        named = [
            column for column in self._used() if self.columns.needs_constant(column) and column.name not in words_only
        ]
        for column in named:
            name = "CLASSES" if len(named) == 1 else variable(column.name).upper()
            self.classes[column.name] = self.names.take(name)
            numbers = self.columns.class_values(column)
            value = items("(", [Code(literal(each)) for each in (numbers or column.classes)])
            self.made.constants.append(Assign((self.classes[column.name],), value))
        for ends, whole in ((self.inputs, "FEATURES"), (self.outputs, "TARGETS")):
            for key, name in ends.items():
                columns = self._binding(key).columns
                if len(columns) > 1 and self.columns.needs_list(columns):
                    chosen = tuple([column.name for column in columns])
                    own = whole if len(ends) == 1 else variable(name).upper()
                    self.lists[chosen] = self.names.take(own)
                    listed = items("[", [Code(literal(column)) for column in chosen])
                    self.made.constants.append(Assign((self.lists[chosen],), listed))

    def _words_only(self) -> frozenset[str]:
        """Categories of which nothing but the words is wanted, as they stand in the data."""
        if self.data.kind == "made" or (self.data.kind == "bundled" and self.columns.is_arrays):
            return frozenset()
        counted = {
            column.name
            for key in (*self.inputs, *self.outputs)
            if key not in self.words
            for column in self._binding(key).columns
        }
        return self.columns.texts - counted - {column.name for column in self._strata()}

    def _read(self) -> None:
        if self.data.kind == "made":
            self._make()
            return
        file = PurePath(f"{self.data.name}{'.npz' if self.columns.is_arrays else '.csv'}")
        if self.data.kind == "file":
            file = PurePath(self.data.name.replace("\\", "/"))
        self.made.data_files = (file.name,)
        self.made.imports.add("from pathlib import Path")
        path = call("Path(__file__).with_name", Code(literal(file.name)))
        self.made.constants.insert(0, Assign(("DATA",), path))
        if self.columns.is_arrays:
            self.made.imports.add("import numpy as np")
            self.body.append(Assign(("arrays",), call("np.load", Code("DATA"))))
            return
        self.made.imports.add("import pandas as pd")
        written = self.columns.read_as_text(self._used())
        types = Items("{", tuple([Argument(Code("str"), f"{literal(name)}: ") for name in written]))
        self.body.append(
            Assign(("table",), call("pd.read_csv", Code("DATA"), *[keyword("dtype", types)] * bool(written)))
        )
        self._drop_gaps()
        self._order_classes()

    def _make(self) -> None:
        known = made_set_parameters(self.data.name)
        if known is None:
            raise CannotLoad(f"There is no made-up data set called {self.data.name}.")
        self.made.imports.add("import numpy as np")
        text = function_text(f"made/{self.data.name}.py", self.data.name)
        self.made.functions.append(Function(self.data.name, text=text or ""))
        given = [keyword(name, Code(literal(value))) for name, value in self.data.params.items() if name in known]
        self.body.append(Assign(("table",), call(self.data.name, *given)))

    def _filled(self) -> list[Column]:
        """The columns whose gaps are filled: numbers that feed the network and that nothing is compared with."""
        if self.data.gaps != "mean" or not self.columns.is_table:
            return []
        compared = {column.name for key in self.outputs for column in self._binding(key).columns}
        compared.update(self.data.targets)
        if self.weights is not None:
            compared.add(self.weights.name)  # How much a row counts is not for the other rows to say.
        return [
            column
            for column in self._used()
            if column.gaps > 0 and column.kind == "number" and column.name not in compared
        ]

    def _fill(self, filled: list[Column]) -> None:
        names = ", ".join([literal(column.name) for column in filled])
        rows = ".iloc[train]" if is_divided(self.data.split) else ""
        means = call(f"table[[{names}]]{rows}.mean")
        if len(names) > 40:
            self.body.append(Assign(("gaps",), items("[", [Code(literal(column.name)) for column in filled])))
            means = call(f"table[gaps]{rows}.mean")
        self.body.append(Assign(("table",), call("table.fillna", means)))

    def _drop_gaps(self) -> None:
        filled = self._filled()
        holes = [column for column in self._used() if column.gaps > 0 and column not in filled]
        if holes and self.data.gaps != "refuse":
            names = self._listed([column.name for column in holes])
            self.body.append(Assign(("table",), call("table.dropna", keyword("subset", names))))

    def _listed(self, names: list[str]) -> Expression:
        """The names of columns as a list, those of a constant by its name."""
        if constant := self.lists.get(tuple(names)):
            return Code(constant)
        parts: list[str] = []
        told: set[str] = set()
        for columns, constant in self.lists.items():
            if told.isdisjoint(columns) and set(columns) <= set(names):
                parts.append(f"*{constant}")
                told.update(columns)
        return items("[", [*map(Code, parts), *[Code(literal(name)) for name in names if name not in told]])

    def _order_classes(self) -> None:
        """Tell pandas the classes of categories that become ones and zeros, also those that no row has."""
        mixed = {
            column.name: column
            for key in (*self.inputs, *self.outputs)
            if self._binding(key).encoding in ("one_hot", "mixed")
            for column in self._binding(key).columns
            if column.kind == "category"
        }
        for name in mixed:
            cell = f"table[{literal(name)}]"
            self.body.append(Assign((cell,), call("pd.Categorical", Code(cell), Code(self.classes[name]))))

    def _arrays(self, variable_name: str, ends: Mapping[str, str], *, is_input: bool) -> dict[str, str]:
        """Assign x or y; returns the expression of the array of each end."""
        found: dict[str, Expression] = {key: self.columns.expression(self._binding(key), is_input) for key in ends}
        if len(found) == 1:
            key, value = next(iter(found.items()))
            last = self.body[-1]
            if not is_input and isinstance(last, Assign) and last.targets == ("x",) and last.value.text == value.text:
                value = Code("x")  # the network shall give back what it gets
            self.body.append(Assign((variable_name,), value))
            return {key: variable_name}
        if is_input and self.is_listed:
            # A tuple, for the batches go through tf.data, which takes a list for one tensor.
            self.body.append(Assign((variable_name,), items("(", [*found.values()])))
            return {key: f"{variable_name}[{place}]" for place, key in enumerate(found)}
        entries = tuple([Argument(value, f"{literal(ends[key])}: ") for key, value in found.items()])
        self.body.append(Assign((variable_name,), Items("{", entries)))
        return {key: f"{variable_name}[{literal(ends[key])}]" for key in ends}

    def _divide(self, ends: Mapping[str, str], y: Mapping[str, str]) -> None:
        """Choose the rows of every part; any of ``ends`` tells how many there are."""
        split = self.data.split
        if not is_divided(split):
            return
        self.made.imports.add("import numpy as np")
        labels = self._labels(y) if split.shuffle else None
        statement, function = division(split, next(iter(ends.values())), labels)
        self.made.functions.append(function)
        self.body.append(statement)

    def _return(self, x: Mapping[str, str], y: Mapping[str, str]) -> None:
        statement, functions = parts_of(
            self.data.split, len(x) == 1 and len(y) == 1, has_text=bool(self.words),
            has_weights=self.weights is not None,
        )  # fmt: skip
        self.made.functions += functions
        self.body.append(statement)

    def _labels(self, y: Mapping[str, str]) -> Expression | None:
        bound = {
            self._binding(key).columns[0].name: text
            for key, text in y.items()
            if self._binding(key).encoding == "class"
        }
        found: list[Expression] = [
            Code(bound[column.name]) if column.name in bound else self.columns.class_numbers(column)
            for column in self._strata()
        ]
        if len(found) < 2:
            return found[0] if found else None
        self.made.functions.append(carried("class_numbers"))
        return call("class_numbers", *found)
