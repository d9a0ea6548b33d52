"""Loops over a table of stages read well, and say exactly what the single statements say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from studio.codegen import generate
from studio.codegen.emit import emit_statements
from studio.codegen.ir import Assign, Code, Statement
from studio.codegen.loops import fold
from studio.codegen.names import Names
from studio.codegen.turns import LAYER_NAME, Use
from studio.core import edits
from studio.core.project import Graph, Project
from tests.codegen.projects import CATALOG, PROJECTS, draw
from tests.support.graphs import node_id

NAMES = (
    '"stage{0}_part{1}"',
    '"s{0}"',
    '"a{2}_{1}b"',
    '"one{2}"',
    '"{{x}}{0}"',
    'f"{{name}}_{0}_{1}"',
    '"é{1}"',
    '"v0{0}"',
    '"b{0}{3}"',
    'f"{{name}}_{0}{3}_x"',
)


@st.composite
def runs(draw: st.DrawFn) -> list[Use]:
    """Uses of a few functions that follow a pattern, more or less."""
    found: list[Use] = []
    for _ in range(draw(st.integers(1, 3))):
        steps = [
            (draw(st.sampled_from("fgh")), draw(st.sampled_from(NAMES)), draw(st.integers(1, 3)), draw(st.booleans()))
            for _ in range(draw(st.integers(1, 3)))
        ]
        start = draw(st.integers(0, 3))
        for stage in range(start, start + draw(st.integers(1, 4))):
            units = draw(st.sampled_from(("8", "16", "(1, 2)")))
            for function, name, count, is_layer in steps:
                for number in range(count + draw(st.sampled_from((0, 0, 0, 1)))):
                    letter = "abcdefgh"[stage % 2 + number]
                    values = {"units": Code(units), "rate": Code(draw(st.sampled_from(("0.5", "0.5", "0.1")))),
                              LAYER_NAME: Code(name.format(stage, number + 1, stage * 2, letter))}  # fmt: skip
                    found.append(_use(function, values, is_layer, f"n{len(found)}"))
    return found


def _use(function: str, values: dict[str, Code], is_layer: bool, node: str) -> Use:
    if is_layer:
        return Use(f"layers.{function}", "x", values, {}, node, before=("", "rate=", "name="))
    defaults = {"units": Code("None"), "rate": Code("0.5"), LAYER_NAME: Code("")}
    return Use(function, "x", values, defaults, node, frozenset({"units"}), frozenset({"units"}))


def called(statements: tuple[Statement, ...] | list[Statement]) -> list[tuple[Any, ...]]:
    """The calls that the statements make, in order, with all that they say."""
    calls: list[tuple[Any, ...]] = []

    def function(name: str) -> Any:
        def call(x: Any, *units: Any, rate: float = 0.5, name: str) -> Any:
            calls.append((own, units, rate, name))
            return x

        own = name
        return call

    class Layers:
        def __getattr__(self, own: str) -> Any:
            def make(units: Any, *, rate: float, name: str) -> Any:
                calls.append((f"layers.{own}", (units,), rate, name))
                return lambda x: x

            return make

    exec(
        emit_statements(list(statements)),
        {"layers": Layers(), "x": 0, "name": "outer"} | {each: function(each) for each in "fgh"},
    )
    return calls


@given(runs())
def test_a_loop_makes_the_calls_of_the_statements(run: list[Use]) -> None:
    plain: list[Statement] = [Assign(each.targets, each.value, use.node) for use in run for each in [use.statement({})]]
    uses = {number: use for number, use in enumerate(run) if use.is_block}
    layers = {use.node: use for use in run if not use.is_block}

    def layer(statement: Statement) -> Use | None:
        return layers.get(statement.node or "") if isinstance(statement, Assign) else None

    folded = fold(plain, uses, layer, Names(("name",)).take)  # as in a function that is told a name
    assert called(folded) == called(plain)


def staged() -> Project:
    """Two stages of which the second has more blocks, with a layer between them that a person named."""
    project = PROJECTS["stages"]()
    project = replace(project, main=Graph())
    return draw(
        "",
        """
        i:Input(shape=(4,)) -> flatten:Flatten -> a1:stage(units=64) -> a2:stage(units=64) -> drop_1:Dropout(rate=0.2)
        drop_1 -> b1:stage(units=32) -> b2:stage(units=32) -> b3:stage(units=32) -> drop_2:Dropout(rate=0.3)
        drop_2 -> c1:stage(units=8) -> drop_3:Dropout(rate=0.4) -> end:Dense(units=2) -> o:Output
        """,
        project,
    )


def test_what_repeats_in_a_stage_is_an_inner_loop() -> None:
    source = generate(staged(), CATALOG)
    loop = """
    for stage, units, rate, blocks in [
        (1, 64, 0.2, 2),
        (2, 32, 0.3, 3),
        (3, 8, 0.4, 1),
    ]:
        for _ in range(blocks):
            x = stage(x, units=units)
        x = layers.Dropout(rate, name=f"drop_{stage}")(x)
"""
    assert loop.replace("for stage,", "for stage_1,").replace("{stage}", "{stage_1}") in source.text


def test_a_node_has_its_row_and_its_statement() -> None:
    project = staged()
    source = generate(project, CATALOG)
    text = source.text.splitlines()

    def told(name: str) -> list[str]:
        spans = source.lines_of(node_id(project, name))
        return [line.strip() for span in spans for line in text[span.first_line - 1 : span.last_line]]

    assert told("b3") == ["(2, 32, 0.3, 3),", "for _ in range(blocks):", "x = stage(x, units=units)"]
    assert told("drop_3") == ["(3, 8, 0.4, 1),", 'x = layers.Dropout(rate, name=f"drop_{stage_1}")(x)']


def test_names_that_go_on_by_a_letter_are_counted() -> None:
    project = replace(PROJECTS["stages"](), main=Graph())
    drawn = "i:Input(shape=(4,)) -> flatten:Flatten -> a:stage(units=64) -> b:stage(units=32) -> c:stage(units=8)"
    project = draw("", f"{drawn} -> end:Dense(units=2) -> o:Output", project)
    block = next(iter(project.blocks.values()))
    project = replace(project, blocks={block.id: replace(block, names_layers=True)})
    for name in "abc":
        project = edits.rename(project, node_id(project, name), f"part6{name}")
    text = generate(project, CATALOG).text
    assert 'for letter, units in [("a", 64), ("b", 32), ("c", 8)]:' in text
    assert 'x = stage(x, units=units, name=f"part6{letter}")' in text
