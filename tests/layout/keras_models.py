"""The graphs of Keras's ready-made models, as drawings."""

from __future__ import annotations

from functools import cache

from studio.layout import Edge
from tests.layout.figures import CARD, Drawing

NAMES = ("ResNet50", "InceptionV3", "MobileNetV3Small", "NASNetMobile")


@cache
def model_drawing(name: str) -> Drawing:
    """Layers and operations of ``keras.applications.NAME`` with random weights; built once, for NASNetMobile in 4 s."""
    import keras

    model = getattr(keras.applications, name)(weights=None)
    edges = []
    for operation in model.operations:
        for call in operation._inbound_nodes[:1]:
            for rank, tensor in enumerate(call.arguments.keras_tensors):
                source = tensor._keras_history.operation.name
                edges.append(Edge(f"e{len(edges)}", source, operation.name, rank))
    drawing = Drawing({operation.name: CARD for operation in model.operations}, edges)
    keras.backend.clear_session(free_memory=False)
    return drawing
