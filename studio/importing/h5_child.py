"""A program of its own: prints what is told of a saved model in an HDF5 file, as one JSON object.

h5py can loop for ever or crash on a damaged file, so it runs here, where it can be ended. Of an ``.h5`` file it reads
three attributes of the root and nothing else: the description of the model. Where a second file is named, it prints the
shapes of the weights in a ``.keras`` or ``.h5`` file instead, by the names of layers: with the very functions that an
exported script has for it, which stand in that second file, so that both say the same of what is there. Started by
``h5`` and ``stored_weights``; imports nothing of ours.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import zipfile
from typing import Any

MAX_BYTES = 32 * 1024 * 1024
WANTED = ("model_config", "training_config", "keras_version")
MOST_WORK_S = 1
"""Of the processor, after h5py has started. Attributes take 0.01 s; some damaged files would take for ever."""
MOST_WORK_FOR_SHAPES_S = 15
"""The same for a list of weights, which takes 0.1 s for a usual model."""


def main(path: str, functions: str = "") -> int:
    """Print the attributes or the shapes; the exit code is 1 where they cannot be read, 2 where there is no model."""
    # What h5py prints by itself must not stand in the answer.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    import h5py  # type: ignore[import-untyped]  # noqa: F401  # before the limit

    module = _loaded(functions) if functions else None
    _limit(MOST_WORK_S if module is None else MOST_WORK_FOR_SHAPES_S)
    try:
        found = _attributes(path) if module is None else _shapes(path, module)
    except Exception:  # whatever a damaged file makes of h5py and its own lists
        return 1
    if module is None and "model_config" not in found:
        return 2
    json.dump(found, answer)
    answer.close()
    return 0


def _loaded(functions: str) -> Any:
    spec = importlib.util.spec_from_file_location("functions", functions)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _limit(work_s: int) -> None:
    """A damaged file must not ask for all memory, nor go on for ever. Windows has no such limits."""
    try:
        import resource
    except ImportError:
        return
    done = resource.getrusage(resource.RUSAGE_SELF)
    most = int(done.ru_utime + done.ru_stime) + 1 + work_s
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _attributes(path: str) -> dict[str, Any]:
    import h5py

    found = {}
    with h5py.File(path, "r") as file:
        for name in WANTED:
            if name in file.attrs:
                value = file.attrs[name]
                text = value.decode("utf-8") if isinstance(value, bytes) else str(value)
                if len(text) <= MAX_BYTES:
                    found[name] = text
    return found


def _shapes(path: str, module: Any) -> dict[str, Any]:
    import h5py

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            with archive.open("config.json") as member:
                config = json.loads(member.read(MAX_BYTES))["config"]
            # Keras stores the weights as they are, so that their lists can be read without reading all of them.
            with archive.open("model.weights.h5") as content, h5py.File(content) as file:
                return {name: module.stored_shapes(group) for name, group in module.stored_layers(file, config)}
    with h5py.File(path, "r") as file:
        stored = module.stored_arrays(file["model_weights"])
        return {name: sorted(tuple(each.shape) for each in arrays) for name, arrays in stored.items()}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
