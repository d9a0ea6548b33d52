"""Everything that can be done to a project, as pure functions ``Project -> Project``.

An edit that a rule forbids, that names something which is not there, or that would change nothing returns the very
same object: ``edit(project) is project`` tells. Edits that depend on ports take the catalog as second argument. Every
edit of a drawing takes the key of the graph as ``graph``, the main graph unless told otherwise; a key of no graph is a
KeyError, a mistake of the program.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from studio.core.edits.block_parameters import (
    parameters_of,
    promote,
    remove_parameter,
    rename_parameter,
    set_parameter_default,
    uses_of,
    why_not_call_parameter,
)
from studio.core.edits.blocks import delete_block, make_block, rename_block, unpack_block
from studio.core.edits.clipboard import Fragment, copy, duplicate, paste, paste_with_inputs, pasted_ids
from studio.core.edits.edges import connect, disconnect, insert_on_edge, move_rank, reconnect, set_route
from studio.core.edits.ends import ends_like, move_end
from studio.core.edits.frames import frame_of, join_frame, leave_frame, make_frame, remove_frame, set_frame
from studio.core.edits.freezing import let_follow, set_frozen
from studio.core.edits.layers import (
    is_same_value,
    reset_param,
    set_param,
    set_params,
    share,
    sharing,
    swap_type,
    unshare,
)
from studio.core.edits.library import block_fragment, block_in, outer_blocks, use_fragment
from studio.core.edits.naming import name_by_branch
from studio.core.edits.nodes import (
    add_node,
    delete,
    move,
    rename,
    set_bypassed,
    set_folded,
    set_marked,
    set_note,
    set_time_distributed,
)
from studio.core.edits.notes import add_note, change_note
from studio.core.edits.settings import (
    bind,
    set_data,
    set_direction,
    set_output_plan,
    set_sample_weights,
    set_split,
    set_title,
    set_training,
)
from studio.core.edits.snippets import (
    add_snippet,
    delete_snippet,
    rename_snippet,
    set_snippet_source,
    why_not_rename_snippet,
)
from studio.core.frozen import can_freeze, is_frozen
from studio.core.project import Project
from studio.late import names_from

if TYPE_CHECKING:
    from studio.core.edits.crossing import move_into_block, move_out_of_block
    from studio.core.edits.own_block import give_own_block

# Large and rare: the window starts without it.
__getattr__ = names_from(
    __name__,
    {"move_into_block": "crossing", "move_out_of_block": "crossing", "give_own_block": "own_block"},
)

Edit: TypeAlias = Callable[[Project], Project]
"""An edit with everything but the project decided."""

__all__ = [
    "Edit",
    "Fragment",
    "add_node",
    "add_note",
    "add_snippet",
    "bind",
    "block_fragment",
    "block_in",
    "can_freeze",
    "change_note",
    "connect",
    "copy",
    "delete",
    "delete_block",
    "delete_snippet",
    "disconnect",
    "duplicate",
    "ends_like",
    "frame_of",
    "give_own_block",
    "insert_on_edge",
    "is_frozen",
    "is_same_value",
    "join_frame",
    "leave_frame",
    "let_follow",
    "make_block",
    "make_frame",
    "move",
    "move_end",
    "move_into_block",
    "move_out_of_block",
    "move_rank",
    "name_by_branch",
    "outer_blocks",
    "parameters_of",
    "paste",
    "paste_with_inputs",
    "pasted_ids",
    "promote",
    "reconnect",
    "remove_frame",
    "remove_parameter",
    "rename",
    "rename_block",
    "rename_parameter",
    "rename_snippet",
    "reset_param",
    "set_bypassed",
    "set_data",
    "set_direction",
    "set_folded",
    "set_frame",
    "set_frozen",
    "set_marked",
    "set_note",
    "set_output_plan",
    "set_param",
    "set_parameter_default",
    "set_params",
    "set_route",
    "set_sample_weights",
    "set_snippet_source",
    "set_split",
    "set_time_distributed",
    "set_title",
    "set_training",
    "share",
    "sharing",
    "swap_type",
    "unpack_block",
    "unshare",
    "use_fragment",
    "uses_of",
    "why_not_call_parameter",
    "why_not_rename_snippet",
]
