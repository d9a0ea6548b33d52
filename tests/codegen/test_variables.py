"""Branches read as a person would write them: in the order in which they are merged, and by names that stay free."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.codegen import generate
from studio.core import edits
from studio.core.project import Project
from tests.codegen.projects import CATALOG, draw
from tests.support.graphs import node_id


def built(text: str) -> str:
    """The statements between the Input and the end of ``build_model``."""
    return body_of(draw("", f"i:Input(shape=(8,)) -> {text}"))


def body_of(project: Project) -> str:
    code = generate(project, CATALOG).text
    lines = code[code.index("    i = ") : code.index("    return keras.Model")].splitlines()[1:]
    return "\n".join([line.strip() for line in lines])


def test_branches_stand_in_the_order_in_which_they_are_merged() -> None:
    code = built("""dropout:Dropout -> dense:Dense(units=8) -> dense_1:Dense(units=7)
        dropout -> dense_2:Dense(units=6) -> dense_3:Dense(units=5)
        dense_3 & dense_1 -> concatenate:Concatenate -> o:Output""")
    assert code.index("layers.Dense(6") < code.index("layers.Dense(8")
    assert "Concatenate()([branch_1, branch_2])" in code


def test_what_branches_off_a_branch_has_its_name_and_a_letter() -> None:
    code = built("""dropout:Dropout -> dense:Dense(units=8) -> dense_1:Dense(units=7)
        dropout -> dense_5:Dense(units=9) -> dense_2:Dense(units=6) -> dense_3:Dense(units=5)
        dense_2 -> dense_4:Dense(units=4)
        dense_3 & dense_4 -> concatenate:Concatenate
        dense_1 & concatenate -> concatenate_1:Concatenate -> o:Output""")
    assert "branch_2a = layers.Dense(5" in code
    assert "branch_2b = layers.Dense(4" in code
    assert "([branch_2a, branch_2b])" in code
    assert "branch_2 = layers.Concatenate(" in code
    assert "([branch_1, branch_2])" in code


def test_a_name_is_used_again_once_nothing_needs_it() -> None:
    fork = """{0} -> a{1}:Dropout -> b{1}:Dense(units=8) -> c{1}:Dropout
        a{1} -> d{1}:Dense(units=8) -> e{1}:Dropout
        c{1} & e{1} -> f{1}:Concatenate"""
    project = draw("", "\n".join([fork.format("i:Input(shape=(8,))", 0), fork.format("f0", 1), "f1 -> o:Output"]))
    for number in range(2):
        types = ("dropout", "dense", "dropout", "dense", "dropout", "concatenate")
        for letter, type in zip("abcdef", types, strict=True):
            name = f"{type}_{10 * number + ord(letter)}"
            project = edits.rename(project, node_id(project, f"{letter}{number}"), name)
    code = body_of(project)
    assert code.count("([branch_1, branch_2])") == 2
    assert "branch_3" not in code


def test_branches_are_counted_from_where_the_trunk_forks() -> None:
    """The comment says which of the branches it is that are merged next, not how many there were in all before."""
    fork = """{0} -> left_{1}:Dense(units=8) -> left_{1}_end:Dropout
        {0} -> middle_{1}:Dense(units=8)
        {0} -> right_{1}:Dense(units=8) -> right_{1}_end:Dropout
        left_{1}_end & middle_{1} & right_{1}_end -> f{1}:Concatenate"""
    code = built("\n".join(["t:Dropout", *[fork.format(*each) for each in (("t", 0), ("f0", 1))], "f1 -> o:Output"]))
    assert re.findall("# Branch .*", code) == ["# Branch 1", "# Branch 2"] * 2


def test_the_short_one_of_two_branches_that_are_added_is_the_shortcut() -> None:
    text = """dropout:Dropout -> dense:Dense(units=8)
        dropout -> dense_1:Dense(units=8) -> dense_2:Dense(units=8)
        {} -> add:Add -> o:Output"""
    code = built(text.format("dense & dense_2"))
    assert code.splitlines()[-4:] == [
        "shortcut = layers.Dense(8)(x)",
        "x = layers.Dense(8)(x)",
        "x = layers.Dense(8)(x)",
        "o = layers.Add()([shortcut, x])",
    ]
    # Written last it would be too late: x is another thing by then.
    assert "shortcut" not in built(text.format("dense_2 & dense"))
    assert "shortcut" not in built(text.format("dense & dense_2").replace("add:Add", "c:Concatenate"))


def test_a_shortcut_never_takes_x_from_what_needs_it_later() -> None:
    code = built("""dropout:Dropout -> dense:Dense(units=8)
        dropout -> dense_1:Dense(units=8) -> dense_2:Dense(units=8)
        dense & dense_2 -> add:Add -> add_1:Add -> o:Output; dropout -> add_1""")
    assert code.splitlines()[:2] == ["skip = layers.Dropout(0.5)(i)", "shortcut = layers.Dense(8)(skip)"]
    assert code.splitlines()[2:4] == ["x = layers.Dense(8)(skip)", "x = layers.Dense(8)(x)"]


@pytest.mark.parametrize("again", ["dense", "dense_2"])
def test_what_is_needed_after_the_sum_is_no_shortcut(again: str) -> None:
    code = built(f"""dropout:Dropout -> dense:Dense(units=8)
        dropout -> dense_1:Dense(units=8) -> dense_2:Dense(units=8)
        dense & dense_2 -> add:Add -> add_1:Add -> o:Output; {again} -> add_1""")
    assert "shortcut" not in code


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3 * 0.05, "3 * 0.05"),
        (0.1, "0.1"),
        (3 * 0.025, "3 * 0.025"),
        (1e-7, "1e-7"),
        (0.2 / 3, "1 / 15"),
        (1.1 / 3, "0.3666666666666667"),
    ],
)
def test_a_long_rate_is_told_by_what_it_is(value: float, text: str) -> None:
    assert f"layers.Dropout({text})(i)" in built(f"dropout:Dropout(rate={value!r}) -> o:Output")


@given(st.floats(1e-6, 0.999) | st.builds(lambda a, b: a * b, st.integers(1, 20), st.sampled_from((0.01, 0.05))))
def test_whatever_stands_there_is_the_very_value(value: float) -> None:
    code = built(f"dropout:Dropout(rate={value!r}) -> o:Output")
    found = eval(code[code.index("Dropout(") + len("Dropout(") : code.index(")(i)")])
    assert math.copysign(1, found) == 1
    assert found == value


@st.composite
def networks(draw: st.DrawFn) -> tuple[str, dict[str, tuple[str, ...]]]:
    """A drawing of sums and layers that nobody named, and what each node takes."""
    takes: dict[str, tuple[str, ...]] = {}
    names = ["i"]
    for number in range(draw(st.integers(2, 14))):
        recent = st.sampled_from(names[-4:])
        is_sum = len(names) > 2 and draw(st.booleans())
        sources = draw(st.lists(recent, min_size=2, max_size=3, unique=True)) if is_sum else [draw(recent)]
        name = f"add_{number + 50}" if is_sum else f"dense_{number + 50}"
        takes[name] = tuple(sources)
        names.append(name)
    loose = sorted(set(takes) - {source for sources in takes.values() for source in sources})
    takes["add_99"] = tuple(loose) if len(loose) > 1 else (loose[0], "i")
    lines = ["i:Input(shape=(4,))"]
    for name, sources in takes.items():
        number = int(name.rpartition("_")[2])
        kind = f"Dense(units={number})" if name.startswith("dense") else "Add"
        lines.append(f"{' & '.join(sources)} -> {name}:{kind}")
    return "\n".join([*lines, "add_99 -> o:Output"]), takes


@given(networks())
def test_no_variable_holds_another_tensor_than_it_should(network: tuple[str, dict[str, tuple[str, ...]]]) -> None:
    text, takes = network
    seen: dict[object, int] = {}

    def number(value: object) -> int:
        return seen.setdefault(value, len(seen))

    class Layers:
        def Dense(self, units: int, name: str = "") -> Callable[[int], int]:
            return lambda x: number(("dense", units, x))

        def Add(self, name: str = "") -> Callable[[list[int]], int]:
            return lambda xs: number(("add", *xs))

    wanted = {"i": number("i")}
    for name, sources in takes.items():
        given = [wanted[source] for source in sources]
        wanted[name] = number(("dense", int(name[6:]), *given) if name.startswith("dense") else ("add", *given))
    scope = {"layers": Layers(), "i": wanted["i"]}
    exec(body_of(draw("", text)), scope)
    assert scope["o"] == wanted["add_99"]
