"""A block that is called again with another size: it says itself what it takes, and the code builds it for that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from studio import storage
from studio.codegen import STYLES, generate, generate_model
from studio.core import edits
from studio.core.fixes import fixes
from studio.core.problem import Problem
from studio.core.project import Project
from studio.importing import from_config, read
from studio.importing.script import read_script
from studio.workbench.consent import Consent
from studio.workbench.inference import InferenceState
from studio.workbench.own_code import Gate
from tests.codegen.projects import CATALOG
from tests.engine.test_proving import proved
from tests.support.graphs import graph, node, node_id
from tests.support.keras_models import copy_weights, told


def heads(size: int = 8) -> Project:
    """One head over three levels of a pyramid, drawn by hand: its Input says nothing yet."""
    level = "Conv2D(filters=6, kernel_size=3, strides=2, padding='same')"
    project = graph(
        f"image:Input(shape=({size}, {size}, 3)) -> a:{level} -> h:Conv2D(filters=4, kernel_size=3, padding='same')"
        " -> rows:Reshape(target_shape=(-1, 4)) -> all:Concatenate(axis=1) -> y:Output"
    )
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in ("h", "rows")], "head")
    project = graph(f"a -> b:{level}; b -> c:{level}", project=project)
    for name, number in (("b", 1), ("c", 2)):
        project = edits.share(project, node_id(project, "head"), 300 * number, 0)
        project = graph(f"{name} -> head_{number} -> all", project=project)
    return project


def begin(project: Project) -> Any:
    """The Input inside the one block."""
    (block,) = project.blocks.values()
    return next(each for each in block.graph.nodes.values() if each.type == "Input")


def said(project: Project, **params: Any) -> Project:
    """The same with parameters of the Input inside."""
    (block,) = project.blocks
    return edits.set_params(project, begin(project).id, params, graph=block)


def problems(project: Project) -> list[Problem]:
    """What Keras finds wrong."""
    from studio.engine.checker import Checker
    from studio.protocol import Inferred

    state, checker = InferenceState(Gate(Consent())), Checker()
    update = state.update(project, CATALOG)
    assert update is not None
    checker.update(update)
    state.take(Inferred(1, 1, checker.infer(), True))
    return [each for each in state.problems(project) if each.severity == "error"]


@pytest.mark.keras
def test_a_click_lets_a_block_take_every_size_that_arrives(tmp_path: Path) -> None:
    """Drawn by hand: two uses are refused, the repair of either mends both, in one step; the file then builds it."""
    project = heads()
    found = problems(project)
    assert [each.message for each in found] == [
        f"head_{number}/input: The block was made for 4 × 4 × 6 where it is used first, and gets {size} × {size} × 6 "
        "here."
        for number, size in ((1, 2), (2, 1))
    ]
    assert len(dict.fromkeys(found)) == 2  # the panel of problems keeps what it offers by problem
    repairs = [fixes(project, CATALOG, each) for each in found]
    assert [[each.label for each in fix] for fix in repairs] == [["Let head take any × any × 6"]] * 2
    project = repairs[0][0].edit(project)
    assert begin(project).params == {"shape": (None, None, 6)}
    assert problems(project) == []
    for style in STYLES.values():
        path = tmp_path / style.name / "model.py"
        path.parent.mkdir()
        path.write_text(generate_model(project, CATALOG, style=style).text, encoding="utf-8")
        assert "Input(shape=(None, None, 6), name=" in path.read_text(encoding="utf-8")
        assert proved(project, path).problem == ""


@pytest.mark.keras
def test_what_waited_goes_on_after_the_click() -> None:
    """The tensor that enters is the same before and after: only what was wrong with it is gone, and comes again."""
    from studio.engine.checker import Checker
    from studio.protocol import Inferred

    state, checker, before = InferenceState(Gate(Consent())), Checker(), heads()
    told = []
    for project in (before, said(before, shape=(None, None, 6)), before):
        update = state.update(project, CATALOG)
        assert update is not None
        checker.update(update)
        state.take(Inferred(update.id, update.revision, checker.infer(), True))
        told.append({each.message for each in state.problems(project)})
    assert len(told[0]) > 3
    assert told[1] == set()
    assert told[2] == told[0]


@pytest.mark.keras
def test_what_does_not_fit_is_told_and_not_opened() -> None:
    """Weights are made for channels: no size of a picture mends them."""
    project = said(heads(), shape=(None, None, 5))
    assert [each.message for each in problems(project)] == [
        "head/input: The block takes ? × ? × 5, as its Input says, and gets 4 × 4 × 6 here."
    ]
    wide = edits.set_param(heads(), node_id(heads(), "b"), "filters", 7)
    found = problems(wide)
    assert found
    assert [fixes(wide, CATALOG, each) for each in found] == [()] * len(found)


@pytest.mark.keras
def test_layers_inside_still_say_what_they_cannot_take() -> None:
    """All sizes enter, and a Dense behind a Flatten has weights for one of them."""
    project = heads()
    (block,) = project.blocks
    rows = node_id(project, "rows", block)
    project = edits.delete(project, CATALOG, [rows], graph=block)
    (output,) = [key for key, each in project.blocks[block].graph.nodes.items() if each.type == "Output"]
    name = project.blocks[block].graph.nodes[output].name
    project = graph(f"h -> flat:Flatten -> d:Dense(units=2) -> {name}", project=project, key=block)
    found = problems(said(project, shape=(None, None, 6)))
    assert any(each.message.startswith("head_1/d: ") for each in found)


@pytest.mark.parametrize("style", [each for each in STYLES.values() if each.name != "book"], ids=lambda each: each.name)
@pytest.mark.parametrize(
    "params", [{"shape": (None, None, 6)}, {"shape": (4, None, 6), "batch_size": 2, "dtype": "float16"}], ids=repr
)
def test_the_code_is_read_back_as_it_was_drawn(params: dict[str, Any], style: Any) -> None:
    project = said(heads(), **params)
    text = generate(project, CATALOG, style=style).text
    back = read_script(text, CATALOG).project
    assert dict(begin(back).params) == params
    assert generate(back, CATALOG, style=style).text == text
    assert storage.dumps(storage.loads(storage.dumps(project))) == storage.dumps(project)


def test_a_block_that_is_called_once_takes_what_arrives() -> None:
    """It is a function then: nothing in the code says a size, and reading it back keeps none."""
    project = edits.unshare(said(heads(), shape=(None, None, 6)), node_id(heads(), "head_1"))
    project = edits.unshare(project, node_id(project, "head_2"))
    text = generate_model(project, CATALOG).text
    assert "(None, None, 6)" not in text
    assert not begin(read_script(generate(project, CATALOG).text, CATALOG).project).params


TWO_HEADS = """\
import keras
from keras import layers


def head(x, filters):
    x = layers.Conv2D(8, 3, padding="same")(x)
    return layers.Conv2D(filters, 3, padding="same")(x)


def model_of(channels, filters, name):
    begin = keras.Input((None, None, channels))
    return keras.Model(begin, head(begin, filters), name=name)


image = keras.Input((8, 8, 3))
a = layers.Conv2D(6, 3, padding="same")(image)
b = layers.MaxPooling2D()(a)
classes, boxes, colours = model_of(6, 4, "classes"), model_of(6, 2, "boxes"), model_of(3, 2, "colours")
small = layers.MaxPooling2D()(image)
model = keras.Model(image, [classes(a), classes(b), boxes(a), boxes(b), colours(image), colours(small)])
"""


@pytest.mark.keras
def test_models_of_one_function_that_take_other_channels_are_two_blocks(tmp_path: Path) -> None:
    project = read_script(TWO_HEADS, CATALOG).project
    assert [
        {each.name: each.params for each in block.graph.nodes.values() if each.type == "Input"}
        for block in project.blocks.values()
    ] == [{"x": {"shape": (None, None, 6)}}, {"x": {"shape": (None, None, 3)}}]
    assert problems(project) == []
    path = tmp_path / "model.py"
    path.write_text(generate_model(project, CATALOG).text, encoding="utf-8")
    assert proved(project, path).problem == ""


def retina() -> Any:
    """Two heads over three levels of a pyramid, as detectors have them."""
    import keras
    from keras import layers

    image = keras.Input((16, 16, 3), name="image")
    levels, x = [], image
    for number in range(3):
        x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu", name=f"level_{number}")(x)
        levels.append(x)

    def head(width: int, name: str) -> Any:
        level = keras.Input((None, None, 16), name=f"{name}_level")
        x = layers.Conv2D(8, 3, padding="same", activation="relu", name=f"{name}_conv")(level)
        return keras.Model(level, layers.Conv2D(width, 3, padding="same", name=f"{name}_map")(x), name=name)

    found = []
    for made in (head(5, "classes"), head(4, "boxes")):
        rows = [layers.Reshape((-1, made.output_shape[-1]))(made(level)) for level in levels]
        found.append(layers.Concatenate(axis=1)(rows))
    return keras.Model(image, found)


@pytest.mark.keras
@pytest.mark.parametrize("kind", ["json", "keras"])
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_detector_comes_in_and_goes_out_in_every_style(kind: str, tmp_path: Path) -> None:
    """As a file of either kind, then as the script of every style, read again from that: configs and predictions."""
    import keras
    import numpy as np

    keras.backend.clear_session(free_memory=False)
    model = retina()
    path = tmp_path / f"retina.{kind}"
    if kind == "json":
        path.write_text(model.to_json(), encoding="utf-8")
    else:
        model.save(path)
    project = read(path, CATALOG).project
    assert project == from_config(json.loads(model.to_json()), CATALOG, project.title).project or kind == "keras"
    assert problems(project) == []
    assert node(project, "classes").block != node(project, "boxes").block
    numbers = np.random.default_rng(0).random((2, 16, 16, 3), dtype="float32")
    wanted = model(numbers)
    for style in STYLES.values():
        text = generate_model(project, CATALOG, style=style).text
        for code in (text, generate_model(read_script(text, CATALOG).project, CATALOG, style=style).text):
            keras.backend.clear_session(free_memory=False)
            namespace: dict[str, Any] = {"__name__": "exported"}
            exec(compile(code, "exported.py", "exec"), namespace)
            again = namespace["build_model"]()
            if style.name != "book":  # which names layers in its own way
                assert _shapes(again) == _shapes(model)
                assert told(again).keys() == told(model).keys()
            copy_weights(model, again)
            given = sorted(keras.tree.flatten(again(numbers)), key=lambda each: -each.shape[-1])
            for ours, theirs in zip(given, wanted, strict=True):
                np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def _shapes(model: Any) -> dict[str, Any]:
    """What the Inputs of the models inside take."""
    return {
        layer.name: [each.shape for each in layer.inputs]
        for layer in model.layers
        if type(layer).__name__ == "Functional"
    }
