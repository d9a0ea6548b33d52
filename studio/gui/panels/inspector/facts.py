"""What Keras said about a node, in one line each: shapes, number of weights, and the sum that gives it where simple."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from studio.catalog.values import KerasObject, Value
from studio.codegen.literals import literal
from studio.core.ports import ports_of
from studio.core.project import BLOCK, MAIN, Node
from studio.core.uses import prefix_of
from studio.gui.canvas.card import BlockAnswer, answer_of_block

if TYPE_CHECKING:
    from studio.gui.session import Session
    from studio.protocol import Answer

Shape = Sequence[int | None]


def shape_text(shape: Shape) -> str:
    """A shape as Python writes it: "(None, 10)"."""
    inner = ", ".join("None" if size is None else str(size) for size in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def answer_of(session: Session, node_id: str) -> Answer | None:
    """What Keras said about a node of the open graph; inside a block: of the use from which it is looked at."""
    if session.graph_key != MAIN and not session.use:
        return None  # A block that is not used has no shapes.
    return session.answers.get(prefix_of(session.use) + node_id)


def kept_text(node: Node) -> str:
    """The parameters of a layer that nobody here knows, a line each, as they came in."""
    return "\n".join(f"{name} = {_as_code(value)}" for name, value in sorted(node.params.items()))


def _as_code(value: Value) -> str:
    try:
        return literal(value)
    except TypeError:  # a layer, an initializer and the like
        return value.type if isinstance(value, KerasObject) else str(value)


def shown_answer(session: Session, node: Node) -> Answer | BlockAnswer | None:
    """The same to be shown: of a use of a block what the answers inside come to."""
    answer = answer_of(session, node.id)
    if node.type != BLOCK or (answer is not None and answer.outputs and not node.is_time_distributed):
        return answer
    if session.graph_key != MAIN and not session.use:
        return None
    return answer_of_block(session.project, node, session.answers, prefix_of(session.use)) or answer


def inputs_of(session: Session, node: Node) -> list[tuple[Shape, str]]:
    """Shape and dtype of all that flows into a node, in the order of ports and ranks; only what is known."""
    found: list[tuple[Shape, str]] = []
    graph = session.graph
    edges = sorted((edge for edge in graph.edges.values() if edge.target.node == node.id), key=lambda edge: edge.rank)
    for edge in edges:
        source = graph.nodes.get(edge.source.node)
        answer = shown_answer(session, source) if source is not None else None
        if source is None or answer is None or not answer.outputs:
            continue
        ports = [port.name for port in ports_of(session.project, session.catalog, source)[1]]
        index = ports.index(edge.source.port) if edge.source.port in ports else 0
        if index < len(answer.outputs):
            shape, dtype = answer.outputs[index]
            found.append((tuple(shape), dtype))
    return found


def flow_text(inputs: Sequence[tuple[Shape, str]], outputs: Sequence[tuple[Shape, str]]) -> str:
    """ "(None, 10) → (None, 3)  float32"; equal inputs are counted, so that a merge of many stays short."""
    told = []
    for text, same in groupby(shape_text(shape) for shape, _ in inputs):
        count = len(list(same))
        told.append(text if count == 1 else f"{count} × {text}")
    after = ", ".join(shape_text(shape) for shape, _ in outputs)
    dtypes = ", ".join(dict.fromkeys(dtype for _, dtype in outputs))
    before = ", ".join(told)
    return f"{before} → {after}  {dtypes}" if before else f"{after}  {dtypes}"


def weights_sum(node: Node, params: Mapping[str, Value], inputs: Sequence[Shape], parameters: int) -> str:
    """How the number of weights comes about ("10 × 10 + 10"), "" where no simple sum gives exactly that number."""
    rule = _SUMS.get(node.type)
    if rule is None or len(inputs) != 1 or not parameters:
        return ""
    try:
        text = rule(params, inputs[0])
    except (KeyError, TypeError, IndexError, ValueError):
        return ""
    return text if _worth(text) == parameters else ""


def _worth(text: str) -> int:
    """The value of a sum of products of whole numbers, one bracket deep."""
    if text.endswith(")") and " × (" in text:
        factor, _, inner = text.partition(" × (")
        return int(factor) * _worth(inner[:-1])
    total = 0
    for product in text.split(" + "):
        value = 1
        for factor in product.split(" × "):
            value *= int(factor)
        total += value
    return total


def _size(shape: Shape, axis: int = -1) -> int:
    size = shape[axis]
    if size is None:
        raise ValueError("unknown size")
    return size


def _whole(params: Mapping[str, Value], name: str) -> int:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(name)
    return value


def _bias(params: Mapping[str, Value], count: int) -> str:
    return "" if params.get("use_bias") is False else f" + {count}"


def _dense(params: Mapping[str, Value], shape: Shape) -> str:
    units = _whole(params, "units")
    return f"{_size(shape)} × {units}{_bias(params, units)}"


def _convolution(axes: int) -> Callable[[Mapping[str, Value], Shape], str]:
    def told(params: Mapping[str, Value], shape: Shape) -> str:
        kernel = params["kernel_size"]
        sizes = kernel if isinstance(kernel, tuple) else (kernel,) * axes
        filters = _whole(params, "filters")
        return " × ".join(map(str, (*sizes, _size(shape), filters))) + _bias(params, filters)

    return told


def _recurrent(gates: int) -> Callable[[Mapping[str, Value], Shape], str]:
    def told(params: Mapping[str, Value], shape: Shape) -> str:
        units = _whole(params, "units")
        one = f"{_size(shape)} × {units} + {units} × {units}{_bias(params, units)}"
        return one if gates == 1 else f"{gates} × ({one})"

    return told


def _per_channel(count: int) -> Callable[[Mapping[str, Value], Shape], str]:
    return lambda params, shape: f"{count} × {_size(shape)}"


_SUMS: Final[Mapping[str, Callable[[Mapping[str, Value], Shape], str]]] = {
    "Dense": _dense,
    "Conv1D": _convolution(1),
    "Conv2D": _convolution(2),
    "Conv3D": _convolution(3),
    "Conv1DTranspose": _convolution(1),
    "Conv2DTranspose": _convolution(2),
    "Embedding": lambda params, _shape: f"{_whole(params, 'input_dim')} × {_whole(params, 'output_dim')}",
    "BatchNormalization": _per_channel(4),
    "LayerNormalization": _per_channel(2),
    "SimpleRNN": _recurrent(1),
    "LSTM": _recurrent(4),
}
