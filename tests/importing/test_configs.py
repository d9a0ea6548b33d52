"""Configs by hand: those of Keras 2, odd names, classes that nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from studio import storage
from studio.catalog.values import KerasObject
from studio.core import edits, rules
from studio.core.naming import is_valid_name
from studio.core.snippets import with_snippets
from studio.importing import Imported, ModelFileError, from_config
from studio.workbench.opening_models import tidied
from tests.support.catalog import CATALOG
from tests.support.graphs import edges, node


def layer(type: str, name: str, inbound: Any, **config: Any) -> dict[str, Any]:
    return {"class_name": type, "name": name, "config": {"name": name, **config}, "inbound_nodes": inbound}


def functional(*layers: Any, inputs: Any = (("a", 0, 0),), outputs: Any = ()) -> dict[str, Any]:
    return {
        "class_name": "Functional",
        "config": {
            "name": "model",
            "layers": list(layers),
            "input_layers": [list(each) for each in inputs],
            "output_layers": [list(each) for each in outputs],
        },
    }


A = layer("InputLayer", "a", [], batch_input_shape=[None, 4], dtype="float32", sparse=False, ragged=False)


def old_model() -> dict[str, Any]:
    glorot = {"class_name": "GlorotUniform", "config": {"seed": None}, "shared_object_id": 1}
    return functional(
        A,
        layer("Dense", "d", [[["a", 0, 0, {}]], [["n", 0, 0, {}]]], trainable=True, dtype="float32", units=4,
              activation="swish", kernel_initializer=glorot),
        layer("BatchNormalization", "n", [[["d", 0, 0, {}]]], axis=[1], momentum=0.99, epsilon=0.001),
        layer("LeakyReLU", "l", [[["d", 1, 0, {}]]], alpha=0.1),
        layer("Add", "both", [[["d", 0, 0, {}], ["l", 0, 0, {}]]]),
        layer("TFOpLambda", "tf.math.add", [["both", 0, 0, {"y": 3.0, "name": None}]], function="math.fma"),
        outputs=[["both", 0, 0], ["tf.math.add", 0, 0]],
    )  # fmt: skip


def test_a_model_of_keras_2_comes_in() -> None:
    found = from_config(old_model(), CATALOG, "old")
    project = found.project
    assert sorted(edges(project)) == [
        "a -> d", "both -> both_output", "both -> tf.math.add.x", "d -> both", "d -> n", "d_1 -> l", "l -> both",
        "n -> d_1", "tf.math.add -> tf.math.add_output",
    ]  # fmt: skip
    assert dict(node(project, "d").params) == {"units": 4, "activation": "silu"}
    assert node(project, "d_1").shares == node(project, "d").id
    assert dict(node(project, "n").params) == {"axis": 1}
    assert dict(node(project, "l").params) == {"negative_slope": 0.1}
    grey = node(project, "tf.math.add")
    assert grey.type == "TFOpLambda"
    assert grey.params == {"function": "math.fma"}
    assert storage.loads(storage.dumps(project)) == project
    assert found.report.unknown == ("The class TFOpLambda is not of this Keras and is kept in grey: tf.math.add.",)


def test_states_of_keras_2_go_to_their_port() -> None:
    states = [layer("InputLayer", name, [], batch_input_shape=[None, 3]) for name in "hc"]
    sequence = layer("InputLayer", "a", [], batch_input_shape=[None, None, 4])
    lstm = layer("LSTM", "lstm", [[["a", 0, 0, {}], ["h", 0, 0, {}], ["c", 0, 0, {}]]], units=3, time_major=False)
    found = from_config(functional(sequence, *states, lstm, outputs=[["lstm", 0, 0]]), CATALOG)
    assert edges(found.project) == [
        "h -> lstm.initial_state", "c -> lstm.initial_state", "a -> lstm.sequences", "lstm -> output",
    ]  # fmt: skip
    assert found.report.unknown == ()


def test_a_sequential_without_an_input_layer_gets_one() -> None:
    dense = {"class_name": "Dense", "config": {"units": 3, "batch_input_shape": [None, 7], "dtype": "float32"}}
    bare = {"class_name": "Sequential", "config": [dense, {"class_name": "Dense", "config": {"units": 1}}]}
    project = from_config(bare, CATALOG).project
    assert [each.type for each in project.main.nodes.values()] == ["Input", "Dense", "Dense", "Output"]
    assert node(project, "input_layer").params == {"shape": (7,)}
    assert [problem.message for problem in rules.problems(project, CATALOG) if problem.severity == "error"] == []


@pytest.mark.parametrize("name", ["conv1/bn", " d ", "a\nb", "\u202ename", "x" * 300, "", "/", "\x00"])
def test_names_that_keras_or_a_file_refuses_are_changed_and_told(name: str) -> None:
    found = from_config(functional(A, layer("Dense", name, [[["a", 0, 0]]], units=2), outputs=[[name, 0, 0]]), CATALOG)
    (dense,) = [each for each in found.project.main.nodes.values() if each.type == "Dense"]
    assert is_valid_name(dense.name)
    (told,) = found.report.replaced
    assert told.startswith(f"Has another name now, since its own is none that Keras takes: {dense.name}")
    assert told.isprintable()
    if name == "conv1/bn":
        assert told.endswith(": conv1_bn (was conv1/bn).")
    assert storage.loads(storage.dumps(found.project)) == found.project


@pytest.mark.parametrize("type", ["MyLayer", "Dense", "Input", "Output", "block", "LSTMCell", "Layer", "os.system"])
@pytest.mark.parametrize(
    "origin",
    [{"registered_name": "Mine>", "module": "somewhere"}, {"registered_name": "", "module": None}, {"module": "mine"}],
)
def test_a_class_of_somebodys_own_is_grey_and_passes_for_no_layer_of_keras(type: str, origin: dict[str, Any]) -> None:
    own = layer(type, "own", [[["a", 0, 0]]], units=2, table={"a": [1, 2]}, dtype="float32")
    own |= origin
    if "registered_name" in origin:
        own["registered_name"] = f"{origin['registered_name']}{type}"
    found = from_config(functional(A, own, outputs=[["own", 0, 0]]), CATALOG)
    grey = node(found.project, "own")
    assert CATALOG.layer(grey.type) is None
    assert grey.type not in ("Input", "Output", "block")
    assert grey.params["units"] == 2
    assert [problem.code for problem in rules.problems(found.project, CATALOG) if problem.severity == "error"] == [
        "unknown_type"
    ]
    assert storage.loads(storage.dumps(found.project)) == found.project


def test_a_registered_class_is_the_same_type_whether_an_h5_or_a_keras_file_tells_it() -> None:
    """An .h5 has ``mine>Squash`` for a class name, a .keras has the package beside it."""
    for told, registered in (("mine>Squash", None), ("Squash", "mine>Squash")):
        own = layer(told, "own", [[["a", 0, 0]]]) | {"registered_name": registered}
        found = from_config(functional(A, own, outputs=[["own", 0, 0]]), CATALOG)
        assert node(found.project, "own").type == "Squash"
        assert "The class Squash is not of this Keras and is kept in grey: own." in found.report.unknown
    own = layer("mine>Dense", "own", [[["a", 0, 0]]])
    assert node(from_config(functional(A, own, outputs=[["own", 0, 0]]), CATALOG).project, "own").type == "Custom>Dense"


def test_what_cannot_stand_as_a_value_marks_its_node() -> None:
    leaky = {"module": "keras.layers", "class_name": "LeakyReLU", "config": {"negative_slope": 0.1}}
    mine = {"module": "builtins", "class_name": "function", "config": "my_function", "registered_name": "my_function"}
    found = from_config(
        functional(
            A, layer("Dense", "d", [[["a", 0, 0]]], units=2, activation=leaky),
            layer("Dense", "e", [[["d", 0, 0]]], units=2, activation=mine), outputs=[["e", 0, 0]],
        ),
        CATALOG,
    )  # fmt: skip
    assert node(found.project, "d").params["activation"] == KerasObject("LeakyReLU", {"negative_slope": 0.1})
    assert node(found.project, "e").params["activation"] == KerasObject("my_function")
    assert found.report.unknown == (
        "The activation my_function is none of Keras's own, and its code is not in the file; write it under “Your code”"
        " with this name, or choose another one: e.",
    )


def test_vocabularies_in_files_and_the_code_of_lambdas_stay_outside() -> None:
    text = layer("InputLayer", "a", [], batch_input_shape=[None, 1], dtype="string")
    lookup = layer("StringLookup", "words", [[["a", 0, 0]]], vocabulary="/etc/passwd")
    code = {"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None, "closure": None}}
    lam = layer("Lambda", "lam", [[["words", 0, 0]]], function=code)
    found = from_config(functional(text, lookup, lam, outputs=[["lam", 0, 0]]), CATALOG)
    assert "passwd" not in storage.dumps(found.project)
    assert "4wEAAAA" not in storage.dumps(found.project)
    assert len(found.report.unknown) == 2


def test_edges_from_nowhere_and_circles_come_in_as_far_as_they_go() -> None:
    found = from_config(
        functional(
            A, layer("Dense", "d", [[["e", 0, 0]]], units=2), layer("Dense", "e", [[["d", 0, 0]]], units=2),
            layer("Dense", "f", [[["gone", 0, 0]]], units=2), layer("Dense", "g", [[["a", 0, 7]]], units=2),
            outputs=[["f", 0, 0], ["gone", 0, 0]],
        ),
        CATALOG,
    )  # fmt: skip
    codes = {problem.code for problem in rules.problems(found.project, CATALOG)}
    assert {"cycle", "unconnected"} <= codes
    assert any("An edge is missing" in sentence for sentence in found.report.unknown)
    tidied(found, CATALOG)


def test_several_calls_of_models_inside_models_are_counted_before_they_are_drawn() -> None:
    inner: dict[str, Any] = functional(A, layer("Dense", "d", [[["a", 0, 0]]], units=4), outputs=[["d", 0, 0]])
    for level in range(18):
        twice = layer("Functional", f"m{level}", [[["a", 0, 0]], [[f"m{level}", 0, 0]]]) | {"config": inner["config"]}
        inner = functional(A, twice, outputs=[[f"m{level}", 1, 0]])
    with pytest.raises(ModelFileError, match=r"more than 2,000 times"):
        from_config(inner, CATALOG)


@pytest.mark.parametrize(
    "config",
    [{}, {"layers": 3}, {"class_name": "MyModel", "config": {}}, {"layers": []}, {"layers": [1]}, {"layers": [{}]},
     {"class_name": "Sequential", "config": {"layers": [{"class_name": 3}]}},
     {"layers": [], "output_layers": 3}, functional(A, A), functional(A, outputs=[[1, 2, 3]])],
)  # fmt: skip
def test_what_is_no_model_is_refused_in_a_sentence(config: dict[str, Any]) -> None:
    with pytest.raises(ModelFileError) as caught:
        from_config(config, CATALOG)
    assert caught.value.message.endswith(".")


def test_blocks_inside_blocks_are_tidied_too() -> None:
    inner = functional(A, layer("Dense", "d", [[["a", 0, 0]]], units=4), outputs=[["d", 0, 0]])
    outer = functional(A, layer("Functional", "m", [[["a", 0, 0]]]) | {"config": inner["config"]},
                       outputs=[["m", 0, 0]])  # fmt: skip
    top = functional(A, layer("Functional", "o", [[["a", 0, 0]]]) | {"config": outer["config"]}, outputs=[["o", 0, 0]])
    found: Imported = tidied(from_config(top, CATALOG), CATALOG)
    assert sorted(block.name for block in found.project.blocks.values()) == ["m", "o"]
    for graph in found.project.graphs().values():
        assert len({(each.x, each.y) for each in graph.nodes.values()}) == len(graph.nodes)
    assert [problem.message for problem in rules.problems(found.project, CATALOG) if problem.severity == "error"] == []


def test_a_function_in_a_package_can_be_written_as_code_of_the_project() -> None:
    told = {"module": "builtins", "class_name": "function", "config": "mine>swirl", "registered_name": "function"}
    model = functional(A, layer("Dense", "d", [[["a", 0, 0]]], units=2, activation=told), outputs=[["d", 0, 0]])
    found = from_config(model, CATALOG)
    assert node(found.project, "d").params["activation"] == KerasObject("swirl")
    assert "The activation swirl is none of Keras's own" in found.report.unknown[0]
    source = "def swirl(x):\n    return x\n"
    project = edits.add_snippet(found.project, "activation", "swirl", source)
    catalog = with_snippets(CATALOG, project)
    assert [each.message for each in rules.problems(project, catalog) if each.severity == "error"] == []
    told["config"] = "mine>relu"  # which is not Keras's
    assert node(from_config(model, CATALOG).project, "d").params["activation"] == KerasObject("mine>relu")
