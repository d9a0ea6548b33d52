"""Random drawings over all classes of layers: what the engine says of them is what the exported file builds and runs.

A dozen every day, 500 with ``HYPOTHESIS_PROFILE=thorough``, each class of layer among them. A drawing that fails
belongs into the folder ``found``, and is tried every day from then on.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from studio import storage
from studio.catalog.values import ParameterRef, Value
from studio.codegen import flat_calls, generate
from studio.core import edits
from studio.core.learning import learns
from studio.core.plan import keys_of_outputs
from studio.core.project import Node, Project
from studio.protocol import Answer
from tests.catalog.test_every_operation import RANDOM
from tests.support.catalog import CATALOG, keras_class
from tests.support.every_layer import checked
from tests.support.graphs import graph, node_id
from tests.support.other_values import as_keras
from tests.support.random_graphs import LAYERS, STRIDE, random_graph
from tests.support.thorough import sample

pytestmark = [
    pytest.mark.keras,
    pytest.mark.usefixtures("fresh_names"),
    # Keras tells so where a mask does not reach further; a random drawing does not mind.
    pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask"),
]

SEEDS: Final = sample(range(500), 12)
FOUND: Final = sorted((Path(__file__).parent / "found").glob("*.studio"))
"""Drawings that once failed, as files: with another Keras, or another layer of ours, a seed gives another drawing."""

RUN: Final[list[str]] = []
NOT_RUN: Final[list[str]] = []
"""Seeds of drawings that Keras ran, and of those that it took symbolically and then could not run."""


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_what_once_failed(path: Path) -> None:
    compare(storage.loads(path.read_text(encoding="utf-8")), path.stem)


@pytest.mark.parametrize("seed", SEEDS)
def test_drawn_checked_exported_built_and_run(seed: int) -> None:
    compare(random_graph(seed), str(seed))


def compare(project: Project, name: str) -> None:
    """What the engine says, what the file builds, and what a person makes in Python: all the same."""
    import keras

    answers = checked(project)
    assert {key: answer.problem or answer.blocked_by for key, answer in answers.items() if not answer.outputs} == {}
    source = generate(project, CATALOG)
    # An operation has the name that Keras gives it, which may be the one of a layer.
    assert {problem.code for problem in source.problems} <= {"no_data", "renamed"}, source.problems
    namespace: dict[str, Any] = {"__name__": "exported", "__file__": "exported.py"}
    exec(compile(source.text, "exported.py", "exec"), namespace)
    keras.backend.clear_session(free_memory=False)
    model = namespace["build_model"]()
    outputs = outputs_of(project, model)
    told = told_outputs(project, answers)
    assert {name: (tuple(each.shape), str(each.dtype)) for name, each in outputs.items()} == told
    assert model.count_params() == sum(answer.parameters for answer in answers.values())
    learning = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert learning == sum(answer.trainable_parameters for answer in answers.values())
    assert topology_of_model(model) == topology_of_calls(project, answers)
    exported = ran(model, namespace)
    keras.backend.clear_session(free_memory=False)
    wanted = ran(directly(project), namespace)
    if isinstance(exported, Exception) or isinstance(wanted, Exception):
        # Keras takes much of symbolic tensors that it cannot run; then it cannot run what a person writes either.
        assert type(exported) is type(wanted), (str(exported)[:500], str(wanted)[:500])
        NOT_RUN.append(name)
        return
    RUN.append(name)
    if not RANDOM & {node.type for graph in project.graphs().values() for node in graph.nodes.values()}:
        for (_, got), (_, own) in zip(sorted(exported.items()), sorted(wanted.items()), strict=True):
            np.testing.assert_allclose(got, own, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("inner", ["Dense(units=3)", "BatchNormalization()", "SimpleRNN(units=3)"])
@pytest.mark.parametrize("shapes", [((6, 5, 4), (7, 6, 5, 4)), ((7, 6, 5, 4), (6, 5, 4))])
def test_a_wrapper_that_is_used_again_for_another_rank(inner: str, shapes: tuple[tuple[int, ...], ...]) -> None:
    first, second = shapes
    project = graph(f"a:Input(shape={first}) -> t:TimeDistributed(layer={inner}) -> y:Output")
    project = edits.share(project, node_id(project, "t"), 0, 0)
    compare(graph(f"b:Input(shape={second}) -> t_1 -> z:Output", project=project), "wrapper")


def test_what_was_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    """Not only chains of the same few layers."""
    drawn: Counter[str] = Counter()
    shared = blocks = several = 0
    seeds = SEEDS[:12]
    for seed in seeds:
        project = random_graph(seed)
        calls = flat_calls(project, CATALOG)
        drawn.update(class_of(call.expression) for call in calls if call.kind == "layer")
        shared += any(call.shares for call in calls)
        blocks += bool(project.blocks)
        several += sum(node.type == "Output" for node in project.main.nodes.values()) > 1
    with capsys.disabled():
        print(f"\n{len(RUN)} drawings were run, {len(NOT_RUN)} cannot be run by Keras: {NOT_RUN}")
        print(f"{len(seeds)} drawings: {len(drawn)} classes, {drawn.total()} calls, "
              f"{shared} with shared layers, {blocks} with blocks, {several} with several Outputs")  # fmt: skip
    assert len(RUN) >= len(NOT_RUN)
    assert len(drawn) > 2 * len(seeds)
    assert shared
    assert blocks
    assert several > len(seeds) / 2


def test_all_classes_come_in_turn() -> None:
    assert math.gcd(STRIDE, len(LAYERS)) == 1
    assert len(LAYERS) < 200


def class_of(expression: str) -> str:
    """ "Dense", "ops.mean" """
    head = expression.partition("(")[0].split(".")
    return ".".join(head[head.index("ops") :]) if "ops" in head else head[-1]


def told_outputs(project: Project, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """What the engine says of each Output of the main graph, by its key in the code."""
    keys = keys_of_outputs(project)
    return {keys[key]: (tuple(answers[key].outputs[0][0]), answers[key].outputs[0][1]) for key in keys}


def outputs_of(project: Project, model: Any) -> dict[str, Any]:
    if isinstance(model.output, dict):
        return dict(model.output)
    (only,) = keys_of_outputs(project).values()
    return {only: model.output}


def topology_of_calls(project: Project, answers: Mapping[str, Answer]) -> Counter[str]:
    """The drawing without names: how often each call is made, with what it gives and all that leads to it.

    Masks are left out: Keras makes some by itself. Whether those that are drawn arrive shows in what comes out.
    """
    calls = {call.id: call for call in flat_calls(project, CATALOG)}
    digests: dict[str, str] = {}

    def maker(key: str, index: int) -> tuple[str, int]:
        while calls[key].kind == "output":
            ((key, index),) = calls[key].inputs[0][1]
        return key, index

    for call in calls.values():
        if call.kind != "output":
            kind = "InputLayer" if call.kind == "input" else class_name(class_of(call.expression))
            takes = [maker(*source) for port, sources in call.inputs if not port.endswith("mask") for source in sources]
            shapes = [shape for shape, _ in answers[call.id].outputs]
            digests[call.id] = digest(kind, shapes, [(digests[key], number) for key, number in takes])
    return Counter(digests.values())


def topology_of_model(model: Any) -> Counter[str]:
    """The same of a model of Keras, but for the masks that it makes by itself beside the tensors."""
    import keras

    digests: dict[int, str] = {}
    drawn = nodes_of_drawing(model)
    for depth in sorted(model._nodes_by_depth, reverse=True):
        for node in model._nodes_by_depth[depth]:
            if id(node) not in drawn:
                continue
            takes = []
            masks = {id(mask) for mask in keras.tree.flatten(node.arguments.kwargs.get("mask"))}
            for tensor in node.input_tensors:
                if id(tensor) in masks:
                    continue
                history = tensor._keras_history
                made = history.operation._inbound_nodes[history.node_index]
                takes.append((digests[id(made)], history.tensor_index))
            kind = type(node.operation).__name__
            digests[id(node)] = digest(kind, [tensor.shape for tensor in node.output_tensors], takes)
    return Counter(digests.values())


def nodes_of_drawing(model: Any) -> set[int]:
    """The nodes of a model from which a way leads to its outputs that is no mask."""
    import keras

    found: set[int] = set()
    waiting = list(keras.tree.flatten(model.outputs))
    while waiting:
        history = waiting.pop()._keras_history
        node = history.operation._inbound_nodes[history.node_index]
        if id(node) not in found:
            found.add(id(node))
            masks = {id(mask) for mask in keras.tree.flatten(node.arguments.kwargs.get("mask"))}
            waiting += [tensor for tensor in node.input_tensors if id(tensor) not in masks]
    inputs = [layer for layer in model.layers if isinstance(layer, keras.layers.InputLayer)]
    return found | {id(node) for layer in inputs for node in layer._inbound_nodes}


def digest(kind: str, shapes: Any, takes: list[tuple[str, int]]) -> str:
    text = repr((kind, [tuple(shape) for shape in shapes], sorted(takes)))
    return f"{kind} {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def class_name(name: str) -> str:
    """What Keras calls the class itself, also that of a function."""
    spec = CATALOG.layer(name)
    if spec is not None and spec.operation is not None:
        return spec.operation.class_name
    return str(keras_class(name).__name__)


def directly(project: Project) -> Any:
    """The model as a person makes it in Python, without a word of ours but for which tensor goes where."""
    import keras

    calls = flat_calls(project, CATALOG)
    made: dict[str, Any] = {}
    tensors: dict[tuple[str, int], Any] = {}
    for call in calls:
        node = node_of(project, call.id)
        takes = [[tensors[source] for source in sources] for _, sources in call.inputs]
        if call.kind == "output":
            tensors[call.id, 0] = takes[0][0]
            continue
        if call.kind == "input":
            given = {name: as_keras(value) for name, value in node.params.items()}
            tensors[call.id, 0] = keras.Input(**given, name=node.name)
            continue
        origin = call.shares or call.id
        if origin not in made:
            # Only what ``adapt_layers`` looks for has a name: Keras names its operations without a look at those.
            name = node_of(project, origin).name if learns(node.type, node.params) and "/" not in origin else ""
            made[origin] = maker(node.type, node.params, name)
        found = keras.tree.flatten(made[origin](call.inputs, takes))
        tensors |= {(call.id, number): tensor for number, tensor in enumerate(found)}
    inputs = {node_of(project, call.id).name: tensors[call.id, 0] for call in calls if call.kind == "input"}
    outputs = {name: tensors[key, 0] for key, name in keys_of_outputs(project).items()}
    return keras.Model(inputs if len(inputs) > 1 else next(iter(inputs.values())), outputs)


def maker(type: str, params: Mapping[str, Value], name: str) -> Any:
    """Something that is called with the ports and their tensors."""
    import keras

    spec = CATALOG.layer(type)
    assert spec is not None
    many = {port.name for port in spec.inputs if port.takes_many}
    given = {key: as_keras(value) for key, value in params.items() if key != "mask"}
    if spec.operation is None:
        layer = keras_class(type)(**given, **({"name": name} if name else {}))

        def call_layer(ports: Any, takes: Any) -> Any:
            arriving = {port: found for (port, _), found in zip(ports, takes, strict=True) if found}
            masks = {port: found[0] for port, found in arriving.items() if port.endswith("mask")}
            others = [found if port in many else found[0] for port, found in arriving.items() if port not in masks]
            if "value_mask" in masks:
                return layer(*others, mask=[None, masks["value_mask"]])
            return layer(*others, **masks)

        return call_layer
    function: Any = keras.ops
    for part in spec.operation.path.split("."):
        function = getattr(function, part)
    starred = next((each[1:] for each in spec.operation.arguments if each.startswith("*")), "")

    def call(ports: Any, takes: Any) -> Any:
        found = {port: each if port in many else each[0] for (port, _), each in zip(ports, takes, strict=True) if each}
        return function(*found.pop(starred, ()), **found, **given)

    return call


def node_of(project: Project, call: str) -> Node:
    first, *rest = call.split("/")
    node = project.main.nodes[first]
    for part in rest:
        assert node.block is not None
        block, use = project.blocks[node.block], node.params
        given = {each.name: use.get(each.name, each.default) for each in block.parameters}
        node = block.graph.nodes[part]
        params = {
            key: given[value.name] if isinstance(value, ParameterRef) else value for key, value in node.params.items()
        }
        node = replace(node, params=params)
    return node


def ran(model: Any, namespace: Mapping[str, Any]) -> dict[str, Any] | Exception:
    """What comes out when two rows go through the model, its weights set to the same numbers as in its twin."""
    import keras

    for layer in model.layers:
        for number, weight in enumerate(layer.weights):
            if "float" in str(weight.dtype):
                waves = np.abs(np.sin(np.arange(math.prod(weight.shape)) + number + 1.0)) / 4
                weight.assign(waves.reshape(weight.shape))
    random = np.random.default_rng(0)
    rows = {}
    for tensor in sorted(model.inputs, key=lambda tensor: tensor.name):
        numbers = random.random((2, *tensor.shape[1:])) * 3
        is_text = tensor.dtype == "string"
        numbers = numbers > 1.5 if tensor.dtype == "bool" else numbers
        rows[tensor.name] = keras.ops.convert_to_tensor(
            numbers.astype("int32").astype(str) if is_text else numbers, dtype=tensor.dtype
        )
    x = rows if len(rows) > 1 else next(iter(rows.values()))
    try:
        if "adapt_layers" in namespace:
            namespace["adapt_layers"](model, ((x, None), None, None))
        found = model.predict(x, verbose=0)
    except Exception as error:
        return error
    return found if isinstance(found, dict) else {"": found}
