"""A use of a block that is applied to every time step: ``TimeDistributed`` around a model of the block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from studio.codegen import STYLES, flat_calls, generate, generate_model
from studio.core import edits, rules
from studio.core.learning import learns
from studio.core.project import Project
from studio.importing.script import edited, read_script
from studio.workbench.naming import call_names
from tests.codegen.both_ways import assert_built_as_drawn, read_back
from tests.codegen.projects import CATALOG
from tests.engine.test_proving import proved
from tests.support.every_layer import checked
from tests.support.graphs import graph, node, node_id
from tests.support.random_graphs import random_graph
from tests.support.thorough import sample


def frames() -> Project:
    """A net of two branches looks at every picture of a film, and a recurrent layer at what it says."""
    project = graph(
        "film:Input(shape=(5, 8, 8, 3)) -> a:Conv2D(filters=2, kernel_size=3) -> sum:Add -> g:GlobalAveragePooling2D"
        " -> read:LSTM(units=4) -> y:Output"
    )
    project = graph("film -> b:Conv2D(filters=2, kernel_size=3) -> sum", project=project)
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in ("a", "b", "sum", "g")], "look")
    return edits.set_time_distributed(project, [node_id(project, "look")], True)


def with_sizes() -> Project:
    """The Input of the block says itself what one step is."""
    project = frames()
    (block,) = project.blocks.values()
    (begin,) = (each.id for each in block.graph.nodes.values() if each.type == "Input")
    return edits.set_param(project, begin, "shape", (8, 8, 3), graph=block.id)


def twice() -> Project:
    """Two films are looked at with the same weights."""
    project = edits.share(frames(), node_id(frames(), "look"), 300, 0)
    return graph("other:Input(shape=(7, 8, 8, 3)) -> look_1 -> last:GRU(units=3) -> z:Output", project=project)


def a_picture_too() -> Project:
    """What looks at every picture of the film looks at a single one, too."""
    project = edits.share(frames(), node_id(frames(), "look"), 300, 0)
    project = edits.set_time_distributed(project, [node_id(project, "look_1")], False)
    return graph("other:Input(shape=(8, 8, 3)) -> look_1 -> d:Dense(units=3) -> z:Output", project=project)


def a_picture_first() -> Project:
    """The same, but what is drawn as the origin looks at the single picture."""
    project = graph("one:Input(shape=(8, 8, 3)) -> a:Conv2D(filters=2, kernel_size=3) -> f:Flatten -> y:Output")
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in "af"], "look")
    project = edits.share(project, node_id(project, "look"), 300, 0)
    project = edits.set_time_distributed(project, [node_id(project, "look_1")], True)
    project = edits.share(project, node_id(project, "look_1"), 600, 0)
    project = graph("film:Input(shape=(4, 8, 8, 3)) -> look_1 -> r:LSTM(units=3) -> z:Output", project=project)
    return graph("more:Input(shape=(2, 8, 8, 3)) -> look_2 -> q:LSTM(units=3) -> w:Output", project=project)


def words_of_sentences() -> Project:
    """A block inside of one: each word of each sentence of a text, and then each sentence."""
    project = graph(
        "text:Input(shape=(6, 5, 4)) -> d:Dense(units=3) -> w:LSTM(units=4) -> s:LSTM(units=2)"
        " -> p:Dense(units=1) -> y:Output"
    )
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in "dw"], "sentence")
    project = edits.set_time_distributed(project, [node_id(project, "sentence")], True)
    chosen = [node_id(project, name) for name in ("sentence", "s")]
    project = edits.make_block(project, CATALOG, chosen, "whole")
    project = edits.share(project, node_id(project, "whole"), 300, 0)
    return graph("other:Input(shape=(6, 5, 4)) -> whole_1 -> q:Dense(units=1) -> z:Output", project=project)


def texts_of_sentences() -> Project:
    """Steps of steps."""
    project = graph(
        "text:Input(shape=(3, 6, 5, 4)) -> d:Dense(units=3) -> w:LSTM(units=4) -> s:LSTM(units=2) -> y:Output"
    )
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in "dw"], "sentence")
    project = edits.set_time_distributed(project, [node_id(project, "sentence")], True)
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in ("sentence", "s")], "whole")
    return edits.set_time_distributed(project, [node_id(project, "whole")], True)


def named_by_its_use() -> Project:
    """Layers are called after the use, those of a block in the block too."""
    project = words_of_sentences()
    return replace(project, blocks={key: replace(each, names_layers=True) for key, each in project.blocks.items()})


def a_network_that_is_there() -> Project:
    """A ready-made network looks at every picture."""
    project = graph("film:Input(shape=(2, 32, 32, 3)) -> r:LSTM(units=2) -> y:Output")
    params = {"include_top": False, "weights": None, "alpha": 0.25, "pooling": "avg"}
    project = edits.add_node(project, "applications.MobileNet", name="net", params=params)
    project = edits.disconnect(project, [key for key, edge in project.main.edges.items()
                                         if edge.target.node == node_id(project, "r")])  # fmt: skip
    project = graph("film -> net -> r", project=project)
    project = edits.make_block(project, CATALOG, [node_id(project, "net")], "look")
    return edits.set_time_distributed(project, [node_id(project, "look")], True)


DRAWN: tuple[Callable[[], Project], ...] = (
    frames, with_sizes, twice, a_picture_too, a_picture_first, words_of_sentences, texts_of_sentences, named_by_its_use,
    a_network_that_is_there,
)  # fmt: skip


@pytest.mark.keras
@pytest.mark.parametrize("draw", DRAWN)
def test_the_file_builds_what_is_drawn(draw: Callable[[], Project], tmp_path: Path) -> None:
    assert_built_as_drawn(draw(), tmp_path)


@pytest.mark.parametrize("style", [each for each in STYLES.values() if each.name != "book"], ids=lambda each: each.name)
@pytest.mark.parametrize("draw", DRAWN)
def test_the_code_is_read_back_as_it_was_drawn(draw: Callable[[], Project], style) -> None:
    back = read_back(draw(), style)
    assert sorted(each.kind for each in flat_calls(back, CATALOG)) == sorted(
        each.kind for each in flat_calls(draw(), CATALOG)
    )


def stepped(seed: int) -> Project | None:
    """A random drawing as a block on every time step; None where it is none of one Input and one Output."""
    project = random_graph(seed)
    nodes = project.main.nodes.values()
    ends = {type: [each.id for each in nodes if each.type == type] for type in ("Input", "Output")}
    (begin, *others), (_, *more) = ends["Input"], ends["Output"]
    project = edits.delete(project, CATALOG, more, heal=False)
    layers = [each for each in project.main.nodes.values() if each.type not in ends]
    everything = [each for drawn in project.graphs().values() for each in drawn.nodes.values()]
    if others or any(learns(each.type, each.params) or each.type.startswith(NOT_SO) for each in everything):
        return None
    project = edits.make_block(project, CATALOG, [each.id for each in layers], "step")
    uses = [each for each in project.main.nodes.values() if each.type == "block"]
    shape = project.main.nodes[begin].params["shape"]
    if len(uses) != 1 or not isinstance(shape, tuple) or rules.why_not_time_distributed(project, uses[0]):
        return None
    project = edits.set_time_distributed(project, [uses[0].id], True)
    return edits.set_param(project, begin, "shape", (3, *shape))


NOT_SO = ("Adaptive", "SpectralNormalization")
"""Keras's pooling to a given size may end the process; the proof sees one that was frozen after its call otherwise."""

SEEDS = sample(range(500), 24)


@pytest.mark.keras
@pytest.mark.parametrize("seed", SEEDS)
def test_random_drawings_on_every_step(seed: int, tmp_path: Path) -> None:
    project = stepped(seed)
    if project is None:
        return
    answers = checked(project)
    use = next(key for key, each in project.main.nodes.items() if each.type == "block")
    if not answers[use].outputs:
        return  # A layer that has no one step, such as one that wants so many rows.
    path = tmp_path / "model.py"
    text = generate_model(project, CATALOG).text
    path.write_text(text, encoding="utf-8")
    try:
        found = proved(project, path)
    except Exception as error:  # Keras takes much of symbolic tensors that it cannot run, be it of one step or of all.
        plain = edits.set_time_distributed(project, [use], False)
        (begin,) = (each for each in project.main.nodes.values() if each.type == "Input")
        plain = edits.set_param(plain, begin.id, "shape", begin.params["shape"][1:])  # type: ignore[index]
        path.write_text(generate_model(plain, CATALOG).text, encoding="utf-8")
        with pytest.raises(type(error)):
            proved(plain, path)
    else:
        assert found.problem == ""
    back = read_script(text, CATALOG).project
    assert generate_model(back, CATALOG).text == text


@pytest.mark.keras
def test_some_of_them_are_drawings() -> None:
    assert sum(stepped(seed) is not None for seed in SEEDS[:12]) > 3


def problems_of(project: Project) -> dict[str, str]:
    """What Keras has against a drawing, by the calls about which it is."""
    names = call_names(project)
    return {names[key]: answer.problem for key, answer in checked(project).items() if answer.problem}


@pytest.mark.keras
def test_what_does_not_fit_is_told_where_it_is() -> None:
    def resized(project: Project, input: str, *shape: int) -> Project:
        return edits.set_param(project, node_id(project, input), "shape", shape)

    assert problems_of(resized(frames(), "film", 8)) == {
        "look/input": "What is applied to every time step takes a sequence (steps × what one step has), but gets a row"
        " of 8 numbers."
    }
    assert set(problems_of(resized(frames(), "film", 5, 8, 3))) == {"look/a", "look/b"}
    assert problems_of(resized(with_sizes(), "film", 5, 9, 8, 3)) == {
        "look/input": "The block takes 8 × 8 × 3, as its Input says, and gets 9 × 8 × 3 here."
    }
    said = "The block was made for 8 × 8 × 3 where it is used first, and gets 9 × 9 × 3 here."
    assert problems_of(resized(twice(), "other", 7, 9, 9, 3)) == {"look_1/input": said}
    assert problems_of(resized(a_picture_too(), "other", 9, 9, 3)) == {"look_1/input": said}


@pytest.mark.keras
def test_shapes_inside_are_those_of_one_step() -> None:
    project = frames()
    answers = checked(edits.set_param(project, node_id(project, "film"), "shape", (None, 8, 8, 3)))
    names = call_names(project)
    found = {names[key]: answer.outputs[0][0] for key, answer in answers.items()}
    assert found == {
        "film": (None, None, 8, 8, 3), "look/input": (None, 8, 8, 3), "look/a": (None, 6, 6, 2),
        "look/b": (None, 6, 6, 2), "look/sum": (None, 6, 6, 2), "look/g": (None, 2), "look/output": (None, 2),
        "look": (None, None, 2), "read": (None, 4), "y": (None, 4),
    }  # fmt: skip


def test_a_block_of_two_outputs_is_left_out_of_the_code() -> None:
    project = frames()
    (block,) = project.blocks
    two = graph("g -> other:Output", project=project, key=block)
    message = "a block that is applied to every time step needs one Input and one Output."
    assert message in " ".join(each.message for each in generate_model(two, CATALOG).problems)


def after_edit(project: Project, text: str) -> Project:
    """The project after its code was replaced by another text in the code panel."""
    source = generate(project, CATALOG)
    found = edited(project, source.text, project, source.spans, text, CATALOG)
    assert found.complaints == ()
    return found.project


def test_an_edit_of_the_code_changes_the_drawing() -> None:
    project = frames()
    text = generate(project, CATALOG).text
    assert after_edit(project, text) is project
    whole = edits.set_time_distributed(project, [node_id(project, "look")], False)
    assert after_edit(project, generate(whole, CATALOG).text) == whole
    assert after_edit(whole, text) == project
    called = after_edit(project, text.replace('name="look")(film)', 'name="eye")(film)'))
    assert node(called, "eye") == replace(node(project, "look"), name="eye")
    said = after_edit(project, text.replace("shape=film.shape[2:], dtype=film.dtype", "shape=(8, 8, 3)"))
    assert said == with_sizes()
