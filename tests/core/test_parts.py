"""Repeated parts are found, and the project with blocks is the same model."""

from __future__ import annotations

import random

import pytest
from hypothesis import given

from studio.codegen import generate_model
from studio.core import edits, rules
from studio.core.document import Document
from studio.core.parts import Stopped, find_parts
from studio.core.project import Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph
from tests.support.strategies import projects
from tests.support.structure import structure
from tests.support.thorough import sample

KINDS = ("Dense", "LayerNormalization", "Dropout", "ReLU", "Activation", "GaussianNoise")


def planted(seed: int, names_follow: bool = False) -> tuple[Project, list[set[str]]]:
    """A drawing in which one random part stands several times, and the names of the nodes at each place.

    ``names_follow`` gives nodes names that are the same at each place but for the place's own, one of them that alone;
    Keras can build it.
    """
    chance = random.Random(seed)
    bare = chance.randrange(8)
    size, copies = chance.randint(8, 12), chance.randint(4, 6)
    plan: list[tuple[str, list[int]]] = []
    for number in range(size):
        free = [at for at in range(number) if all(at not in takes for _, takes in plan)]
        if number == size - 1 or (number > 2 and chance.random() < 0.25):
            sources = free if len(free) > 1 else [number - 1, chance.choice([-1, *range(number - 1)])]
            plan.append((chance.choice(("Concatenate",) if names_follow else ("Add", "Concatenate")), sources))
        else:
            plan.append((chance.choice(KINDS), [-1 if number == 0 or chance.random() < 0.2 else number - 1]))
    plan[0] = ("Dense", [-1])
    lines = ["start:Input(shape=(8,))"]
    before, places = "start", []
    for copy in range(copies):
        for filler in range(chance.randint(1, 2)):
            name = f"filler_{copy}_{filler}"
            lines.append(f"{before} -> {name}:Dense(units={100 + 10 * copy + filler})")
            before = name
        place = set()
        made: list[str] = []
        units = chance.randint(4, 64)
        for number, (kind, sources) in enumerate(plan):
            name = f"p{copy}_{number}{chance.choice('abc')}"
            if names_follow:
                name = f"p{copy}" if number == bare else f"p{copy}_{number}x"
            place.add(name)
            params = {"Dense": f"(units={units if number % 2 else 8})", "Activation": '(activation="tanh")',
                      "Dropout": "(rate=0.5)", "GaussianNoise": "(stddev=0.1)"}.get(kind, "")  # fmt: skip
            names = [made[source] if source >= 0 else before for source in sources]
            made.append(name)
            lines.append(f"{' & '.join(names)} -> {name}:{kind}{params}")
            last = name
        places.append(place)
        before = last
    lines.append(f"{before} -> end:Output")
    return graph("\n".join(lines)), places


def with_notes_on_fillers(project: Project) -> Project:
    """What lies between the places is nothing that repeats."""
    for node in project.main.nodes.values():
        if node.name.startswith("filler"):
            project = edits.set_note(project, node.id, f"About {node.name}.")
    return project


@pytest.mark.parametrize("seed", sample(range(200), 40))
def test_what_was_planted_is_found(seed: int) -> None:
    project, places = planted(seed)
    project = with_notes_on_fillers(project)
    found = find_parts(project, CATALOG)
    covered = {id for part in found.parts for key, ids in part.places if key == "main" for id in ids}
    names = {project.main.nodes[id].name for id in covered}
    missing = {len(place - names) for place in places}
    assert len(missing) == 1  # all places are treated alike, and what is left at an edge is not worth a block
    left = missing.pop()
    assert left <= 3
    assert len(places) * left - left - 6 < 6
    assert structure(found.project) == structure(project)
    kept = [node.name for node in found.project.main.nodes.values() if node.type != "block"]
    assert sorted(kept) == sorted(node.name for node in project.main.nodes.values() if node.name not in names)


def test_a_search_can_be_stopped_at_once() -> None:
    project, _ = planted(1)
    asked = []

    def stopped() -> bool:
        asked.append(True)
        return len(asked) > 3

    with pytest.raises(Stopped):
        find_parts(project, CATALOG, stopped=stopped)
    assert len(asked) == 4


def towers(prefix: str = "stage{}_") -> Project:
    lines = ["start:Input(shape=(8,))"]
    before = "start"
    for number in range(1, 6):
        own = prefix.format(number)
        lines += [
            f"{before} -> {own}dense_a:Dense(units={8 * number}, activation='relu') -> {own}drop:Dropout(rate=0.1)",
            f"{own}drop -> {own}dense_b:Dense(units={8 * number}) -> {own}norm:LayerNormalization",
            f"{before} -> {own}way:Dense(units={8 * number})",
            f"{own}norm & {own}way -> {own}sum:Add -> {own}end:ReLU",
        ]
        before = f"{own}end"
    return graph("\n".join([*lines, f"{before} -> end:Output"]))


def test_what_differs_becomes_a_parameter_and_names_are_kept() -> None:
    project = towers()
    found = find_parts(project, CATALOG)
    (part,) = found.parts
    assert (part.times, part.layers, part.parameters) == (5, 7, ("units",))
    assert part.keeps_names
    uses = [node for node in found.project.main.nodes.values() if node.type == "block"]
    assert [(use.name, dict(use.params)) for use in uses] == [
        (f"stage{number}", {"units": 8 * number}) for number in range(1, 6)
    ]
    assert rules.problems(found.project, CATALOG) == rules.problems(project, CATALOG)
    text = generate_model(found.project, CATALOG).text
    assert 'name=f"{name}_dense_a"' in text


def test_a_name_that_says_no_more_than_its_type_is_kept_too() -> None:
    found = find_parts(towers("block_{}_"), CATALOG)
    assert found.parts[0].keeps_names


def test_blocks_that_are_not_wanted_are_taken_apart_again() -> None:
    project = towers()
    found = find_parts(project, CATALOG)
    assert found.chosen(CATALOG, [part.block for part in found.parts]) is project
    nested, _ = planted(0)
    more = find_parts(nested, CATALOG)
    for part in more.parts:
        without = more.chosen(CATALOG, [part.block])
        assert part.block not in without.blocks
        assert structure(without) == structure(nested)
    renamed = found.chosen(CATALOG, names={found.parts[0].block: "tower"})
    assert [block.name for block in renamed.blocks.values()] == ["tower"]
    names = {node.name for node in project.main.nodes.values()}
    block = found.parts[0].block
    use = next(iter(node for node in found.project.main.nodes.values() if node.block == block))
    opened = edits.unpack_block(found.project, CATALOG, use.id)
    assert {node.name for node in opened.main.nodes.values() if node.type != "block"} <= names


def test_it_is_one_step_of_undo() -> None:
    project = towers()
    document = Document(project)
    found = find_parts(project, CATALOG)
    document.apply(lambda _: found.project, "Find repeated parts")
    assert document.project is found.project
    document.undo()
    assert document.project is project


def test_notes_and_shared_layers_stay_where_they_are() -> None:
    project = towers()
    noted = next(node for node in project.main.nodes.values() if node.name == "stage3_drop")
    found = find_parts(edits.set_note(project, noted.id, "Half of it."), CATALOG)
    drawn = [node.note for graph in found.project.graphs().values() for node in graph.nodes.values()]
    assert drawn.count("Half of it.") == 1


def named_pairs() -> Project:
    """Layers of which the second has the name of the first and more, as in MobileNet."""
    lines = ["start:Input(shape=(8,))"]
    before = "start"
    for number in range(1, 7):
        lines.append(f"{before} -> part_{number}:Dense(units={8 * number}) -> part_{number}_norm:LayerNormalization")
        lines.append(f"part_{number}_norm -> part_{number}_relu:ReLU -> way_{number}:Dense(units={number})")
        before = f"way_{number}"
    return graph("\n".join([*lines, f"{before} -> end:Output"]))


def test_a_layer_that_is_called_as_its_place_keeps_its_name() -> None:
    project = named_pairs()
    found = find_parts(project, CATALOG)
    part = found.parts[0]
    assert part.keeps_names
    block = found.project.blocks[part.block]
    names = {node.name for node in project.main.nodes.values()}
    for name in (block.name, "another"):
        renamed = found.chosen(CATALOG, names={part.block: name})
        assert "name=name)(inputs)" in generate_model(renamed, CATALOG).text
        for use in [node for node in renamed.main.nodes.values() if node.block == part.block]:
            renamed = edits.unpack_block(renamed, CATALOG, use.id)
        assert {node.name for node in renamed.main.nodes.values()} == names


def test_one_number_in_a_shape_follows_the_parameter_that_says_the_same() -> None:
    lines = ["start:Input(shape=(8,))"]
    before = "start"
    for number in range(1, 6):
        size = 8 * number
        lines.append(
            f"{before} -> p{number}_in:Dense(units={size}) -> p{number}_row:Reshape(target_shape=(1, {size}))"
            f" -> p{number}_flat:Flatten -> p{number}_end:Dropout(rate=0.5)"
        )
        before = f"p{number}_end"
    project = graph("\n".join([*lines, f"{before} -> end:Output"]))
    found = find_parts(project, CATALOG)
    assert [part.parameters for part in found.parts] == [("units",)]
    assert "layers.Reshape((1, units), name=" in generate_model(found.project, CATALOG).text
    assert structure(found.project) == structure(project)
    assert rules.problems(found.project, CATALOG) == rules.problems(project, CATALOG)


@given(projects)
def test_any_drawing_means_the_same_with_its_parts_as_blocks(project: Project) -> None:
    found = find_parts(project, CATALOG)
    assert structure(found.project) == structure(project)
    assert not found.parts or found.project is not project
