"""Which values of a repeated part become parameters of its block: those that differ from one place to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from studio.catalog.spec import REQUIRED
from studio.catalog.values import Value
from studio.core.ports import Catalog
from studio.core.project import BLOCK, Node, Project
from studio.core.rules.parameters import references_in

Where = tuple[int, str]
"""Number of the node in the part, and its parameter."""


@dataclass(frozen=True, slots=True)
class Column:
    """A parameter of the block: where it is used in the part, and the value that it has at each place of the part."""

    used_at: tuple[Where, ...]
    values: tuple[Value, ...]

    @property
    def default(self) -> Value:
        """The value of more than half of the places; None where there is no such value."""
        texts = [repr(value) for value in self.values]
        text, times = Counter(texts).most_common(1)[0]
        value = self.values[texts.index(text)]
        return value if 2 * times > len(texts) and not any(references_in(value)) else None


class NoColumns(Exception):
    """The places differ in something that cannot be a parameter."""


def columns_of(project: Project, catalog: Catalog, places: Sequence[Sequence[Node]]) -> tuple[Column, ...]:
    """The columns of a part; ``places`` are the nodes of each place in the order of the part."""
    found: dict[tuple[str, tuple[str, ...]], tuple[list[Where], tuple[Value, ...]]] = {}
    for number, nodes in enumerate(zip(*places, strict=True)):
        first = nodes[0].params
        if all(node.params is first for node in nodes) and not any(map(_refers, first.values())):
            continue
        for name in dict.fromkeys(name for node in nodes for name in node.params):
            values = tuple([_value(project, catalog, node, name) for node in nodes])
            values = _bare(catalog, nodes[0], name, values)
            texts = tuple([repr(value) for value in values])
            if len(set(texts)) == 1 and not _refers(values[0]):
                continue
            found.setdefault((_kind(name), texts), ([], values))[0].append((number, name))
    return tuple([Column(tuple(used_at), values) for used_at, values in found.values()])


def _bare(catalog: Catalog, node: Node, name: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Sizes such as (3, 3) as 3, where the layer reads both in the same way and all of them can be said so."""
    spec = catalog.layer(node.type) if node.type != BLOCK else None
    parameter = spec.parameter(name) if spec is not None else None
    if parameter is None or parameter.kind != "ints" or 0 not in parameter.lengths:
        return values
    sizes: list[Value] = []
    for value in values:
        first = value[0] if isinstance(value, tuple) and value else value
        if type(first) is not int or (isinstance(value, tuple) and any(size != first for size in value)):
            return values
        sizes.append(first)
    return tuple(sizes)


def _kind(name: str) -> str:
    """Parameters of blocks are called "out_filters" and the like: what is alike may be one parameter."""
    return next((kind for kind in ("filters", "units") if name.endswith(f"_{kind}")), name)


def _refers(value: Value) -> bool:
    return not isinstance(value, int | float | str | None) and any(references_in(value))


def _value(project: Project, catalog: Catalog, node: Node, name: str) -> Value:
    """What a parameter is, said or not."""
    if name in node.params:
        return node.params[name]
    if node.type == BLOCK:
        parameters = project.blocks[node.block or ""].parameters
        default = next((each.default for each in parameters if each.name == name), REQUIRED)
    else:
        spec = catalog.layer(node.type)
        parameter = spec.parameter(name) if spec is not None else None
        default = parameter.default if parameter is not None else REQUIRED
    if default is REQUIRED:
        raise NoColumns
    return default  # type: ignore[return-value]
