"""Options of the command line (``argparse``): a script that is read has those that it has when nobody gives any."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.importing.plain import shown
from studio.importing.script.things import Instance, Known, OwnClass, Routine, Thing, Unclear

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling

PARSER = "argparse.ArgumentParser"
NAMESPACES = frozenset({"argparse.Namespace", "types.SimpleNamespace"})
TAKEN = "The options of the command line have their defaults here."
_BY_ACTION: Mapping[str, Thing] = {"store_true": False, "store_false": True}
_USUAL = frozenset({"store", "store_const", "append", "append_const", "extend", "count", *_BY_ACTION})
_GROUPS = frozenset({"add_argument_group", "add_mutually_exclusive_group"})


@dataclass(eq=False, slots=True)
class Options:
    """A parser of options: their values by name, where nobody gives any on the command line."""

    values: dict[str, Thing] = field(default_factory=dict)


def namespace(values: Mapping[str, Thing], line: int) -> Instance:
    """An object that has these attributes."""
    return Instance(OwnClass("Namespace", frozenset(), line), (), {}, values=dict(values))


def method(
    reader: Calling, options: Options, name: str, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call
) -> Thing:  # fmt: skip
    """What a method of a parser gives."""
    line = node.lineno
    if name == "add_argument":
        if (key := _key(args, kwargs)) is not None:
            options.values[key] = _default(reader, args, kwargs, node)
        return None
    if name in _GROUPS:
        return options
    if name == "set_defaults":
        options.values |= kwargs
        return None
    given = args[0] if args else kwargs.get("args")
    if name in ("parse_args", "parse_known_args") and (given is None or given == []):
        reader.run.remarks[line] = TAKEN
        found = namespace(options.values, line)
        return found if name == "parse_args" else (found, [])
    return Unclear(line, f"What {shown(name)} of the options gives is known only when the script runs.")


def _key(args: list[Thing], kwargs: Mapping[str, Thing]) -> str | None:
    """What an option is called where it is used: ``--batch-size`` is ``batch_size``."""
    names = [each for each in args if isinstance(each, str)]
    told = kwargs.get("dest")
    if isinstance(told, str):
        return told
    long = [each for each in names if each.startswith("--")]
    return (long or names)[0].lstrip("-").replace("-", "_") if names else None


def _default(reader: Calling, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call) -> Thing:
    action, kind = kwargs.get("action", "store"), kwargs.get("type")
    line = node.lineno
    is_usual = action in _USUAL if isinstance(action, str) else isinstance(action, Known) and "Boolean" in action.last
    if not is_usual:
        return (
            None if action in ("help", "version") else Unclear(line, "This option is known only when the script runs.")
        )
    is_by_place = any(isinstance(each, str) and not each.startswith("-") for each in args)
    if kwargs.get("required", False) is not False or (is_by_place and kwargs.get("nargs") not in ("?", "*")):
        return Unclear(line, f"The option {shown(str(args[0]))} has no default, so only running the script tells it.")
    found = kwargs.get("default", _BY_ACTION.get(action) if isinstance(action, str) else None)
    if isinstance(found, str) and isinstance(kind, Known | Routine):
        return reader.call(kind, [found], {}, node)
    return found
