"""Sizes that a model of Keras 2 asks for: numbers where the file tells them, and grey where it does not."""

from __future__ import annotations

from typing import Any

import pytest

from studio.importing import Imported, from_config
from tests.importing.test_configs import functional, layer
from tests.support.catalog import CATALOG
from tests.support.graphs import edges, node

X = layer("InputLayer", "x", [], batch_input_shape=[None, 4, 6], dtype="float32", sparse=False, ragged=False)
OPEN = layer("InputLayer", "x", [], batch_input_shape=[None, None, 6], dtype="float32", sparse=False, ragged=False)
SHAPE = ("shape", "compat.v1.shape", ["x", 0, 0, {"out_type": "int32"}])


def read(*functions: tuple[str, str, Any], begin: Any = X, ends: Any = None) -> Imported:
    """A model of functions, each with its name and what it is called with."""
    made = [
        layer("SlicingOpLambda" if function.endswith("getitem") else "TFOpLambda", name, [inbound], function=function)
        for name, function, inbound in functions
    ]
    inputs = ends or [[functions[-1][0], 0, 0]]
    return from_config(functional(begin, *made, inputs=[["x", 0, 0]], outputs=inputs), CATALOG)


def part(name: str, of: str, at: Any) -> tuple[str, str, Any]:
    return name, "__operators__.getitem", [of, 0, 0, {"slice_spec": at}]


def reshape(*sizes: Any, of: str = "x") -> tuple[str, str, Any]:
    return "r", "reshape", [of, 0, 0, {"shape": list(sizes)}]


def test_a_size_becomes_a_number_and_what_asked_for_it_is_gone_and_told() -> None:
    twice = ("twice", "math.multiply", ["one", 0, 0, {"y": 2, "name": None}])
    found = read(SHAPE, part("one", "shape", 1), twice, reshape(-1, ["twice", 0, 0], 3))
    assert edges(found.project) == ["x -> r.x", "r -> output"]
    assert (node(found.project, "r").type, node(found.project, "r").params["newshape"]) == ("ops.reshape", (-1, 8, 3))
    assert found.report.unknown == ()
    sentence = "Asked how large a tensor is, which the file tells, so that a number stands in its place:"
    assert f"{sentence} shape, one and twice." in found.report.replaced


@pytest.mark.parametrize(
    ("sizes", "type", "params"),
    [
        ((["rows", 0, 0], 24), "ops.reshape", {"newshape": (-1, 24)}),
        ((["rows", 0, 0], -1, 6), "Reshape", {"target_shape": (-1, 6)}),
    ],
)
def test_a_reshape_keeps_the_number_of_rows(sizes: Any, type: str, params: Any) -> None:
    found = read(SHAPE, part("rows", "shape", 0), reshape(*sizes))
    assert (node(found.project, "r").type, dict(node(found.project, "r").params)) == (type, params)


@pytest.mark.parametrize(
    "functions",
    [
        # Of another tensor, a reshape with -1 may have another number of rows.
        (("flat", "reshape", ["x", 0, 0, {"shape": [-1, 6]}]), SHAPE, part("rows", "shape", 0),
         reshape(["rows", 0, 0], -1, of="flat")),
        (SHAPE, part("rows", "shape", 0), reshape(3, ["rows", 0, 0])),
        (SHAPE, part("rows", "shape", 0), ("m", "math.multiply", ["rows", 0, 0, {"y": 2}]), reshape(["m", 0, 0], 12)),
        (SHAPE, part("none", "shape", 7), reshape(-1, ["none", 0, 0])),
        (SHAPE, part("n", "shape", 1), ("m", "math.multiply", ["n", 0, 0, {"y": "aaaa"}]), reshape(-1, ["m", 0, 0])),
        (SHAPE, part("n", "shape", 1), ("m", "math.multiply", ["n", 0, 0, {"y": 1e300}]), reshape(-1, ["m", 0, 0])),
        (SHAPE, part("n", "shape", 1), ("m", "floordiv", ["n", 0, 0, {"y": 0}]), reshape(-1, ["m", 0, 0])),
        (SHAPE, part("n", "shape", 1), ("m", "range", ["n", 0, 0, {"limit": 10**15}]), reshape(-1, ["m", 0, 0])),
    ],
    ids=["other tensor", "not first", "twice the rows", "no such axis", "text", "huge", "by nothing", "long range"],
)  # fmt: skip
def test_what_is_not_known_stays_grey_and_is_told(functions: Any) -> None:
    found = read(*functions)
    assert any("TFOpLambda" in sentence for sentence in found.report.unknown)
    assert node(found.project, "shape").type.endswith("TFOpLambda")


def test_a_size_that_is_open_stays_grey() -> None:
    assert read(SHAPE, part("n", "shape", 1), reshape(-1, ["n", 0, 0]), begin=OPEN).report.unknown
    assert not read(SHAPE, part("n", "shape", 2), reshape(-1, ["n", 0, 0]), begin=OPEN).report.unknown


def test_a_size_that_the_model_gives_stays() -> None:
    found = read(SHAPE, part("n", "shape", 1), reshape(-1, ["n", 0, 0]), ends=[["r", 0, 0], ["n", 0, 0]])
    assert "n -> n_output" in edges(found.project)


@pytest.mark.parametrize("axis", [1, -1])
def test_parts_that_nobody_takes_are_counted_by_the_shape_of_the_input(axis: int) -> None:
    found = read(("parts", "unstack", ["x", 0, 0, {"axis": axis}]), ends=[["parts", 0, 2]])
    assert node(found.project, "parts").params["num"] == (4 if axis == 1 else 6)
    assert edges(found.project) == ["x -> parts.x", "parts.output_2 -> output"]
