"""Names: as Keras gives them, as Python reads them."""

from __future__ import annotations

import builtins
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalog.spec import is_backbone
from studio.core import edits, naming
from studio.core.project import MAIN
from studio.core.rules.listing import problems
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id


@pytest.mark.parametrize(
    ("type_name", "name"),
    [("Dense", "dense"), ("Conv2D", "conv2d"), ("MaxPooling2D", "max_pooling2d"), ("LSTM", "lstm"),
     ("MultiHeadAttention", "multi_head_attention"), ("ConvLSTM2D", "conv_lstm2d"), ("ReLU", "re_lu")],
)  # fmt: skip
def test_new_nodes_are_called_as_keras_would(type_name: str, name: str) -> None:
    assert naming.to_snake_case(type_name) == name


@pytest.mark.keras
def test_every_layer_is_called_as_keras_would() -> None:
    from keras.src.utils.naming import to_snake_case

    assert {name: naming.to_snake_case(name) for name in CATALOG.layers if not is_backbone(name)} == {
        name: to_snake_case(name) for name in CATALOG.layers if not is_backbone(name)
    }


def test_the_first_free_number_is_taken() -> None:
    project = graph("dense:Dense; dense_2:Dense; b1_l1:Dense")
    assert naming.fresh_name(project, MAIN, "Dense") == "dense_1"
    assert naming.unused("dense_2", {"dense_2", "dense_3"}) == "dense_4"
    assert naming.unused("b1_l1", {"b1_l1"}) == "b1_l1_1"


@pytest.mark.parametrize(
    ("name", "variable"),
    [("dense", "dense"), ("conv1/bn", "conv1_bn"), ("1x1", "_1x1"), ("class", "class_"), ("print", "print_"),
     ("my layer", "my_layer"), ("größe", "größe"), ("ﬁlter", "filter_"), ("层", "层"), ("→", "node"), ("", "node"),
     ("match", "match_"), ("__import__('os')", "import___os")],
)  # fmt: skip
def test_variables_are_safe_python(name: str, variable: str) -> None:
    assert naming.variable(name) == variable


@given(st.text())
def test_every_name_has_a_variable(name: str) -> None:
    variable = naming.variable(name)
    assert variable.isidentifier()
    assert not keyword.iskeyword(variable)
    assert not hasattr(builtins, variable)
    assert naming.variable(variable) == variable


def test_whether_keras_gave_a_name() -> None:
    assert naming.is_given_by_keras("dense_12", "Dense")
    assert not naming.is_given_by_keras("dense_x", "Dense")
    assert not naming.is_given_by_keras("hidden", "Dense")


def test_an_output_may_be_called_as_a_layer_but_not_as_an_input() -> None:
    project = graph("x:Input(shape=(2,)) -> price:Dense(units=1) -> y:Output; price -> n:ops.negative -> z:Output")
    end = node_id(project, "y")
    assert naming.why_not_name(project, MAIN, "price", end) is None
    for taken in ("x", "z", "n"):
        assert naming.why_not_name(project, MAIN, taken, end) is not None
    called = edits.rename(project, end, "price")
    names = [node.name for node in called.main.nodes.values()]
    assert sorted(names) == ["n", "price", "price", "x", "z"]
    assert "duplicate_name" not in {problem.code for problem in problems(called, CATALOG)}
    layer = next(node.id for node in called.main.nodes.values() if node.type == "Dense")
    assert naming.why_not_name(called, MAIN, "z", layer) is None
    assert naming.why_not_name(called, MAIN, "x", layer) is not None


def test_the_ends_of_a_block_are_called_otherwise_than_its_layers() -> None:
    project = graph("x:Input(shape=(2,)) -> a:Dense(units=1) -> b:Dense(units=1) -> y:Output")
    project = edits.make_block(project, CATALOG, [node_id(project, "a"), node_id(project, "b")], "two")
    (block,) = project.blocks.values()
    end = next(node for node in block.graph.nodes.values() if node.type == "Output")
    assert naming.why_not_name(project, block.id, "a", end.id) is not None
