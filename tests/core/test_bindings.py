"""Columns find their Inputs and Outputs where only one reading makes sense."""

from __future__ import annotations

import pytest

from studio.core import edits
from studio.core.bindings import Binding, input_shape, resolve
from studio.core.project import Column, DataSource, Project
from tests.support.graphs import graph, node_id

NUMBERS = tuple(Column(name) for name in "abc")
ISLAND = Column("island", "category", classes=("Biscoe", "Dream", "Torgersen"))
SEX = Column("sex", "category", classes=("female", "male"))
GREY = Column("picture", "image", (28, 28))
COLOUR = Column("photo", "image", (32, 32, 3))
SERIES = Column("series", shape=(12,))


def source(features: tuple[Column, ...], targets: tuple[Column, ...]) -> DataSource:
    columns = tuple(dict.fromkeys((*features, *targets)))
    return DataSource("bundled", "set", columns=columns, features=tuple(column.name for column in features),
                      targets=tuple(column.name for column in targets))  # fmt: skip


def bound(text: str, features: tuple[Column, ...], targets: tuple[Column, ...] = ()) -> Project:
    return edits.set_data(graph(text), source(features, targets))


def form(project: Project, name: str) -> tuple[object, ...]:
    found = resolve(project)[node_id(project, name)]
    return found.shape, found.dtype, found.encoding


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (NUMBERS, ((3,), "float32", "numbers")),
        ((ISLAND,), ((1,), "int32", "class")),
        ((*NUMBERS, ISLAND), ((6,), "float32", "mixed")),
        ((ISLAND, SEX), ((5,), "float32", "one_hot")),
        ((GREY,), ((28, 28, 1), "float32", "image")),
        ((COLOUR,), ((32, 32, 3), "float32", "image")),
        ((SERIES,), ((12,), "float32", "numbers")),
        ((GREY, NUMBERS[0]), (None, "float32", "numbers")),
    ],
)
def test_what_an_input_takes(columns: tuple[Column, ...], expected: tuple[object, ...]) -> None:
    assert form(bound("x:Input", columns), "x") == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (NUMBERS, ((3,), "float32", "numbers")),
        ((NUMBERS[0],), ((1,), "float32", "numbers")),
        ((ISLAND,), ((), "int32", "class")),
        ((ISLAND, SEX), ((5,), "float32", "one_hot")),
        ((GREY,), ((28, 28, 1), "float32", "image")),
    ],
)
def test_what_an_output_is_compared_with(columns: tuple[Column, ...], expected: tuple[object, ...]) -> None:
    assert form(bound("x:Input -> y:Output", NUMBERS, columns), "y") == expected


def columns_of(project: Project) -> dict[str, tuple[str, ...]]:
    nodes = project.main.nodes
    return {nodes[key].name: tuple(column.name for column in found.columns) for key, found in resolve(project).items()}


def test_one_input_takes_all_features_and_one_output_all_targets() -> None:
    project = bound("x:Input -> y:Output", NUMBERS, (ISLAND, SEX))
    assert columns_of(project) == {"x": ("a", "b", "c"), "y": ("island", "sex")}
    assert all(binding.is_automatic for binding in resolve(project).values())


def test_several_take_the_column_of_their_name_and_the_last_one_the_rest() -> None:
    project = bound("island:Input; x:Input; sex:Output; other:Output", (*NUMBERS, ISLAND), (SEX,))
    assert columns_of(project) == {"island": ("island",), "x": ("a", "b", "c"), "sex": ("sex",)}


def test_several_without_a_hint_are_left_to_the_person() -> None:
    project = bound("x:Input; z:Input", NUMBERS)
    assert columns_of(project) == {}
    project = edits.bind(project, node_id(project, "z"), ["b"])
    assert columns_of(project) == {"z": ("b",), "x": ("a", "c")}
    assert [binding.is_automatic for binding in resolve(project).values()] == [True, False]


def test_a_chosen_column_that_is_gone_binds_nothing() -> None:
    project = bound("x:Input", NUMBERS)
    project = edits.bind(project, node_id(project, "x"), ["gone"])
    assert columns_of(project) == {}


def test_an_output_may_be_compared_with_a_feature() -> None:
    project = bound("x:Input -> y:Output", (GREY,))
    project = edits.bind(project, node_id(project, "y"), ["picture"])
    assert form(project, "y") == ((28, 28, 1), "float32", "image")


def test_an_inputs_own_shape_and_dtype_win() -> None:
    project = bound("x:Input(shape=(None,), dtype='int32')", NUMBERS)
    found = resolve(project)[node_id(project, "x")]
    assert (found.shape, found.data_shape, found.dtype) == ((None,), (3,), "int32")
    x = node_id(project, "x")
    assert input_shape(project, x) == (None,)


def test_without_data_there_are_no_bindings() -> None:
    project = graph("x:Input(shape=(7,)); z:Input")
    assert resolve(project) == {}
    assert input_shape(project, node_id(project, "x")) == (7,)
    assert input_shape(project, node_id(project, "z")) is None
    assert input_shape(project, "n99") is None


def test_a_binding_says_which_node_it_is_for() -> None:
    project = bound("x:Input", (NUMBERS[0],))
    x = node_id(project, "x")
    assert resolve(project)[x] == Binding(x, (NUMBERS[0],), (1,), "float32", "numbers", True, (1,))
