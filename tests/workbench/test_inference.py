"""What the engine is told is exactly what changed, and its answers become problems with the person's names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio import catalog
from studio.core import edits
from studio.core.fixes import fixes
from studio.core.problem import Problem
from studio.core.project import PortRef, Project
from studio.protocol import Answer, messages
from studio.workbench.examples import example
from studio.workbench.inference import InferenceState
from studio.workbench.naming import call_names
from studio.workbench.problems import merged
from tests.support.graphs import graph

CATALOG = catalog.load()


def gallery(name: str) -> Project:
    found = example(name)
    assert found is not None
    return found.project()


def inferred(state: InferenceState, answers: dict[str, Answer], revision: int | None = None) -> frozenset[str]:
    return state.take(messages.Inferred(1, state.revision if revision is None else revision, answers))


def node_named(project: Project, name: str) -> str:
    return next(node.id for node in project.main.nodes.values() if node.name == name)


def test_the_first_update_sends_everything() -> None:
    state = InferenceState()
    project = gallery("two_branches")
    update = state.update(project, CATALOG)
    assert update is not None
    assert update.reset
    assert {call.id for call in update.set if call.kind != "object"} == set(project.main.nodes)
    assert state.update(project, CATALOG) is None, "nothing has changed"


def test_an_edit_sends_the_edited_call_only() -> None:
    state = InferenceState()
    project = gallery("two_branches")
    state.update(project, CATALOG)
    node = node_named(project, "b1_l2")
    update = state.update(edits.set_param(project, node, "units", 12), CATALOG)
    assert update is not None
    assert (update.reset, update.remove) == (False, ())
    assert [call.id for call in update.set] == [node]
    assert "12" in update.set[0].expression


def test_moving_a_node_sends_nothing() -> None:
    state = InferenceState()
    project = gallery("two_branches")
    state.update(project, CATALOG)
    node = node_named(project, "b1_l2")
    assert state.update(edits.move(project, {node: (500.0, 500.0)}), CATALOG) is None


def test_a_deleted_node_is_removed_with_its_answer() -> None:
    state = InferenceState()
    project = gallery("xor")
    state.update(project, CATALOG)
    hidden = node_named(project, "hidden")
    inferred(state, {hidden: Answer(parameters=24)})
    assert state.total_parameters(project) == 24
    update = state.update(edits.delete(project, CATALOG, [hidden]), CATALOG)
    assert update is not None
    assert update.remove == (hidden,)
    assert hidden not in state.answers


def test_calls_inside_blocks_are_expanded() -> None:
    state = InferenceState()
    project = gallery("residual")
    update = state.update(project, CATALOG)
    assert update is not None
    names = call_names(project)
    sent = {names[call.id] for call in update.set if call.kind != "object"}
    assert {"residual_1/conv2d", "residual_2/conv2d"} <= sent


def test_answers_tell_what_is_new() -> None:
    state = InferenceState()
    project = gallery("xor")
    state.update(project, CATALOG)
    hidden = node_named(project, "hidden")
    answer = Answer(((((None, 8)), "float32"),), 24, 24)
    assert inferred(state, {hidden: answer, "n999": answer}) == {hidden}
    assert inferred(state, {hidden: answer}) == frozenset()
    assert state.answers == {hidden: answer}


def test_a_new_engine_is_told_everything_and_an_old_one_is_not_believed() -> None:
    state = InferenceState()
    project = gallery("xor")
    first = state.update(project, CATALOG)
    assert first is not None
    hidden = node_named(project, "hidden")
    state.reset()
    assert state.answers == {}
    again = state.update(project, CATALOG)
    assert again is not None
    assert again.reset
    assert len(again.set) == len(first.set)
    assert inferred(state, {hidden: Answer(parameters=1)}, revision=first.revision) == frozenset()
    assert inferred(state, {hidden: Answer(parameters=1)}) == {hidden}


def test_problems_carry_the_names_of_the_drawing() -> None:
    state = InferenceState()
    project = gallery("residual")
    state.update(project, CATALOG)
    use = node_named(project, "residual_1")
    stem, pool = node_named(project, "stem"), node_named(project, "max_pooling2d")
    inner = next(node.id for node in next(iter(project.blocks.values())).graph.nodes.values() if node.name == "add")
    inferred(
        state,
        {
            stem: Answer(problem="This layer needs a picture.", details="ValueError: ..."),
            f"{use}/{inner}": Answer(problem="Unequal."),
            pool: Answer(blocked_by=(f"{use}/{inner}", stem)),
            use: Answer(),
        },
    )
    assert state.problems(project) == (
        Problem("keras", "stem: This layer needs a picture.", "error", node=stem, details="ValueError: ..."),
        Problem("keras", "residual_1/add: Unequal.", "error", node=use),
        Problem("blocked", "max_pooling2d waits for residual_1/add and stem.", "hint", node=pool),
    )


def test_a_renamed_node_has_its_new_name_in_all_sentences() -> None:
    state = InferenceState()
    project = gallery("xor")
    state.update(project, CATALOG)
    hidden, probability = node_named(project, "hidden"), node_named(project, "probability")
    inferred(state, {hidden: Answer(problem="Unequal."), probability: Answer(blocked_by=(hidden,))})
    before = state.problems(project)
    renamed = edits.rename(project, hidden, "first")
    assert [problem.message for problem in state.problems(renamed)] == [
        "first: Unequal.",
        "probability waits for first.",
    ]
    assert state.problems(project) == before
    inferred(state, {hidden: Answer(problem="Another.")})
    assert [problem.message for problem in state.problems(project)] == [
        "hidden: Another.",
        "probability waits for hidden.",
    ]
    inferred(state, {hidden: Answer(), probability: Answer()})
    assert state.problems(project) == ()


def test_a_node_does_not_wait_for_itself() -> None:
    state = InferenceState()
    project = gallery("xor")
    state.update(project, CATALOG)
    hidden, probability = node_named(project, "hidden"), node_named(project, "probability")
    inferred(state, {hidden: Answer(blocked_by=(hidden,)), probability: Answer(blocked_by=(hidden,))})
    assert [problem.node for problem in state.problems(project)] == [probability]


@pytest.mark.parametrize(("count", "words"), [(1, "a"), (2, "a and b"), (3, "a, b and c"), (5, "a, b, c and 2 more")])
def test_blockers_are_listed_as_people_do(count: int, words: str) -> None:
    project = Project()
    for name in "abcdez":
        project = edits.add_node(project, "Dense", name=name, params={"units": 1})
    state = InferenceState()
    state.update(project, CATALOG)
    inferred(state, {"n6": Answer(blocked_by=tuple(f"n{n}" for n in range(1, count + 1)))})
    assert [problem.message for problem in state.problems(project)] == [f"z waits for {words}."]


def test_one_node_has_one_explanation() -> None:
    rule = Problem("no_shape", "input has no shape yet.", "error", node="n1")
    hint = Problem("habit", "hidden is wide.", "hint", node="n2")
    about_same = Problem("keras", "input: You must pass a shape.", "error", node="n1")
    other = Problem("keras", "hidden: wrong.", "error", node="n2")
    assert merged([rule, hint], [about_same, other]) == (rule, other, hint)


def test_an_edit_between_update_and_answer_loses_nothing() -> None:
    state = InferenceState()
    project = gallery("xor")
    first = state.update(project, CATALOG)
    assert first is not None
    hidden, point = node_named(project, "hidden"), node_named(project, "point")
    state.update(edits.set_param(project, hidden, "units", 9), CATALOG)
    assert inferred(state, {point: Answer((((None, 2), "float32"),))}, revision=first.revision) == {point}


def test_ports_that_lost_their_edge_are_told() -> None:
    state = InferenceState()
    project = gallery("xor")
    state.update(project, CATALOG)
    (edge,) = [
        edge for edge in project.main.edges.values() if edge.target == PortRef(node_named(project, "hidden"), "inputs")
    ]
    update = state.update(edits.disconnect(project, [edge.id]), CATALOG)
    assert update is not None
    assert [call.id for call in update.set] == [node_named(project, "hidden")]


def in_half_precision(project: Project, type_name: str = "float16") -> tuple[Problem, ...]:
    """The problems where the Output comes in numbers of this type."""
    state = InferenceState()
    state.update(project, CATALOG)
    output = next(node.id for node in project.main.nodes.values() if node.type == "Output")
    inferred(state, {output: Answer((((None, 3), type_name),))})
    return state.problems(project)


def test_another_policy_is_sent_once_and_alone() -> None:
    state = InferenceState()
    project = gallery("two_branches")
    state.update(project, CATALOG)
    mixed = edits.set_training(project, replace(project.training, dtype_policy="mixed_float16"))
    update = state.update(mixed, CATALOG)
    assert update is not None
    assert (update.dtype_policy, update.set, update.remove, update.reset) == ("mixed_float16", (), (), False)
    assert state.update(mixed, CATALOG) is None


def test_an_output_in_half_precision_is_told_and_a_click_makes_it_whole() -> None:
    project = gallery("wine_regularized")
    assert in_half_precision(project, "float32") == ()
    (problem,) = in_half_precision(project)
    last = project.main.nodes[problem.node or ""]
    assert (problem.severity, problem.parameter) == ("hint", "dtype")
    assert problem.message.startswith(f"{last.name} gives")
    assert "float16" in problem.message
    (fix,) = fixes(project, CATALOG, problem)
    assert fix.label == f"Let {last.name} compute in float32"
    assert fix.edit(project).main.nodes[last.id].params["dtype"] == "float32"


def test_behind_an_operation_a_layer_of_float32_is_put() -> None:
    project = graph("x:Input -> p:ops.softmax -> y:Output")
    (problem,) = in_half_precision(project)
    (fix,) = fixes(project, CATALOG, problem)
    mended = fix.edit(project)
    (new,) = mended.main.nodes.keys() - project.main.nodes.keys()
    assert mended.main.nodes[new].params == {"activation": "linear", "dtype": "float32"}
    assert [edge.source.node for edge in mended.main.edges.values() if edge.target.node == node_named(mended, "y")] == [
        new
    ]
