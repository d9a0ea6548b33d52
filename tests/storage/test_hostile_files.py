"""Damaged and hostile files give one sentence that names the key, and nothing else."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio import data, storage
from studio.storage import ProjectFileError
from tests.storage.random_projects import projects

PLAIN: dict[str, Any] = {
    "format": 1,
    "title": "T",
    "direction": "down",
    "next_id": 9,
    "main": {
        "nodes": [
            {"id": "n1", "type": "Input", "name": "inputs", "x": 0, "y": 0},
            {"id": "n2", "type": "Dense", "name": "dense", "params": {"units": 3}, "x": 0, "y": 90},
        ],
        "edges": [{"id": "e3", "source": ["n1", "output"], "target": ["n2", "inputs"]}],
    },
    "blocks": [{"id": "b4", "name": "twice", "graph": {"nodes": [{"id": "n5", "type": "Dense", "name": "d"}]}}],
    "data": {"kind": "bundled", "name": "wine", "columns": [{"name": "a", "low": 0, "high": 1}], "features": ["a"]},
    "training": {"optimizer": {"$object": "Adam", "params": {"learning_rate": 0.1}}, "epochs": 3},
    "snippets": [{"id": "s6", "name": "mine", "kind": "loss", "source": "x = 1"}],
}


def changed(path: str, value: Any) -> str:
    """The text of PLAIN with another value at a path like ``main.nodes.0.id``."""
    plain = json.loads(json.dumps(PLAIN))
    *way, last = path.split(".")
    inner = plain
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if isinstance(inner, list):
        inner[int(last)] = value
    else:
        inner[last] = value
    return json.dumps(plain)


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_the_starting_point_is_fine() -> None:
    storage.loads(json.dumps(PLAIN))


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("title", 3, "title must be text, but it is a whole number."),
        ("title", "a\nb", "title holds the invisible character U+000A."),
        ("title", "abc\u202ecba", "title holds the invisible character U+202E."),
        ("title", "x" * 2000, "title is longer than 1,000 characters."),
        ("direction", "up", "direction must be one of down, right, but it is 'up'."),
        ("next_id", 1.5, "next_id must be a whole number, but it is a number."),
        ("next_id", True, "next_id must be a whole number, but it is true or false."),
        ("next_id", 0, "next_id must be at least 1, but it is 0."),
        ("main", [], "main must be an object, but it is a list."),
        ("main.nodes", {}, "main.nodes must be a list, but it is an object."),
        ("main.nodes.1", None, "main.nodes[1] must be an object, but it is null."),
        ("main.nodes.1.id", "n1", "main.nodes[1].id: the id n1 is used twice."),
        ("main.nodes.1.id", "dense", "main.nodes[1].id must look like"),
        ("main.nodes.1.id", "n-2", "main.nodes[1].id must look like"),
        ("main.nodes.1.name", "", "main.nodes[1].name is empty."),
        ("main.nodes.1.x", "0", "main.nodes[1].x must be a number, but it is text."),
        ("main.nodes.1.note", "a\x00b", "main.nodes[1].note holds a character that no text may hold."),
        ("main.nodes.1.note", "\ud800", "main.nodes[1].note holds a character that no text may hold."),
        ("main.nodes.1.note", "x" * 70_000, "main.nodes[1].note is longer than 65,536 characters."),
        ("main.nodes.1.params", [], "main.nodes[1].params must be an object, but it is a list."),
        ("main.nodes.1.params", {"units": {}}, "main.nodes[1].params.units holds an object that is no value."),
        ("main.nodes.1.params", {"u": {"$int": "7"}}, "main.nodes[1].params.u holds an object that is no value."),
        ("main.nodes.1.params", {"u": {"$float": "1"}}, "main.nodes[1].params.u holds an object that is no value."),
        ("main.nodes.1.params", {"u": {"$object": 3}}, "main.nodes[1].params.u.$object must be text"),
        ("main.nodes.1.params", {"units": nested(80)}, "nested more than 64 levels deep."),
        ("main.nodes.1.new_key", nested(80), "main.nodes[1].new_key is nested more than 64 levels deep."),
        ("main.nodes.1.shares", "n9", "main: n2 shares the layer of 'n9', which is not there."),
        ("main.nodes.1.shares", "n2", "main: n2 shares its own layer."),
        ("main.nodes.1.block", "b9", "n2 uses the block 'b9', which is not there."),
        ("main.nodes.1.type", "block", "n2 is the use of a block, but it does not say which."),
        ("main.edges.0.source", ["n7", "output"], "main.edges[0].source: there is no node 'n7' in this graph."),
        ("main.edges.0.source", ["n5", "output"], "main.edges[0].source: there is no node 'n5' in this graph."),
        ("main.edges.0.source", "n1", "main.edges[0].source must be a node and a port"),
        ("main.edges.0.rank", -1, "main.edges[0].rank must be at least 0, but it is -1."),
        ("main.edges.0.route", [[1]], "main.edges[0].route must be a list of points"),
        ("blocks.0.graph.nodes.0.block", "b4", "The block b4 contains itself."),
        ("data.kind", "web", "data.kind must be one of none, made, bundled, file, but it is 'web'."),
        ("data.features", "a", "data.features must be a list, but it is text."),
        ("data.columns.0.shape", [-1], "data.columns[0].shape must be a list of whole numbers."),
        ("data.split", {"validation": 0.6, "test": 0.5}, "data.split leaves no rows for training."),
        ("training.optimizer", "adam", "training.optimizer must be an object of Keras"),
        ("training.epochs", 0, "training.epochs must be at least 1, but it is 0."),
        ("training.outputs", {"n2": {"metrics": [1]}}, "training.outputs.n2.metrics[0] must be an object of Keras"),
        ("snippets.0.name", "lambda", "snippets[0].name is lambda, a word of Python's own"),
        ("snippets.0.name", "mi\u202ene", "snippets[0].name holds the invisible character U+202E."),
        (
            "snippets.0.source",
            "x = 1\n\ny = '\u2066'\n",
            "snippets[0].source, line 3, holds the invisible character U+2066",
        ),
        ("snippets.0.source", "x = 1 # \u200f", "snippets[0].source, line 1, holds the invisible character U+200F"),
        ("snippets.0.source", None, "snippets[0].source must be text, but it is null."),
        ("format", "1", 'its key "format" is missing or no whole number.'),
        ("format", True, 'its key "format" is missing or no whole number.'),
    ],
)
def test_every_mistake_is_told_with_its_key(path: str, value: Any, sentence: str) -> None:
    with pytest.raises(ProjectFileError) as caught:
        storage.loads(changed(path, value))
    assert sentence in caught.value.message


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret.csv", "a/../../b", "~/../../etc/passwd"])
def test_a_data_file_outside_the_folder_is_not_opened(tmp_path: Path, name: str) -> None:
    project = storage.loads(changed("data", {"kind": "file", "name": name}))
    with pytest.raises(data.DataError):
        data.file_path(project.data, tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not complete JSON"),
        ("[]", "must hold one object"),
        ('"project"', "must hold one object"),
        ("{}", 'its key "format" is missing'),
        ('{"format": 1, "format": 1}', "The key 'format' stands twice"),
        ('{"format": 1, "main": {"nodes": [{"id": "n1", "type": "A", "name": "a", "x": NaN}]}}', "holds NaN"),
        ('{"format": 1, "next_id": 9007199254740993}', "too large"),
        ('{"format": 1, "next_id": ' + "9" * 5000 + "}", "too large"),
        ('{"format": 1, "a": 1e999}', "too large"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_json_that_is_no_project(text: str, sentence: str) -> None:
    with pytest.raises(ProjectFileError, match=sentence):
        storage.loads(text)


def test_too_many_nodes_are_refused() -> None:
    nodes = ",".join(f'{{"id":"n{n}","type":"A","name":"a"}}' for n in range(1, 20_002))
    with pytest.raises(ProjectFileError, match="more than 20,000 nodes"):
        storage.loads('{"format": 1, "main": {"nodes": [' + nodes + "]}}")


def chain_of_blocks(length: int, uses: int) -> dict[str, Any]:
    """Blocks b1 ... bN, each of which uses the next one some times; main uses the first."""

    def graph(start: int, block: str | None) -> dict[str, Any]:
        ids = range(start, start + (uses if block else 1))
        use = {"type": "block", "block": block} if block else {"type": "Dense"}
        return {"nodes": [{"id": f"n{n}", "name": "u", **use} for n in ids]}

    following = [f"b{n + 1}" for n in range(1, length)] + [None]
    blocks = [
        {"id": f"b{n}", "name": "b", "graph": graph(10_000 + n * 10, block)} for n, block in enumerate(following, 1)
    ]
    return {"format": 1, "blocks": blocks, "main": graph(9_000, "b1")}


def test_blocks_in_blocks_have_an_end() -> None:
    storage.loads(json.dumps(chain_of_blocks(19, 1)))
    with pytest.raises(ProjectFileError, match="more than 20 levels deep"):
        storage.loads(json.dumps(chain_of_blocks(3000, 1)))
    plain = chain_of_blocks(10, 1)
    plain["blocks"][-1]["graph"]["nodes"][0] |= {"type": "block", "block": "b1"}
    with pytest.raises(ProjectFileError, match="contains itself"):
        storage.loads(json.dumps(plain))


def test_blocks_that_multiply_like_a_bomb_are_refused() -> None:
    storage.loads(json.dumps(chain_of_blocks(9, 3)))
    with pytest.raises(ProjectFileError, match="multiply to more than 200,000 nodes"):
        storage.loads(json.dumps(chain_of_blocks(19, 9)))


@settings(max_examples=3)
@given(projects())
def test_a_file_cut_anywhere_is_refused(tmp_path_factory: pytest.TempPathFactory, project: Any) -> None:
    content = storage.dumps(project).encode("utf-8")
    path = tmp_path_factory.mktemp("cut") / "cut.studio"
    # Only the newline at the end may be missing.
    for length in range(0, len(content) - 1, max(1, len(content) // 400)):
        path.write_bytes(content[:length])
        with pytest.raises(ProjectFileError):
            storage.load(path)


def test_a_small_file_cut_at_every_byte_is_refused(tmp_path: Path) -> None:
    content = storage.dumps(storage.loads(json.dumps(PLAIN))).encode("utf-8")
    for length in range(len(content) - 1):
        with pytest.raises(ProjectFileError):
            storage.loads(content[:length].decode("utf-8"))


def test_twenty_thousand_mutations_raise_nothing_else(tmp_path: Path) -> None:
    content = storage.dumps(storage.loads(json.dumps(PLAIN))).encode("utf-8")
    path = tmp_path / "mutated.studio"
    generator = random.Random(20)
    survived = 0
    for _ in range(20_000):
        mutated = bytearray(content)
        for _ in range(generator.randint(1, 4)):
            place = generator.randrange(len(mutated))
            match generator.randrange(4):
                case 0:
                    mutated[place] = generator.randrange(256)
                case 1:
                    del mutated[place : place + generator.randint(1, 9)]
                case 2:
                    mutated[place:place] = generator.choice(
                        [b"{", b"]", b'"', b"null", b"-1", b"1e9", b",", b"\\u0000"]
                    )
                case 3:
                    other = generator.randrange(len(mutated))
                    mutated[place : place + 9] = mutated[other : other + 9]
        try:
            project = storage.loads(bytes(mutated).decode("utf-8"))
        except (ProjectFileError, UnicodeDecodeError):
            continue
        storage.dumps(project)
        survived += 1
    path.write_bytes(content)
    assert 0 < survived < 15_000


@given(st.binary(max_size=60))
def test_any_bytes_at_all(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.studio"
    path.write_bytes(content)
    with pytest.raises(ProjectFileError):
        storage.load(path)


def test_a_file_that_is_missing_a_folder_or_a_pipe(tmp_path: Path) -> None:
    with pytest.raises(ProjectFileError, match=r"gone\.studio cannot be opened: there is no such file"):
        storage.load(tmp_path / "gone.studio")
    with pytest.raises(ProjectFileError):
        storage.load(tmp_path)
    with pytest.raises(ProjectFileError):
        storage.load("a\x00b")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.studio")
        with pytest.raises(ProjectFileError, match="no file that can be opened"):
            storage.load(tmp_path / "pipe.studio")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.studio"
    with path.open("wb") as stream:
        stream.truncate(33 * 2**20)
    with pytest.raises(ProjectFileError, match="at most 32 MiB"):
        storage.load(path)


def test_a_project_with_text_that_no_file_holds_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "p.studio"
    project = storage.loads(json.dumps(PLAIN))
    storage.save(project, path)
    before = path.read_bytes()
    with pytest.raises(ProjectFileError, match=r"p\.studio was not saved"):
        storage.save(replace(project, title="half \ud800"), path)
    assert path.read_bytes() == before
