"""Models in the habits of Keras's guides and examples: read without being run, exported, and the same models again."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio import codegen
from studio.core import rules
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.importing.report import OWN_CODE
from studio.importing.script import read_script
from tests.support.catalog import CATALOG
from tests.support.keras_models import built, paired_by_structure

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.py"))

pytestmark = [
    pytest.mark.keras,
    pytest.mark.usefixtures("fresh_names"),
    pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`"),  # scripts of Keras 2 do
    pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem),
]


def model_of(text: str) -> Any:
    """The model that the script itself makes."""
    import keras

    scope: dict[str, Any] = {"__name__": "example"}
    exec(compile(text, "example.py", "exec"), scope)
    keras.backend.clear_session(free_memory=False)
    return scope["model"]


def classes(model: Any) -> Iterator[str]:
    """The classes of all layers, those of models inside the model too, each layer once."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from (name for name in classes(layer) if name != "InputLayer")
        else:
            yield type(layer).__name__


def says_the_same(model: Any, again: Any) -> None:
    """Code of the script's own is in both: with the weights of one the other gives the same."""
    import keras

    named = Counter(name.removeprefix("Own") for name in classes(again))
    assert named == Counter(classes(model))
    again.set_weights(model.get_weights())
    if any(each.dtype == "string" for each in model.inputs):
        return
    rng = np.random.default_rng(1)
    rows = {
        each.name: rng.integers(0, 2, [2, *(size or 16 for size in each.shape[1:])]).astype(each.dtype)
        for each in model.inputs
    }
    given = rows if len(rows) > 1 else next(iter(rows.values()))
    said, ours = keras.tree.flatten(model(given)), keras.tree.flatten(again(given))
    assert [np.abs(one - other).max() < 1e-5 for one, other in zip(said, ours, strict=True)] == [True] * len(said)


def test_an_example_is_read_and_is_the_same_model_again(path: Path) -> None:
    import keras

    from studio.engine.expanding import config_of

    text = path.read_text(encoding="utf-8")

    def shapes(project: Project) -> tuple[int | None, ...]:
        with keras.StatelessScope(initialize_variables=False):
            shape = built(project, ("no_data", "renamed")).outputs[0].shape
        keras.backend.clear_session(free_memory=False)
        return tuple(shape)

    def insides(project: Project) -> dict[str, Any]:
        begin, network, *_ = codegen.flat_calls(project, CATALOG)
        keras.backend.clear_session(free_memory=False)
        config = config_of(network.expression, (None, *project.main.nodes[begin.id].params["shape"]))
        return json.loads(json.dumps(config))  # as it comes from an engine

    found = read_script(text, CATALOG, model="model", shapes=shapes, insides=insides)
    own = re.escape(OWN_CODE).replace(re.escape("{}"), ".+")
    expected = re.compile(f"{own}|Called otherwise now, .+|.+ other models too.+")
    assert [each for each in found.report.sentences[1:] if not expected.fullmatch(each)] == []
    catalog = with_snippets(CATALOG, found.project)
    assert [each.message for each in rules.problems(found.project, catalog) if each.severity == "error"] == []
    model = model_of(text)
    if found.project.snippets:
        says_the_same(model, built(found.project, ("no_data", "renamed")))
        return
    with keras.StatelessScope(initialize_variables=False):  # what the weights are, not what is in them
        again = built(found.project, ("no_data", "renamed"))
    models = [each for one in (model, again) for each in one.layers if isinstance(each, keras.Model)]
    if models:  # a block of ours, whose layers stand in the model, or a ready-made network that stays one
        assert Counter(classes(model)) == Counter(classes(again))
    else:
        paired_by_structure(keras.Model(model.inputs, model.outputs), again)
    assert again.count_params() == model.count_params()
    assert Counter(tuple(each.shape) for each in again.inputs) == Counter(tuple(each.shape) for each in model.inputs)
