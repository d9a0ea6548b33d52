"""How code reads. Every style is written from the same Module and does the same: it changes text, never meaning."""

from __future__ import annotations

from collections.abc import Mapping

from studio.immutable import immutable


@immutable
class Style:
    """One way of writing.

    ``layers`` is what the file calls ``keras.layers``. ``is_tensorflow`` takes Keras from TensorFlow.
    ``has_own_variables`` gives each layer a variable of its own name; else straight runs reuse ``x``. ``is_sequential``
    writes a plain chain as ``keras.Sequential``; any other drawing is written as without it.
    """

    name: str
    layers: str = "layers"
    is_tensorflow: bool = False
    has_own_variables: bool = False
    is_sequential: bool = False

    @property
    def input(self) -> str:
        """What the file calls ``keras.Input``."""
        return "L.Input" if self.layers == "L" else "keras.Input"

    @property
    def imports(self) -> tuple[str, ...]:
        """The lines that import Keras; those with "from" come after the plain ones."""
        if self.layers == "L":
            return ("import keras", "import keras.layers as L")
        if self.is_tensorflow:
            return ("from tensorflow import keras", "from tensorflow.keras import layers")
        return ("import keras", "from keras import layers")

    @property
    def import_of_operations(self) -> str:
        """The line that imports ``keras.ops``."""
        return "from tensorflow.keras import ops" if self.is_tensorflow else "from keras import ops"


DEFAULT = Style("default")

STYLES: Mapping[str, Style] = {
    style.name: style
    for style in (
        DEFAULT,
        Style("book", layers="L", has_own_variables=True),
        Style("book_x", layers="L"),
        Style("tf", is_tensorflow=True),
        Style("sequential", is_sequential=True),
    )
}
"""The styles by name: the guides of Keras, the book with a variable per layer or with ``x``, TensorFlow's Keras, and
``Sequential`` where the network is a plain chain."""
