"""The builders of ``keras.applications``, called with the smallest picture that each of them takes."""

from __future__ import annotations

from typing import Any

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

MOST_WEIGHTS = 100_000_000
"""Of larger models no weights are made: memory is shared with others."""


def model_of(name: str) -> Any:
    """The model of a builder for 7 classes, without weights of its own."""
    import keras

    size = SIZES.get(name, 32)
    return getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=7)
