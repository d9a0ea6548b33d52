from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalog.spec import Parameter
from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value
from studio.gui.panels.inspector.reading import literal, parse, read, written


def parameter(kind: Any, **more: Any) -> Parameter:
    return Parameter("size", kind, None, allows_none=True, **more)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", " 1 000 ", 1000),
        ("int", "", None),
        ("int", "none", None),
        ("int", "ten", "ten"),
        ("int", "2.5", "2.5"),
        ("float", "1/255", 1 / 255),
        ("float", "0,5", 0.5),
        ("float", "25 %", 0.25),
        ("float", "1", 1.0),
        ("float", "1/0", "1/0"),
        ("float", "1/2/3", "1/2/3"),
        ("ints", "3", 3),
        ("ints", "3, 3", (3, 3)),
        ("ints", "3 x 3", (3, 3)),
        ("ints", "(3,)", (3,)),
        ("ints", "(1, 1), (2, 2)", ((1, 1), (2, 2))),
        ("ints", "((1, 1), (2, 2))", ((1, 1), (2, 2))),
        ("ints", "3, ", (3,)),
        ("ints", "3, (", "3, ("),
        ("shape", "30", (30,)),
        ("shape", "28, 28, 1", (28, 28, 1)),
        ("shape", "(28, 28, 1)", (28, 28, 1)),
        ("shape", "none, 5", (None, 5)),
        ("axis", "-1", -1),
        ("axis", "1, 2", (1, 2)),
        ("list", '["a", "b"]', ("a", "b")),
        ("list", "open('x')", "open('x')"),
        ("layer", "LSTMCell(units=8)", KerasObject("LSTMCell", {"units": 8})),
        ("dict", '{"a": 1.5}', Dictionary({"a": 1.5})),
        ("int", "= filters", ParameterRef("filters")),
        ("list", "(" * 5000, "(" * 5000),
        ("int", "9" * 5000, "9" * 5000),
    ],
)
def test_what_people_type(kind: Any, text: str, value: Value) -> None:
    found = read(parameter(kind), text)
    assert found == value
    assert type(found) is type(value)


def test_a_pair_of_numbers() -> None:
    assert read(parameter("float", lengths=(0, 2)), "-0.1, 1") == (-0.1, 1.0)


def test_another_kind_that_is_allowed_too() -> None:
    both = Parameter("use_cudnn", "choice", "auto", choices=("auto",), also=("bool",))
    assert read(both, "auto") == "auto"
    assert read(both, "yes") is True


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("float", 1 / 255, "1/255"),
        ("float", 0.001, "0.001"),
        ("shape", (30,), "30"),
        ("shape", (None, 5), "None, 5"),
        ("ints", (3, 3), "3, 3"),
        ("int", None, ""),
        ("text", "", '""'),
    ],
)
def test_how_values_are_shown(kind: Any, value: Value, text: str) -> None:
    assert written(parameter(kind), value) == text


ints = st.integers(-(10**9), 10**9)
BY_KIND = {
    "int": ints,
    "float": st.floats(allow_nan=False),
    "text": st.text(),
    "ints": st.one_of(ints, st.lists(ints, min_size=1).map(tuple)),
    "shape": st.lists(st.one_of(st.none(), ints)).map(tuple),
    "axis": st.one_of(ints, st.lists(ints, min_size=1).map(tuple)),
}


@given(st.data())
def test_what_is_shown_reads_as_the_same_value(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(BY_KIND)))
    value = data.draw(BY_KIND[kind])
    assert read(parameter(kind), written(parameter(kind), value)) == value


leaves = st.one_of(st.none(), st.booleans(), ints, st.floats(allow_nan=False), st.text())
names = st.text("abcdef", min_size=1).filter(lambda name: name not in ("def",))
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner).map(tuple),
        st.dictionaries(st.text(), inner).map(Dictionary),
        st.builds(KerasObject, names.map(str.title), st.dictionaries(names, inner)),
        names.map(ParameterRef),
    ),
)


@given(values)
def test_every_literal_is_read_back(value: Value) -> None:
    assert parse(literal(value)) == value


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    for kind in (*BY_KIND, "layer", "list", "dict", "bool"):
        read(parameter(kind), text)
