"""Models of Keras that come in: a file or a config becomes a project, and nothing in it is run.

Belongs here: ``.keras``, ``.h5`` and JSON read by an allow-list of our own (``archive``, ``h5``, ``plain``, brought
together by ``files``); the configs of Keras 2 and 3 as one form (``entries``; ``old_models`` with ``old_layers`` and
``old_functions``; the sizes that they ask for, ``old_sizes``), without the masks that Keras makes by itself
(``masks``); parameters against the catalog (``values``, ``params``, ``precision``); the drawing of it (``drawing``);
loss, metrics and optimizer (``plan``); which layers a file has weights for (``stored_weights``); what stands in
several places of it (``sharing``), or on every time step (``steps``); what a person is told about it (``report``);
scripts, read without being run (the package ``script``). Class names are looked up in the catalog, never with
``getattr``. Places on the canvas do not belong here: every node stands at (0, 0) until ``layout`` has tidied the
drawing.
"""

from typing import TYPE_CHECKING

from studio.late import names_from

if TYPE_CHECKING:
    from studio.importing.errors import ModelFileError, NeedsRunning
    from studio.importing.files import read
    from studio.importing.model import Imported, from_config
    from studio.importing.report import Report

SUFFIXES = (".keras", ".h5", ".hdf5", ".json", ".py", ".ipynb")
"""What files that may hold a model end with."""

_HOMES = {
    "ModelFileError": "errors",
    "NeedsRunning": "errors",
    "Report": "report",
    "Imported": "model",
    "from_config": "model",
}
_HOMES |= {"read": "files"}
__getattr__ = names_from(__name__, _HOMES)

__all__ = [
    "SUFFIXES", "Imported", "ModelFileError", "NeedsRunning", "Report", "from_config", "read",
]  # fmt: skip
