"""What may be done to a project and what is wrong with it, as problems. Nothing here changes anything.

``why_not_x`` tells why an edit would do nothing, or None where it may happen; drag colour, tooltip, menu and the edit
itself ask the same function. ``problems`` lists what is wrong. What only Keras can judge does not belong here.
"""

from studio.core.bypass import why_not_bypass
from studio.core.ports import ports_of
from studio.core.rules.blocks import (
    why_not_delete_block,
    why_not_make_block,
    why_not_time_distributed,
    why_not_unpack,
    why_not_use_block,
)
from studio.core.rules.connecting import why_not_connect, why_not_insert
from studio.core.rules.crossing import why_not_move_into, why_not_move_out, why_not_own_block
from studio.core.rules.listing import problems, why_not_train
from studio.core.rules.naming import why_not_rename
from studio.core.rules.width import Shapes

__all__ = [
    "Shapes",
    "ports_of",
    "problems",
    "why_not_bypass",
    "why_not_connect",
    "why_not_delete_block",
    "why_not_insert",
    "why_not_make_block",
    "why_not_move_into",
    "why_not_move_out",
    "why_not_own_block",
    "why_not_rename",
    "why_not_time_distributed",
    "why_not_train",
    "why_not_unpack",
    "why_not_use_block",
]
