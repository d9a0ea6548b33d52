"""What a block's function says of itself in its docstring."""

from __future__ import annotations

import pytest

from studio.codegen import generate_block
from studio.core import edits
from studio.core.project import Project
from studio.core.topology import order
from tests.codegen.projects import CATALOG
from tests.support.graphs import graph


@pytest.mark.parametrize(
    ("drawn", "outside", "says"),
    [
        ("in:Input -> a:Dense -> b:Dropout -> out:Output", {"in", "out"}, "Apply Dense and Dropout."),
        ("in:Input -> a:Dense -> b:Dense -> out:Output", {"in", "out"}, "Apply Dense twice."),
        (
            "in:Input -> a:Dense -> b:Dropout -> c:Dense -> d:Dropout -> e:Dense -> out:Output",
            {"in", "out"},
            "Apply Dense and Dropout three times, the last time without Dropout.",
        ),
        (
            "in:Input -> a:Dense -> sum:Add -> r:ReLU -> out:Output; in -> sum",
            {"in", "out"},
            "Apply Dense, add the input, then apply ReLU.",
        ),
        (
            "in:Input -> a:Dense -> m:Multiply -> out:Output; in -> m",
            {"in", "out"},
            "Apply Dense, and multiply by the input.",
        ),
        (
            "in:Input -> a:Dense -> m:Concatenate -> out:Output; in -> b:Dense -> m; in -> c:Dense -> m",
            {"in", "out"},
            "Concatenate the results of 3 branches.",
        ),
        (
            "in:Input -> a:Dense -> s:Dense -> t:Dense -> m:Multiply -> z:Dense -> out:Output; a -> m",
            {"in", "out"},
            "Apply Dense, gate the result, then apply Dense.",
        ),
        (
            "in:Input -> a:Dense -> n:BatchNormalization -> r:ReLU -> b:Conv1D -> o:ReLU -> e:Embedding -> out:Output",
            {"in", "out"},
            "Apply Dense, Conv1D and Embedding, with BatchNormalization and ReLU.",
        ),
    ],
)
def test_it_says_what_the_block_does(drawn: str, outside: set[str], says: str) -> None:
    project = graph(drawn)
    for node in project.main.nodes.values():
        if node.type == "Dense":
            project = edits.set_param(project, node.id, "units", 4)
        if node.type == "Dropout":
            project = edits.set_param(project, node.id, "rate", 0.1)
    inside = [key for key in order(project.main) if project.main.nodes[key].name not in outside]
    made = edits.make_block(project, CATALOG, inside, "part")
    assert isinstance(made, Project)
    assert f'    """{says}"""\n' in generate_block(made, CATALOG, next(iter(made.blocks))).text
