"""Every layer of the catalog goes out as code and comes back from the config of what the code builds."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from studio.catalog.spec import is_backbone
from studio.catalog.values import Value
from studio.importing import from_config
from tests.support.catalog import CATALOG
from tests.support.every_layer import fitted
from tests.support.keras_models import built, told
from tests.support.packages import missing

pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("fresh_names")]

NOT_CALLED: Mapping[str, str] = {
    "Lambda": "It needs code of one's own, which no project can hold yet.",
    **missing({"STFTSpectrogram": "STFTSpectrogram"}),
    "RandomShear": "Keras 3.15 cannot read back its scalar factor either.",
}

DERIVED = {"attention_axes", "max_freq", "sequence_length", "dtype"}
"""Values that Keras works out itself while it builds a layer, and writes down: the same when told."""

ALL = sorted({type for type in CATALOG.layers if not is_backbone(type)} - {"Input", "Output"} - NOT_CALLED.keys())


@pytest.mark.parametrize("type", ALL)
def test_comes_back_as_it_went_out(type: str) -> None:
    import keras

    drawn = fitted(type)
    model = built(drawn.project)
    found = from_config(json.loads(model.to_json()), CATALOG)
    assert found.report.unknown == ()
    assert found.report.replaced == ()
    before: Mapping[str, Value] = drawn.project.main.nodes[drawn.node].params
    (node,) = [node for node in found.project.main.nodes.values() if node.type == type]
    if CATALOG.layers[type].family != "preprocessing":  # Those write their factors as pairs, whatever they were told.
        assert {name for name in node.params if name not in before} <= DERIVED
    keras.backend.clear_session(free_memory=False)
    again = told(built(found.project))
    assert again == told(model)
