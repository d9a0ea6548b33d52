"""Constructor calls are carried out; whatever else a stranger may write is refused."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.keras


def evaluate(text: str) -> Any:
    from studio.engine.expressions import evaluate

    return evaluate(text)


def test_layers_with_values_of_every_kind() -> None:
    layer = evaluate(
        'layers.Conv2D(8, (3, 3), padding="same", activation="relu", use_bias=False, dilation_rate=[1, 1],'
        " kernel_initializer=initializers.HeNormal(seed=3), kernel_regularizer=keras.regularizers.L2(1e-3),"
        " kernel_constraint=constraints.MaxNorm(2))"
    )
    assert layer.filters == 8
    assert layer.kernel_initializer.seed == 3
    assert float(layer.kernel_regularizer.l2) == pytest.approx(1e-3)


def test_the_other_objects() -> None:
    assert evaluate('keras.Input(shape=(3,), dtype="int32")').dtype == "int32"
    assert evaluate("layers.Bidirectional(layers.LSTM(4))").forward_layer.units == 4
    assert evaluate("layers.Rescaling(-0.5)").scale == -0.5
    assert evaluate("layers.Dense(3, activation=activations.relu)").activation.__name__ == "relu"
    assert evaluate('losses.Huber(+2.0, name="h")').name == "h"
    assert evaluate("optimizers.SGD(optimizers.schedules.ExponentialDecay(0.1, 10, 0.9))").name == "sgd"
    assert evaluate('callbacks.EarlyStopping("loss", patience=3)').patience == 3
    assert math.isnan(evaluate('float("nan")'))
    assert evaluate('{"a": [1, (2.5, None, True)]}') == {"a": [1, (2.5, None, True)]}


HOSTILE = [
    "__import__('os').system('true')",
    "().__class__.__bases__",
    "layers.__builtins__",
    "layers.Dense.__init__.__globals__",
    "layers._Private()",
    "layers.Dense",
    "layers.Lambda('x')",
    "layers.TFSMLayer('/tmp')",
    "layers.Dense(3).build((1, 2))",
    "layers.deserialize({})",
    "layers.Dense(*[3])",
    "layers.Dense(**{'units': 3})",
    "layers.Dense(2**100)",
    "layers.Dense(3 if True else 4)",
    "layers.Dense([i for i in (1, 2)])",
    "layers.Dense(lambda: 3)",
    "layers.Dense((x := 3))",
    "layers.Dense(f'{3}')",
    "layers.Dense(b'3')",
    "layers.Dense(3j)",
    "layers.Dense(...)",
    "layers.Dense(-True)",
    "layers.Dense(not 3)",
    "layers.Dense(x)",
    "layers.StringLookup(vocabulary='/etc/passwd')",
    "layers.StringLookup('/etc/passwd')",
    "layers.Embedding(3, 4, weights='/etc/passwd')",
    "keras.utils.get_file('a', 'http://example.invalid')",
    "keras.saving.load_model('x')",
    "keras.config.enable_unsafe_deserialization()",
    "keras.applications.VGG16()",
    "keras.Model()",
    "keras.ops.zeros((3,))",
    "keras.layers.layers.Dense(3)",
    "keras.keras.Input((3,))",
    "keras.src.layers.Dense(3)",
    "activations.get('relu')",
    "activations.get",
    "initializers.get('zeros')",
    "optimizers.schedules.deserialize({})",
    "float(3)",
    "float('3')",
    "float(['nan'])",
    "float()",
    "open('x')",
    "eval('1')",
    "{**{}}",
    "{1: 2}",
    "3 + 4",
    "import os",
    "",
    "(" * 300 + ")" * 300,
    "[" * 90 + "]" * 90,
    "layers.Dense(3); layers.Dense(4)",
    "layers.Dense(3)\nlayers.Dense(4)",
    "\0",
    "9" * 5000,
    "x" * 300_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused(text: str) -> None:
    from studio.engine.expressions import ExpressionError

    with pytest.raises(ExpressionError):
        evaluate(text)


_NAMES = st.sampled_from(
    ["layers", "keras", "Dense", "__class__", "os", "system", "Input", "utils", "float", "eval", "activations", "relu"]
)
_TEXTS = st.recursive(
    st.one_of(_NAMES, st.integers().map(repr), st.text(max_size=3).map(repr)),
    lambda inner: st.one_of(
        st.builds("{}.{}".format, inner, _NAMES),
        st.builds("{}({})".format, inner, inner),
        st.builds("{}(units={})".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{{}: {}}}".format, inner, inner),
        st.builds("-{}".format, inner),
        st.builds("{} + {}".format, inner, inner),
    ),
    max_leaves=8,
)


@given(st.one_of(_TEXTS, st.text()))
def test_whatever_the_text_only_keras_objects_and_plain_values_come_out(text: str) -> None:
    import keras

    from studio.engine.expressions import ExpressionError

    try:
        made = evaluate(text)
    except (ExpressionError, ValueError, TypeError):
        return
    plain = (type(None), bool, int, float, str, tuple, list, dict, keras.layers.Layer, keras.KerasTensor)
    assert isinstance(made, plain) or made.__module__.startswith("keras.")


def test_nothing_is_read_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    monkeypatch.chdir(tmp_path)

    def never(*arguments: Any, **keywords: Any) -> Any:
        raise AssertionError(f"opened {arguments}")

    monkeypatch.setattr(builtins, "open", never)
    for text in HOSTILE:
        with pytest.raises(ValueError):  # noqa: PT011
            evaluate(text)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("layers.Dense(3)", "Dense"),
        ("keras.layers.LSTM()", "LSTM"),
        ("", ""),
        ("1 + (2)", ""),
        (" layers.Add ()", "Add"),
    ],
)
def test_the_class_is_read_off_the_text(text: str, name: str) -> None:
    from studio.engine.expressions import class_name

    assert class_name(text) == name
