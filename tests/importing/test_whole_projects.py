"""Random whole projects go out as code in every style and come back: the same text again, and the same project.

A few every day, many with ``HYPOTHESIS_PROFILE=thorough``.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from studio import storage
from studio.catalog import Catalog
from studio.catalog.values import KerasObject
from studio.codegen import STYLES, FlatCall, GeneratedSource, Style, flat_calls, generate
from studio.core import edits
from studio.core import plan as plans
from studio.core.naming import is_given_by_keras, output_keys, variable
from studio.core.ports import is_layer, is_operation
from studio.core.project import INPUT, OUTPUT, OutputPlan, Project, TrainingPlan
from studio.core.snippets import AT_HAND, SCRIPT_NAMES, used_snippets, with_snippets
from studio.importing.script import edited, read_script
from studio.workbench.script_data import loads_data, with_data_of
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id
from tests.support.structure import structure
from tests.support.thorough import IS_THOROUGH
from tests.support.whole_projects import TITLES, whole_projects

FOUND = Path(__file__).with_name("found")
# Every day the same few: some hundreds of projects with names as odd as these still find a variable that changes.
SAMPLES = settings(max_examples=1500 if IS_THOROUGH else 5, deadline=None, derandomize=not IS_THOROUGH)


def come_back(text: str) -> Project:
    """The project that an exported script is, with the data that it loads."""
    project = read_script(text, CATALOG).project
    if not loads_data(text):
        return project
    found = with_data_of(project, text, with_snippets(CATALOG, project), None)
    assert found is not None, "the data are lost"
    return found


def of_drawing(text: str) -> str:
    """A script without what only data and unfinished parts say, which no code can tell."""
    if re.search(r"\ndef load_data\(\):\n(    .*\n|\n)*?    raise", text):
        text = re.sub(r"\ndef load_data\(.*?(?=\n\n\n)", "", text, flags=re.DOTALL)
        text = re.sub(r"\ndef show_predictions\(.*?(?=\n\n\n)", "", text, flags=re.DOTALL)
    # What the drawing still lacks is said in words.
    return re.sub(r"raise NotImplementedError\(.*?\"\s*\)", "raise NotImplementedError", text, flags=re.DOTALL)


def is_told(source: GeneratedSource) -> bool:
    """Whether the code says all of the drawing, each layer under its own name."""
    is_whole = {problem.code for problem in source.problems} <= {"no_data"}
    # An Input that is an Output has but one name there.
    return is_whole and re.search(r"keras\.Model\((\w+), \1\)", source.text) is None


def is_called_otherwise(project: Project) -> bool:
    """Whether the variable of an Output is another than its name: that of every chain, that of a module, or that of a
    use or operation before it which somebody named, when nobody named the Output."""
    nodes = project.main.nodes
    before = {edge.target.node: nodes[edge.source.node] for edge in project.main.edges.values()}
    return any(
        variable(node.name) in SCRIPT_NAMES | AT_HAND.keys() | {"x"}
        or (is_given_by_keras(node.name, OUTPUT) and (it := before.get(node.id)) is not None
            and (it.shares is not None or not is_layer(it) or is_operation(it)))
        for node in nodes.values() if node.type == OUTPUT
    )  # fmt: skip


def is_end_named(style: Style, project: Project) -> bool:
    """Whether the code tells what the only Output is called.

    Where each layer has a variable of its name, or none has one, none is left for the Output; and where no variable is
    called x, nothing tells which of the book's styles it is.
    """
    return style.layers != "L" and not style.is_sequential and not is_called_otherwise(project)


@pytest.mark.parametrize("style", STYLES)
@given(project=whole_projects())
@SAMPLES
def test_the_text_comes_back_word_for_word(style: str, project: Project) -> None:
    assert_comes_back(project, style)


def assert_comes_back(project: Project, style: str) -> None:
    source = generate(project, with_snippets(CATALOG, project), style=STYLES[style])
    again = come_back(source.text)
    text = generate(again, with_snippets(CATALOG, again), style=STYLES[style]).text
    lines = [of_drawing(each).splitlines() for each in (source.text, text)]
    assert list(difflib.unified_diff(*lines, lineterm="", n=0)) == []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", sorted(path.stem for path in FOUND.iterdir()))
def test_what_was_found_comes_back_word_for_word(name: str, style: str) -> None:
    """Drawings that once did not."""
    assert_comes_back(storage.loads((FOUND / f"{name}.studio").read_text(encoding="utf-8")), style)


@given(project=whole_projects())
@SAMPLES
def test_the_project_comes_back_in_all_that_code_says(project: Project) -> None:
    for style in STYLES.values():
        source = generate(project, with_snippets(CATALOG, project), style=style)
        if is_told(source):
            is_named = is_end_named(style, project)
            assert told(come_back(source.text), is_named) == told(project, is_named)


@pytest.mark.parametrize("style", STYLES)
def test_a_layer_whose_name_keras_gives_elsewhere_keeps_the_other_name(style: str) -> None:
    drawn = "i:Input(shape=(4,)) -> multiply:Dense(units=4) -> m:ops.multiply -> multiply_1:Dense -> m2:ops.multiply"
    project = graph(f"{drawn} -> o:Output; i -> m; i -> m2")
    source = generate(project, CATALOG, style=STYLES[style])
    assert [problem.code for problem in source.problems].count("renamed") == 2
    again = generate(come_back(source.text), CATALOG, style=STYLES[style])
    assert again.text == source.text
    assert "renamed" not in {problem.code for problem in again.problems}


@pytest.mark.parametrize("style", sorted(set(STYLES) - {"book"}))  # where variables are those of layers
def test_outputs_whose_names_tensorflow_refuses_keep_them(style: str) -> None:
    """Their keys are what is left of the names, with numbers where that is the same."""
    project = graph(
        "x:Input(shape=(4,)) -> d:Dense -> output:Output; x -> e:Dense -> a:Output; x -> f:Dense -> b:Output"
    )
    for name, other in (("a", "層"), ("b", "年")):
        project = edits.rename(project, node_id(project, name), other)
    assert output_keys(["output", "層", "年"]) == ("output", "output_1", "output_2")
    source = generate(project, CATALOG, style=STYLES[style])
    again = come_back(source.text)
    assert [node.name for node in again.main.nodes.values() if node.type == OUTPUT][1:] == ["層", "年"]
    assert generate(again, CATALOG, style=STYLES[style]).text == source.text


@pytest.mark.parametrize("rate", [0.30000000000000004, 0.001, 1e-300, 123456.789012345])
def test_a_learning_rate_comes_back_as_it_was_typed(rate: float) -> None:
    drawn = graph("x:Input(shape=(4,)) -> y:Dense(units=2) -> o:Output")
    plan = TrainingPlan(KerasObject("SGD", {"learning_rate": rate}))
    text = generate(replace(drawn, training=plan), CATALOG).text
    assert come_back(text).training.optimizer == plan.optimizer


@pytest.mark.parametrize("title", [*TITLES, ""])
def test_a_title_comes_back_letter_by_letter(title: str) -> None:
    project = replace(edits.add_node(Project(), "Input", params={"shape": (4,)}), title=title)
    text = generate(project, CATALOG).text
    assert come_back(text).title == title
    other = replace(project, title="Other")
    source = generate(other, CATALOG)
    assert edited(other, source.text, other, source.spans, text, CATALOG).project.title == (title or "Other")


@given(project=whole_projects())
@SAMPLES
def test_a_text_that_nobody_changed_changes_nothing(project: Project) -> None:
    catalog: Catalog = with_snippets(CATALOG, project)
    for style in STYLES.values():
        source = generate(project, catalog, style=style)
        found = edited(project, source.text, project, source.spans, source.text, catalog)
        assert found.complaints == ()
        assert found.project is project


def calls_in_use(project: Project) -> list[FlatCall]:
    """The calls of the main graph that lead to an Output."""
    calls = {call.id: call for call in flat_calls(project, CATALOG)}
    found: dict[str, FlatCall] = {}
    waiting = [call.id for call in calls.values() if call.kind == "output"]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = calls[key]
            waiting += [source for _, tensors in calls[key].inputs for source, _ in tensors]
    return [*found.values()]


def told(project: Project, are_ends_named: bool) -> dict[str, object]:
    """A project but for places, ids, and what code has no need of: names of operations, code that nothing uses."""
    ends = [node.id for node in project.main.nodes.values() if node.type == OUTPUT]
    # Of several Outputs code tells the keys; the name of the only one is not told everywhere, and its weight never.
    keys = output_keys([project.main.nodes[end].name for end in ends])
    if len(ends) == 1:
        keys = (variable(keys[0]) if are_ends_named else "the end",)
        project = edits.set_output_plan(
            project, ends[0], replace(project.training.outputs.get(ends[0], OutputPlan()), weight=1.0)
        )
    nodes = {end: replace(project.main.nodes[end], name=key) for end, key in zip(ends, keys, strict=True)}
    project = replace(project, main=replace(project.main, nodes={**project.main.nodes, **nodes}))
    names = {node.id: node.name for node in project.main.nodes.values()}
    start = project.training.starts_from
    # One Input alone goes in by itself.
    is_listed = project.training.are_inputs_listed and sum(call.kind == "input" for call in calls_in_use(project)) > 1
    return {
        "title": project.title,
        "drawing": structure(project),
        "names": sorted(
            node.name
            for node in project.main.nodes.values()
            if node.type == INPUT or (is_layer(node) and not is_operation(node) and node.shares is None)
        ),
        # A comment is wrapped at its spaces.
        "notes": Counter(
            " ".join(node.note.split()) for graph in project.graphs().values() for node in graph.nodes.values()
        ),
        "training": replace(
            project.training, outputs={}, starts_from=None, class_weights=None, are_inputs_listed=is_listed
        ),
        "start": start.path if start is not None else "",
        "outputs": sorted(((names[key], each) for key, each in plans.resolved(project).items()), key=str),
        "code": sorted((each.name, each.source.strip()) for each in used_snippets(project)),
    }
