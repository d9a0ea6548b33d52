"""A program of its own: prints the description of the model in an ``.h5`` file, as one JSON object.

h5py can loop for ever or crash on a damaged file, so it runs here, where it can be ended. It reads three attributes of
the file's root and nothing else. Started by ``h5``; imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import sys

MAX_BYTES = 32 * 1024 * 1024
WANTED = ("model_config", "training_config", "keras_version")


def _limit() -> None:
    """A damaged file must not ask for all memory. Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str) -> int:
    """Print the attributes as JSON; the exit code is 1 where the file is no HDF5, 2 where it holds no model."""
    # What h5py prints by itself must not stand in the answer.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    import h5py  # type: ignore[import-untyped]

    _limit()
    found = {}
    try:
        with h5py.File(path, "r") as file:
            for name in WANTED:
                if name in file.attrs:
                    value = file.attrs[name]
                    text = value.decode("utf-8") if isinstance(value, bytes) else str(value)
                    if len(text) <= MAX_BYTES:
                        found[name] = text
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, MemoryError):
        return 1
    if "model_config" not in found:
        return 2
    json.dump(found, answer)
    answer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
