"""Ready-made networks of a script of which it asks for a layer: that one is drawn with all its layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.core.project import Project
from studio.importing.errors import NeedsRunning
from studio.importing.script import read_script
from studio.workbench.opening_models import import_model
from tests.support.catalog import CATALOG

BASE = """
import keras
from keras import layers
base = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(64, 64, 3), alpha=0.35)
"""
MIDDLE = BASE + (
    "x = base.get_layer('block_1_expand_relu').output\n"
    "model = keras.Model(base.input, layers.GlobalAveragePooling2D()(x))\n"
)


def told(config: dict[str, Any]) -> Any:
    """One who knows Keras."""

    def insides(project: Project) -> dict[str, Any]:
        assert [node.params.get("shape") for node in project.main.nodes.values()] == [(64, 64, 3), None, None]
        return config

    return insides


def layer(name: str, type_name: str, source: str, **config: Any) -> dict[str, Any]:
    """A layer as Keras writes it."""
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [source, 0, 0]}}
    calls = [{"args": [tensor], "kwargs": {}}] if source else []
    return {"class_name": type_name, "module": "keras.layers", "name": name, "config": {"name": name, **config},
            "inbound_nodes": calls}  # fmt: skip


NETWORK = {
    "class_name": "Functional",
    "config": {
        "name": "net",
        "layers": [
            layer("begin", "InputLayer", "", batch_shape=[None, 64, 64, 3]),
            layer("one", "Dense", "begin", units=3),
            layer("two", "Dense", "one", units=4),
        ],
        "input_layers": [["begin", 0, 0]],
        "output_layers": [["two", 0, 0]],
    },
}


def test_a_layer_in_the_middle_is_a_place_to_begin() -> None:
    text = BASE + "model = keras.Model(base.input, layers.ReLU()(base.get_layer('one').output))\n"
    nodes = read_script(text, CATALOG, insides=told(NETWORK)).project.main.nodes.values()
    assert [(node.type, node.name) for node in nodes] == [
        ("Input", "input_layer"), ("Dense", "one"), ("ReLU", "re_lu"), ("Output", "output"),
    ]  # fmt: skip


def test_the_first_layers_are_frozen() -> None:
    text = BASE + (
        "for layer in base.layers[:2]:\n    layer.trainable = False\nmodel = keras.Model(base.input, base.output)\n"
    )
    nodes = read_script(text, CATALOG, insides=told(NETWORK)).project.main.nodes.values()
    assert [node.params.get("trainable") for node in nodes if node.type == "Dense"] == [False, None]


def test_a_network_that_is_frozen_as_a_whole_stays_one_node() -> None:
    text = BASE + (
        "for layer in base.layers:\n    layer.trainable = False\nprint(len(base.layers))\n"
        "model = keras.Model(base.input, layers.Flatten()(base.output))\n"
    )
    nodes = read_script(text, CATALOG, insides=told(NETWORK)).project.main.nodes.values()
    assert [(node.type, node.params.get("trainable")) for node in nodes] == [
        ("Input", None), ("applications.MobileNetV2", False), ("Flatten", None), ("Output", None),
    ]  # fmt: skip


def test_a_model_is_frozen_with_the_models_in_it() -> None:
    text = """
import keras
from keras import layers
inner = keras.Sequential([layers.Dense(2), layers.Dense(3)])
row = keras.Input((4,))
outer = keras.Model(row, layers.Dense(5)(inner(row)))
outer.trainable = False
model = keras.Model(row, layers.Dense(6)(outer(row)))
"""
    project = read_script(text, CATALOG, model="model").project
    graphs = [project.main, *(block.graph for block in project.blocks.values())]
    frozen = {node.params["units"]: node.params.get("trainable") for graph in graphs
              for node in graph.nodes.values() if node.type == "Dense"}  # fmt: skip
    assert frozen == {2: False, 3: False, 5: False, 6: None}


def test_who_cannot_ask_keras_is_told_the_line() -> None:
    with pytest.raises(NeedsRunning, match=r"Line 5: The layers of a ready-made network are known only when"):
        read_script(MIDDLE, CATALOG)


@pytest.mark.parametrize("said", [True, False])
def test_a_model_that_is_called_with_training_is_told(said: bool) -> None:
    text = f"""
import keras
from keras import layers
augment = keras.Sequential([layers.RandomFlip()], name="augment")
picture = keras.Input((8, 8, 3))
model = keras.Model(picture, layers.Flatten()(augment(picture, training={said})))
"""
    found = read_script(text, CATALOG, model="model")
    assert found.report.replaced == (
        f"Line 6: Called with training={said}, which was left out, since fit, evaluate and predict tell every layer"
        " themselves whether it trains: augment.",
    )


def test_a_layer_that_is_not_there_is_told() -> None:
    text = BASE + "model = keras.Model(base.input, base.get_layer('three').output)\n"
    with pytest.raises(NeedsRunning, match=r"Line 5: The network has no layer three\."):
        read_script(text, CATALOG, insides=told(NETWORK))


@pytest.mark.keras
def test_an_engine_tells_the_layers(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(MIDDLE, encoding="utf-8")
    found = import_model(tmp_path / "net.py", CATALOG)
    assert found.report.unknown == ()
    assert [node.name for node in found.project.main.nodes.values()][-4:] == [
        "block_1_expand_BN", "block_1_expand_relu", "global_average_pooling2d", "output",
    ]  # fmt: skip
