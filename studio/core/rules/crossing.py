"""Why layers may not move into a block or out of one, and uses not have a block of their own."""

from __future__ import annotations

from collections.abc import Iterable

from studio.core.problem import Problem
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Node, Project
from studio.core.rules.blocks import why_not_make_block, why_not_use_block
from studio.core.topology import id_key


def why_not_move_into(project: Project, node_ids: Iterable[str], use_id: str, *, graph: str = MAIN) -> Problem | None:
    """Why these nodes of a graph cannot move into the block that a node of the same graph uses, or None."""
    drawn = project.graph(graph)
    chosen = {node for node in node_ids if node in drawn.nodes} - {use_id}
    use = drawn.nodes.get(use_id)
    block = project.blocks.get(use.block or "") if use is not None and use.type == BLOCK else None
    if use is None or block is None:
        return Problem("unknown_block", "This block is no longer there.")
    if not chosen:
        return Problem("nothing", f"Select the layers that shall move into {use.name} first.", "hint")
    for key in sorted(chosen, key=id_key):
        inner = drawn.nodes[key].block
        if inner is not None and inner in project.blocks:
            problem = why_not_use_block(project, inner, graph=block.id)
            if problem is not None:
                return problem
    problem = _why_not_change(project, block.id, use)
    if problem is not None:
        return problem
    problem = why_not_make_block(project, {*chosen, use_id}, graph=graph)
    if problem is not None and problem.code == "not_closed":
        between = drawn.nodes[problem.node or ""].name
        message = f"{between} lies between what is selected and {use.name}; move it into the block, too."
        return Problem("not_closed", message, node=problem.node)
    return problem


def why_not_move_out(project: Project, node_ids: Iterable[str], *, graph: str) -> Problem | None:
    """Why these nodes of a block cannot move out of it, beside its use, or None. ``graph`` is the block's id."""
    if graph == MAIN or graph not in project.blocks:
        return Problem("no_block", "Go into a block first.", "hint")
    block = project.blocks[graph]
    chosen = {node for node in node_ids if node in block.graph.nodes}
    if not chosen:
        return Problem("nothing", f"Select the layers that shall leave {block.name} first.", "hint")
    for key in sorted(chosen, key=id_key):
        node = block.graph.nodes[key]
        if node.type in (INPUT, OUTPUT):
            message = f"{node.name} is a port of {block.name} and stays in it; select layers only."
            return Problem("ends_inside", message, node=key)
    use = the_use(project, graph)
    if use is None and not _uses(project, graph):
        return Problem("not_used", f"{block.name} is not used anywhere, so there is no place to move to.")
    problem = _why_not_change(project, graph, use[1] if use is not None else None)
    if problem is not None:
        return problem
    rest = {key for key, node in block.graph.nodes.items() if key not in chosen and node.type not in (INPUT, OUTPUT)}
    if not rest:
        message = f"Nothing would be left in {block.name}; take the block apart instead."
        return Problem("nothing_left", message)
    problem = why_not_make_block(project, rest, graph=graph)
    if problem is not None and problem.code == "not_closed":
        between = block.graph.nodes[problem.node or ""].name
        message = f"{between} lies between layers that would stay in {block.name}; it can leave only with one side."
        return Problem("not_closed", message, node=problem.node)
    return problem


def why_not_own_block(project: Project, use_ids: Iterable[str], *, graph: str = MAIN) -> Problem | None:
    """Why these nodes of a graph cannot have a block of their own, apart from its other uses, or None."""
    drawn = project.graph(graph)
    chosen = sorted({node for node in use_ids if node in drawn.nodes}, key=id_key)
    if not chosen:
        return Problem("nothing", "Select a block first.", "hint")
    for key in chosen:
        node = drawn.nodes[key]
        if node.type != BLOCK or node.block not in project.blocks:
            return Problem("no_block", f"{node.name} is no block.", node=key)
    used = {drawn.nodes[key].block or "" for key in chosen}
    if len(used) > 1:
        return Problem("several_blocks", "Select uses of one block only.")
    (block,) = used
    if len(_uses(project, block)) == len(chosen):
        all_of_it = "Nothing else uses" if len(chosen) == 1 else "All uses are selected of"
        return Problem("own_already", f"{all_of_it} {project.blocks[block].name}; it can be changed alone already.")
    return None


def the_use(project: Project, block: str) -> tuple[str, Node] | None:
    """The only use of a block with the graph where it stands; None where there are none or several."""
    uses = _uses(project, block)
    return uses[0] if len(uses) == 1 else None


def _uses(project: Project, block: str) -> list[tuple[str, Node]]:
    return [
        (key, node)
        for key, graph in project.graphs().items()
        for node in graph.nodes.values()
        if node.type == BLOCK and node.block == block
    ]


def _why_not_change(project: Project, block: str, use: Node | None) -> Problem | None:
    """Why a block cannot take or lose layers so that the network stays what it is."""
    name, count = project.blocks[block].name, len(_uses(project, block))
    if count > 1:
        message = f"{name} is used {count} times, and all uses would change; give this use a block of its own first."
        return Problem("several_uses", message)
    if use is not None and use.is_time_distributed:
        message = f"{use.name} is applied to every time step, so what is in it and what is not take other shapes."
        return Problem("time_distributed", message, node=use.id)
    if use is not None and use.is_bypassed:
        return Problem("bypassed", f"{use.name} is bypassed; switch it on first.", node=use.id)
    return None
