"""What an edited text says that no drawing could hold: it is told with its line, so that nothing is lost in silence."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping

from studio.assets import resource
from studio.core.snippets import read
from studio.importing.script.calling import BALANCED
from studio.importing.script.reading import ReadBack
from studio.importing.script.things import Complaint

_READ = frozenset({"build_model", "compile_model", "train"})
"""Functions of an exported file whose text is read back, beside those of blocks."""
_CONSTANTS = frozenset({"SEED", "EPOCHS", "BATCH_SIZE"})
_EFFECTIVE = frozenset({"add", "set_dtype_policy", "set_global_policy"})
"""Calls that stand alone and of which something is left in the drawing."""


def lost_comments(then: ReadBack, now: ReadBack) -> tuple[Complaint, ...]:
    """New comments that stand at no layer: nothing in the drawing could hold them."""
    there = Counter(then.comments.values())
    found = []
    for line, words in sorted(now.comments.items()):
        there[words] -= 1
        if there[words] < 0:
            reason = "This comment stands at no layer and would be lost; put it above one, or take it out."
            found.append(Complaint(max(1, line - 1), reason))
    return tuple(found)


def is_another_script(before: str, after: str) -> bool:
    """Whether nothing is left of the parts that the program wrote: somebody put a script of his own in their place."""
    old, new = _parts(before), _parts(after)
    written = [name for name, node in old.items() if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return len(written) > 1 and not any(name in new and ast.dump(new[name]) == ast.dump(old[name]) for name in written)


def is_another_export(before: str, after: str) -> bool:
    """Whether network and data are others, as in another file that the program wrote."""
    old, new = _parts(before), _parts(after)
    return all(
        name in old and name in new and ast.dump(old[name]) != ast.dump(new[name])
        for name in ("build_model", "load_data")
    )


def unused_lines(after: str, now: ReadBack) -> list[Complaint]:
    """Assignments of which nothing is drawn and that no other line needs."""
    parts = _parts(after)
    drawn = {line for first, last in now.lines.values() for line in range(first, last + 1)}
    found = []
    for name in sorted({"build_model", *_blocks(parts, frozenset())} & parts.keys()):
        function = parts[name]
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AnnAssign) and not drawn & {*range(node.lineno, _last(node) + 1)}:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                made = {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
                if not _is_read(function, node, made):
                    found.append(_complaint(node, _NO_PLACE))
    return found


def _is_read(function: ast.stmt, made_by: ast.stmt, names: set[str]) -> bool:
    """Whether what a line of a function makes is read: by a line below it, before it is made anew."""
    body = function.body if isinstance(function, ast.FunctionDef) else []
    inside = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    if made_by not in body or any(names & _loaded(node) for node in inside if node is not function):
        return bool(names & _loaded(function))  # a loop or a function may read it at another time
    left = set(names)
    for later in body[body.index(made_by) + 1 :]:
        if left & _loaded(later):
            return True
        if isinstance(later, ast.Assign | ast.AnnAssign):
            targets = later.targets if isinstance(later, ast.Assign) else [later.target]
            left -= {target.id for target in targets if isinstance(target, ast.Name)}
    return False


def _loaded(node: ast.AST) -> set[str]:
    names = (each for each in ast.walk(node) if isinstance(each, ast.Name))
    return {each.id for each in names if isinstance(each.ctx, ast.Load)}


def changed_elsewhere(before: str, after: str, own: frozenset[str], now: ReadBack) -> list[Complaint]:
    """What stands otherwise in the parts that the program writes itself: no drawing could hold it.

    ``own`` are the names of code of the person's own, which has an editor. ``now`` is ``after``, read; what became such
    code there was not lost.
    """
    old, new = _parts(before), _parts(after)
    blocks = _blocks(old, own) | _blocks(new, own)
    taken = {name for each in now.project.snippets.values() for name, _ in read(each.source).bound}
    found = []
    for name, node in new.items():
        if name in taken and name not in old:
            continue
        if name not in old and isinstance(node, ast.Import | ast.ImportFrom):
            continue  # the program imports what its code needs
        is_block = name in blocks and name not in old
        if name in _READ or name in _CONSTANTS or is_block:
            found += _without_effect(node)
            continue
        ours = _balancing() if name == BALANCED else old.get(name)
        if ours is None or ast.dump(node) != ast.dump(ours):
            if name in blocks:
                found += _without_effect(node)
            else:
                found.append(
                    _complaint(node, _OWN if name in own else _ELSEWHERE if ours is not None else _unneeded(node))
                )
    lost = [name for name in old if name not in new and name not in blocks and name != BALANCED]
    if lost and not found:
        found.append(
            Complaint(1, f"{', '.join(lost[:3])} is missing; the program writes this part itself, put it back.")
        )
    return found


def _balancing() -> ast.stmt:
    """The function that balances classes: it comes and goes with the class weights."""
    return ast.parse(resource("datasets", "weights.py").read_text(encoding="utf-8")).body[-1]


_ELSEWHERE = (
    "The program writes this part itself, so it cannot be changed here. Put it back, or change it in the exported file."
)


_OWN = "This is code of your own, which is changed in its editor, under Your code. Put it back here."


_NO_PLACE = "This line has no place in a drawing and would be lost; take it out."


def _unneeded(node: ast.stmt) -> str:
    """Why something new cannot stay that nothing in the network needs."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return f"Nothing in the network uses {node.name}, so it would be lost; use it or take it out."
    if isinstance(node, ast.Assign):
        return "A constant has no place in a drawing; write its value where it is used."
    return _NO_PLACE


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _parts(text: str) -> dict[str, ast.stmt]:
    """The functions, classes, constants and imports of a file by name; what has none by its place."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # the docstring, which is the project's title
        else:
            found[ast.unparse(node)] = node
    return found


def _blocks(parts: Mapping[str, ast.stmt], own: frozenset[str]) -> frozenset[str]:
    """The functions of blocks: those that the network is built with, and that those are."""
    found: set[str] = set()
    waiting = ["build_model"]
    while waiting:
        node = parts.get(waiting.pop())
        for each in ast.walk(node) if node is not None else ():
            name = each.func.id if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) else ""
            if name not in found | own | _READ and isinstance(parts.get(name), ast.FunctionDef):
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def _complaint(node: ast.stmt, reason: str) -> Complaint:
    return Complaint(node.lineno, reason, node.col_offset, node.end_lineno or node.lineno)


def _without_effect(function: ast.stmt) -> list[Complaint]:
    """Statements of which nothing would be left in the drawing."""
    if not isinstance(function, ast.FunctionDef) or function.name in ("compile_model", "train"):
        return []
    return [
        _complaint(node, _NO_PLACE)
        for node in ast.walk(function)
        if isinstance(node, ast.Expr)
        and not isinstance(node.value, ast.Constant)
        and not (isinstance(node.value, ast.Call) and getattr(node.value.func, "attr", "") in _EFFECTIVE)
    ]
