"""What may be done to a project and what is wrong with it, as problems. Nothing here changes anything.

``why_not_x`` tells why an edit would do nothing, or None where it may happen; drag colour, tooltip, menu and the edit
itself ask the same function. ``problems`` lists what is wrong. What only Keras can judge does not belong here.
"""

from studio.core.ports import ports_of
from studio.core.rules.connecting import why_not_connect, why_not_insert
from studio.core.rules.listing import Shapes, problems
from studio.core.rules.naming import why_not_delete, why_not_rename

__all__ = [
    "Shapes",
    "ports_of",
    "problems",
    "why_not_connect",
    "why_not_delete",
    "why_not_insert",
    "why_not_rename",
]
