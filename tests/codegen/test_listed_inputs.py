"""Several Inputs go in as a list where the person says so: the model, the data and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio import storage
from studio.codegen import STYLES, generate
from studio.core import edits
from studio.core.project import Project, Split
from studio.importing import from_config
from studio.importing.script import edited, read_script
from tests.codegen.projects import CATALOG, PROJECTS, bundled, draw, with_words
from tests.support.graphs import node_id


def told(text: str, name: str) -> str:
    """One function of a script."""
    return text.split(f"def {name}(")[1].split("\ndef ")[0]


@pytest.mark.parametrize("style", STYLES)
def test_model_and_data_are_told_in_the_same_order(style: str) -> None:
    text = generate(PROJECTS["listed"](), CATALOG, style=STYLES[style]).text
    assert "inputs=[sepal, petal]" in told(text, "build_model")
    x = told(text, "load_data").split("x = (\n")[1]
    assert x.index("sepal_length_cm") < x.index("petal_length_cm")
    assert '["petal"]' not in text


@pytest.mark.parametrize("style", STYLES)
def test_another_order_of_the_inputs_is_that_of_model_and_data(style: str) -> None:
    project = PROJECTS["listed"]()
    turned = edits.move_end(project, node_id(project, "petal"), 0)
    text = generate(turned, CATALOG, style=STYLES[style]).text
    assert "inputs=[petal, sepal]" in told(text, "build_model")
    x = told(text, "load_data").split("x = (\n")[1]
    assert x.index("petal_length_cm") < x.index("sepal_length_cm")
    back = edits.move_end(turned, node_id(turned, "petal"), 1)
    assert storage.dumps(edits.set_data(back, project.data)) == storage.dumps(project)
    again = read_script(text, CATALOG).project
    assert "inputs=[petal, sepal]" in generate(again, CATALOG, style=STYLES[style]).text


def test_the_order_is_typed_into_the_code_and_each_input_keeps_its_columns() -> None:
    project = PROJECTS["listed"]()
    source = generate(project, CATALOG)
    text = source.text.replace("inputs=[sepal, petal]", "inputs=[petal, sepal]")
    typed = edited(project, source.text, project, source.spans, text, CATALOG)
    turned = edits.move_end(project, node_id(project, "petal"), 0)
    assert (typed.complaints, typed.project, typed.new) == ((), turned, {"main": frozenset()})
    by_name = PROJECTS["twins"]()
    source = generate(by_name, CATALOG)
    text = source.text.replace('{"sepal": sepal, "petal": petal}', '{"petal": petal, "sepal": sepal}')
    assert text != source.text
    assert edited(by_name, source.text, by_name, source.spans, text, CATALOG).project == by_name


@pytest.mark.parametrize("style", STYLES)
def test_texts_have_their_place_among_numbers(style: str) -> None:
    text = generate(with_words(), CATALOG, style=STYLES[style]).text
    assert "inputs=[size, island]" in told(text, "build_model")
    x = told(text, "load_data").split("x = (\n")[1]
    assert x.index("bill_depth_mm") < x.index('table[["island"]].to_numpy(object)')
    assert "adapt(x[0])" in text
    assert "adapt(x[1])" in text


def test_without_a_split_the_first_rows_of_each_are_predicted() -> None:
    project = edits.set_split(PROJECTS["listed"](), Split(0.0, 0.0))
    assert "model.predict(tuple(array[:5] for array in x), verbose=0)" in generate(project, CATALOG).text


def test_a_layer_that_learns_gets_the_rows_of_its_place() -> None:
    project = draw(
        "Learns",
        """
        sepal:Input & petal:Input -> both:Concatenate -> dense:Dense(units=3) -> species:Output
        """,
    )
    project = draw("Learns", "size:Input -> scaled:Normalization -> both", project)
    project = bundled(project, "iris")
    for name, kind in (("sepal", "sepal_length_cm"), ("petal", "petal_length_cm"), ("size", "petal_width_cm")):
        project = edits.bind(project, node_id(project, name), (kind,))
    assert 'adapt(x["size"])' in generate(project, CATALOG).text
    assert "adapt(x[2])" in generate(listed(project), CATALOG).text


def listed(project: Project, is_listed: bool = True) -> Project:
    return replace(project, training=replace(project.training, are_inputs_listed=is_listed))


def test_a_single_input_goes_in_as_it_is() -> None:
    project = PROJECTS["small_cnn"]()
    assert generate(listed(project), CATALOG).text == generate(project, CATALOG).text


def test_the_choice_is_typed_into_the_code_and_the_data_follow() -> None:
    by_name, in_order = PROJECTS["twins"](), listed(PROJECTS["twins"]())
    words = 'inputs={"sepal": sepal, "petal": petal}', "inputs=[sepal, petal]"
    for now, then, (old, new) in ((by_name, in_order, words), (in_order, by_name, words[::-1])):
        source = generate(now, CATALOG)
        assert old in source.text
        typed = edited(now, source.text, now, source.spans, source.text.replace(old, new), CATALOG)
        assert (typed.complaints, typed.project) == ((), then)


def test_a_text_with_one_input_leaves_the_choice() -> None:
    project = listed(PROJECTS["small_cnn"]())
    source = generate(project, CATALOG)
    typed = edited(
        project, source.text, project, source.spans, source.text.replace("EPOCHS = 10", "EPOCHS = 3"), CATALOG
    )
    assert (typed.project.training.epochs, typed.project.training.are_inputs_listed) == (3, True)


@pytest.mark.parametrize(
    ("inputs", "is_listed"),
    [("[b, a]", True), ("(b, a)", True), ('{"b": b, "a": a}', False), ("[both]", False), ("both", False)],
)
def test_a_script_tells_it(inputs: str, is_listed: bool) -> None:
    text = (
        "import keras\nfrom keras import layers\n"
        "a = keras.Input((2,), name='a')\nb = keras.Input((3,), name='b')\nboth = keras.Input((5,), name='both')\n"
        f"x = {'both' if 'both' in inputs else 'layers.Concatenate()([b, a])'}\n"
        f"model = keras.Model(inputs={inputs}, outputs=layers.Dense(1)(x))\n"
    )
    project = read_script(text, CATALOG).project
    assert project.training.are_inputs_listed is is_listed
    assert ("keras.Model(inputs=[b, a]" in generate(project, CATALOG).text) is is_listed


def begin(name: str) -> dict[str, Any]:
    config = {"name": name, "batch_shape": [None, 2], "dtype": "float32"}
    return {"class_name": "InputLayer", "module": "keras.layers", "name": name, "config": config, "inbound_nodes": []}


@pytest.mark.parametrize("is_listed", [True, False])
def test_a_model_file_tells_it(is_listed: bool) -> None:
    def tensor(name: str) -> dict[str, Any]:
        config = {"shape": [None, 2], "dtype": "float32", "keras_history": [name, 0, 0]}
        return {"class_name": "__keras_tensor__", "config": config}

    add = {"class_name": "Add", "module": "keras.layers", "name": "add", "config": {"name": "add"}}
    add["inbound_nodes"] = [{"args": [[tensor("b"), tensor("a")]], "kwargs": {}}]
    ends: Any = {name: [name, 0, 0] for name in ("b", "a")}
    config = {
        "name": "two", "layers": [begin("b"), begin("a"), add],
        "input_layers": list(ends.values()) if is_listed else ends, "output_layers": [["add", 0, 0]],
    }  # fmt: skip
    project = from_config({"class_name": "Functional", "config": config}, CATALOG).project
    assert project.training.are_inputs_listed is is_listed
    assert ("inputs=[b, a]" in generate(project, CATALOG).text) is is_listed
