"""A program of its own: prints the shapes of the weights in a saved model, by the names of layers, as one JSON object.

It reads the file with the very functions that an exported script has for it, from the file named second, so that both
say the same of what is there. Like ``h5_child`` it can be ended when h5py does not come to an end.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import zipfile
from typing import Any

MAX_CONFIG = 32 * 1024 * 1024


def main(path: str, functions: str) -> int:
    """Print the shapes; the exit code is 1 where the file holds none."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    spec = importlib.util.spec_from_file_location("functions", functions)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _limit()
    try:
        found = _of_zip(path, module) if zipfile.is_zipfile(path) else _of_hdf5(path, module)
    except Exception:  # whatever a damaged file makes of h5py and its own lists
        return 1
    json.dump(found, answer)
    answer.close()
    return 0


def _limit() -> None:
    """A damaged file must not ask for all memory. Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _of_zip(path: str, module: Any) -> dict[str, Any]:
    import h5py  # type: ignore[import-untyped]

    with zipfile.ZipFile(path) as archive:
        with archive.open("config.json") as member:
            config = json.loads(member.read(MAX_CONFIG))["config"]
        # Keras stores the weights as they are, so that their lists can be read without reading all of them.
        with archive.open("model.weights.h5") as content, h5py.File(content) as file:
            return {name: module.stored_shapes(group) for name, group in module.stored_layers(file, config)}


def _of_hdf5(path: str, module: Any) -> dict[str, Any]:
    import h5py

    with h5py.File(path, "r") as file:
        stored = module.stored_arrays(file["model_weights"])
        return {name: sorted(tuple(each.shape) for each in arrays) for name, arrays in stored.items()}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
