"""The arrays follow every edit and are then what they would be if made at once."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

import numpy as np
from hypothesis import given

from studio.core import edits
from studio.core.change import diff
from studio.core.problem import Problem, Severity
from studio.core.project import MAIN, Graph, Project
from studio.gui.canvas.card import Flag
from studio.gui.canvas.scene import Scene
from studio.protocol import Answer
from tests.gui.canvas.drawing import node_named, shape_answer, two_branch_answers, two_branches
from tests.gui.canvas.hands import Hands
from tests.support.catalog import CATALOG
from tests.support.strategies import ACTIONS, Step, perform, sequences

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")


@dataclass
class Facts:
    catalog = CATALOG
    answers: dict[str, Answer] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def problems_of(self, node_id: str) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.node == node_id)


def assert_same(scene: Scene, fresh: Scene) -> None:
    assert scene.ids == fresh.ids
    assert scene.slot == fresh.slot
    assert scene.cards == fresh.cards
    assert scene.edges.ids == fresh.edges.ids
    assert list(scene.edges) == list(fresh.edges)
    assert scene.edges.slot == fresh.edges.slot
    for name in ("pos", "size", "family", "flags"):
        np.testing.assert_array_equal(getattr(scene, name), getattr(fresh, name), err_msg=name)
    for name in ("source", "target", "ends", "bounds", "curve"):
        np.testing.assert_array_equal(getattr(scene.edges, name), getattr(fresh.edges, name), err_msg=name)
    assert scene.framing.frames == fresh.framing.frames
    boxes = [each.framing.boxes(each.pos, each.size, each.notes, each.revision) for each in (scene, fresh)]
    np.testing.assert_array_equal(*boxes, err_msg="frames")
    assert (scene.notes.notes, scene.notes.slot) == (fresh.notes.notes, fresh.notes.slot)
    for name in ("pos", "size"):
        np.testing.assert_array_equal(getattr(scene.notes, name), getattr(fresh.notes, name), err_msg=f"notes {name}")
    assert scene.edges.chains.keys() == fresh.edges.chains.keys()
    for edge, chain in scene.edges.chains.items():
        np.testing.assert_array_equal(chain, fresh.edges.chains[edge])


def fresh_scene(facts: Facts, project: Project) -> Scene:
    scene = Scene(facts)
    scene.load(project)
    return scene


def _answers_for(project: Project, pick: random.Random) -> dict[str, Answer]:
    """Some answers of every kind, so that cards and their marks change too."""
    ids = list(project.main.nodes)
    some = [id for id in ids if pick.random() < 0.5]
    kinds = (shape_answer(None, pick.randrange(9), parameters=3), Answer(blocked_by=(pick.choice(ids or ["n1"]),)))
    return {id: pick.choice(kinds) for id in some}


@given(sequences)
def test_following_equals_making_at_once(steps: list[Step]) -> None:
    facts, project = Facts(), Project()
    scene = fresh_scene(facts, project)
    for step in steps:
        after = perform(project, step)
        scene.follow(after, diff(project, after))
        project = after
        assert_same(scene, fresh_scene(facts, project))


def test_following_thousands_of_edits_with_undo_and_answers() -> None:
    pick = random.Random(7)
    kinds = sorted(ACTIONS)
    facts, project = Facts(), two_branches()
    past = [project]
    scene = fresh_scene(facts, project)
    for count in range(3000):
        if (len(past) > 1 and pick.random() < 0.2) or len(project.main.nodes) > 60:
            after = past.pop()
        else:
            after = perform(project, Step(pick.choice(kinds), *(pick.randrange(41) for _ in range(3))))
            past.append(project)
        scene.follow(after, diff(project, after))
        project = after
        if count % 10 == 0:
            facts.answers = _answers_for(project, pick)
            scene.refresh(project, scene.ids)
        if count % 7 == 0:
            assert_same(scene, fresh_scene(facts, project))
    assert_same(scene, fresh_scene(facts, project))


def test_a_waiting_node_tells_the_new_name_of_what_it_waits_for() -> None:
    project = two_branches()
    wanted, waiting = node_named(project, "b1_l1").id, node_named(project, "b1_l2").id
    facts = Facts({waiting: Answer(blocked_by=(wanted,))})
    scene = fresh_scene(facts, project)
    assert scene.cards[scene.slot[waiting]].waits_for == "b1_l1"
    after = edits.rename(project, wanted, "first")
    scene.follow(after, diff(project, after))
    assert scene.cards[scene.slot[waiting]].waits_for == "first"


def test_a_card_says_what_look_md_asks_for() -> None:
    project = two_branches()
    facts = Facts(two_branch_answers(project))
    scene = fresh_scene(facts, project)
    card = scene.cards[scene.slot[node_named(project, "b1_l2").id]]
    assert (card.title, card.kind, card.shape, card.parameters) == ("b1_l2", "Dense · relu", "(None, 10)", 110)


def test_only_what_differs_gets_a_new_stamp() -> None:
    project = two_branches()
    facts = Facts(two_branch_answers(project))
    scene = fresh_scene(facts, project)
    facts.problems = (Problem("shape", "b1_l1 gets pictures.", node=node_named(project, "b1_l1").id),)
    changed = scene.refresh(project, scene.ids)
    assert [scene.ids[k] for k in changed] == [node_named(project, "b1_l1").id]
    assert scene.flags[changed[0]] & Flag.PROBLEM


def test_answers_during_a_drag_do_not_move_the_nodes_back() -> None:
    project = two_branches()
    facts = Facts()
    scene = fresh_scene(facts, project)
    slot = scene.slot[node_named(project, "b1_l1").id]
    before = scene.pos[slot].copy()
    scene.place(np.array([slot]), scene.pos[[slot]] + (40, 8))
    facts.answers = two_branch_answers(project)
    scene.refresh(project, scene.ids)
    np.testing.assert_array_equal(scene.pos[slot], before + np.array([40, 8]))


def test_inside_a_block_the_answers_of_its_first_use_are_shown() -> None:
    project = two_branches()
    inner = [node_named(project, name).id for name in ("b1_l2", "b1_l3")]
    project = edits.make_block(project, CATALOG, inner, "pair")
    (block,) = project.blocks
    use = next(node.id for node in project.main.nodes.values() if node.block == block)
    dense = next(node.id for node in project.blocks[block].graph.nodes.values() if node.name == "b1_l2")
    scene = Scene(Facts({f"{use}/{dense}": shape_answer(None, 10, parameters=110)}))
    scene.load(project, block)
    assert scene.graph_key != MAIN
    assert scene.cards[scene.slot[dense]].shape == "(None, 10)"


def test_an_edge_to_a_missing_node_appears_with_the_node() -> None:
    """A damaged file may have such an edge; it is out of sight until its node is there."""
    whole = two_branches()
    gone = node_named(whole, "b1_l2").id
    nodes = {id: node for id, node in whole.main.nodes.items() if id != gone}
    damaged = replace(whole, main=Graph(nodes, whole.main.edges))
    facts = Facts()
    scene = fresh_scene(facts, damaged)
    scene.follow(whole, diff(damaged, whole))
    assert_same(scene, fresh_scene(facts, whole))
    scene.follow(damaged, diff(whole, damaged))
    assert_same(scene, fresh_scene(facts, damaged))


def test_cards_say_what_the_session_tells_of_problems_and_no_more(hands: Hands) -> None:
    pick, scene, session = random.Random(3), hands.canvas.scene, hands.session
    nodes = [*hands.project.main.nodes, "n999", None]
    for _ in range(40):
        told = [(pick.choice(nodes), pick.choice(SEVERITIES)) for _ in range(pick.randrange(6))]
        session.tell(*(Problem("test", f"A sentence of {pick.randrange(3)}.", how, node=node) for node, how in told))
        session.answer(_answers_for(hands.project, pick) if pick.random() < 0.3 else {})
        assert_same(scene, fresh_scene(session, hands.project))
    session.tell()
    assert not any(card.problem for card in scene.cards)
    before = scene.stamp.copy()
    session.tell(Problem("test", "One is enough.", "hint", node=scene.ids[2]))
    assert np.flatnonzero(scene.stamp != before).tolist() == [2]
