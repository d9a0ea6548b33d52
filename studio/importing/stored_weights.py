"""What weights a saved model holds: the shapes of each layer's, by its name. The weights themselves are not read."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.assets import resource
from studio.importing.errors import ModelFileError
from studio.importing.h5 import PATIENCE_S, asked_child


def stored_sizes(path: Path, patience_s: float = PATIENCE_S) -> Mapping[str, int]:
    """How many numbers each layer of a ``.keras`` or ``.h5`` file has, by its name; those without weights have 0.

    ModelFileError where the file holds none. Takes half a second, and 20 s at most.
    """
    functions = "keras_weights.py" if path.suffix.lower() == ".keras" else "h5_weights.py"
    with_functions = str(resource("datasets", functions))
    code, found = asked_child([str(path.resolve()), with_functions], patience_s)
    if code != 0:
        raise ModelFileError("The file holds no weights that can be read.")
    return {name: _size(shapes) for name, shapes in found.items()}


def holds_weights(path: Path) -> bool:
    """Whether weights may stand in a file: a ``.keras`` can be written without them, and JSON never has any."""
    suffix = path.suffix.lower()
    if suffix in (".h5", ".hdf5"):
        return True
    try:
        if suffix == ".keras":
            with zipfile.ZipFile(path) as archive:
                return "model.weights.h5" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        pass
    return False


def _size(shapes: Any) -> int:
    if not isinstance(shapes, list):
        return 0
    return sum(math.prod(shape) for shape in shapes if isinstance(shape, list) and all(type(n) is int for n in shape))
