"""The styles of code in words."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from studio.codegen import STYLES, Style


def styles_in_words() -> Iterator[tuple[Style, str, str]]:
    """Each style with its name for people and what it does."""
    tr = QCoreApplication.translate
    words = {
        "default": (tr("Styles", "default style"), tr("Styles", "As the guides of Keras write it")),
        "book": (
            tr("Styles", "book style"), tr("Styles", "import keras.layers as L, and a variable for each layer"),
        ),
        "book_x": (
            tr("Styles", "book style with x"), tr("Styles", "import keras.layers as L; straight runs reuse x"),
        ),
        "tf": (tr("Styles", "from TensorFlow"), tr("Styles", "from tensorflow import keras")),
        "sequential": (tr("Styles", "Sequential"), ""),  # What it can do depends on the network.
    }  # fmt: skip
    for style in STYLES.values():
        yield style, *words.get(style.name, (style.name, ""))
