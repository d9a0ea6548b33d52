"""Edited code changes what it says otherwise than before, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from studio.catalog import Catalog
from studio.catalog.values import KerasObject, Value
from studio.codegen import STYLES, generate
from studio.core import edits
from studio.core.project import OutputPlan, Project, TrainingPlan
from studio.core.snippets import with_snippets
from studio.importing.script import edited
from studio.layout import tidy
from studio.workbench.code_editing import with_code
from studio.workbench.templates import templates
from tests.codegen.projects import CATALOG, PROJECTS
from tests.layout.figures import as_drawn, edges_through_nodes
from tests.support.graphs import graph, node_id
from tests.support.strategies import projects


def ids(project: Project) -> list[list[str]]:
    return [list(graph.nodes) for graph in project.graphs().values()]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", PROJECTS)
def test_what_is_typed_comes_back_as_it_was_typed(name: str, style: str) -> None:
    project = PROJECTS[name]()
    source = generate(project, CATALOG, style=STYLES[style])
    same = edited(project, source.text, project, source.spans, source.text, CATALOG)
    assert same.complaints == ()
    assert same.project is project
    if '"relu"' in source.text:
        typed = source.text.replace('"relu"', '"tanh"', 1).replace("EPOCHS = ", "EPOCHS = 1")
        found = edited(project, source.text, project, source.spans, typed, CATALOG)
        assert found.complaints == ()
        assert generate(found.project, CATALOG, style=STYLES[style]).text == typed
        assert ids(found.project) == ids(project)


@given(projects)
@settings(max_examples=100, deadline=None)
def test_an_unchanged_text_changes_nothing(project: Project) -> None:
    source = generate(project, CATALOG)
    found = edited(project, source.text, project, source.spans, source.text, CATALOG)
    assert found.complaints or found.project is project


def test_frames_and_bypassed_nodes_outlive_an_edit_of_the_text() -> None:
    project = graph("x:Input(shape=(4,)) -> a:Dense(units=4) -> b:Dense(units=3) -> y:Output")
    a, b = node_id(project, "a"), node_id(project, "b")
    project = edits.set_bypassed(edits.make_frame(project, [a, b], "Body"), [a], True)
    source = generate(project, CATALOG)
    text = source.text.replace("Dense(3", "Dense(5")
    found = edited(project, source.text, project, source.spans, text, CATALOG)
    assert not found.complaints
    assert found.project.main.nodes[b].params["units"] == 5
    assert found.project.main.frames == project.main.frames
    assert found.project.main.nodes[a].is_bypassed
    assert found.project.main.edges == project.main.edges


def with_own_code() -> tuple[Project, Catalog]:
    """A drawing in which every kind of code of one's own is used."""
    project = PROJECTS["two_branches"]()
    for name in (
        "FocalLoss", "squared_error", "within_a_tenth", "CohenKappa", "TellWeights", "WarmUp", "RectifiedAdam",
        "ShiftAndScale", "scale", "leaky_tanh", "AlmostIdentity", "tell_epoch",
    ):  # fmt: skip
        template = next(each for each in templates() if each.name == name)
        project = edits.add_snippet(project, template.kind, template.name, template.source)
    catalog = with_snippets(CATALOG, project)
    dense = node_id(project, "b1_l2")
    for name, code in (("kernel_initializer", "AlmostIdentity"), ("activation", "leaky_tanh")):
        project = edits.set_param(project, dense, name, KerasObject(code), catalog=catalog)
    own: tuple[tuple[str, dict[str, Value]], ...] = (
        ("ShiftAndScale", {}), ("Lambda", {"function": KerasObject("scale")}),
    )  # fmt: skip
    for type, params in own:
        edge = next(edge.id for edge in project.main.edges.values() if edge.target.node == dense)
        new = f"n{project.next_id}"
        project = edits.insert_on_edge(edits.add_node(project, type, params=params), catalog, new, edge)
    plan = TrainingPlan(
        KerasObject("RectifiedAdam", {"learning_rate": KerasObject("WarmUp")}),
        callbacks=(
            KerasObject("TellWeights"), KerasObject("LambdaCallback", {"on_epoch_end": KerasObject("tell_epoch")}),
        ),
    )  # fmt: skip
    return edits.set_training(project, plan), catalog


@pytest.mark.parametrize("loss", [KerasObject("FocalLoss", {"gamma": 3.0}), KerasObject("squared_error")])
@pytest.mark.parametrize("style", STYLES)
def test_code_that_uses_code_of_ones_own_is_edited_like_any_other(style: str, loss: KerasObject) -> None:
    project, catalog = with_own_code()
    metrics = (KerasObject("CohenKappa", {"classes": 2}), KerasObject("within_a_tenth"))
    output = next(node.id for node in project.main.nodes.values() if node.type == "Output")
    project = edits.set_output_plan(project, output, OutputPlan(loss, metrics))
    source = generate(project, catalog, style=STYLES[style])
    assert source.problems == ()
    assert edited(project, source.text, project, source.spans, source.text, catalog).project is project
    text = source.text.replace("EPOCHS = 20", "EPOCHS = 7")
    found = edited(project, source.text, project, source.spans, text, catalog)
    assert found.complaints == ()
    assert found.project == edits.set_training(project, replace(project.training, epochs=7))


def test_code_of_ones_own_is_changed_in_its_editor() -> None:
    project, catalog = with_own_code()
    source = generate(project, catalog)
    text = source.text.replace("Print the loss", "Tell the loss")
    assert text != source.text
    (complaint,) = edited(project, source.text, project, source.spans, text, catalog).complaints
    assert "under Your code" in complaint.reason


def test_a_comment_becomes_a_note_or_is_marked_and_never_lost() -> None:
    drawn = graph("x:Input(shape=(4,)) -> hidden:Dense(units=3) -> probs:Dense(units=2) -> y:Output")
    source = generate(drawn, CATALOG)
    line = next(line for line in source.text.splitlines() if 'name="hidden"' in line)
    above = source.text.replace(line, f"    # Three are enough.\n{line}")
    found = edited(drawn, source.text, drawn, source.spans, above, CATALOG)
    assert found.complaints == ()
    assert found.project.main.nodes[node_id(drawn, "hidden")].note == "Three are enough."
    assert generate(found.project, CATALOG).text == above
    for place in ("    return keras.Model(", "EPOCHS = ", "def compile_model(", "    model.compile("):
        typed = source.text.replace(place, f"{' ' * (len(place) - len(place.lstrip()))}# Mine.\n{place}", 1)
        lost = edited(drawn, source.text, drawn, source.spans, typed, CATALOG)
        assert [complaint.reason[:29] for complaint in lost.complaints] == ["This comment stands at no lay"]
        assert typed.splitlines()[lost.complaints[0].line - 1].strip() == "# Mine."
        assert lost.project is drawn


def test_a_comment_on_an_output_is_its_note() -> None:
    drawn = graph(
        "x:Input(shape=(4,)) -> hidden:Dense(units=3) -> probs:Dense(units=2) -> y:Output; hidden -> z:Output"
    )
    source = generate(drawn, CATALOG)
    typed = source.text.replace("    return keras.Model(", "    # Output 2: Three numbers.\n    return keras.Model(")
    found = edited(drawn, source.text, drawn, source.spans, typed, CATALOG)
    assert found.complaints == ()
    assert found.project == edits.set_note(drawn, node_id(drawn, "z"), "Three numbers.")
    assert generate(found.project, CATALOG).text == typed


def test_the_layer_whose_line_is_deleted_goes_and_those_like_it_stay() -> None:
    drawn = PROJECTS["two_branches"]()
    source = generate(drawn, CATALOG)
    for name in ("b1_l1", "b1_l2", "b1_l3", "b2_l1", "b2_l2"):
        line = next(line for line in source.text.splitlines() if f'name="{name}"' in line)
        variable = line.split(" =")[0].strip()
        typed = source.text.replace(f"{line}\n", "" if line.endswith(f"({variable})") else f"    {variable} = x\n")
        found = edited(drawn, source.text, drawn, source.spans, typed, CATALOG)
        assert found.complaints == ()
        assert drawn.main.nodes.keys() - found.project.main.nodes.keys() == {node_id(drawn, name)}
        assert found.project.main.nodes.items() <= drawn.main.nodes.items()


OTHER_SCRIPT = """from tensorflow import keras
from tensorflow.keras import layers

# Two hidden layers are enough.
(x_train, y_train), _ = keras.datasets.mnist.load_data()
inputs = keras.Input(shape=(784,))
x = layers.Dense(64, activation="relu")(inputs)
x = layers.LSTM(7)(x)
model = keras.Model(inputs, layers.Dense(10)(x))
"""


def test_a_whole_other_script_takes_the_place_of_the_drawing() -> None:
    drawn = PROJECTS["two_branches"]()
    source = generate(drawn, CATALOG)
    found = edited(drawn, source.text, drawn, source.spans, OTHER_SCRIPT, CATALOG)
    assert found.complaints == ()
    made = found.project
    assert [node.type for node in made.main.nodes.values()].count("Dense") == 2
    assert "layers.LSTM(7)(x)" in generate(made, CATALOG).text
    assert (made.title, made.data, made.training.optimizer) == (drawn.title, drawn.data, drawn.training.optimizer)
    compiled = f'{OTHER_SCRIPT}model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse")\n'
    made = edited(drawn, source.text, drawn, source.spans, compiled, CATALOG).project
    assert made.training.optimizer == KerasObject("SGD", {"learning_rate": 0.5})
    assert edited(drawn, source.text, drawn, source.spans, "import os\nos.remove('x')\n", CATALOG).complaints


@pytest.mark.parametrize(
    ("line", "title"), [('"""My net"""\n', "My net"), ("", "Two branches"), ('""""""', "Two branches")]
)
def test_a_title_is_changed_at_the_top_and_never_lost(line: str, title: str) -> None:
    drawn = PROJECTS["two_branches"]()
    source = generate(drawn, CATALOG)
    typed = line + source.text.split("\n", 1)[1]
    found = edited(drawn, source.text, drawn, source.spans, typed, CATALOG)
    assert (found.complaints, found.project.title) == ((), title)


OWN_LAYER = """class Twice(layers.Layer):
    def call(self, inputs):
        return FACTOR * inputs


"""


def test_code_of_ones_own_that_is_typed_becomes_code_of_the_project() -> None:
    drawn = PROJECTS["two_branches"]()
    source = generate(drawn, CATALOG)
    end = "    return keras.Model("
    typed = source.text.replace(end, f'    diagnosis = Twice(name="two")(diagnosis)\n{end}')
    typed = typed.replace("def build_model", f"FACTOR = 2\n\n\n{OWN_LAYER}def build_model")
    found = edited(drawn, source.text, drawn, source.spans, typed, CATALOG)
    assert found.complaints == ()
    (own,) = found.project.snippets.values()
    assert (own.kind, own.name, own.source) == ("layer", "Twice", f"FACTOR = 2\n\n\n{OWN_LAYER.rstrip()}\n")
    assert found.project.main.nodes[node_id(found.project, "two")].type == "Twice"
    again = generate(found.project, with_snippets(CATALOG, found.project))
    assert OWN_LAYER.strip() in again.text
    typed = source.text.replace("def compile_model", "def far(y_true, y_pred):\n    return 1.0\n\n\ndef compile_model")
    typed = typed.replace("keras.losses.BinaryCrossentropy()", "far")
    found = edited(drawn, source.text, drawn, source.spans, typed, CATALOG)
    assert found.complaints == ()
    assert [each.kind for each in found.project.snippets.values()] == ["loss"]


@pytest.mark.parametrize("line", ["lost = layers.Dense(3)", "lost = 3", "lost: int = 3"])
def test_a_line_that_nothing_needs_is_marked(line: str) -> None:
    drawn = PROJECTS["two_branches"]()
    source = generate(drawn, CATALOG)
    end = "    return keras.Model("
    typed = source.text.replace(end, f"    {line}\n{end}")
    (complaint,) = edited(drawn, source.text, drawn, source.spans, typed, CATALOG).complaints
    assert "would be lost" in complaint.reason
    assert typed.splitlines()[complaint.line - 1].strip() == line


def test_layers_of_which_only_arguments_change_stay_the_same_layers() -> None:
    """Twice the units in each: the second of before was taken for the first, which was deleted with its note."""
    chain = "a:Input(shape=(4,)) -> b:Dense(units=32) -> c:Dense(units=64) -> d:Dense(units=128) -> e:Output"
    drawn = graph(chain.replace("b:", "dense:").replace("c:", "dense_1:").replace("d:", "dense_2:"), catalog=CATALOG)
    source = generate(drawn, CATALOG)
    typed = source.text
    for units in (128, 64, 32):
        typed = typed.replace(f"Dense({units})", f"Dense({2 * units})")
    found = edited(drawn, source.text, drawn, source.spans, typed, CATALOG)
    assert found.project.main.nodes.keys() == drawn.main.nodes.keys()
    for id, node in drawn.main.nodes.items():
        assert found.project.main.nodes[id].params.get("units", 0) == 2 * node.params.get("units", 0)  # type: ignore[operator]


def test_a_line_is_marked_that_nothing_reads_before_its_name_is_taken_again() -> None:
    """The name of the chain is read all over: a line that gave it another value last was lost in silence."""
    drawn = PROJECTS["stages"]()
    source = generate(drawn, CATALOG)
    end = "    return keras.Model("
    assert " x = " in source.text
    typed = source.text.replace(end, f"    x = open('a').read()\n{end}")
    (complaint,) = edited(drawn, source.text, drawn, source.spans, typed, CATALOG).complaints
    assert "would be lost" in complaint.reason
    assert typed.splitlines()[complaint.line - 1] == "    x = open('a').read()"


@pytest.mark.parametrize(
    "typed", ["def part(x):\n    return x\n", "class Part(layers.Layer):\n    pass\n", "WIDE = 3\n"]
)
def test_what_the_network_does_not_need_is_marked(typed: str) -> None:
    drawn = PROJECTS["two_branches"]()
    source = generate(drawn, CATALOG)
    text = source.text.replace("def build_model", f"{typed}\n\ndef build_model")
    (complaint,) = edited(drawn, source.text, drawn, source.spans, text, CATALOG).complaints
    assert text.splitlines()[complaint.line - 1] in typed
    assert "would be lost" in complaint.reason or "write its value" in complaint.reason


@pytest.mark.parametrize("style", STYLES)
def test_another_exported_file_comes_in_with_all_that_it_says(style: str) -> None:
    drawn, other = PROJECTS["two_branches"](), PROJECTS["penguins"]()
    source = generate(drawn, CATALOG)
    text = generate(other, CATALOG, style=STYLES[style]).text
    found = with_code(drawn, drawn, source, text, CATALOG)
    assert found.complaints == ()
    made = found.project
    assert generate(made, CATALOG, style=STYLES[style]).text == text
    assert (made.title, made.data.name) == (other.title, other.data.name)
    assert len({(node.x, node.y) for node in made.main.nodes.values()}) == len(made.main.nodes)


def test_a_drawing_that_is_mostly_new_is_arranged_anew() -> None:
    drawn = PROJECTS["two_branches"]()
    made = with_code(drawn, drawn, generate(drawn, CATALOG), OTHER_SCRIPT, CATALOG).project
    places = sorted(node.y for node in made.main.nodes.values())
    assert places[-1] - places[0] < 120 * len(places)


@pytest.mark.parametrize(
    "changes",
    [
        {"    y = ": '    z = layers.Dense(8, name="n")(inputs)\n    y = ', "([x, inputs])": "([x, inputs, z])"},
        {'x = layers.Dense(8, name="b")(x)': 'k = layers.Dense(8, name="b")(x)', 'name="c")(x)': 'name="c")(k)',
         "([x, inputs])": "([x, inputs, k])"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("direction", ["down", "right"])
def test_new_edges_run_around_what_stands(changes: dict[str, str], direction: str) -> None:
    drawn = graph(
        "x:Input(shape=(8,)) -> a:Dense(units=8) -> b:Dense(units=8) -> c:Dense(units=8) -> s:Add -> y:Output; x -> s"
    )
    drawn = tidy(edits.set_direction(drawn, direction))
    source = generate(drawn, CATALOG)
    typed = source.text
    for old, new in changes.items():
        assert old in typed
        typed = typed.replace(old, new)
    found = with_code(drawn, drawn, source, typed, CATALOG)
    assert found.complaints == ()
    assert len(found.project.main.edges) > len(drawn.main.edges)
    assert edges_through_nodes(*as_drawn(found.project), direction) == []
    assert all(found.project.main.nodes[id] is node for id, node in drawn.main.nodes.items())


def test_what_the_data_say_of_an_input_cannot_be_left_out() -> None:
    drawn = PROJECTS["penguins"]()
    source = generate(drawn, CATALOG)
    typed = source.text.replace(', dtype="int32", name="island"', ', name="island"')
    assert typed != source.text
    found = edited(drawn, source.text, drawn, source.spans, typed, CATALOG)
    assert found.project is drawn
    (complaint,) = found.complaints
    assert (
        complaint.reason == "The data say the dtype of island, so it cannot be left out; write the dtype that it has."
    )
    assert 'name="island"' in typed.splitlines()[complaint.line - 1]
    other = source.text.replace('shape=(3,), name="size"', 'shape=(4,), name="size"')
    found = edited(drawn, source.text, drawn, source.spans, other, CATALOG)
    assert found.complaints == ()
    assert found.project.main.nodes[node_id(drawn, "size")].params == {"shape": (4,)}
