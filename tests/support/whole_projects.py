"""Random whole projects for the way through code and back: everything that code can say, in any mixture.

All classes of layers and operations with any parameters that the catalog takes, chains, branches and merges, shared
layers, blocks in blocks with parameters and several uses, notes, names, several Inputs and Outputs, data sets, plans of
training, code of one's own. Shapes need not fit: what code says does not depend on them, and no Keras is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar, get_args

from hypothesis import strategies as st

from studio import data
from studio.catalog import Catalog
from studio.catalog.spec import ObjectKind, Parameter, is_backbone
from studio.catalog.values import KerasObject, Value
from studio.core import edits
from studio.core.edits import is_same_value
from studio.core.ports import ports_of
from studio.core.project import (
    BLOCK,
    MAIN,
    DataSource,
    DtypePolicy,
    OutputPlan,
    PortRef,
    Project,
    RunsOn,
    Split,
    TrainingPlan,
    WeightsFile,
)
from studio.core.rules import why_not_time_distributed
from studio.core.snippets import with_snippets
from studio.workbench.templates import templates
from tests.support.catalog import CATALOG
from tests.support.other_values import WITH, other_values

T = TypeVar("T")

LAYERS = sorted(type for type in CATALOG.layers if type not in ("Input", "Output", "Lambda") and not is_backbone(type))
BACKBONES = sorted(type for type in CATALOG.layers if is_backbone(type))
OPERATIONS = sorted(CATALOG.operations)
COMMON = ("Dense", "Conv2D", "Dropout", "LSTM", "Add", "Concatenate", "ops.add", "ops.multiply", "BatchNormalization")
NAMES = ("a", "b1_l1", "b1_l2", "b2_l1", "x", "hidden", "skip", "inputs", "outputs", "layers", "model", "conv2d_7",
         "Dense", "relu", "keras", "data", "name", "part", "branch_1", "encoder.1", "weights of 3", "add",
         "multiply_1")  # fmt: skip
ODD_NAMES = ("Größe", "x²", "a-b", "it's", 'say "x"', "層", "1st", "a\\b", "skip_1", "dense_1", "inputs_1",
             "a.b.c", "a  b", "%s", "o" * 100, "b3", "b10_l3", "ﬁne", "fine", "L", "np", "ops")  # fmt: skip
"""Names that no variable can have, or that a module has."""
NOTES = ("Half of them.", "Two lines,\nof which this is one.", "# not a heading", 'He said "no".', "x = 3  # why",
         "A line that is so long that nobody would let it stand in one line of a file, and which is therefore wrapped "
         "by whoever writes it down as a comment above the layer.", "Ümläute, 漢字.")  # fmt: skip
ODD_NOTES = ("Output: not one.", "Input 2: neither.", "  Indented.", "A list:\n- one\n  - two", "a\n\nb",
             "#", "##  Two", "\'\'\'", '""" x', "C:\\ or \\", "dense (Dense) is bypassed.", "long" * 50, "fmt: off",
             "type: ignore", "😀 {x} %s", "a\tb", "x" * 88, "one " * 40, "%matplotlib", "!ls",
             "-*- coding: latin-1 -*-",
             "Output:", "Output 1: of it.", "a\u2028b", "noqa", "Half of them.\n\n# more")  # fmt: skip
TEXTS = ("it's", 'say "x"', "a\\b", "two\nlines", "Größe 漢", "", "#", "%s", "\t", "w" * 120)
FLOATS = (1e-07, 1e22, 0.1 + 0.2, 1e-300, -0.5, 123456789.125, 3.0)
TITLES = ("Untitled", "Net", "It's a net", "Größe: drawn with care.", 'The "best" \\net', '""" + x #', "C:\\", '"',
          "a  b", "Número\u00a07: 名\u3000前: drawn with Layer Studio.")  # fmt: skip


@cache
def _values(kind: str, type: str, name: str) -> tuple[Value, ...]:
    """Values of a parameter that are not its default and that the catalog takes."""
    spec = CATALOG.layer(type) or CATALOG.inner_layer(type) if kind == "layer" else CATALOG.object(kind, type)  # type: ignore[arg-type]
    parameter = spec.parameter(name) if spec is not None else None
    assert parameter is not None
    return tuple(
        value for value in other_values(parameter)
        if CATALOG.why_not_value(parameter, value) is None and _says_something(parameter, value)
    )  # fmt: skip


def _says_something(parameter: Parameter, value: Value) -> bool:
    """Whether it is another value than the default, which a project does not keep."""
    return parameter.is_required or not is_same_value(value, parameter.default)  # type: ignore[arg-type]


@cache
def _data_sets() -> tuple[DataSource, ...]:
    made = [data.choose("made", name) for name in ("moons", "truth_table")]
    return (*made, *(data.choose("bundled", name) for name in ("iris", "penguins", "wine")))


class _Hand:
    """One person who draws; everything is decided by ``draw``."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.project = Project()
        self.catalog: Catalog = CATALOG

    def often(self, percent: int) -> bool:
        return self._draw(st.integers(0, 99)) >= 100 - percent

    def number(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))

    def one(self, things: Sequence[T]) -> T:
        return things[self._draw(st.integers(0, len(things) - 1))]

    def some(self, things: Sequence[T], most: int) -> list[T]:
        return [self.one(things) for _ in range(self.number(0, most))] if things else []

    # The drawing

    def params(
        self, type: str, parameters: Sequence[Parameter], kind: str = "layer", depth: int = 0
    ) -> dict[str, Value]:
        """What a new layer or object starts with, and some of its other parameters."""
        first = self.catalog.initial_params(type) if kind == "layer" else {}
        if kind != "layer":
            first = self.catalog.initial_object_params(kind, type)  # type: ignore[arg-type]
        params: dict[str, Value] = dict(first)
        free = [each for each in parameters if each.name != "name" and _values(kind, type, each.name)]
        for parameter in self.some(free, 3):
            params |= WITH.get((type, parameter.name), {}) if kind == "layer" else {}
            params[parameter.name] = self.one(_values(kind, type, parameter.name))
            odd = self.odd(parameter, depth) if self.often(25) and depth < 2 else None
            is_taken = odd is not None and self.catalog.why_not_value(parameter, odd) is None
            if is_taken and _says_something(parameter, odd):
                params[parameter.name] = odd
        return params

    def odd(self, parameter: Parameter, depth: int = 0) -> Value:
        """A value that people choose now and then: a text with quotes, an object with parameters, a layer inside."""
        if parameter.kind == "activation" and parameter.takes_layer:
            spec = self.one([*self.catalog.fitting(parameter), self.catalog.layers["BatchNormalization"]])
            return KerasObject(spec.type, self.params(spec.type, spec.parameters, depth=depth + 1))
        if parameter.kind in ("initializer", "regularizer", "constraint"):
            made = self.object(parameter.kind, depth + 1)  # type: ignore[arg-type]
            return made if made.params else None  # Without parameters it may be the default by another name.
        if parameter.object_kind is not None and self.often(60):
            return self.object(parameter.object_kind, depth + 1)
        if parameter.kind == "layer" or parameter.items == "layer":
            type = self.one(parameter.fits or LAYERS)
            spec = self.catalog.layer(type) or self.catalog.inner_layer(type)
            made = KerasObject(type, self.params(type, spec.parameters, depth=depth + 1)) if spec is not None else None
            return made if made is None or parameter.kind == "layer" else (made,) * self.number(1, 2)
        return self.one({"text": TEXTS, "float": FLOATS, "int": (2**53, 7, 1000)}.get(parameter.kind, (None,)))

    def layer(self, tensors: list[PortRef], key: str) -> None:
        """One more layer on tensors that are there, or one of them called again."""
        graph = self.project.graph(key)
        new = f"n{self.project.next_id}"
        if self.often(12):
            able = [each.id for each in graph.nodes.values() if each.type in (*LAYERS, BLOCK)]
            if able:
                self.project = edits.share(self.project, self.one(able), 0, 0, graph=key)
        elif self.often(12) and key == MAIN and self.project.blocks:
            block = self.project.blocks[self.one([*self.project.blocks])]
            params = {each.name: self.value_like(each.default) for each in block.parameters if self.often(50)}
            self.project = edits.add_node(self.project, BLOCK, block=block.id, params=params, graph=key)
        else:
            type = self.one(self.one((COMMON, LAYERS, OPERATIONS, [*self.catalog.own & self.catalog.layers.keys()]
                                      or COMMON)))  # fmt: skip
            spec = self.catalog.layer(type)
            assert spec is not None
            params = self.params(type, spec.parameters) if not spec.is_own else self.catalog.initial_params(type)
            self.project = edits.add_node(self.project, type, params=params, graph=key)
        node = self.project.graph(key).nodes.get(new)
        if node is None:
            return
        inputs, outputs = ports_of(self.project, self.catalog, node)
        spec = self.catalog.layer(node.type)
        opened = {port.name for ports in spec.inputs_if.values() for port in ports[-1:]} if spec is not None else set()
        for port in inputs:
            # What a switch opened and nothing enters is not said in code.
            if port.is_optional and port.name not in opened and not self.often(20):
                continue
            fewest, most = port.fewest, port.fewest if port.most else port.fewest + 2
            for _ in range(self.number(max(fewest, 1), max(most, 1)) if port.takes_many else 1):
                source = tensors[-1] if self.often(60) else self.one(tensors)
                self.project = edits.connect(self.project, self.catalog, source, PortRef(new, port.name), graph=key)
        tensors += [PortRef(new, port.name) for port in outputs]

    def repeat(self, tensors: list[PortRef]) -> None:
        """The same block several times in a row, with parameters that grow, stay or do whatever they like."""
        able = [
            block for block in self.project.blocks.values()
            if [node.type for node in block.graph.nodes.values()].count("Input") == 1
            and [node.type for node in block.graph.nodes.values()].count("Output") == 1
        ]  # fmt: skip
        if not able:
            return
        block, how = self.one(able), self.number(0, 3)
        values = {each.name: each.default for each in block.parameters}
        for _ in range(self.number(2, 5)):
            new = f"n{self.project.next_id}"
            params = {name: value for name, value in values.items() if how or self.often(50)}
            self.project = edits.add_node(self.project, BLOCK, block=block.id, params=params)
            inputs, outputs = ports_of(self.project, self.catalog, self.project.main.nodes[new])
            self.project = edits.connect(self.project, self.catalog, tensors[-1], PortRef(new, inputs[0].name))
            tensors.append(PortRef(new, outputs[0].name))
            if how > 1:
                values = {name: self.value_like(value) if how > 2 else value for name, value in values.items()}
            if self.often(10):
                self.project = edits.set_note(self.project, new, self.one(NOTES))
            if self.often(10):
                self.project = edits.rename(self.project, new, self.one(NAMES))

    def value_like(self, value: Value) -> Value:
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return self.one((value + 1, 2 * value))
        if isinstance(value, float):
            return value / 2
        return value

    def words(self, key: str) -> None:
        """Names and notes."""
        for node in [*self.project.graph(key).nodes.values()]:
            if self.often(20):
                name = self.one(self.one((NAMES, NAMES, ODD_NAMES)))
                self.project = edits.rename(self.project, node.id, name, graph=key)
            if self.often(10) and node.type != "Output":
                note = self.one(self.one((NOTES, NOTES, ODD_NOTES)))
                self.project = edits.set_note(self.project, node.id, note, graph=key)

    def block(self) -> None:
        """A block of some layers, with some of their parameters for its own."""
        able = [node.id for node in self.project.main.nodes.values() if node.type not in ("Input", "Output")]
        if not able:
            return
        start = self.number(0, len(able) - 1)
        key = f"b{self.project.next_id}"
        chosen = able[start : start + self.number(1, 4)]
        self.project = edits.make_block(self.project, self.catalog, chosen, self.one(("part", "stage", "conv_bn")))
        if key not in self.project.blocks:
            return
        for node in self.project.blocks[key].graph.nodes.values():
            if node.type in ("Input", "Output") or not node.params:
                continue
            if self.often(40):
                name = self.one([*node.params])
                self.project = edits.promote(self.project, self.catalog, node.id, name, graph=key)
        block = self.project.blocks[key]
        if self.often(15):
            self.project = replace(self.project, blocks={**self.project.blocks, key: replace(block, names_layers=True)})

    def drawing(self) -> None:
        tensors: list[PortRef] = []
        for _ in range(self.one((1, 1, 1, 2, 3))):
            new = f"n{self.project.next_id}"
            params: dict[str, Value] = {"shape": self.one(((4,), (8, 6), (12, 12, 3), (None, 5), ()))}
            if self.often(15):
                params["dtype"] = self.one(("int32", "string", "float16"))
            if self.often(8):
                params["batch_size"] = 2
            self.project = edits.add_node(self.project, "Input", params=params)
            tensors.append(PortRef(new, "output"))
        for _ in range(self.number(1, 12)):
            self.layer(tensors, MAIN)
            if self.often(15):
                self.repeat(tensors)
            if self.often(8):
                self.block()
                nodes = self.project.main.nodes
                tensors[:] = [each for each in tensors if each.node in nodes]
                for node in nodes.values():
                    if node.type == BLOCK and all(each.node != node.id for each in tensors):
                        tensors += [
                            PortRef(node.id, port.name) for port in ports_of(self.project, self.catalog, node)[1]
                        ]
        taken = {edge.source for edge in self.project.main.edges.values()}
        for tensor in tensors:
            if tensor not in taken or self.often(8):
                new = f"n{self.project.next_id}"
                self.project = edits.add_node(self.project, "Output")
                self.project = edits.connect(self.project, self.catalog, tensor, PortRef(new, "inputs"))
        self.time_steps()
        for key in self.project.graphs():
            self.words(key)
        if self.often(15):
            frozen = [node.id for node in self.project.main.nodes.values() if self.often(30)]
            self.project = edits.set_frozen(self.project, self.catalog, frozen, True)

    def time_steps(self) -> None:
        """One in three uses of blocks is applied to every time step, where it can be."""
        for key, drawn in self.project.graphs().items():
            able = [
                node.id for node in drawn.nodes.values()
                if node.type == BLOCK and int(node.id[1:]) % 3 == 0 and not why_not_time_distributed(self.project, node)
            ]  # fmt: skip
            self.project = edits.set_time_distributed(self.project, able, True, graph=key)

    # Everything else

    def object(self, kind: ObjectKind, depth: int = 0) -> KerasObject:
        specs = self.catalog.objects(kind)
        spec = specs[self.one(sorted(specs))]
        params = {} if spec.is_own else self.params(spec.type, spec.parameters, kind, depth)
        return KerasObject(spec.type, params)

    def training(self) -> None:
        plan = TrainingPlan(
            self.object("optimizer") if self.often(50) else KerasObject("Adam"),
            epochs=self.number(1, 50),
            batch_size=self.number(1, 64),
            seed=self.number(0, 9),
            callbacks=tuple(self.object("callback") for _ in range(self.number(0, 2))),
            jit_compile=self.one(("auto", True, False)),
            steps_per_execution=self.one((1, 1, 8)),
            run_eagerly=self.often(20),
            class_weights=self.one((None, None, "balanced", (1.0, 2.5))),
            dtype_policy=self.one(get_args(DtypePolicy)),
            runs_on=self.one(("device", *get_args(RunsOn))),
            starts_from=WeightsFile("/models/start.keras", "12-34") if self.often(10) else None,
            are_inputs_listed=self.often(30),
        )
        self.project = edits.set_training(self.project, plan)
        for node in [*self.project.main.nodes.values()]:
            if node.type == "Output" and self.often(50):
                metrics = tuple(self.object("metric") for _ in range(self.number(0, 2)))
                chosen = OutputPlan(
                    self.object("loss") if self.often(70) else None,
                    metrics if self.often(70) else None,
                    self.one((1.0, 1.0, 0.5)),
                    tuple(self.object("metric") for _ in range(self.number(0, 1))),
                )
                self.project = edits.set_output_plan(self.project, node.id, chosen)

    def source(self) -> None:
        self.project = edits.set_data(self.project, self.one(_data_sets()))
        split = Split(
            self.one((0.2, 0.0, 0.25)), self.one((0.0, 0.1)), self.number(0, 3), self.often(80), self.often(50)
        )
        self.project = edits.set_split(self.project, split)

    def own_code(self) -> None:
        for template in [each for each in templates() if self.often(25)]:
            self.project = edits.add_snippet(self.project, template.kind, template.name, template.source)
        self.catalog = with_snippets(CATALOG, self.project)


@st.composite
def whole_projects(draw: st.DrawFn, has_own_code: bool = True) -> Project:
    """A random project; ``with_snippets`` gives the catalog of one that has code of its own."""
    hand = _Hand(draw)
    if hand.often(50):
        hand.project = edits.set_title(hand.project, hand.one(TITLES))
    if has_own_code and hand.often(20):
        hand.own_code()
    hand.drawing()
    if hand.often(50):
        hand.source()
    if hand.often(60):
        hand.training()
    return hand.project
