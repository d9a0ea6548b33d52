"""Every kind of problem with a drawing that has it, and every fix does away with its problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from studio.catalog.values import KerasObject, ParameterRef
from studio.core import edits, rules
from studio.core.fixes import fixes
from studio.core.problem import Problem
from studio.core.project import Block, Column, DataSource, Edge, Graph, Node, OutputPlan, PortRef, Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id

GOOD = (
    "x:Input(shape=(3,)) -> a:Dense(units=4, activation='relu') -> b:Dense(units=10, activation='softmax') -> y:Output"
)
DIGITS = Column("digit", "category", classes=tuple("0123456789"))
FEATURES = tuple(Column(name) for name in "pqr")


def digits(project: Project, *targets: Column) -> Project:
    columns = (*FEATURES, *(targets or (DIGITS,)))
    names = tuple(column.name for column in columns)
    return edits.set_data(project, DataSource("made", "set", columns=columns, features=names[:3], targets=names[3:]))


def found(project: Project, code: str) -> Problem:
    problems = rules.problems(project, CATALOG)
    matches = [problem for problem in problems if problem.code == code]
    assert matches, f"no {code}, but {[problem.code for problem in problems]}"
    return matches[0]


def codes(project: Project) -> list[str]:
    return [problem.code for problem in rules.problems(project, CATALOG)]


def broken(text: str, change: Callable[[Project], Project]) -> Project:
    return change(graph(text))


def with_graph(project: Project, nodes: list[Node] = [], edges: list[Edge] = []) -> Project:  # noqa: B006
    """Nodes and edges put in as a damaged file would have them, past all edits."""
    main = project.main
    return replace(project, main=Graph({**main.nodes, **{node.id: node for node in nodes}},
                                       {**main.edges, **{edge.id: edge for edge in edges}}))  # fmt: skip


def weighing(column: Column) -> Project:
    """Digits with one column more, which weighs the rows."""
    project = digits(graph(GOOD))
    return replace(project, data=replace(
        project.data, columns=(*project.data.columns, column), sample_weights=column.name))  # fmt: skip


def planned(project: Project, **chosen: object) -> Project:
    return edits.set_output_plan(project, node_id(project, "y"), OutputPlan(**chosen))  # type: ignore[arg-type]


def late() -> Project:
    """A layer that came into a block after a use of the block was frozen."""
    project = graph("x:Input(shape=(2,)) -> a:Dense(units=2, activation='relu') -> y:Output")
    project = edits.make_block(project, CATALOG, [node_id(project, "a")], "tower")
    project = edits.set_frozen(project, CATALOG, [node_id(project, "tower")], True)
    (block,) = project.blocks
    return edits.add_node(project, "Dense", name="late", params={"units": 2}, graph=block)


def test_a_good_project_has_no_problems() -> None:
    assert codes(digits(graph(GOOD))) == []
    assert codes(graph(GOOD)) == ["no_data"]


def test_an_empty_project_wants_an_input_and_an_output() -> None:
    assert codes(Project()) == ["no_input", "no_output", "no_data"]


DRAWINGS: list[tuple[str, Project, str]] = [
    ("dead_end", digits(graph(GOOD + "; b -> c:Dense(activation='relu')")),
     "c leads nowhere, so it would not be part of the model; add an Output after it."),
    ("unused_input", digits(graph("x:Input -> a:Dense(units=10, activation='softmax') -> y:Output; p:Input")),
     "p feeds nothing; connect it to a layer or delete it."),
    ("unconnected", graph("x:Input; a:Dense"), "a needs an input; draw an edge to it."),
    ("unconnected", graph("x:Input(shape=(2, 2)) -> m:MultiHeadAttention"),
     "m needs something at its input value; draw an edge to it."),
    ("unconnected", graph("x:Input -> s:Subtract"), "s needs 2 layers at its input and has 1; connect another one."),
    ("single_merge", graph("x:Input(shape=(2,)) -> c:Concatenate -> y:Output"),
     "c merges only x, which changes nothing; connect a second layer to it."),
    ("no_output", graph("x:Input(shape=(2,)) -> a:Dense"),
     "There is no Output in the drawing; add one after the last layer."),
    ("no_input", graph("a:Dense -> y:Output"), "There is no Input in the drawing; add one, so that it can take data."),
    ("unknown_type", with_graph(graph(GOOD), [Node("n90", "Magic", "m")]),
     "m is a Magic, a layer that this Keras does not have; choose another type."),
    ("duplicate_name", with_graph(graph(GOOD), [Node("n90", "Dense", "a", {"units": 1})]),
     "Two layers are called a; give one of them another name."),
    ("bad_name", with_graph(graph(GOOD), [Node("n90", "Dense", "a/b", {"units": 1})]),
     "“a/b” cannot be the name of a layer; use letters, digits and underscores."),
    ("crowded_port", with_graph(graph(GOOD), edges=[Edge("e90", PortRef("n1", "output"), PortRef("n3", "inputs"), 1)]),
     "b takes one edge at inputs but has 2; cut the others."),
    ("missing_port", with_graph(graph(GOOD), edges=[Edge("e90", PortRef("n1", "output"), PortRef("n3", "side"))]),
     "b has no input called side (any more); cut the edge or draw it to another port."),
    ("missing_port", with_graph(graph(GOOD), edges=[Edge("e90", PortRef("n2", "state"), PortRef("n4", "inputs"))]),
     "a has no output called state (any more); cut the edge or draw it to another port."),
    ("lost_edge", with_graph(graph(GOOD), edges=[Edge("e90", PortRef("n2", "output"), PortRef("n99", "inputs"))]),
     "An edge has lost the layer at one of its ends; cut it."),
    ("cycle", with_graph(graph("x:Input(shape=(2,)) -> a:Add -> b:Dense(units=2) -> y:Output"),
                         edges=[Edge("e90", PortRef("n3", "output"), PortRef("n2", "inputs"), 1)]),
     "The edges of a and b go in a circle, so none of them could start; cut one of the edges."),
    ("lost_share", with_graph(graph(GOOD), [Node("n90", "Dense", "c", {"units": 1}, shares="n99")]),
     "The layer that c shares is missing; give c weights of its own."),
    ("unknown_block", with_graph(graph(GOOD), [Node("n90", "block", "c", block="b99")]),
     "The block that c uses is missing; delete c."),
    ("empty_block", replace(with_graph(graph(GOOD), [Node("n90", "block", "c", block="b99")]),
                            blocks={"b99": Block("b99", "part")}),
     "The block of c has no Input and no Output; open it and add them."),
    ("parameter", graph(GOOD.replace("units=4", "units=0")),
     "a: Units must be a whole number of at least 1, but it is 0."),
    ("unknown_parameter", graph(GOOD.replace("units=4", "units=4, colour='red'")),
     "a: Dense has no parameter colour; take it out."),
    ("missing_parameter", broken(GOOD, lambda project: edits.reset_param(project, "n2", "units")),
     "a: units has no value yet; give it one."),
    ("unknown_reference", broken(GOOD, lambda project: edits.set_param(project, "n2", "units", ParameterRef("width"))),
     "a: units asks for the block's parameter width, which does not exist."),
    ("drops_all", graph("x:Input(shape=(2,)) -> d:Dropout(rate=1.0) -> y:Output"),
     "d: a rate of 1 drops everything; 0.5 means half."),
    ("still_learning", late(),
     "late goes on learning where tower is frozen: it does not follow the block in that."),
    ("no_activation", graph("x:Input(shape=(2,)) -> a:Dense -> b:Dense -> y:Output"),
     "a has no activation, so a and b together can only draw a straight line; give it relu."),
    ("no_shape", graph("x:Input -> y:Output"), "x has no shape yet; choose a data set or give it a shape."),
    ("text_from_numbers", digits(graph(GOOD.replace("shape=(3,)", "dtype='string'"))),
     "x wants text, but the columns of the data arrive as numbers; let the data tell its dtype."),
    ("input_shape", digits(graph(GOOD.replace("(3,)", "(4,)"))),
     "x takes rows of the shape (4,), but the data gives (3,); change its shape."),
    ("batch_in_shape", digits(graph(GOOD.replace("(3,)", "(None, 3)"))),
     "Leave out the batch: one row of x has the shape (3,)."),
    ("unbound", digits(graph(GOOD + "; u:Input(shape=(1,)) -> v:Output")),
     "There are 2 Inputs: choose which columns belong to x."),
    ("missing_column", edits.bind(digits(graph(GOOD)), "n1", ["gone"]),
     "x asks for the column gone, which the data does not have; choose its columns again."),
    ("split", edits.set_split(digits(graph(GOOD)), replace(DataSource().split, validation=0.6, test=0.4)),
     "Validation and test take all rows, so none are left for training; make their shares smaller."),
    ("width", digits(graph(GOOD.replace("units=10", "units=9"))),
     "The data has 10 classes (0 to 9), but b has 9 units; give it 10."),
    ("width", digits(graph(GOOD.replace("units=10, activation='softmax'", "units=1")), Column("s"), Column("t")),
     "The data has 2 targets, but b has 1 unit; give it 2."),
    ("range", digits(graph(GOOD.replace("units=10, activation='softmax'", "units=1, activation='sigmoid'")),
                     Column("mpg", low=9.0, high=46.6)),
     "Targets run 9 to 46.6, but sigmoid stops at 1; let b have no activation."),
    ("range", digits(graph(GOOD.replace("units=10, activation='softmax'", "units=1, activation='relu'")),
                     Column("change", low=-5.0, high=5.0)),
     "Targets run -5 to 5, but relu never gives less than 0; let b have no activation."),
    ("softmax_of_one", graph(GOOD.replace("units=10", "units=1")),
     "The softmax of b over one unit is always 1; use sigmoid."),
    ("softmax_twice", graph(GOOD.replace("-> y", "-> s:Softmax -> y")),
     "s squashes values that a softmax or sigmoid has already squashed; keep one."),
    ("after_softmax", graph(GOOD.replace("-> y", "-> d:Dropout -> y")),
     "Nothing should come after the softmax, but d does; take it out."),
    ("loss", planned(digits(graph(GOOD)), loss=KerasObject("CategoricalCrossentropy")),
     "y is compared with class numbers, which CategoricalCrossentropy is not made for; "
     "use SparseCategoricalCrossentropy."),
    ("loss", planned(digits(graph(GOOD)), loss=KerasObject("BinaryCrossentropy")),
     "y is compared with class numbers, which BinaryCrossentropy is not made for; use SparseCategoricalCrossentropy."),
    ("raw_scores", planned(digits(graph(GOOD.replace(", activation='softmax'", ""))),
                           loss=KerasObject("SparseCategoricalCrossentropy")),
     "The loss of y expects probabilities, but b gives raw scores; add a softmax."),
    ("scores_twice", planned(digits(graph(GOOD)),
                             loss=KerasObject("SparseCategoricalCrossentropy", {"from_logits": True})),
     "The loss of y expects raw scores, but b ends with softmax; keep one of both."),
    ("metric", planned(digits(graph(GOOD.replace("units=10, activation='softmax'", "units=1")), Column("t")),
                       metrics=(KerasObject("Accuracy"),)),
     "Accuracy counts exact hits, and numbers hardly ever hit exactly; use MeanAbsoluteError."),
    ("batch_of_one", edits.set_training(digits(graph(GOOD.replace("-> b", "-> n:BatchNormalization -> b"))),
                                        replace(Project().training, batch_size=1)),
     "A batch of one row minus its own mean is zero, so n erases everything; use 32."),
    ("batch_size", edits.set_training(digits(graph(GOOD)), replace(Project().training, batch_size=0)),
     "A batch needs at least one row."),
    ("optimizer_value", edits.set_training(digits(graph(GOOD)),
                                           replace(Project().training, optimizer=KerasObject("Adem"))),
     "Adem is not an optimizer that Keras knows."),
    ("callback_value", edits.set_training(digits(graph(GOOD)),
                                          replace(Project().training, callbacks=(KerasObject("Stop"),))),
     "Stop is not a callback that Keras knows."),
    ("loss_value", planned(digits(graph(GOOD)), loss=KerasObject("Loss9")),
     "Loss9 is not a loss that Keras knows."),
    ("metric_value", planned(digits(graph(GOOD)), metrics=(KerasObject("Metric9"),)),
     "Metric9 is not a metric that Keras knows."),
    ("epochs", edits.set_training(digits(graph(GOOD)), replace(Project().training, epochs=0)),
     "Training needs at least one epoch."),
    ("steps_per_execution", edits.set_training(
        digits(graph(GOOD)), replace(Project().training, steps_per_execution=0)),
     "Keras does at least one batch at a time."),
    ("eager_compiled", edits.set_training(
        digits(graph(GOOD)), replace(Project().training, run_eagerly=True, jit_compile=True)),
     "What runs eagerly is not compiled, so Keras compiles nothing here; choose one of the two."),
    ("runs_on", edits.set_training(
        digits(graph(GOOD)), replace(Project().training, runs_on="host", steps_per_execution=8)),
     "Several devices do one batch at once, and Keras fails with more; set Batches at once to 1."),
    ("own_statistics", edits.set_training(
        digits(graph(GOOD.replace("-> y", "-> n:BatchNormalization -> y"))),
        replace(Project().training, runs_on="host")),
     "Each device takes the mean of its own share of a batch in n, so the losses differ from those of one device;"
     " synchronized layers come close to them."),
    ("class_weights", edits.set_training(digits(graph(GOOD)), replace(Project().training, class_weights=(1.0, 2.0))),
     "There are 10 classes, but 2 class weights; type them again."),
    ("class_weights", edits.set_training(digits(graph(GOOD)), replace(Project().training, class_weights=(-1.0,) * 10)),
     "Class weights are numbers of at least 0, and one of them is above 0; type them again."),
    ("class_weights", edits.set_training(
        digits(graph("x:Input -> b:Dense(units=1) -> y:Output"), Column("t")),
        replace(Project().training, class_weights="balanced")),
     "y is compared with numbers, which have no classes. Switch class weights off."),
    ("class_weights", edits.set_training(
        digits(graph(GOOD + "; b -> z:Output")), replace(Project().training, class_weights="balanced")),
     "Keras weighs classes only in a network with one output, and this one has 2. Switch class weights off."),
    ("sample_weights", replace(weighing(Column("w", low=0, high=2)), data=replace(
        digits(graph(GOOD)).data, sample_weights="w")),
     "The data has no column w any more. Choose another column as sample weight, or none."),
    ("sample_weights", weighing(Column("w", "category", classes=("a", "b"))),
     "w holds classes; a weight is a number. Choose another column as sample weight, or none."),
    ("sample_weights", weighing(Column("w", "category", classes=("1", "2"), is_integer=True)),
     "w is read as classes; let it hold numbers, in the list of columns under Data. "
     "Choose another column as sample weight, or none."),
    ("sample_weights", weighing(Column("w", shape=(3,), low=0, high=1)),
     "w holds several numbers per row; a weight is one. Choose another column as sample weight, or none."),
    ("sample_weights", weighing(Column("w")),
     "w is empty; a weight is a number. Choose another column as sample weight, or none."),
    ("sample_weights", weighing(Column("w", low=0, high=float("inf"))),
     "w holds numbers that are not finite; a weight is finite. Choose another column as sample weight, or none."),
    ("sample_weights", weighing(Column("w", low=-0.5, high=1)),
     "w goes down to -0.5; a weight is at least 0. Choose another column as sample weight, or none."),
    ("sample_weights", weighing(Column("w", low=0, high=0)),
     "w is 0 in every row, so that no row would count. Choose another column as sample weight, or none."),
    ("weights_twice", edits.set_training(
        weighing(Column("w", low=0, high=1)), replace(Project().training, class_weights="balanced")),
     "Keras takes class weights or sample weights, but not both at once; switch one of them off."),
    ("monitor", edits.set_split(
        edits.set_training(digits(graph(GOOD)), replace(Project().training, callbacks=(KerasObject("EarlyStopping"),))),
        replace(DataSource().split, validation=0.0)),
     "EarlyStopping watches val_loss, but no rows are kept for validation; keep some."),
    ("no_ema", edits.set_training(digits(graph(GOOD)), replace(
        Project().training, callbacks=(KerasObject("SwapEMAWeights"),))),
     "SwapEMAWeights needs averaged weights; set Use ema of Adam to yes."),
    ("factor", edits.set_training(digits(graph(GOOD)), replace(
        Project().training, callbacks=(KerasObject("ReduceLROnPlateau", {"factor": 1.0}),))),
     "The factor of ReduceLROnPlateau must be below 1, or the learning rate never falls."),
    ("checkpoint_name", edits.set_training(digits(graph(GOOD)), replace(
        Project().training, callbacks=(KerasObject(
            "ModelCheckpoint", {"filepath": "a.keras", "save_weights_only": True}),))),
     "ModelCheckpoint writes weights alone into a file that ends in .weights.h5; name it so."),
    ("rate_set_twice", edits.set_training(digits(graph(GOOD)), replace(
        Project().training, callbacks=(KerasObject("LearningRateScheduler", {"schedule": KerasObject("fall")}),),
        optimizer=KerasObject("Adam", {"learning_rate": KerasObject(
            "CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 10})}))),
     "LearningRateScheduler cannot change the learning rate while CosineDecay sets it; take one of the two away."),
    ("rate_set_twice", edits.set_training(digits(graph(GOOD)), replace(
        Project().training, callbacks=(KerasObject("ReduceLROnPlateau"),),
        optimizer=KerasObject("Adam", {"learning_rate": KerasObject(
            "CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 10})}))),
     "ReduceLROnPlateau cannot change the learning rate while CosineDecay sets it; take one of the two away."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "project", "message"), DRAWINGS)
def test_a_problem_is_told_in_one_sentence(code: str, project: Project, message: str) -> None:
    messages = [problem.message for problem in rules.problems(project, CATALOG) if problem.code == code]
    assert message in messages, messages or codes(project)


WITHOUT_FIX = {
    "unconnected", "unknown_type", "empty_block", "unknown_reference", "no_shape", "unbound", "callback_value",
    "rate_set_twice", "no_ema", "factor", "checkpoint_name",
}  # fmt: skip
"""Problems where a person has to choose."""


@pytest.mark.parametrize(("code", "project", "message"), DRAWINGS)
def test_a_fix_does_away_with_its_problem(code: str, project: Project, message: str) -> None:
    problem = next(problem for problem in rules.problems(project, CATALOG) if problem.message == message)
    offered = fixes(project, CATALOG, problem)
    assert bool(offered) is (code not in WITHOUT_FIX)
    for fix in offered:
        repaired = rules.problems(fix.edit(project), CATALOG)
        assert (problem.code, problem.message) not in {(left.code, left.message) for left in repaired}, fix.label


def test_the_gravest_problems_come_first() -> None:
    order = [problem.severity for problem in rules.problems(graph("x:Input; a:Dense -> b:Dense"), CATALOG)]
    assert order == sorted(order, key=["error", "warning", "hint"].index)


def test_an_edge_with_a_problem_is_named() -> None:
    project = with_graph(graph(GOOD), edges=[Edge("e90", PortRef("n1", "output"), PortRef("n3", "side"))])
    assert found(project, "missing_port").edge == "e90"


def test_shapes_tell_more() -> None:
    project = digits(graph(GOOD.replace("-> y", "-> r:Reshape(target_shape=(2, 5)) -> y")))
    r = node_id(project, "r")
    problems = rules.problems(project, CATALOG, {r: (None, 2, 5)})
    flat = next(problem for problem in problems if problem.code == "not_flat")
    assert flat.message == "y gets 2 × 5 values per row, not a row of 10; flatten them first."
    (fix,) = fixes(project, CATALOG, flat)
    assert [node.type for node in fix.edit(project).main.nodes.values()][-1] == "Flatten"
    fine = rules.problems(project, CATALOG, {r: (None, 10)})
    assert [problem.code for problem in fine] == []
    narrow = rules.problems(project, CATALOG, {r: (None, 9)})
    assert [problem.message for problem in narrow] == [
        "The data has 10 classes (0 to 9), but r has 9 units; give it 10."
    ]


def test_why_not_train_names_the_gravest_problem() -> None:
    assert rules.why_not_train(digits(graph(GOOD)), CATALOG) is None
    no_data = rules.why_not_train(graph(GOOD), CATALOG)
    assert no_data is not None
    assert no_data.code == "no_data"
    unfinished = rules.why_not_train(digits(edits.disconnect(graph(GOOD), ["e5"])), CATALOG)
    assert unfinished is not None
    assert unfinished.code == "unconnected"


def test_a_grey_picture_needs_a_channel() -> None:
    project = graph("x:Input(shape=(8, 8)) -> f:Flatten -> b:Dense(units=10, activation='softmax') -> y:Output")
    columns = (Column("picture", "image", (8, 8)), DIGITS)
    data = DataSource("bundled", "digits", columns=columns, features=("picture",), targets=("digit",))
    problem = found(edits.set_data(project, data), "input_shape")
    assert problem.message == "Grey pictures still need a channel: give x the shape (8, 8, 1)."


def test_a_merge_that_copies_one_number_is_hinted_at() -> None:
    project = graph("x:Input(shape=(3,)) -> a:Dense(units=10) & b:Dense(units=1); a & b -> m:Add -> y:Output")
    shapes = {node_id(project, "a"): (None, 10), node_id(project, "b"): (None, 1)}
    told = [problem.message for problem in rules.problems(project, CATALOG, shapes) if problem.code == "broadcast"]
    assert told == ["m copies the single number of b to all 10 places; is that meant?"]


def test_a_column_that_weighs_rows_is_no_feature_and_goes_with_its_data() -> None:
    project = digits(graph(GOOD))
    weighed = edits.set_sample_weights(project, "q")
    assert (weighed.data.features, weighed.data.sample_weights) == (("p", "r"), "q")
    assert edits.set_sample_weights(weighed, "q") is weighed
    assert edits.set_sample_weights(weighed, "nowhere") is weighed
    assert edits.set_sample_weights(weighed, None).data.sample_weights is None
    other = replace(weighed.data, columns=tuple(column for column in weighed.data.columns if column.name != "q"))
    assert edits.set_data(weighed, other).data.sample_weights is None
