"""Scripts that keep layers in lists and tensors under a second name: what they build is what comes in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.codegen import generate
from studio.importing.script import read_script
from tests.support.catalog import CATALOG
from tests.support.keras_models import built, told

BEGIN = "import keras\nfrom keras import layers\n\n"
BODY = 'BODY = [\n    layers.Dense(8, activation="relu"),\n    layers.Dropout(0.25),\n]\n'

CHAINS = {
    "a list spread out": f"{BODY}model = keras.Sequential([keras.Input((4,)), *BODY, layers.Dense(2)])",
    "a tuple spread out": "BODY = (layers.Dense(8), layers.ReLU())\n"
    "model = keras.Sequential([keras.Input((4,)), layers.Flatten(), *BODY])",
    "two lists": f"{BODY}HEAD = [layers.Dense(2)]\nmodel = keras.Sequential([keras.Input((4,)), *BODY, *HEAD])",
    "an empty list": "BODY = []\nmodel = keras.Sequential([keras.Input((4,)), *BODY, layers.Dense(2)])",
    "made in place": "model = keras.Sequential([keras.Input((4,)), *[layers.Dense(8) for _ in range(3)], "
    "layers.Dense(2)])",
    "a generator": "model = keras.Sequential([keras.Input((4,)), *(layers.Dense(u) for u in (8, 6)), layers.Dense(2)])",
    "added up": f"{BODY}model = keras.Sequential([keras.Input((4,))] + BODY + [layers.Dense(2)])",
    "extended": f"{BODY}BODY += [layers.Dense(2)]\nBODY.append(layers.Softmax())\n"
    "model = keras.Sequential([keras.Input((4,)), *BODY])",
    "of a function": "def body(units):\n    return [layers.Dense(units), layers.ReLU()]\n\n"
    "model = keras.Sequential([keras.Input((4,)), *body(8), *body(6)])",
    "named layers": "model = keras.Sequential(layers=[keras.Input((4,)), *[layers.Dense(8, name='one')]], name='net')",
    "the layers of another model": f"{BODY}base = keras.Sequential([keras.Input((4,)), *BODY])\n"
    "model = keras.Sequential([keras.Input((4,)), *base.layers, layers.Dense(2)])",
}
ALIASES = {
    "plain": "x = layers.Dense(8)(row)\ny = x\ny = layers.Dense(6)(y)\nout = layers.Concatenate()([x, y])",
    "a skip": "x = layers.Dense(4)(row)\nskip = x\nx = layers.Dense(4)(x)\nout = layers.Add()([x, skip])",
    "of the Input": "x = row\nx = layers.Dense(3)(x)\nout = layers.Concatenate()([x, row])",
    "a chain of names": "a = b = c = layers.Dense(4)(row)\nd = c\nout = layers.Add()([a, layers.ReLU()(d)])",
    "swapped": "x, y = layers.Dense(4)(row), layers.Dense(3)(row)\nx, y = y, x\nout = layers.Concatenate()([x, y])",
    "of a layer": "shared = layers.Dense(4)\nagain = shared\n"
    "out = layers.Concatenate()([shared(row), again(shared(row))])",
    "the output alone": "x = layers.Dense(2)(row)\nout = x",
    "of a class": "D = layers.Dense\nout = D(2)(D(4)(row))",
}


def scripts() -> dict[str, str]:
    """All of them, each a whole script whose model is called model."""
    chains = {f"chain: {name}": f"{BEGIN}{text}\n" for name, text in CHAINS.items()}
    begin, end = "row = keras.Input((4,), name='row')\n", "model = keras.Model(row, out)\n"
    return chains | {f"alias: {name}": f"{BEGIN}{begin}{text}\n{end}" for name, text in ALIASES.items()}


def ran(text: str) -> Any:
    """The model that the script itself builds."""
    import keras

    keras.backend.clear_session(free_memory=False)
    namespace: dict[str, Any] = {"__name__": "script"}
    exec(compile(text, "script.py", "exec"), namespace)
    return namespace["model"]


@pytest.mark.keras
@pytest.mark.parametrize("name", scripts())
def test_what_comes_in_is_what_the_script_builds(name: str) -> None:
    """Layers, settings and connections; the code of the drawing reads back to the drawing once more."""
    import keras

    text = scripts()[name]
    found = read_script(text, CATALOG)
    assert found.report.unknown == ()
    model = ran(text)
    wanted, is_chain = _layers(model), type(model).__name__ == "Sequential"
    calls = {} if is_chain else {key: value[2] for key, value in told(model).items()}
    order = [each.name for each in model.layers]
    keras.backend.clear_session(free_memory=False)
    again = built(found.project)
    assert _layers(again) == wanted
    if is_chain:
        assert [each.name for each in again.layers[1:]] == order
    if not is_chain:
        assert {key: value[2] for key, value in told(again).items()} == calls
    code = generate(found.project, CATALOG).text
    assert generate(read_script(code, CATALOG).project, CATALOG).text == code


def _layers(model: Any) -> list[str]:
    """Class, name and config of every layer but for the Input, of which a Sequential does not tell."""
    kept = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    return sorted(f"{type(each).__name__} {json.dumps(each.get_config(), default=str)}" for each in kept)
