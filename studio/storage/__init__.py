"""Project files: read strictly, migrated, written atomically, and an autosave journal beside them.

Here belongs all that touches a ``*.studio`` file or the person's state folder. What a project means (rules, edits)
belongs to ``core``; whether a parameter's value makes sense is a Problem that ``core.rules`` tells, not an error here.

Reading order: ``plain`` (bytes -> checked JSON), ``fields`` (asking a JSON object for its parts), ``values``,
``reader`` with ``soundness`` and ``writer`` with ``lines`` (JSON <-> project), ``migrations``, ``atomic``, ``files``,
``places``, ``autosave``.
"""

from studio.storage.errors import ProjectFileError
from studio.storage.files import dumps, fingerprint, load, loads, save
from studio.storage.migrations import FORMAT

__all__ = ["FORMAT", "ProjectFileError", "dumps", "fingerprint", "load", "loads", "save"]
