"""Random drawings over all layers and operations: branches, merges, shared layers, blocks, several Inputs and Outputs.

Each layer is put where the checker, asked as the window asks it, says that it fits; what does not fit is taken back.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from studio.catalog.spec import is_backbone
from studio.catalog.values import Value
from studio.core import edits
from studio.core.edits import is_same_value
from studio.core.project import PortRef, Project
from studio.protocol import Answer
from studio.workbench.inference import InferenceState
from tests.support.catalog import CATALOG
from tests.support.every_layer import FITTING, fitted
from tests.support.other_values import WITH, other_values

NOT_DRAWN: Mapping[str, str] = {
    "Input": "It stands in every drawing anyway.",
    "Output": "It stands in every drawing anyway.",
    "Lambda": "It needs code of one's own.",
    "STFTSpectrogram": "It needs scipy; the same seed shall give the same drawing with and without.",
}
"""Layers that are never chosen, and why. Backbones are tried by themselves: each takes seconds."""

LEFT_ALONE = frozenset({"dtype", "ragged", "sparse", "invert", "stateful", "data_format", "return_state"})
"""Parameters that are not changed: what they give fits to almost nothing, or not to a machine without a GPU."""

LAYERS = sorted(type for type in CATALOG.layers if type not in NOT_DRAWN and not is_backbone(type))
OPERATIONS = sorted(
    spec.type
    for spec in CATALOG.operations.values()
    if not any(parameter.is_required for parameter in spec.parameters)
    and len(spec.inputs) <= 3
    and not re.search(r"bitwise|shift|gcd|lcm|view_as|slogdet|close|image|ctc|nms|empty|segment|elastic", spec.type)
)
"""Operations on real numbers of one tensor, or of a few that are alike."""
MERGES = ("Add", "Average", "Concatenate", "Maximum", "Multiply", "ops.add", "ops.concatenate", "ops.multiply")

STRIDE = 37
"""Neighbours in the alphabet are alike: the first dozen shall not be all of one family."""

Tensor = tuple[str, str]
"""A node and one of its output ports."""


@dataclass
class Growing:
    """A drawing and what the engine says about it; ``star`` is the class that it must have."""

    random: random.Random
    star: str
    project: Project = field(default_factory=Project)
    tensors: list[Tensor] = field(default_factory=list)
    state: InferenceState = field(default_factory=InferenceState)

    def __post_init__(self) -> None:
        from studio.engine.checker import Checker

        self.checker = Checker()

    def answers(self, project: Project) -> Mapping[str, Answer]:
        """What the engine answers about a project, told only what changed."""
        from studio.protocol import Inferred

        update = self.state.update(project, CATALOG)
        if update is not None:
            self.checker.update(update)
            self.state.take(Inferred(update.id, update.revision, self.checker.infer()))
        return self.state.answers

    def keep(self, project: Project, node: str) -> bool:
        """Take a project where the engine has nothing against the node; forget it otherwise."""
        answer = self.answers(project).get(node)
        if answer is None or answer.problem or answer.blocked_by or not answer.outputs:
            self.answers(self.project)
            return False
        if any(not shape or shape[0] is not None or len(shape) < 2 for shape, _ in answer.outputs):
            self.answers(self.project)  # No rows any more: what follows would mix them up.
            return False
        self.project = project
        kind = project.main.nodes[node].type
        params = project.main.nodes[node].params
        ports = CATALOG.ports(kind, params)[1] if kind != "Input" else ()
        self.tensors += [(node, port.name) for port in ports] if ports else [(node, "output")]
        return True

    def add_input(self, shape: tuple[int | None, ...], dtype: str) -> Tensor:
        """One more Input, which whoever asks for it takes."""
        key = f"n{self.project.next_id}"
        params: dict[str, Value] = {"shape": shape}
        if dtype != "float32":
            params["dtype"] = dtype
        assert self.keep(edits.add_node(self.project, "Input", params=params), key)
        return key, "output"

    def add(self, type: str, sources: list[Tensor], params: Mapping[str, Value]) -> str | None:
        """A layer whose required ports take these tensors, one after the other; None where Keras does not take them."""
        if not all(self.suits(type, source) for source in sources):
            return None
        ports = [port for port in CATALOG.ports(type, params)[0] if not port.is_optional]
        key = f"n{self.project.next_id}"
        project = edits.add_node(self.project, type, params=params)
        waiting = list(sources)
        for port in ports:
            many = port.takes_many and (len(ports) == 1)
            for _ in range(max(port.fewest, len(waiting)) if many else max(1, port.fewest)):
                source = waiting.pop(0) if waiting else self.random.choice(sources)
                project = edits.connect(project, CATALOG, PortRef(*source), PortRef(key, port.name))
        with_mask = self.masked(project, key, sources[0])
        if with_mask is not None and self.keep(with_mask, key):
            return key
        return key if self.keep(project, key) else None

    def masked(self, project: Project, key: str, source: Tensor) -> Project | None:
        """The project in which a layer is also given a mask from an Input of its own, now and then."""
        node = project.main.nodes[key]
        spec = CATALOG.layer(node.type)
        shape, _ = self.state.answers[source[0]].outputs[0]
        if spec is None or not spec.inputs_if or len(shape) < 3 or shape[1] is None or self.random.random() > 0.4:
            return None
        mask = f"n{project.next_id}"
        project = edits.add_node(project, "Input", params={"shape": shape[1:2], "dtype": "bool"})
        project = edits.set_param(project, key, "mask", True)
        # Of attention, that of what is looked at: those of several queries would have to be of other lengths.
        port = CATALOG.ports(node.type, project.main.nodes[key].params)[0][-1]
        return edits.connect(project, CATALOG, PortRef(mask, "output"), PortRef(key, port.name))

    def suits(self, type: str, tensor: Tensor) -> bool:
        """Whether a layer is for tensors like this one: Keras calls some symbolically on what they cannot run on."""
        node, port = tensor
        kind = self.project.main.nodes[node]
        names = [each.name for each in CATALOG.ports(kind.type, kind.params)[1]] or ["output"]
        shape, dtype = self.state.answers[node].outputs[names.index(port)]
        if CATALOG.ports(type, CATALOG.initial_params(type))[0][0].name == "data":
            return len(shape) == 4 and shape[-1] == 3 and dtype == "float32"
        if type.startswith("Adaptive"):
            return len(shape) == int(type[-2]) + 2
        return (dtype == "string") == (type in ("StringLookup", "TextVectorization"))

    def some_params(self, type: str) -> dict[str, Value]:
        """The first values of a new node, and now and then one or two that a person changed."""
        params = CATALOG.initial_params(type)
        spec = CATALOG.layer(type)
        assert spec is not None
        free = [each for each in spec.parameters if each.name not in LEFT_ALONE and not each.is_call]
        if spec.operation is None and free and self.random.random() < 0.5:
            for parameter in self.random.sample(free, min(len(free), self.random.randint(1, 2))):
                values = [
                    value
                    for value in other_values(parameter)
                    if CATALOG.why_not_value(parameter, value) is None
                    and (parameter.is_required or not is_same_value(value, parameter.default))  # type: ignore[arg-type]
                ]
                if values:
                    params |= {**WITH.get((type, parameter.name), {}), parameter.name: self.random.choice(values[:3])}
        return params

    def grow(self) -> None:
        """One more layer on what is there."""
        kind = self.random.random()
        if kind < 0.25 and len(self.tensors) > 1:
            type = self.random.choice(MERGES)
            sources = self.random.sample(self.tensors, 2)
            self.add(type, sources, {"axis": -1} if type.startswith("ops.conc") else CATALOG.initial_params(type))
            return
        elif kind < 0.45:
            type, sources = self.random.choice(OPERATIONS), self.random.choices(self.tensors[-4:], k=2)
        elif kind < 0.55:
            self.share()
            return
        else:
            type, sources = self.random.choice(LAYERS), self.random.choices(self.tensors[-4:], k=1)
        self.add(type, sources, self.some_params(type))

    def share(self) -> None:
        """Use a layer again on another tensor that it takes."""
        nodes = self.project.main.nodes.values()
        able = [node.id for node in nodes if node.type in LAYERS and node.shares is None]
        if not able:
            return
        first = self.random.choice(able)
        ports = [port for port in CATALOG.ports(self.project.main.nodes[first].type, {})[0] if not port.is_optional]
        key = f"n{self.project.next_id}"
        project = edits.share(self.project, first, 0, 0)
        for port in ports:
            for _ in range(2 if port.takes_many else 1):
                source = self.random.choice(self.tensors)
                if not self.suits(self.project.main.nodes[first].type, source):
                    return
                project = edits.connect(project, CATALOG, PortRef(*source), PortRef(key, port.name))
        self.keep(project, key)

    def block(self) -> None:
        """Make a block of a few layers, where that is possible."""
        able = [node.id for node in self.project.main.nodes.values() if node.type not in ("Input", "Output")]
        chosen = self.random.sample(able, min(len(able), self.random.randint(1, 3)))
        project = edits.make_block(self.project, CATALOG, chosen, "part")
        answers = self.answers(project)
        if project is not self.project and not any(each.problem or each.blocked_by for each in answers.values()):
            self.project = project
        else:
            self.answers(self.project)

    def end(self) -> Project:
        """An Output for each tensor that nobody takes, and for one in five of the others."""
        taken = {(edge.source.node, edge.source.port) for edge in self.project.main.edges.values()}
        for tensor in self.tensors:
            is_input = self.project.main.nodes[tensor[0]].type == "Input"
            if (tensor in taken and self.random.random() > 0.2) or is_input:
                continue
            key = f"n{self.project.next_id}"
            project = edits.add_node(self.project, "Output")
            self.project = edits.connect(project, CATALOG, PortRef(*tensor), PortRef(key, "inputs"))
        for _ in range(self.random.choice((0, 4))):
            self.block()
            if self.project.blocks:
                break
        frozen = [node.id for node in self.project.main.nodes.values() if self.random.random() < 0.1]
        return edits.set_frozen(self.project, CATALOG, frozen, True)


@cache
def random_graph(seed: int) -> Project:
    """A drawing in which everything fits together. The seeds from 0 on have each class of layer once, in turn."""
    star = LAYERS[seed * STRIDE % len(LAYERS)]
    growing = Growing(random.Random(seed), star)
    first = fitted(star)
    inputs = [node for node in first.project.main.nodes.values() if node.type == "Input"]
    sources = []
    for node in inputs:
        shape, dtype = node.params["shape"], node.params.get("dtype", "float32")
        assert isinstance(shape, tuple)
        assert isinstance(dtype, str)
        sources.append(growing.add_input(shape, dtype))  # type: ignore[arg-type]
    placed = growing.add(star, sources, growing.some_params(star))
    if placed is None:
        assert growing.add(star, sources, CATALOG.initial_params(star)), star
    if growing.random.random() < 0.4:
        shape, dtype = growing.random.choice(FITTING[:4])
        extra = growing.add_input(shape, dtype)
        while growing.add(growing.random.choice(("Dropout", "ReLU", "LayerNormalization")), [extra], {}) is None:
            pass
    for _ in range(growing.random.randint(3, 12)):
        growing.grow()
    return growing.end()
