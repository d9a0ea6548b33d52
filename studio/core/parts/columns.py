"""Which values of a repeated part become parameters of its block: those that differ from one place to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from studio.catalog.spec import REQUIRED
from studio.catalog.values import Value, references_in
from studio.core.ports import Catalog
from studio.core.project import BLOCK, Node, Project
from studio.immutable import immutable

Where = tuple[int, str, int | None]
"""Number of the node in the part, its parameter, and which item of it where the others are the same everywhere."""


@immutable
class Column:
    """A parameter of the block: where it is used in the part, and the value that it has at each place of the part."""

    used_at: tuple[Where, ...]
    values: tuple[Value, ...]

    @property
    def default(self) -> Value:
        """The value of more than two thirds of the places; None where there is no such value."""
        texts = [repr(value) for value in self.values]
        text, times = Counter(texts).most_common(1)[0]
        value = self.values[texts.index(text)]
        return value if 3 * times > 2 * len(texts) and not any(references_in(value)) else None


class NoColumns(Exception):
    """The places differ in something that cannot be a parameter."""


def columns_of(project: Project, catalog: Catalog, places: Sequence[Sequence[Node]]) -> tuple[Column, ...]:
    """The columns of a part; ``places`` are the nodes of each place in the order of the part."""
    found: dict[tuple[str, tuple[str, ...]], tuple[list[Where], tuple[Value, ...]]] = {}
    sizes: dict[tuple[str, ...], list[Where]] = {}
    items: list[tuple[tuple[str, ...], Where, tuple[str, tuple[str, ...]], tuple[Value, ...]]] = []
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
            key = (_kind(name), texts)
            alone = _item_that_differs(values)
            if alone is not None:
                own = tuple([repr(value[alone]) for value in values if isinstance(value, tuple)])
                items.append((own, (number, name, alone), key, values))
                continue
            where: Where = (number, name, None)
            found.setdefault(key, ([], values))[0].append(where)
            sizes.setdefault(texts, found[key][0])
    for texts, where, key, values in items:
        # One item of a tuple that is what another parameter is anyway: (1, 1, filters).
        if texts in sizes:
            sizes[texts].append(where)
        else:
            found.setdefault(key, ([], values))[0].append((*where[:2], None))
    return tuple([Column(tuple(used_at), values) for used_at, values in found.values()])


def _item_that_differs(values: Sequence[Value]) -> int | None:
    """The number of the one item in which tuples of one length differ."""
    tuples = [value for value in values if isinstance(value, tuple)]
    if len(tuples) < len(values) or len(set(map(len, tuples))) > 1:
        return None
    differing = [at for at, items in enumerate(zip(*tuples, strict=True)) if len(set(map(repr, items))) > 1]
    return differing[0] if len(differing) == 1 and len(tuples[0]) > 1 else None


def _bare(catalog: Catalog, node: Node, name: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Sizes such as (3, 3) as 3, where the layer reads both in the same way."""
    spec = catalog.layer(node.type) if node.type != BLOCK else None
    parameter = spec.parameter(name) if spec is not None else None
    if parameter is None or parameter.kind != "ints" or 0 not in parameter.lengths:
        return values
    return tuple([_bare_size(value) for value in values])


def _bare_size(value: Value) -> Value:
    if isinstance(value, tuple) and value and type(value[0]) is int and all(size == value[0] for size in value):
        return value[0]
    return value


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
