"""Values that stand in values: looking at all of them, and changing some."""

from __future__ import annotations

from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value, rebuilt, references_in, types_in, within

NESTED: Value = (
    3,
    KerasObject("Outer", {"units": ParameterRef("width"), "cell": KerasObject("Inner", {"rates": (0.5, None)})}),
    Dictionary({"first": ParameterRef("depth"), "second": "text"}),
)


def test_all_that_stand_in_a_value_are_met() -> None:
    assert list(references_in(NESTED)) == ["width", "depth"]
    assert list(types_in(NESTED)) == ["Outer", "Inner"]
    assert [each for each in within(NESTED) if isinstance(each, float | str)] == [0.5, "text"]
    assert list(within(7)) == [7]


def test_a_value_is_rebuilt_from_the_inside_out() -> None:
    def change(each: Value) -> Value:
        match each:
            case ParameterRef("width"):
                return 4
            case KerasObject("Outer", params):
                assert params["units"] == 4, "what stands in it was changed before"
                return KerasObject("Other", params)
        return each

    inner = KerasObject("Inner", {"rates": (0.5, None)})
    assert rebuilt(NESTED, change) == (
        3,
        KerasObject("Other", {"units": 4, "cell": inner}),
        Dictionary({"first": ParameterRef("depth"), "second": "text"}),
    )
    assert rebuilt(NESTED, lambda each: each) == NESTED
