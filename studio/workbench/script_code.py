"""The code of a script's own layers, put to a model that running the script gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from studio.catalog import Catalog
from studio.core.project import Snippet
from studio.core.snippets import used_snippets
from studio.importing import Imported, script
from studio.importing.report import OWN_CODE, listed

_DEEPEST = 100


def with_own_code(
    config: Mapping[str, Any], text: str, catalog: Catalog, functions: Any = None, ends: Any = None
) -> tuple[Mapping[str, Any], Mapping[str, Snippet]]:
    """The config of a model with its own classes called as in the project, and their code from the script's text.

    ``functions`` and ``ends`` are what the run told of functions without a name, and of what own classes take and give.
    """
    wanted = {name for name in _classes(config, 0) if catalog.inner_layer(name) is None} | set(_own(config, 0))
    if not text or not wanted:
        return config, {}
    found, named = script.own_code_in(
        text, catalog, sorted(wanted), functions if isinstance(functions, dict) else None,
        ends if isinstance(ends, dict) else None,
    )  # fmt: skip
    other = {name: ours for name, ours in named.items() if ours != name}
    return _renamed(config, other, 0) if other else config, {each.id: each for each in found}


def with_needed(imported: Imported, snippets: Mapping[str, Snippet]) -> Imported:
    """The same with the code that its drawing needs, and a word about it."""
    if not snippets:
        return imported
    project = replace(imported.project, snippets=snippets)
    next_id, kept = project.next_id, {}
    for each in used_snippets(project):
        kept[f"s{next_id}"] = replace(each, id=f"s{next_id}")
        next_id += 1
    project = replace(project, snippets=kept, next_id=next_id)
    if not kept:
        return replace(imported, project=project)
    sentence = OWN_CODE.replace("{}", listed([each.name for each in kept.values()]))
    report = replace(imported.report, replaced=(*imported.report.replaced, sentence))
    return replace(imported, project=project, report=report)


def _parts(plain: Any) -> Iterator[Any]:
    yield from plain.values() if isinstance(plain, dict) else plain if isinstance(plain, list) else ()


def _classes(plain: Any, depth: int) -> Iterator[str]:
    """The names of all classes, and of functions by which values are named."""
    if depth > _DEEPEST:
        return
    if isinstance(plain, dict):
        for word in (plain.get("class_name"), plain.get("config"), plain.get("activation")):
            if isinstance(word, str) and word.isidentifier():
                yield word
    for each in _parts(plain):
        yield from _classes(each, depth + 1)


def _own(plain: Any, depth: int) -> Iterator[str]:
    """The names of classes that are none of Keras's, whatever they are called."""
    if depth > _DEEPEST:
        return
    if isinstance(plain, dict) and _is_own(plain):
        name = plain.get("class_name")
        if isinstance(name, str):
            yield name
    for each in _parts(plain):
        yield from _own(each, depth + 1)


def _is_own(plain: Mapping[str, Any]) -> bool:
    registered = str(plain.get("registered_name") or "")
    return ">" in registered or (registered not in ("", "function") and not plain.get("module"))


def _renamed(plain: Any, names: Mapping[str, str], depth: int) -> Any:
    if depth > _DEEPEST:
        return plain
    if isinstance(plain, list):
        return [_renamed(each, names, depth + 1) for each in plain]
    if not isinstance(plain, dict):
        return plain
    found = {key: _renamed(each, names, depth + 1) for key, each in plain.items()}
    if _is_own(plain) or plain.get("class_name") == "function":
        for key in ("class_name", "config"):
            if isinstance(found.get(key), str):
                found[key] = names.get(found[key], found[key])
    return found
