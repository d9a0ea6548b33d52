"""The builders of ``keras.applications``, called with the smallest picture that each of them takes."""

from __future__ import annotations

from typing import Any

import psutil
import pytest

SIZES = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71, "NASNetLarge": 32, "NASNetMobile": 32}
"""The smallest picture that a builder takes, where it is not 32 on each side."""

BUILDERS = (
    "MobileNetV3Small", "MobileNet", "MobileNetV2", "NASNetMobile", "EfficientNetB0", "EfficientNetV2B0",
    "MobileNetV3Large", "DenseNet121", "EfficientNetB1", "EfficientNetV2B1", "EfficientNetB2", "EfficientNetV2B2",
    "EfficientNetB3", "DenseNet169", "EfficientNetV2B3", "VGG16", "EfficientNetB4", "DenseNet201", "VGG19",
    "EfficientNetV2S", "Xception", "InceptionV3", "ResNet50", "ResNet50V2", "ConvNeXtTiny", "EfficientNetB5",
    "EfficientNetB6", "ResNet101", "ResNet101V2", "ConvNeXtSmall", "EfficientNetV2M", "InceptionResNetV2",
    "ResNet152", "ResNet152V2", "EfficientNetB7", "NASNetLarge", "ConvNeXtBase", "EfficientNetV2L", "ConvNeXtLarge",
    "ConvNeXtXLarge",
)  # fmt: skip
"""All builders, the small ones first."""

BYTES_OF_A_WEIGHT = 12
"""In Keras's own model, in ours or in a file, and on its way from the one to the other."""


def model_of(name: str) -> Any:
    """The model of a builder for 7 classes, without weights of its own."""
    import keras

    size = SIZES.get(name, 32)
    return getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=7)


def skip_where_weights_do_not_fit(name: str) -> None:
    """Skip a test that makes a builder's weights where they need more than half of the memory that is free."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        needed = model_of(name).count_params() * BYTES_OF_A_WEIGHT
    keras.backend.clear_session(free_memory=False)
    free = psutil.virtual_memory().available
    if needed > free / 2:  # others use the machine, too
        pytest.skip(f"the weights of {name} need {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free")
