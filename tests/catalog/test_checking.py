"""Which values a parameter takes, and how a refusal reads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalog import load
from studio.catalog.spec import Parameter
from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value

CATALOG = load()
LAYER_PARAMETERS = [parameter for spec in CATALOG.layers.values() for parameter in spec.parameters]
OBJECT_TYPES = [*CATALOG.cells, *CATALOG.objects("initializer"), *CATALOG.objects("regularizer"), "Dense", "Nonsense"]

values: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.builds(ParameterRef, st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple),
        st.builds(KerasObject, st.sampled_from(OBJECT_TYPES), st.dictionaries(st.sampled_from(["units", "l2"]), inner)),
        st.builds(Dictionary, st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    ),
    max_leaves=6,
)


def parameter(layer: str, name: str) -> Parameter:
    spec = CATALOG.inner_layer(layer) or CATALOG.layer(layer)
    assert spec is not None
    found = spec.parameter(name)
    assert found is not None
    return found


@given(st.sampled_from(LAYER_PARAMETERS), values)
def test_every_value_gets_an_answer_in_one_sentence(parameter: Parameter, value: Value) -> None:
    reason = CATALOG.why_not_value(parameter, value)
    assert reason is None or (reason.endswith(".") and len(reason) < 400)


@given(st.sampled_from(LAYER_PARAMETERS))
def test_what_a_block_hands_in_is_never_refused(parameter: Parameter) -> None:
    assert CATALOG.why_not_value(parameter, ParameterRef("anything")) is None


RIGHT: list[tuple[str, str, Value]] = [
    ("Dense", "units", 1),
    ("Dense", "units", 10**12),
    ("Dense", "activation", None),
    ("Dense", "activation", "swish"),
    ("Dense", "kernel_initializer", "he_normal"),
    ("Dense", "kernel_initializer", KerasObject("HeNormal", {"seed": 3})),
    ("Dense", "kernel_regularizer", KerasObject("L2", {"l2": 0.1})),
    ("Dropout", "rate", 0),
    ("Dropout", "rate", 1.0),
    ("Dropout", "noise_shape", (None, 1)),
    ("Conv2D", "kernel_size", 3),
    ("Conv2D", "kernel_size", (3, 5)),
    ("Conv2D", "padding", "same"),
    ("ZeroPadding2D", "padding", ((1, 0), (0, 2))),
    ("Reshape", "target_shape", (-1, 4)),
    ("Reshape", "target_shape", ()),
    ("Permute", "dims", (2, 1)),
    ("Input", "shape", (None, 3)),
    ("Input", "dtype", "int32"),
    ("Concatenate", "axis", -1),
    ("LayerNormalization", "axis", (1, 2)),
    ("Normalization", "mean", 0.5),
    ("LSTM", "use_cudnn", False),
    ("LSTM", "use_cudnn", "auto"),
    ("RandomRotation", "factor", (-0.1, 0.1)),
    ("RNN", "cell", KerasObject("LSTMCell", {"units": 3})),
    ("Bidirectional", "layer", KerasObject("LSTM", {"units": 3})),
    ("Pipeline", "layers", (KerasObject("Rescaling", {"scale": 0.5}),)),
]

WRONG: list[tuple[str, str, Value, str]] = [
    ("Dense", "units", -3, "Units must be a whole number of at least 1, but it is -3."),
    ("Dense", "units", True, "Units must be a whole number of at least 1, but it is True."),
    ("Dense", "units", 3.0, "Units must be a whole number of at least 1, but it is 3.0."),
    ("Dense", "units", None, "Units needs a whole number of at least 1."),
    ("Dense", "units", "ten", 'Units must be a whole number of at least 1, but it is "ten".'),
    ("Dense", "use_bias", 1, "Use bias must be True or False, but it is 1."),
    (
        "Dense",
        "activation",
        "rleu",
        'Activation must be an activation function such as "relu" or a layer or None, but it is "rleu".',
    ),
    ("Dense", "activation", KerasObject("relu"), "but it is relu."),
    ("Dense", "kernel_initializer", KerasObject("Nonsense"), "Nonsense is not an initializer that Keras knows."),
    ("Dense", "kernel_initializer", KerasObject("HeNormal", {"sed": 1}), "HeNormal has no parameter called sed."),
    ("Dense", "kernel_regularizer", KerasObject("L2", {"l2": -1.0}), "L2: L2 must be a number of at least 0"),
    ("Dropout", "rate", 1.5, "Rate must be a number between 0 and 1, but it is 1.5."),
    ("Dropout", "rate", float("nan"), "but it is nan."),
    ("Conv2D", "kernel_size", (3, 3, 3), "at least 1, or 2 of them, but it is (3, 3, 3)."),
    ("Conv2D", "kernel_size", 0, "but it is 0."),
    ("Conv2D", "padding", "sme", 'Padding must be one of "valid", "same", but it is "sme".'),
    ("Reshape", "target_shape", (0,), "but it is (0)."),
    ("Reshape", "target_shape", 4, "Target shape must be a shape such as (28, 28, 1), but it is 4."),
    ("Input", "shape", (-1,), "but it is (-1)."),
    ("Input", "dtype", "float31", "but it is"),
    ("RNN", "cell", KerasObject("LSTMCell"), "LSTMCell needs a value for units."),
    ("RNN", "cell", KerasObject("Nonsense"), "Nonsense is not a layer that Keras knows."),
    ("RNN", "cell", 3, "Cell must be a layer, but it is 3."),
    ("Dense", "activation", "threshold", 'must be an activation function such as "relu" or a layer or None, but it is'),
    ("Dense", "activation", KerasObject("Dense"), "Dense needs a value for units."),
    ("Dense", "activation", KerasObject("LeakyReLU", {"alpha": 0.1}), "LeakyReLU has no parameter called alpha."),
    ("Dense", "activation", KerasObject("HeNormal"), "or a layer or None, but it is HeNormal."),
    ("applications.VGG16", "classifier_activation", KerasObject("ReLU"), 'such as "relu" or None, but it is ReLU.'),
    ("Pipeline", "layers", (KerasObject("Rescaling"),), "Rescaling needs a value for scale."),
]


@pytest.mark.parametrize(("layer", "name", "value"), RIGHT, ids=str)
def test_right_values(layer: str, name: str, value: Value) -> None:
    assert CATALOG.why_not_value(parameter(layer, name), value) is None


@pytest.mark.parametrize(("layer", "name", "value", "sentence"), WRONG, ids=lambda part: str(part)[:20])
def test_wrong_values_are_told_in_a_plain_sentence(layer: str, name: str, value: Value, sentence: str) -> None:
    reason = CATALOG.why_not_value(parameter(layer, name), value)
    assert reason is not None
    assert sentence in reason
    assert re.match(r"[A-Z]", reason)


def test_objects_of_a_training_plan() -> None:
    assert CATALOG.why_not_object("optimizer", KerasObject("Adam", {"learning_rate": 0.01})) is None
    schedule = KerasObject("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5})
    assert CATALOG.why_not_object("optimizer", KerasObject("Adam", {"learning_rate": schedule})) is None
    assert CATALOG.why_not_object("optimizer", "adam") is None
    assert CATALOG.why_not_object("optimizer", KerasObject("Adma")) == "Adma is not an optimizer that Keras knows."
    assert CATALOG.why_not_object("loss", KerasObject("Adam")) == "Adam is not a loss that Keras knows."
    assert CATALOG.why_not_object("loss", 3) == "3 is not a loss that Keras knows."
    wrong = CATALOG.why_not_object("callback", KerasObject("EarlyStopping", {"patience": -1}))
    assert wrong == "EarlyStopping: Patience must be a whole number of at least 0, but it is -1."


def test_a_hostile_depth_ends_in_a_sentence() -> None:
    value: Value = KerasObject("Dense", {"units": 1})
    for _ in range(5000):
        value = KerasObject("TimeDistributed", {"layer": value})
    assert "deep" in str(CATALOG.why_not_value(parameter("TimeDistributed", "layer"), value))
    deep: Value = ()
    for _ in range(5000):
        deep = (deep,)
    assert "deep" in str(CATALOG.why_not_value(parameter("Normalization", "mean"), deep))
    assert CATALOG.why_not_value(parameter("Pipeline", "layers"), deep) is not None
    assert "can hold" in str(CATALOG.why_not_value(parameter("RNN", "cell"), KerasObject("Dense", {"units": 1})))
    assert CATALOG.why_not_value(parameter("Dense", "units"), deep) is not None


def test_a_number_too_long_to_print_is_named_in_words() -> None:
    reason = CATALOG.why_not_value(parameter("Dense", "units"), -(10**5000))
    assert reason is not None
    assert reason == "Units has a number that is too large: whole numbers have 64 bits at most."
    assert CATALOG.why_not_value(parameter("Reshape", "target_shape"), (2**63 - 1,)) is None
    assert CATALOG.why_not_value(parameter("Reshape", "target_shape"), (2**63,))
    assert (CATALOG.why_not_object("loss", 10**5000) or "").startswith("a huge number")
