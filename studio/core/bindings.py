"""Which columns of the data feed which Input and are compared with which Output.

Nobody has to connect what has one reading only: one Input takes all features, one Output all targets, and of several
each takes the column that has its name. The rest is for a person to say (``data.bindings``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from studio.catalog.values import Value
from studio.core.naming import variable
from studio.core.project import INPUT, OUTPUT, Column, DataSource, Graph, Node, Project
from studio.core.topology import edges_from, id_key
from studio.immutable import immutable

Encoding = Literal["numbers", "image", "class", "one_hot", "mixed", "text"]
Shape = tuple[int | None, ...]

_SPLITS_TEXT = frozenset({"TextVectorization"})
"""WORKAROUND(keras 3.15): of rows of one text it tells the shape (None, 1, n) where it gives (None, n); rows that are a
text have the shape () and no such fault. Remove when both are the same."""

TAKES_TEXT = frozenset({"StringLookup", "TextVectorization"})
"""Layers that take nothing but text: an Input that feeds only these hands on the words of a category, not numbers."""

TAKES_WHOLE = frozenset({"IntegerLookup", "Embedding", "CategoryEncoding", "HashedCrossing"})
"""Layers whose numbers are whole: an Input of whole numbers that feeds only these is one of integers."""


@immutable
class Binding:
    """What one Input takes or one Output is compared with.

    ``shape`` is that of one row, without the batch axis: (30,) for 30 numbers, () for one class number per row of an
    Output; None where the columns do not go together. For an Input its own ``shape`` parameter wins, ``data_shape`` is
    then still what the columns give. ``encoding`` tells how columns become numbers: "numbers" and "image" as they are,
    "class" a class number, "one_hot" and "mixed" categories as ones and zeros (and numbers beside them), "text" the
    words themselves, also those of a category.
    ``is_automatic`` means that no person chose the columns.
    """

    node: str
    columns: tuple[Column, ...]
    shape: Shape | None
    dtype: str
    encoding: Encoding
    is_automatic: bool
    data_shape: Shape | None = None


def resolve(project: Project) -> dict[str, Binding]:
    """The binding of every Input and Output of the main graph for which there is one, Inputs first, by id."""
    if project.data.kind == "none":
        return {}
    found: dict[str, Binding] = {}
    for type_name, names in ((INPUT, project.data.features), (OUTPUT, project.data.targets)):
        nodes = ends(project, type_name)
        chosen = _columns_of(nodes, project.data, names)
        for node in nodes:
            if node.id in chosen:
                columns = chosen[node.id]
                is_automatic = node.id not in project.data.bindings
                if type_name == INPUT:
                    found[node.id] = _input_binding(project.main, node, columns, is_automatic)
                else:
                    found[node.id] = _output_binding(node, columns, is_automatic)
    return found


def ends(project: Project, type_name: str) -> list[Node]:
    """The Inputs or the Outputs of the main graph, by id."""
    nodes = (node for node in project.main.nodes.values() if node.type == type_name)
    return sorted(nodes, key=lambda node: id_key(node.id))


def _columns_of(nodes: list[Node], data: DataSource, names: Iterable[str]) -> dict[str, tuple[Column, ...]]:
    known = {column.name: column for column in data.columns}
    free = [known[name] for name in names if name in known]
    if len(nodes) == 1 and nodes[0].id not in data.bindings:
        return {nodes[0].id: tuple(free)} if free else {}
    chosen: dict[str, tuple[Column, ...]] = {}
    for node in nodes:
        bound = data.bindings.get(node.id, ())
        if bound and all(name in known for name in bound):
            chosen[node.id] = tuple(known[name] for name in bound)
    for node in nodes:
        column = next((column for column in free if _has_name(node, column)), None)
        if node.id not in data.bindings and column is not None:
            chosen[node.id] = (column,)
    used = {column.name for columns in chosen.values() for column in columns}
    left = tuple(column for column in free if column.name not in used)
    waiting = [node for node in nodes if node.id not in chosen and node.id not in data.bindings]
    if len(waiting) == 1 and left:
        chosen[waiting[0].id] = left
    return chosen


def _has_name(node: Node, column: Column) -> bool:
    return node.name == column.name or variable(node.name).lower() == variable(column.name).lower()


def _input_binding(graph: Graph, node: Node, columns: tuple[Column, ...], is_automatic: bool) -> Binding:
    shape, dtype, encoding = _form(columns)
    if encoding == "class":
        shape = (1,)
    wanted = node.params.get("dtype")
    if encoding in ("class", "one_hot") and (
        wanted == "string" or (wanted is None and _feeds_only(graph, node, TAKES_TEXT))
    ):
        shape, dtype, encoding = (len(columns),), "string", "text"
    elif encoding == "numbers" and wanted is None and all(column.is_integer for column in columns):
        dtype = "int32" if _feeds_only(graph, node, TAKES_WHOLE) else dtype
    own = own_shape(node)
    if encoding == "text":
        wanted = None
        if shape == (1,):
            shape = own if own in ((), (1,)) else () if _feeds_only(graph, node, _SPLITS_TEXT) else shape
    return Binding(
        node.id, columns, shape if own is None else own, wanted if isinstance(wanted, str) else dtype, encoding,
        is_automatic, shape,
    )  # fmt: skip


def _feeds_only(graph: Graph, node: Node, types: frozenset[str]) -> bool:
    """Whether all that an Input feeds is of these types."""
    edges = edges_from(graph, node.id)
    return bool(edges) and all(graph.nodes[edge.target.node].type in types for edge in edges)


def _output_binding(node: Node, columns: tuple[Column, ...], is_automatic: bool) -> Binding:
    shape, dtype, encoding = _form(columns)
    return Binding(node.id, columns, shape, dtype, encoding, is_automatic, shape)


def _form(columns: tuple[Column, ...]) -> tuple[Shape | None, str, Encoding]:
    """Shape of one row, dtype and encoding of these columns put together; a class number has the shape ()."""
    if len(columns) == 1:
        column = columns[0]
        if column.kind == "category":
            return (), "int32", "class"
        if column.kind == "image":
            return image_shape(column), "float32", "image"
        if column.kind == "text":
            return (1,), "string", "text"
        return column.shape or (1,), "float32", "numbers"
    if any(column.kind == "text" for column in columns):
        is_words = all(column.kind in ("text", "category") for column in columns)
        return (len(columns),) if is_words else None, "string", "text"
    has_category = any(column.kind == "category" for column in columns)
    encoding: Encoding = "numbers"
    if has_category:
        encoding = "one_hot" if all(column.kind == "category" for column in columns) else "mixed"
    if any(column.kind == "image" or column.shape for column in columns):
        return None, "float32", encoding
    width = sum(len(column.classes) if column.kind == "category" else 1 for column in columns)
    return (width,), "float32", encoding


def image_shape(column: Column) -> tuple[int, ...]:
    """Height, width and channels of a picture; grey pictures get the channel that Keras wants."""
    return (*column.shape, 1) if len(column.shape) == 2 else column.shape


def own_shape(node: Node) -> Shape | None:
    """The shape that a person gave an Input, or None."""
    value = node.params.get("shape")
    if not isinstance(value, tuple) or not all(_is_size(size) for size in value):
        return None
    return tuple(size if isinstance(size, int) else None for size in value)


def _is_size(value: Value) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def input_shape(project: Project, node_id: str) -> Shape | None:
    """The shape of one row that an Input of the main graph takes: its own, else that of the data, else None."""
    node = project.main.nodes.get(node_id)
    if node is None:
        return None
    own = own_shape(node)
    if own is not None:
        return own
    binding = resolve(project).get(node_id)
    return binding.shape if binding is not None else None
