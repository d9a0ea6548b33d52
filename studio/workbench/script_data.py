"""The data source of an exported script: found by what stands there, taken only where it says the very same again."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio import data
from studio.catalog import Catalog
from studio.codegen import generate
from studio.core import edits
from studio.core.bindings import ends
from studio.core.project import INPUT, OUTPUT, DataSource, Project, Split

_SPLITS = ("split_at_random", "split_by_class", "split_in_order")


def with_data_of(project: Project, text: str, catalog: Catalog, folder: Path | None) -> Project | None:
    """``project``, which was read from the exported script ``text``, with the data source that it loads.

    None where no source that is known here, or lies in ``folder``, would be loaded by the very same code. Nothing of
    the script is run.
    """
    tree = ast.parse(text)
    wanted = _loader(tree)
    if wanted is None:
        return None
    for source in _sources(project, tree, wanted, folder):
        found = edits.set_data(project, source)
        if _told(ast.parse(generate(found, catalog).text)) == _told(tree):
            return found
    return None


def loads_data(text: str) -> bool:
    """Whether an exported script says where its data come from."""
    loader = _loader(ast.parse(text))
    return loader is not None and not isinstance(loader.body[-1], ast.Raise)


def _told(tree: ast.Module) -> list[str]:
    """``load_data`` and all of the script that it names, as it reads but for the layout."""
    loader = _loader(tree)
    if loader is None:
        return []
    named = {node.id for node in ast.walk(loader) if isinstance(node, ast.Name)}
    return [
        ast.dump(each)
        for each in tree.body
        if each is loader
        or (isinstance(each, ast.FunctionDef) and each.name in named)
        or (isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name) and each.targets[0].id in named)
    ]


def _loader(tree: ast.Module) -> ast.FunctionDef | None:
    return next((each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "load_data"), None)


def _sources(project: Project, tree: ast.Module, loader: ast.FunctionDef, folder: Path | None) -> Iterator[DataSource]:
    """Sources that may be meant, the likelier ones first."""
    names = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    calls = {
        node.func.id: node
        for node in ast.walk(loader)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    methods = {node.attr for node in ast.walk(loader) if isinstance(node, ast.Attribute)}
    found: list[DataSource] = []
    try:
        for name in data.made():
            if name in calls:
                params = {each.arg: ast.literal_eval(each.value) for each in calls[name].keywords if each.arg}
                found.append(data.choose("made", name, params=params))
        found += [data.choose("bundled", name) for name, known in data.bundled().items() if known.file in names]
        for name in sorted(names) if folder is not None and not found else ():
            path = folder / name if folder is not None else Path(name)
            if name.endswith(data.SUFFIXES) and path.parent == folder and path.is_file():
                found.append(data.choose("file", data.pick(path, folder), folder=folder))
        split = _split(calls)
    except (data.DataError, OSError, ValueError, TypeError):
        return
    gaps: Any = "mean" if "fillna" in methods else "drop" if "dropna" in methods else None
    for source in found:
        base = replace(source, split=split, gaps=gaps or source.gaps)
        for each in (base, replace(base, targets=base.features), *_chosen(base, project, tree, loader)):
            yield each
            yield replace(each, split=replace(split, stratify=False))
            yield replace(each, gaps="refuse")


def _chosen(source: DataSource, project: Project, tree: ast.Module, loader: ast.FunctionDef) -> Iterator[DataSource]:
    """The columns that the loader names: those of x as features, bound to the Inputs of these names, those of y so."""
    lists = {
        node.targets[0].id: [each.value for each in node.value.elts if isinstance(each, ast.Constant)]
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.List)
    }
    ids = {node.name: node.id for kind in (INPUT, OUTPUT) for node in ends(project, kind)}
    columns: dict[str, list[str]] = {"x": [], "y": []}
    bindings: dict[str, tuple[str, ...]] = {}
    for statement in loader.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        into = columns.get(statement.targets[0].id)
        if into is None:
            continue
        value = statement.value
        parts: list[tuple[object, ast.expr]] = [(None, value)]
        if isinstance(value, ast.Dict):
            parts = [(getattr(key, "value", None), each) for key, each in zip(value.keys, value.values, strict=True)]
        elif isinstance(value, ast.Tuple):
            parts = [*zip([node.name for node in ends(project, INPUT)], value.elts, strict=False)]
        for key, part in parts:
            found = [name for name in _names(part, lists) if source.column(name) is not None]
            into += found
            if isinstance(key, str) and key in ids and found:
                bindings[ids[key]] = tuple(found)
    if columns["x"] and columns["y"]:
        chosen = replace(
            source, features=tuple(dict.fromkeys(columns["x"])), targets=tuple(dict.fromkeys(columns["y"]))
        )
        yield chosen
        yield replace(chosen, bindings=bindings)


def _names(part: ast.expr, lists: Mapping[str, list[Any]]) -> Iterator[str]:
    for node in ast.walk(part):
        if isinstance(node, ast.Subscript):
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                yield node.slice.value
            elif isinstance(node.slice, ast.List):
                yield from (
                    each.value
                    for each in node.slice.elts
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )
            elif isinstance(node.slice, ast.Name):
                yield from (each for each in lists.get(node.slice.id, ()) if isinstance(each, str))


def _split(calls: dict[str, ast.Call]) -> Split:
    name = next((name for name in _SPLITS if name in calls), "")
    if not name:
        return Split(validation=0.0)
    told = {each.arg: ast.literal_eval(each.value) for each in calls[name].keywords if each.arg}
    return Split(
        told.get("validation", 0.0), told.get("test", 0.0), told.get("seed", 0), shuffle=name != "split_in_order",
    )  # fmt: skip
