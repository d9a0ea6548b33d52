"""Models of Keras that come in: a file or a config becomes a project, and nothing in it is run.

Belongs here: ``.keras``, ``.h5`` and JSON read by an allow-list of our own (``archive``, ``h5``, ``plain``, brought
together by ``files``); the configs of Keras 2 and 3 as one form (``entries``); parameters against the catalog
(``values``, ``params``); the drawing of it (``drawing``); loss, metrics and optimizer (``plan``); what a person is told
about it (``report``); scripts, read without being run (the package ``script``). Class names are looked up in the
catalog, never with ``getattr``. Places on the canvas do not belong here: every node stands at (0, 0) until ``layout``
has tidied the drawing.
"""

from studio.importing.errors import ModelFileError
from studio.importing.files import SUFFIXES, models_of_script, read
from studio.importing.model import Imported, from_config
from studio.importing.report import Report

__all__ = ["SUFFIXES", "Imported", "ModelFileError", "Report", "from_config", "models_of_script", "read"]
