"""Names for what was found: the block after what it does, its parameters after those of the layers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from studio.core.naming import is_given_by_keras, to_snake_case, unused, variable
from studio.core.parts.columns import Column
from studio.core.project import BLOCK, Node, Project

_SHORT = {
    "BatchNormalization": "bn",
    "LayerNormalization": "norm",
    "ReLU": "relu",
    "Activation": "act",
    "Dropout": "",
    "ZeroPadding1D": "",
    "ZeroPadding2D": "",
    "ZeroPadding3D": "",
    "Dense": "dense",
    "Concatenate": "concat",
    "DepthwiseConv1D": "depthwise",
    "DepthwiseConv2D": "depthwise",
    "SeparableConv1D": "separable",
    "SeparableConv2D": "separable",
    "MultiHeadAttention": "attention",
    "GroupQueryAttention": "attention",
}
"""How a layer is called in the name of a block: a convolution by its kind, what goes without saying not at all."""


_AFTER_ALL = frozenset(("BatchNormalization", "Activation", "ReLU", "LeakyReLU", "Dropout"))
"""What may follow the layer after which a block is called."""


def block_name(project: Project, nodes: Sequence[Node], adds: bool, inside: Collection[str] = ()) -> str:
    """A name for the block of these nodes that no other block has.

    Nor may it be one of ``inside``: what is called as its block adds nothing to the names of layers. ``adds`` tells
    that something from outside is joined again further down: a skip connection.
    """
    taken = {block.name for block in project.blocks.values()}
    name = _block_name(project, nodes, adds)
    if name in inside:
        name = f"{name}_block"
    taken.update(inside)
    if name in taken and any(map(_is_down, nodes)):
        name = f"{name}_down"
    return unused(name, taken)


def _block_name(project: Project, nodes: Sequence[Node], adds: bool) -> str:
    types = [project.blocks[node.block or ""].name if node.type == BLOCK else node.type for node in nodes]
    found = set(types)
    last = next((type for type in reversed(types) if type not in _AFTER_ALL), types[-1])
    inner = [project.blocks[node.block or ""].name for node in nodes if node.type == BLOCK]
    pools = any(type.startswith("Global") for type in types)
    if pools and last in ("Multiply", "ops.multiply"):
        return "squeeze_excite"
    if found & {"MultiHeadAttention", "GroupQueryAttention", "Attention"}:
        return "transformer" if "Dense" in found or "EinsumDense" in found else "attention"
    if last == "Concatenate":
        return "dense_layer" if adds else "inception"
    if last in ("Add", "ops.add") and adds:
        return f"residual_{inner[0]}" if len(inner) == 1 and len(nodes) < 4 and len(inner[0]) < 20 else "residual"
    if last in ("Add", "ops.add"):
        return "projection"
    convs = [node for node in nodes if node.type.startswith("Conv")]
    depthwise = next((number for number, type in enumerate(types) if type.lower().startswith("depthwise")), None)
    if depthwise is not None and (convs or any("conv" in name for name in inner)):
        expands = any("conv" in types[number].lower() for number in range(depthwise))
        return "mbconv" if expands or pools or "squeeze_excite" in inner else "separable_conv"
    if len(convs) == 3 and _is_one(convs[0]) and _is_one(convs[2]) and not _is_one(convs[1]):
        return "bottleneck"
    words = list(dict.fromkeys(_word_of(node, type) for node, type in zip(nodes, types, strict=True)))
    name = "_".join(filter(None, words))
    return name if name and len(name) <= 24 and len(words) <= 4 else f"{_most(types)}_stage"


def _is_one(node: Node) -> bool:
    """Whether a convolution looks at one pixel at a time."""
    size = node.params.get("kernel_size")
    return set(size if isinstance(size, tuple) else (size,)) == {1}


def _is_down(node: Node) -> bool:
    """Whether a layer makes its picture smaller, here or in some places."""
    strides = node.params.get("strides", 1)
    return strides not in (1, (1,), (1, 1), (1, 1, 1)) and not _has_pool(node.type)


def _has_pool(type: str) -> bool:
    return "Pool" in type


def _word_of(node: Node, type: str) -> str:
    """An activation is called by its function: "conv_bn_relu"."""
    function = node.params.get("activation") if node.type == "Activation" else None
    return function if isinstance(function, str) else _word(type)


def _word(type: str) -> str:
    if type in _SHORT:
        return _SHORT[type]
    word = to_snake_case(type.removeprefix("ops."))
    return re.sub(r"(?<=conv|pool)(ing)?_?[123]d$|(?<=pool)ing[123]d$", "", word)


def _most(types: Sequence[str]) -> str:
    words = Counter(word for word in map(_word, types) if word not in ("", "act", "relu", "bn", "norm"))
    return words.most_common(1)[0][0] if words else "part"


def parameter_names(columns: Sequence[Column], names: Sequence[str], types: Sequence[str]) -> list[str]:
    """A name for each column: that of the layer's parameter, where several have it with the layer in front.

    ``names`` and ``types`` are those of the nodes in the block.
    """
    first = [min(column.used_at, key=lambda where: types[where[0]] != BLOCK)[:2] for column in columns]
    times = Counter(key for _, key in first)
    found: list[str] = []
    seen: Counter[str] = Counter()
    for number, key in first:
        seen[key] += 1
        wanted = key
        if times[key] > 1:
            stem = re.sub(r"_?(conv|dense)$", "", variable(names[number])).strip("_").rpartition("_")[2]
            is_meant = not is_given_by_keras(names[number], types[number]) and re.match(r"[a-z]", stem)
            if is_meant:
                wanted = f"{stem}_{key}"
            elif seen[key] == times[key] == 2:
                wanted = f"out_{key}"
        found.append(unused(wanted, found))
    return found
