"""Saving and loading is the identity, and the bytes depend on nothing but the project."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given

from studio import storage
from studio.catalog.values import KerasObject
from studio.core.project import Edge, Graph, Node, PortRef, Project
from studio.storage.lines import Part, render
from studio.storage.migrations import migrate
from tests.storage.random_projects import projects
from tests.support.strategies import projects as edited_projects

SMALL = Project(
    title="Two layers",
    main=Graph(
        {
            "n10": Node("n10", "Dense", "late", {"units": 3, "kernel_initializer": KerasObject("HeNormal")}, 0.5, 20),
            "n2": Node("n2", "Input", "inputs", x=12, y=0),
        },
        {"e3": Edge("e3", PortRef("n2", "output"), PortRef("n10", "inputs"))},
    ),
    next_id=11,
)


@given(projects())
def test_what_was_saved_comes_back(project: Project) -> None:
    text = storage.dumps(project)
    again = storage.loads(text)
    assert again == project
    # Equality alone would let 1, 1.0 and True pass for each other.
    assert storage.dumps(again) == text


@given(edited_projects)
def test_whatever_edits_make_can_be_saved(tmp_path_factory: pytest.TempPathFactory, project: Project) -> None:
    path = tmp_path_factory.mktemp("edited") / "edited.studio"
    storage.save(project, path)
    assert storage.load(path) == project


@given(projects())
def test_nodes_and_edges_stand_there_as_the_encoder_would_write_them(project: Project) -> None:
    def plain(node: Node) -> dict[str, object]:
        written = storage.dumps(Project(main=Graph({node.id: node}), next_id=project.next_id))
        return json.loads(written)["main"]["nodes"][0]

    for node in project.main.nodes.values():
        for indent in (6, 40):
            assert Part(node, plain).at(indent) == render(plain(node), indent)


def test_the_file_is_readable_and_stable() -> None:
    text = storage.dumps(SMALL)
    assert text == storage.dumps(storage.loads(text))
    assert text.startswith('{\n  "format": 1,\n  "title": "Two layers",\n')
    assert text.endswith("}\n")
    assert '      {"id": "n2", "type": "Input", "name": "inputs", "x": 12, "y": 0},\n' in text
    assert text.index('"n2"') < text.index('"n10"'), "nodes are sorted by number, not by text"
    assert '["n2", "output"]' in text


def test_the_order_in_which_nodes_were_made_does_not_matter() -> None:
    turned = replace(SMALL, main=Graph(dict(reversed(list(SMALL.main.nodes.items()))), SMALL.main.edges))
    assert storage.dumps(turned) == storage.dumps(SMALL)


def test_a_not_a_number_survives() -> None:
    node = replace(SMALL.main.nodes["n10"], params={"value": math.nan, "many": (math.inf, -math.inf)})
    again = storage.loads(storage.dumps(replace(SMALL, main=Graph({"n10": node}))))
    value = again.main.nodes["n10"].params["value"]
    assert isinstance(value, float)
    assert math.isnan(value)
    assert again.main.nodes["n10"].params["many"] == (math.inf, -math.inf)


def test_keys_of_a_newer_version_survive_wherever_they_stand() -> None:
    plain = json.loads(storage.dumps(SMALL))
    plain["colour"] = {"of": ["the", "window"]}
    plain["main"]["nodes"][0]["sticker"] = 7
    plain["main"]["edges"][0]["label"] = "x"
    plain["main"]["zoom"] = 2
    plain["data"]["encoding"] = "utf-8"
    plain["data"]["split"]["by"] = "time"
    plain["training"]["precision"] = {"$object": "not ours"}
    text = storage.dumps(storage.loads(json.dumps(plain)))
    again = json.loads(text)
    assert again["colour"] == plain["colour"]
    assert again["main"]["nodes"][0]["sticker"] == 7
    assert again["main"]["edges"][0]["label"] == "x"
    assert again["main"]["zoom"] == 2
    assert again["data"]["encoding"] == "utf-8"
    assert again["data"]["split"]["by"] == "time"
    assert again["training"]["precision"] == {"$object": "not ours"}
    assert set(again) == set(plain), "nothing else was added"


def test_layers_that_nobody_knows_survive() -> None:
    node = Node("n1", "QuantumDense", "odd", {"qubits": 3})
    project = Project(main=Graph({"n1": node}), next_id=2)
    assert storage.loads(storage.dumps(project)) == project


def test_an_older_format_goes_through_every_step() -> None:
    steps = {
        0: lambda plain: plain | {"title": plain["name"]},
        1: lambda plain: plain | {"title": plain["title"] + "!"},
    }
    assert migrate({"format": 0, "name": "Old"}, steps, current=2) == {"name": "Old", "title": "Old!"}
    assert migrate({"format": 1, "title": "New"}, steps, current=2) == {"title": "New!"}


def test_a_newer_format_is_refused_in_a_sentence() -> None:
    with pytest.raises(storage.ProjectFileError, match="newer version of Layer Studio"):
        storage.loads('{"format": 99}')


def test_a_format_without_a_step_is_refused() -> None:
    with pytest.raises(storage.ProjectFileError, match="Format 0 "):
        storage.loads('{"format": 0}')
