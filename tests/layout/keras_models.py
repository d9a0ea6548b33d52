"""The graphs of Keras's ready-made models, as drawings."""

from __future__ import annotations

from functools import cache

from studio.layout import Edge
from tests.layout.figures import CARD, Drawing
from tests.support.builders import BUILDERS, model_of
from tests.support.thorough import sample

_EVERY_DAY = ("ResNet50", "InceptionV3", "MobileNetV3Small", "NASNetMobile")
NAMES = sample((*_EVERY_DAY, *(name for name in BUILDERS if name not in _EVERY_DAY)), len(_EVERY_DAY))


@cache
def model_drawing(name: str) -> Drawing:
    """Layers and operations of ``keras.applications.NAME`` without weights; built once, for NASNetMobile in 2 s."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = model_of(name)
    edges = []
    for operation in model.operations:
        for call in operation._inbound_nodes[:1]:
            for rank, tensor in enumerate(call.arguments.keras_tensors):
                source = tensor._keras_history.operation.name
                edges.append(Edge(f"e{len(edges)}", source, operation.name, rank))
    drawing = Drawing({operation.name: CARD for operation in model.operations}, edges)
    keras.backend.clear_session(free_memory=False)
    return drawing
