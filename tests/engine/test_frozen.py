"""Transfer learning as it is drawn: a frozen backbone keeps its weights to the last bit, what stands behind learns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio import data, protocol
from studio.codegen import STYLES, generate
from studio.core import edits, rules
from studio.core.project import Project, TrainingPlan
from tests.codegen.exported import write
from tests.support.catalog import CATALOG
from tests.support.engine_client import EngineClient
from tests.support.graphs import graph, node_id

pytestmark = pytest.mark.keras


def backbone() -> Project:
    """A block that is used twice on pictures: one use frozen, batch normalization included, the other one learning."""
    project = graph(
        """
        picture:Input -> scaled:Rescaling(scale=0.0625)
        scaled -> conv:Conv2D(filters=4, kernel_size=3) -> norm:BatchNormalization -> bend:ReLU
        bend -> pool:GlobalAveragePooling2D & flat:Flatten
        pool & flat -> both:Concatenate -> scores:Dense(units=10, activation="softmax") -> digit:Output
        """
    )
    project = edits.set_data(project, data.choose("bundled", "digits8x8"))
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in ("conv", "norm", "bend")], "stage")
    (block,) = project.blocks
    (frozen,) = [node.id for node in project.main.nodes.values() if node.block == block]
    edge = next(edge.id for edge in project.main.edges.values() if edge.target.node == node_id(project, "flat"))
    other = f"n{project.next_id}"
    project = edits.add_node(project, "block", block=block, name="learning", x=300, y=300)
    project = edits.insert_on_edge(project, CATALOG, other, edge)
    project = edits.set_frozen(project, CATALOG, [frozen], True)
    project = replace(project, title="Frozen backbone")
    return edits.set_training(project, TrainingPlan(epochs=2, batch_size=64, seed=3))


def learned(text: str, path: Path) -> tuple[Any, dict[str, list[Any]], dict[str, list[float]]]:
    """The model after the flow of ``main``, its weights by layer before the training, and the history."""
    import keras

    keras.backend.clear_session(free_memory=False)
    scope: dict[str, Any] = {"__name__": "exported", "__file__": str(path)}
    exec(compile(text, str(path), "exec"), scope)
    keras.utils.set_random_seed(scope["SEED"])
    loaded = scope["load_data"]()
    model = scope["build_model"]()
    before = {layer.name: layer.get_weights() for layer in model.layers}
    scope["compile_model"](model)
    history = scope["train"](model, loaded).history
    return model, before, history


def same(one: list[Any], other: list[Any]) -> bool:
    return all(np.array_equal(*pair) for pair in zip(one, other, strict=True))


def test_frozen_weights_stay_and_the_file_learns_what_the_engine_learns(trainer: EngineClient, tmp_path: Path) -> None:
    project = backbone()
    assert not [problem for problem in rules.problems(project, CATALOG) if problem.severity != "hint"]
    source = generate(project, CATALOG)
    assert source.problems == ()
    path = write(tmp_path, "frozen", source)
    trainer.messages.clear()
    trainer.send(protocol.Train("frozen", str(path), str(tmp_path), 0, False))
    ended = trainer.wait_for(protocol.RunEnded, lambda ended: ended.run == "frozen")
    assert ended.outcome == "finished", ended.message + ended.details
    (started,) = trainer.of(protocol.RunStarted)

    model, before, history = learned(source.text, path)
    assert started.parameters == model.count_params()
    epochs = trainer.of(protocol.EpochEnded)
    for name in ("loss", "val_loss", "accuracy"):
        assert [epoch.logs[name] for epoch in epochs] == history[name], name
    after = {layer.name: layer.get_weights() for layer in model.layers}
    frozen = [layer.name for layer in model.layers if layer.weights and not layer.trainable]
    assert len(frozen) == 2, "a convolution and a batch normalization"
    for layer in model.layers:
        if layer.weights:
            assert same(before[layer.name], after[layer.name]) is (layer.name in frozen), layer.name
    model.load_weights(tmp_path / "model.weights.h5")
    for layer in model.layers:
        assert same(after[layer.name], layer.get_weights()), f"{layer.name}: the engine learned something else"


def test_every_style_freezes_the_same_layers(tmp_path: Path) -> None:
    project = backbone()
    counts = set()
    for style in STYLES.values():
        source = generate(project, CATALOG, style=style)
        path = write(tmp_path, f"frozen_{style.name}", source)
        scope: dict[str, Any] = {"__name__": "exported", "__file__": str(path)}
        exec(compile(source.text, str(path), "exec"), scope)
        model = scope["build_model"]()
        trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
        counts.add((trainable, model.count_params(), len([each for each in model.layers if not each.trainable])))
    assert len(counts) == 1
