"""The model that the code builds is the drawing: same layers, same connections, same numbers of weights."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from studio import catalog
from studio.codegen import STYLES, FlatCall, flat_calls, generate
from studio.core import edits
from studio.core.project import PortRef, Project
from tests.support.thorough import sample

pytestmark = pytest.mark.keras

CATALOG = catalog.load()
ONE = ("Dense", "Dropout", "LayerNormalization", "Activation", "ReLU", "GaussianNoise")
MANY = ("Add", "Concatenate", "Average", "Maximum")


def random_project(seed: int) -> Project:
    """A drawing in which every tensor is a row of numbers, so that all of it fits together."""
    rng = random.Random(seed)
    project = Project()
    ids: list[str] = []
    widths: dict[str, int] = {}

    def add(type: str, sources: list[str], width: int, **params: Any) -> str:
        nonlocal project
        key = f"n{project.next_id}"
        name = rng.choice([None, None, None, f"named_{key}", "x" if key == "n4" else None])
        values = {**CATALOG.initial_params(type), **params}
        project = edits.add_node(project, type, params=values, name=name)
        for source in sources:
            project = edits.connect(project, CATALOG, PortRef(source, "output"), PortRef(key, "inputs"))
        ids.append(key)
        widths[key] = width
        return key

    for _ in range(rng.choice((1, 1, 2))):
        add("Input", [], 4, shape=(4,))
    for _ in range(rng.randint(1, 14)):
        source = rng.choice(ids[-3:])
        if rng.random() < 0.3:
            other = [each for each in ids if widths[each] == widths[source]]
            type = rng.choice(MANY)
            sources = rng.sample(other, min(len(other), rng.randint(1, 3)))
            width = widths[source] * (len(sources) if type == "Concatenate" else 1)
            add(type, sources, width)
        else:
            type = rng.choice(ONE)
            width = rng.choice((4, 4, 6)) if type == "Dense" else widths[source]
            add(type, [source], width, **({"units": width} if type == "Dense" else {}))
            dense = [each for each in ids[:-1] if project.main.nodes[each].type == "Dense"]
            fitting = [each for each in dense if _input_width(project, each, widths) == widths[source]]
            if fitting and rng.random() < 0.2:
                shared = rng.choice(fitting)
                project = edits.share(project, shared, 0, 0)
                key = f"n{project.next_id - 1}"
                project = edits.connect(project, CATALOG, PortRef(source, "output"), PortRef(key, "inputs"))
                ids.append(key)
                widths[key] = widths[shared]
    taken = {edge.source.node for edge in project.main.edges.values()}
    for key in [each for each in ids if each not in taken]:
        if project.main.nodes[key].type != "Input":
            add("Output", [key], 0)
    if not any(node.type == "Output" for node in project.main.nodes.values()):
        add("Output", [add("Dense", [ids[0]], 3, units=3)], 0)
    same = [key for key in ids if project.main.nodes[key].type in ONE[1:]]
    return edits.set_bypassed(project, [key for key in same if rng.random() < 0.15], True)


def _input_width(project: Project, key: str, widths: dict[str, int]) -> int | None:
    found = [edge.source.node for edge in project.main.edges.values() if edge.target.node == key]
    return widths[found[0]] if found else None


def told(project: Project, calls: tuple[FlatCall, ...]) -> tuple[set[Any], int]:
    """What the flat calls say, built one by one: connections of layers by name, and the number of weights."""
    import keras

    names = {"keras": keras, "layers": keras.layers}
    made: dict[str, Any] = {}
    tensors: dict[str, Any] = {}
    joins: set[Any] = set()
    reached: set[str] = set()

    def reach(key: str) -> None:
        if key not in reached:
            reached.add(key)
            for _, sources in by_id[key].inputs:
                for source, _ in sources:
                    reach(source)

    by_id = {call.id: call for call in calls}
    for call in calls:
        if call.kind == "output" and not project.main.nodes[call.id].is_bypassed:
            reach(call.id)

    def maker(key: str) -> str:
        """The call whose tensor arrives: what is bypassed hands on what it takes."""
        while by_id[key].kind == "output":
            key = by_id[key].inputs[0][1][0][0]
        return key

    for call in calls:
        if call.kind == "input":
            tensors[call.id] = eval(call.expression, names)
        elif call.kind == "layer":
            origin = call.shares or call.id
            made.setdefault(origin, eval(call.expression, names))
            given = [tensors[maker(source)] for _, sources in call.inputs for source, _ in sources]
            is_merge = project.main.nodes[call.id].type in MANY
            tensors[call.id] = made[origin](given if is_merge else given[0])
            if call.id in reached:
                for _, sources in call.inputs:
                    for rank, (source, _) in enumerate(sources):
                        of = by_id[maker(source)].shares or maker(source)
                        joins.add((project.main.nodes[of].name, project.main.nodes[origin].name, rank))
    used = {by_id[key].shares or key for key in reached if by_id[key].kind == "layer"}
    return joins, sum(made[key].count_params() for key in used)


def chains(count: int) -> list[int]:
    """The first drawings that are plain chains."""
    style = STYLES["sequential"]
    seeds = (seed for seed in range(2000) if "Sequential" in generate(random_project(seed), CATALOG, style=style).text)
    return list(itertools.islice(seeds, count))


SEEDS: list[tuple[str, range | None]] = [
    ("default", range(start, start + 20)) for start in sample(range(0, 120, 20), 2)
]
SEEDS += [("book", range(120, 140)), ("book_x", range(140, 160)), ("tf", range(160, 180)), ("sequential", None)]


@pytest.mark.parametrize(("style", "seeds"), SEEDS)
def test_random_drawings_build_the_same_model(style: str, seeds: range | None) -> None:
    import keras

    for seed in seeds or chains(10):
        project = random_project(seed)
        source = generate(project, CATALOG, style=STYLES[style])
        keras.backend.clear_session(free_memory=False)
        namespace: dict[str, Any] = {"__name__": "exported", "__file__": "exported.py"}
        exec(compile(source.text, "exported.py", "exec"), namespace)
        model = namespace["build_model"]()
        joins = set()
        functional = getattr(model, "_functional", model)  # A Sequential keeps its graph there.
        for nodes in functional._nodes_by_depth.values():
            for node in nodes:
                for rank, tensor in enumerate(node.input_tensors):
                    joins.add((tensor._keras_history.operation.name, node.operation.name, rank))
        keras.backend.clear_session(free_memory=False)
        wanted, parameters = told(project, flat_calls(project, CATALOG))
        assert joins == wanted, (
            f"seed {seed}\n{source.text[source.text.index('def build') : source.text.index('def compile')]}"
        )
        assert model.count_params() == parameters, f"seed {seed}"
        assert {problem.code for problem in source.problems} <= {"no_data"}


def test_layers_that_make_others_inside_are_known() -> None:
    """Keras counts the names of inner layers too; ``automatic_names.INSIDE`` must say which."""
    import keras

    for type, params in (
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2}),
        ("LSTM", {"units": 2}),
        ("Dense", {"units": 2}),
    ):
        from studio.core.automatic_names import AutomaticNames

        count = AutomaticNames()
        keras.backend.clear_session(free_memory=False)
        layer = getattr(keras.layers, type)(**params)
        source = keras.Input((3, 4))
        layer(source, source) if type == "MultiHeadAttention" else layer(source)
        count.take(type, {})
        for other in ("Softmax", "Dropout", "Dense", "LSTM"):
            arguments = {"Dropout": (0.5,), "Dense": (1,), "LSTM": (1,)}.get(other, ())
            assert getattr(keras.layers, other)(*arguments).name == count.take(other, {})
    keras.backend.clear_session(free_memory=False)
