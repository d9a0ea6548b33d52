"""From a file to a project; what kind of file it is tell its first bytes, and of text the name."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from studio import catalog as catalogs
from studio.importing.archive import read_archive
from studio.importing.errors import ModelFileError
from studio.importing.h5 import read_h5
from studio.importing.model import Imported, from_config
from studio.importing.plain import MAX_BYTES, parse, shown
from studio.importing.script import notebook_text, read_script, script_text
from studio.importing.script.run import Insides, Shapes
from studio.importing.values import Catalog

_ZIP, _HDF5 = b"PK", b"\x89HDF\r\n\x1a\n"


def read(
    path: Path | str, catalog: Catalog | None = None, model: str = "", shapes: Shapes | None = None,
    insides: Insides | None = None,
) -> Imported:  # fmt: skip
    """The model in a ``.keras``, ``.h5`` or JSON file, a script or a notebook as a project. Runs nothing of the file.

    ``model`` names one of the models of a script; other files hold just one. ``shapes`` tells the shape of a tensor
    where a script asks for it, ``insides`` the layers of a ready-made network.
    ModelFileError with a plain sentence for whatever is no model. Takes as long as the file is large; an ``.h5`` takes
    half a second more, and 20 s at most.
    """
    path = Path(path)
    catalog = catalogs.load() if catalog is None else catalog
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ModelFileError(f"{shown(path.name)} is no file that can be read.")
        with path.open("rb") as file:
            head = file.read(len(_HDF5))
            if head == _HDF5:
                config, compiled = read_h5(path)
                return from_config(config, catalog, _title(path), compiled)
            if head[:2] == _ZIP:
                return from_config(read_archive(path), catalog, _title(path), is_archive=True)
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                raise ModelFileError("The file is larger than 32 MB, which no description of a network is.")
            if path.suffix.lower() in (".py", ".ipynb"):
                data = head + file.read(MAX_BYTES + 1)
                text = script_text(data) if path.suffix.lower() == ".py" else notebook_text(data)
                return read_script(text, catalog, _title(path), model, shapes, insides)
            return from_config(parse(head + file.read(MAX_BYTES + 1)), catalog, _title(path))
    except FileNotFoundError:
        raise ModelFileError(f"There is no file {shown(path.name)}.") from None
    except OSError as error:
        raise ModelFileError(f"{shown(path.name)} cannot be read: {error.strerror}.") from None
    except RecursionError:
        raise ModelFileError("The model's description is nested too deeply.") from None


def _title(path: Path) -> str:
    return path.stem
