"""Functions of TensorFlow in models of Keras 2: the operations in their place give what Keras 2 itself gave."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from studio.importing import from_config
from tests.importing.keras_2.functions import FUNCTIONS, PATH, rows
from tests.support.catalog import CATALOG
from tests.support.keras_models import built

pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("fresh_names")]

GREY = {
    "tf.einsum('bij,bkj->bik', x, y)": "Keras 2 wrote down no tensors for it and could not read it either.",
    "tf.nn.depth_to_space(p[..., :1] * [1.0, 2.0, 3.0, 4.0], 2)": "Keras has no operation for it.",
    "K.switch(x > 0.5, x, y)": "It asks for the number of rows in the middle of the model.",
    "x * tf.cast(tf.shape(x)[0], 'float32')": "The number of rows is in no file.",
    "tf.zeros((tf.shape(x)[0], 2)) + x[:, 0, :2]": "The number of rows is in no file.",
}
"""What nothing can take the place of, and why."""

MADE = json.loads(PATH.read_text(encoding="utf-8"))


def test_all_functions_were_asked() -> None:
    assert MADE.keys() == set(FUNCTIONS)


@pytest.mark.parametrize("text", sorted(MADE.keys() - GREY.keys()))
def test_a_function_gives_what_keras_2_gave(text: str) -> None:
    told: dict[str, Any] = MADE[text]["gives"]
    found = from_config(MADE[text]["model"], CATALOG, "model")
    assert found.report.unknown == ()
    model = built(found.project)
    given = rows()
    names = [tensor.name for tensor in model.inputs]
    made = np.asarray(model({name: given[name] for name in names} if len(names) > 1 else given[names[0]]))
    expected = np.array(told["values"]).reshape(told["shape"])
    assert made.shape == expected.shape
    # Places are counted in int32 by Keras, and in int64 by TensorFlow.
    assert str(made.dtype) == told["dtype"] or (str(made.dtype), told["dtype"]) == ("int32", "int64")
    np.testing.assert_allclose(made.astype("float64"), expected, atol=1e-3 if told["dtype"] == "float16" else 1e-4)


@pytest.mark.parametrize("text", GREY)
def test_what_has_no_operation_stays_grey_and_is_told(text: str) -> None:
    found = from_config(MADE[text]["model"], CATALOG, "model")
    assert any("TFOpLambda" in sentence for sentence in found.report.unknown)
    assert any(node.type.endswith("TFOpLambda") for node in found.project.main.nodes.values())
