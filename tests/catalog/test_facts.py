"""What the catalog says constructs in the installed Keras; that it says all of it is asked in ``tests/engine``."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import pytest

from studio.catalog import load
from studio.catalog.spec import LayerSpec, ObjectKind, is_backbone
from studio.catalog.values import KerasObject, Value
from tests.support.catalog import keras_class

pytestmark = pytest.mark.keras

CATALOG = load()
KINDS: tuple[ObjectKind, ...] = (
    "loss", "optimizer", "schedule", "metric", "callback", "initializer", "regularizer", "constraint",
)  # fmt: skip


@pytest.fixture(scope="module")
def keras() -> Any:
    return importlib.import_module("keras")


def plain(keras: Any, value: Value) -> Any:
    """A value as Keras takes it."""
    if isinstance(value, KerasObject):
        return getattr(keras.layers, value.type)(**arguments(keras, value.params))
    if isinstance(value, tuple):
        return tuple(plain(keras, item) for item in value)
    return value


def arguments(keras: Any, params: Mapping[str, Value]) -> dict[str, Any]:
    return {name: plain(keras, value) for name, value in params.items()}


@pytest.mark.parametrize(
    "spec",
    # Output is ours, a Lambda needs code of one's own, an STFTSpectrogram needs scipy.
    [
        spec
        for spec in [*CATALOG.layers.values(), *CATALOG.cells.values()]
        if spec.type not in ("Output", "Lambda", "STFTSpectrogram") and not is_backbone(spec.type)
    ],
    ids=lambda spec: spec.type,
)
def test_a_new_node_constructs(keras: Any, spec: LayerSpec) -> None:
    make = keras.Input if spec.type == "Input" else keras_class(spec.type)
    initial = arguments(keras, CATALOG.initial_params(spec.type))
    if spec.type == "Input":
        initial["shape"] = (3,)  # The data give it.
    required = {parameter.name for parameter in spec.parameters if parameter.is_required}
    assert required <= set(initial)
    with keras.StatelessScope(initialize_variables=False):
        make(**initial)
        if spec.has_own_words and spec.type != "Input":
            # Every default that we tell is one that Keras takes, also when it is written out.
            told = [p for p in spec.parameters if not (p.is_required or p.is_call)]
            written = {p.name: plain(keras, p.default) for p in told}  # type: ignore[arg-type]
            make(**{**written, **initial})
    keras.backend.clear_session(free_memory=False)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_object_constructs(keras: Any, kind: ObjectKind) -> None:
    for spec in CATALOG.objects(kind).values():
        if spec.type in ("OrbaxCheckpoint", "STFT"):
            continue  # They need packages that Keras does not bring.
        module = importlib.import_module(spec.module)
        functions = {each.name: abs for each in spec.parameters if each.kind == "code" and each.is_required}
        made = arguments(keras, CATALOG.initial_object_params(kind, spec.type))
        getattr(module, spec.type)(**made, **functions)
    keras.backend.clear_session(free_memory=False)


@pytest.mark.parametrize(
    ("type", "params"),
    [
        ("LSTM", {"units": 3, "return_state": True}),
        ("GRU", {"units": 3, "return_state": True}),
        ("ConvLSTM1D", {"filters": 2, "kernel_size": 2, "return_state": True}),
        ("RNN", {"cell": KerasObject("LSTMCell", {"units": 2}), "return_state": True}),
        ("Bidirectional", {"layer": KerasObject("LSTM", {"units": 2, "return_state": True})}),
        ("Bidirectional", {"layer": KerasObject("GRU", {"units": 2, "return_state": True})}),
        ("Bidirectional", {"layer": KerasObject("GRU", {"units": 2, "return_state": True}), "merge_mode": None}),
        ("Bidirectional", {"layer": KerasObject("GRU", {"units": 2}), "merge_mode": None}),
    ],
    ids=str,
)
def test_there_are_as_many_output_ports_as_outputs(keras: Any, type: str, params: dict[str, Value]) -> None:
    with keras.StatelessScope(initialize_variables=False):
        layer = getattr(keras.layers, type)(**arguments(keras, params))
        result = layer(keras.KerasTensor((None, 5, 8, 2) if type == "ConvLSTM1D" else (None, 5, 2)))
    keras.backend.clear_session(free_memory=False)
    assert len(result) == len(CATALOG.ports(type, params)[1])


def test_activations_are_accepted_as_text(keras: Any) -> None:
    for spec in CATALOG.objects("activation").values():
        assert callable(keras.activations.get(spec.identifier))
