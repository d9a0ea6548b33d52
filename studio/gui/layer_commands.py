"""What the actions do with uses of layers and blocks: freeze, share, unshare, expand, take apart, name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.core import edits, rules
from studio.core import uses as paths
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT
from studio.gui.expanding import Expanding
from studio.gui.session import going

if TYPE_CHECKING:
    from studio.gui.window import MainWindow

ACTIONS = (
    "use_again",
    "unshare",
    "own_block",
    "freeze",
    "every_step",
    "expand",
    "unpack_block",
    "delete_block",
    "name_by_branch",
)


class LayerCommands:
    """The commands by the ids of their actions, and why they cannot be done now."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.expanding = Expanding(window.session, window)
        self.expanding.told.connect(window.say)
        self.table: dict[str, Callable[[], object]] = {
            "use_again": self._use_again,
            "unshare": self._unshare,
            "own_block": self._own_block,
            "freeze": self._freeze,
            "every_step": self._set_every_step,
            "expand": self.expanding.expand,
            "unpack_block": self._unpack,
            "delete_block": self._delete_block,
            "name_by_branch": self._name_by_branch,
        }

    def why_not(self, action: str) -> str:
        """Why an action cannot be done, in one sentence; "" where it can."""
        window, session = self._window, self._window.session
        if action == "expand":
            return self.expanding.why_not()
        if action == "delete_block":
            if session.graph_key == MAIN:
                return window.tr("Go into a block first.")
            problem = rules.why_not_delete_block(session.project, session.graph_key)
            return problem.message if problem is not None else ""
        if action == "name_by_branch":  # whether the names are given already takes the whole graph to find out
            has_layers = any(node.type not in (INPUT, OUTPUT) for node in session.graph.nodes.values())
            return "" if has_layers else window.tr("There is no layer to name.")
        if action == "own_block":
            key, uses = self._uses()
            problem = rules.why_not_own_block(session.project, uses, graph=key)
            return problem.message if problem is not None else ""
        drawn, selected = session.graph.nodes, session.selection
        if not selected:
            return window.tr("Select a layer first.")
        if action == "freeze":
            project, catalog = session.project, session.catalog
            if any(edits.can_freeze(project, catalog, drawn[key]) for key in selected):
                return ""
            return window.tr("Nothing that is selected has weights that could be frozen.")
        if action == "every_step":
            return self._why_not_every_step()
        if len(selected) != 1:
            return window.tr("Select exactly one layer.")
        nodes = [drawn[key] for key in selected]
        if action == "use_again" and nodes[0].type in (INPUT, OUTPUT):
            return window.tr("An Input or Output has no layer to use again.")
        if action == "unshare" and len(edits.sharing(session.graph, nodes[0].id)) < 2:
            return window.tr("{0} shares its layer with no other.").format(nodes[0].name)
        if action == "unpack_block":
            problem = rules.why_not_unpack(session.project, nodes[0].id, graph=session.graph_key)
            return problem.message if problem is not None else ""
        return ""

    def _why_not_every_step(self) -> str:
        session = self._window.session
        uses = [node for key in session.selection if (node := session.graph.nodes[key]).type == BLOCK]
        if not uses:
            return self._window.tr("Select a block first; for a single layer there is TimeDistributed.")
        if all(node.is_time_distributed for node in uses):
            return ""
        return next((why for node in uses if (why := rules.why_not_time_distributed(session.project, node))), "")

    def is_on_every_step(self) -> bool:
        """Whether all blocks that are selected are applied to every time step."""
        nodes = self._window.session.graph.nodes
        uses = [nodes[key] for key in self._window.session.selection if nodes[key].type == BLOCK]
        return bool(uses) and all(node.is_time_distributed for node in uses)

    def _set_every_step(self) -> None:
        session, window = self._window.session, self._window
        chosen, key, wanted = sorted(session.selection), session.graph_key, not self.is_on_every_step()
        name = window.tr("Apply to every time step") if wanted else window.tr("Apply to the whole at once")
        session.apply(lambda project: edits.set_time_distributed(project, chosen, wanted, graph=key), name)

    def is_frozen(self) -> bool:
        """Whether all that is selected and could learn is frozen."""
        session = self._window.session
        project, catalog, drawn = session.project, session.catalog, session.graph.nodes
        able = (drawn[key] for key in session.selection if edits.can_freeze(project, catalog, drawn[key]))
        first = next(able, None)  # stops at the first that learns: all of a large drawing may be selected
        return first is not None and edits.is_frozen(first) and all(map(edits.is_frozen, able))

    def _freeze(self) -> None:
        session, window = self._window.session, self._window
        chosen, key, wanted = sorted(session.selection), session.graph_key, not self.is_frozen()
        name = window.tr("Freeze") if wanted else window.tr("Let learn")
        session.apply(lambda project: edits.set_frozen(project, session.catalog, chosen, wanted, graph=key), name)

    def _use_again(self) -> None:
        session = self._window.session
        (node_id,) = session.selection
        node = session.graph.nodes[node_id]
        new_id = f"n{session.project.next_id}"
        session.apply(
            lambda project: edits.share(project, node_id, node.x + 220, node.y, graph=session.graph_key),
            self._window.tr("Use {0} again").format(node.name),
            selection=(new_id,),
        )

    def _unshare(self) -> None:
        session = self._window.session
        (node_id,) = session.selection
        name = session.graph.nodes[node_id].name
        session.apply(
            lambda project: edits.unshare(project, node_id, graph=session.graph_key),
            self._window.tr("Give {0} weights of its own").format(name),
        )

    def _uses(self) -> tuple[str, frozenset[str]]:
        """The uses of a block that are meant: those selected, else the one from which one looks into the open block."""
        session = self._window.session
        drawn, outer = session.graph.nodes, session.use[:-1]
        if session.use and not any(drawn[key].type == BLOCK for key in session.selection):
            return paths.graph_of(session.project, outer) or MAIN, frozenset(session.use[-1:])
        return session.graph_key, session.selection

    def _own_block(self) -> None:
        session = self._window.session
        key, uses = self._uses()
        new, drawn = f"b{session.project.next_id}", session.project.graph(key).nodes
        name = self._window.tr("Give {0} a block of its own").format(", ".join(drawn[use].name for use in sorted(uses)))
        inside, selected, path = session.graph, session.selection, session.use
        session.apply(lambda project: edits.give_own_block(project, uses, graph=key), name)
        if key != session.graph_key:  # one goes on in the copy, whose layers have other ids
            same = dict(zip(inside.nodes, session.project.blocks[new].graph.nodes, strict=True))
            session.open_graph(new, path)
            session.set_selection([same[node] for node in selected])

    def _unpack(self) -> None:
        session = self._window.session
        (node_id,) = session.selection
        name = session.graph.nodes[node_id].name
        session.apply(
            lambda project: edits.unpack_block(project, session.catalog, node_id, graph=session.graph_key),
            self._window.tr("Take {0} apart").format(name),
        )

    def _delete_block(self) -> None:
        session = self._window.session
        key = session.graph_key
        name = session.project.blocks[key].name
        going.leave(session)
        session.apply(
            lambda project: edits.delete_block(project, key), self._window.tr("Delete the block {0}").format(name)
        )

    def _name_by_branch(self) -> None:
        session = self._window.session
        key, before = session.graph_key, session.project
        session.apply(
            lambda project: edits.name_by_branch(project, graph=key), self._window.tr("Name layers by branch")
        )
        if session.project is before:
            self._window.say(self._window.tr("All layers have the names of their branches already."))
