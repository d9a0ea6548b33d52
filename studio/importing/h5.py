"""The description of the model in an ``.h5`` file, read by a child process that is ended when it takes too long."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.importing.errors import ModelFileError
from studio.importing.plain import MAX_BYTES, parse

PATIENCE_S = 20.0
"""h5py loops for ever on some damaged files (8 of 5,000 mutations); on a slow disk it needs a few seconds to start.

Where the system knows limits of the processor's time the child ends earlier by itself."""
_NO_MODEL = 2
_CHILD = Path(__file__).with_name("h5_child.py")


def read_h5(path: Path, patience_s: float = PATIENCE_S) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The config of the model and what it was compiled with."""
    code, attributes = asked_child([str(path.resolve())], patience_s)
    if code == _NO_MODEL:
        raise ModelFileError(
            "The .h5 file holds weights but no model. Save the whole model with model.save, or open its .json."
        )
    if code != 0:
        raise ModelFileError("The .h5 file is damaged, or no file of Keras.")
    told = attributes.get("training_config")
    return parse(str(attributes.get("model_config"))), parse(told) if isinstance(told, str) else None


def asked_child(arguments: Sequence[str], patience_s: float) -> tuple[int, dict[str, Any]]:
    """The exit code of ``h5_child``, and the JSON that it printed where that is 0."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "HDF5"))}
    # The file and not the module's name: no package of ours has to be found, and none is imported.
    command = [sys.executable, "-P", str(_CHILD), *arguments]
    with tempfile.TemporaryFile() as answer:
        try:
            code = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=answer, stderr=subprocess.DEVNULL, timeout=patience_s,
                env=environment, cwd=tempfile.gettempdir(), check=False,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            raise ModelFileError("The .h5 file is damaged: reading it does not come to an end.") from None
        except OSError as error:
            raise ModelFileError(f"The .h5 file cannot be read: {error.strerror}.") from None
        if code != 0:
            return code, {}
        answer.seek(0)
        return code, parse(answer.read(4 * MAX_BYTES)[: 4 * MAX_BYTES])
