"""Every example in every style, word for word; a style changes the text and never what it does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from studio.catalog.values import KerasObject
from studio.codegen import DEFAULT, STYLES, GeneratedSource, Style, generate
from studio.core import edits
from studio.core.project import Project
from studio.workbench.examples import examples
from tests.codegen.accepting import assert_accepted
from tests.codegen.projects import CATALOG, PROJECTS, draw
from tests.support.graphs import node_id

EXAMPLES = {entry.name: entry for entry in examples()}


def code(name: str, style: Style) -> GeneratedSource:
    return generate(EXAMPLES[name].project(), CATALOG, style=style)


def is_chain(name: str) -> bool:
    return "keras.Sequential" in code(name, STYLES["sequential"]).text


CASES = [
    (name, style.name) for name in EXAMPLES for style in STYLES.values() if not style.is_sequential or is_chain(name)
]


@pytest.mark.parametrize(("name", "style"), CASES)
def test_the_code_is_the_accepted_one(name: str, style: str, request: pytest.FixtureRequest) -> None:
    assert_accepted(f"{style}/{name}.py", code(name, STYLES[style]).text, request)


def test_no_golden_file_is_left_over() -> None:
    golden = Path(__file__).with_name("golden")
    found = {(path.stem, path.parent.name) for path in golden.glob("*/*.py") if path.parent.name in STYLES}
    assert found == set(CASES)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("name", [*PROJECTS, *EXAMPLES])
def test_every_node_has_its_lines_in_every_style(name: str, style: Style) -> None:
    project = PROJECTS[name]() if name in PROJECTS else EXAMPLES[name].project()
    source = generate(project, CATALOG, style=style)
    ast.parse(source.text)
    plain = generate(project, CATALOG)
    assert {span.node for span in source.spans} == {span.node for span in plain.spans}
    assert source.problems == plain.problems
    lines = source.text.splitlines()
    for span in source.spans:
        assert 1 <= span.first_line <= span.last_line <= len(lines)


def test_a_plain_chain_is_sequential_and_nothing_else_is() -> None:
    assert is_chain("lenet")
    assert not code("lenet", DEFAULT).not_stacked
    for name in ("two_branches", "penguins", "residual", "three_sizes"):
        assert code(name, STYLES["sequential"]) == code(name, DEFAULT)
    shared = edits.share(draw("", "i:Input(shape=(4,)) -> a:Dense(units=4) -> b:Dense(units=4)"), "n2", 0, 0)
    shared = draw("", "b -> dense -> o:Output", edits.rename(shared, f"n{shared.next_id - 1}", "dense"))
    assert "Sequential" not in generate(shared, CATALOG, style=STYLES["sequential"]).text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("i:Input(shape=(4,)) -> a:Dense(units=4)", "an Input and an Output that are connected are needed"),
        ("i:Input(shape=(4,)) -> o:Output", "there is no layer after i"),
        ("i:Input(shape=(4,)) -> a:Dense(units=4) -> o:Output; j:Input(shape=(4,)) -> b:Dense(units=4) -> p:Output",
         "j is a second Input"),
        ("i:Input(shape=(4,)) -> a:Dense(units=4) -> o:Output; a -> p:Output", "p is a second Output"),
        ("i:Input(shape=(4,)) -> a:Dense(units=4) -> o:Output; a -> b:Dense(units=4)", "a goes to more than one place"),
        ("i:Input(shape=(4,)) -> a:Dense(units=4) -> s:Add -> o:Output; i -> s", "s takes more than one tensor"),
        ("i:Input(shape=(4, 3)) -> a:Concatenate -> o:Output", "a takes a list of tensors"),
        ("i:Input(shape=(4, 3)) -> a:LSTM(units=4, return_state=True) -> o:Output", "a gives 3 tensors"),
        ("i:Input(shape=(8, 8, 3)) -> a:applications.MobileNet -> o:Output", "a is a whole network"),
        ("i:Input(shape=(4,)) -> a:ops.exp -> o:Output", "a is an operation and no layer"),
        ("i:Input(shape=(4,)) -> a:Dense(units=4) -> d:Dropout -> o:Output", ""),
    ],
)  # fmt: skip
def test_what_is_no_chain_says_which_node_is_the_reason(text: str, why: str) -> None:
    project = draw("", text)
    for style in ("default", "sequential"):
        source = generate(project, CATALOG, style=STYLES[style])
        assert source.not_stacked == why
    assert ("keras.Sequential" in source.text) == (not why)


@pytest.mark.parametrize("type", ["Concatenate", "Attention"])
def test_a_layer_that_takes_a_list_is_no_part_of_a_chain(type: str) -> None:
    project = draw("", f"i:Input(shape=(4, 3)) -> a:Dense(units=4) -> b:{type} -> c:Dense(units=4) -> o:Output")
    assert "([x])" in build(project, "default") or type == "Attention"
    assert "Sequential" not in build(project, "sequential")


def build(project: Project, style: str) -> str:
    text = generate(project, CATALOG, style=STYLES[style]).text
    return text[text.index("def build_model") : text.index("def compile_model")]


def test_notes_stand_in_the_list_of_layers() -> None:
    text = build(PROJECTS["small_cnn"](), "sequential")
    assert "            # in training only.\n            layers.Dropout(0.5),\n" in text


def test_each_layer_of_the_book_has_the_variable_of_its_name() -> None:
    text = build(PROJECTS["sunspots"](), "book")
    assert "lstm, lstm_state_h, lstm_state_c = L.LSTM(16, return_state=True)(reshape)" in text
    names = draw(
        "", "x:Input(shape=(4,)) -> L:Dense(units=4) -> keras:Dense(units=4) -> class:Dense(units=4) -> y:Output"
    )
    text = build(names, "book")
    tree = ast.parse(text)
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    assert assigned == {"inputs", "L_1", "keras_1", "class_"}


def test_the_layers_inside_layers_are_called_alike() -> None:
    project = draw("", "i:Input(shape=(4, 2)) -> both:Bidirectional -> o:Output")
    project = edits.set_param(project, node_id(project, "both"), "layer", KerasObject("LSTM", {"units": 3}))
    assert "both = L.Bidirectional(L.LSTM(3)" in build(project, "book")
