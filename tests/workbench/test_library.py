"""The person's library of blocks: files in a folder that nothing can spoil."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import storage
from studio.core import edits
from studio.core.project import BLOCK, Project
from studio.workbench.library import Library, LibraryError
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node, node_id

SCALE = "import keras\n\n\ndef scale(x):\n    return 2 * x\n"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def with_block(name: str = "residual", layers: str = "a:Dense(units=4) -> b:Dense(units=4)") -> tuple[Project, str]:
    """A project with one block, and the block's id."""
    project = graph(f"x:Input(shape=(4,)) -> {layers} -> y:Output")
    block = f"b{project.next_id}"
    inside = [key for key, found in project.main.nodes.items() if found.type not in ("Input", "Output")]
    return edits.make_block(project, CATALOG, inside, name), block


def nested() -> tuple[Project, str]:
    """A block with own code in a block."""
    project, inner = with_block("inner")
    project = edits.add_snippet(project, "function", "scale", SCALE)
    project = edits.add_node(project, "scale", name="twice", graph=inner)
    outer = f"b{project.next_id}"
    return edits.make_block(project, CATALOG, [node_id(project, "inner")], "outer"), outer


def test_a_block_comes_with_what_it_needs(library: Library) -> None:
    project, outer = nested()
    kept = library.put(project, outer)
    assert (kept.name, [each.name for each in library.read().blocks]) == ("outer", ["outer"])
    after, use = edits.use_fragment(Project(), library.read().blocks[0].fragment, x=40, y=8)
    assert (after.main.nodes[use].x, after.main.nodes[use].name) == (40, "outer")
    assert sorted(block.name for block in after.blocks.values()) == ["inner", "outer"]
    assert [snippet.source for snippet in after.snippets.values()] == [SCALE]
    assert any(found.type == "scale" for block in after.blocks.values() for found in block.graph.nodes.values())


def test_the_same_block_comes_once_and_another_of_its_name_gets_a_fresh_one(library: Library) -> None:
    project, block = with_block()
    other, block_2 = with_block(layers="a:Dense(units=9) -> b:Dense(units=4)")
    first, second = library.put(project, block), library.put(other, block_2)
    assert (first.name, second.name) == ("residual", "residual_1")
    there, _ = edits.use_fragment(Project(), first.fragment)
    again, use = edits.use_fragment(there, first.fragment)
    assert len(again.blocks) == 1
    assert node(again, "residual_1").id == use
    assert len(edits.use_fragment(again, second.fragment)[0].blocks) == 2
    # The project has a block called so that is another one.
    mixed, _ = edits.use_fragment(other, first.fragment)
    assert sorted(found.name for found in mixed.blocks.values()) == ["residual", "residual_1"]
    twice, _ = edits.use_fragment(mixed, first.fragment)
    assert len(twice.blocks) == 2


def test_it_is_not_put_into_itself(library: Library) -> None:
    project, block = with_block()
    kept = library.put(project, block)
    assert edits.use_fragment(project, kept.fragment, graph=block) == (project, "")


def test_a_damaged_file_costs_one_sentence_and_nothing_else(library: Library) -> None:
    library.put(*with_block())
    (library.folder / "torn.studio").write_text('{"format": 1, "title":', encoding="utf-8")
    storage.save(graph("x:Input(shape=(4,)) -> y:Output"), library.folder / "no_block.studio")
    (library.folder / "readme.txt").write_text("mine", encoding="utf-8")
    (library.folder / "folder.studio").mkdir()
    shelf = library.read()
    assert [kept.name for kept in shelf.blocks] == ["residual"]
    assert len(shelf.damaged) == 3
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in shelf.damaged)
    library.put(*with_block())
    assert len(library.read().blocks) == 2


@pytest.mark.parametrize("name", ["con", "../evil", "a/b", "Röntgen block", "  ", "x" * 150, "..."])
def test_any_name_becomes_a_file_in_the_folder(library: Library, name: str) -> None:
    kept = library.put(*with_block(), name)
    (path,) = library.folder.glob("*.studio")
    assert path.parent == library.folder
    assert path.stem == kept.key
    assert library.read().block(kept.key) is not None


def test_rename_and_remove(library: Library) -> None:
    one, two = library.put(*with_block()), library.put(*with_block("dense"))
    assert library.rename(one.key, "skip") == "skip"
    assert library.rename(two.key, "skip") == "skip_1"
    assert {kept.name for kept in library.read().blocks} == {"skip", "skip_1"}
    for bad in ("", "a/b", "x" * 1000):
        with pytest.raises(LibraryError):
            library.rename(one.key, bad)
    library.remove(one.key)
    assert [kept.name for kept in library.read().blocks] == ["skip_1"]
    with pytest.raises(LibraryError):
        library.remove(one.key)
    with pytest.raises(LibraryError):
        library.rename(one.key, "gone")


def test_a_block_goes_out_to_a_file_and_comes_in_again(library: Library, tmp_path: Path) -> None:
    kept = library.put(*nested())
    path = library.take_out(kept.key, tmp_path / "for_you.studio")
    other = Library(tmp_path / "other")
    (brought,) = other.bring_in(path)
    assert brought.fragment == kept.fragment
    assert [each.name for each in other.bring_in(path)] == ["outer_1"]


def test_blocks_of_any_project_come_in_the_outer_ones(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "project.studio"
    storage.save(nested()[0], path)
    assert [kept.name for kept in library.bring_in(path)] == ["outer"]
    storage.save(graph("x:Input(shape=(4,)) -> y:Output"), path)
    with pytest.raises(LibraryError, match="holds no block"):
        library.bring_in(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(LibraryError):
        library.bring_in(path)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    library = Library(tmp_path / "file" / "library")
    assert library.read().blocks == ()
    with pytest.raises(LibraryError, match=r"\.$"):
        library.put(*with_block())


def test_search_by_name_and_by_layers(library: Library) -> None:
    library.put(*with_block("dense_twice"))
    library.put(*with_block("residual"))
    shelf = library.read()
    assert [kept.name for kept in shelf.found("res")] == ["residual"]
    assert [kept.name for kept in shelf.found("dense")] == ["dense_twice", "residual"]
    assert shelf.found("conv") == []
    assert all(found.type == BLOCK for kept in shelf.blocks for found in kept.fragment.graph.nodes.values())
