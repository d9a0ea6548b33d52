"""What comes out: the text of an exported file and what is known about it."""

from __future__ import annotations

import hashlib

from studio.codegen.emit import Span, emit
from studio.codegen.expressions import Catalog
from studio.codegen.lower import Lowered, lower, lower_block, lower_model
from studio.codegen.style import DEFAULT, Style
from studio.core.garbage import no_collection
from studio.core.problem import Problem
from studio.core.project import Project
from studio.immutable import immutable


@immutable
class GeneratedSource:
    """The script of a project.

    ``spans`` tells which lines belong to which node, ``problems`` what was left out and why, ``digest`` is the SHA-256
    of the text, ``data_files`` are the names of the files that belong beside it. ``snippets`` are the lines that are
    code of the person's own, each span with the id of the snippet. ``not_stacked`` says why the network is no plain
    chain that could be ``keras.Sequential``, "" where it is one.
    """

    text: str
    spans: tuple[Span, ...]
    problems: tuple[Problem, ...]
    digest: str
    data_files: tuple[str, ...]
    snippets: tuple[Span, ...] = ()
    not_stacked: str = ""

    @property
    def is_plain_chain(self) -> bool:
        """Whether the network is one row of layers, and nothing is drawn beside it."""
        return not self.not_stacked and all(problem.code != "left_out" for problem in self.problems)

    def lines_of(self, node: str) -> tuple[Span, ...]:
        """The lines of a node."""
        return tuple(span for span in self.spans if span.node == node)

    def node_at(self, line: int) -> str | None:
        """The node to which a line belongs, counted from 1."""
        return next((span.node for span in self.spans if span.first_line <= line <= span.last_line), None)


def generate(project: Project, catalog: Catalog, *, style: Style = DEFAULT) -> GeneratedSource:
    """The script of ``project``. Never raises; an unfinished drawing is written as far as it goes."""
    with no_collection():
        return _source(lower(project, catalog, style))


def generate_model(project: Project, catalog: Catalog, *, style: Style = DEFAULT) -> GeneratedSource:
    """Only what builds the model: a module to take ``build_model`` from."""
    return _source(lower_model(project, catalog, style))


def generate_block(project: Project, catalog: Catalog, block: str, *, style: Style = DEFAULT) -> GeneratedSource:
    """Only one block, by its id, as a function; the functions of the blocks that it uses stand before it."""
    return _source(lower_block(project, catalog, block, style))


def _source(lowered: Lowered) -> GeneratedSource:
    text, spans, snippets = emit(lowered.module)
    return GeneratedSource(
        text, spans, lowered.problems, digest_of(text), lowered.data_files, snippets, lowered.not_stacked
    )


def digest_of(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
