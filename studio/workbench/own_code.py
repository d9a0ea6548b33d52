"""Code of the person's own on its way to the engine: which calls may take it, and what stands against the others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from studio.core.ports import Catalog
from studio.core.project import Project, Snippet
from studio.core.snippets import faults, needed, used_snippets
from studio.immutable import immutable
from studio.protocol import Piece
from studio.workbench.consent import Consent

SECONDS = 10.0
"""How long the engine may run code of the person's own for one layer before it is ended: a first trace of TensorFlow
takes 2 s on a slow machine."""

CONSENT, NEVER, STOPPED, MISTAKE = "consent", "never_run", "own_code_stopped", "own_code_mistake"
"""Codes of problems: the person was not asked yet; nothing may run; it did not end or ended the engine; it is no code
yet (``core.rules`` says why)."""


@immutable
class Permit:
    """The pieces that a call needs, in order; or ``fault`` says why they cannot run, with the ``code`` of a problem."""

    pieces: tuple[Piece, ...] = ()
    fault: str = ""
    code: str = ""

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests of the pieces."""
        return tuple(piece.digest for piece in self.pieces)


class Gate:
    """Decides about calls of one project after the other. ``stopped`` are digests that are not run again."""

    def __init__(self, consent: Consent | None = None) -> None:
        self.consent = consent or Consent()
        self.stopped: dict[str, str] = {}

    def permit(self, project: Project, catalog: Catalog, names: Iterable[str]) -> Permit:
        """Whether the engine may be asked about a call that takes the snippets of these names."""
        snippets = needed(project, names)
        wrong = faults(project, catalog)
        for snippet in snippets:
            if snippet.id in wrong:
                return Permit(fault=f"its code {snippet.name} has a mistake.", code=MISTAKE)
        if self.consent.never:
            return Permit(fault="its code is not run, because of --never-run-code.", code=NEVER)
        unread = [snippet.name for snippet in snippets if not self.consent.may_run(snippet.source)]
        if unread:
            return Permit(
                fault=f"the code of {listed(unread)} was not written here. It runs when you have read it and agree.",
                code=CONSENT,
            )
        pieces = tuple(map(piece_of, snippets))
        stopped = next((self.stopped[piece.digest] for piece in pieces if piece.digest in self.stopped), "")
        return Permit(fault=stopped, code=STOPPED) if stopped else Permit(pieces)

    def stop(self, project: Project, digests: Iterable[str], sentence: str) -> str:
        """Never run the last of these pieces again as it is; gives what is said about it, with its name."""
        digests = tuple(digests)
        names = {piece_of(snippet).digest: snippet.name for snippet in project.snippets.values()}
        said = sentence.format(names.get(digests[-1], "your code")) if digests else ""
        if digests:
            self.stopped[digests[-1]] = said
        return said


def unread(project: Project, consent: Consent) -> tuple[Snippet, ...]:
    """The code that the drawing and the plan need and that the person has to agree to before it runs."""
    return tuple(snippet for snippet in used_snippets(project) if not consent.may_run(snippet.source))


def piece_of(snippet: Snippet) -> Piece:
    """The snippet as the engine takes it."""
    whole = f"{snippet.name}\0{snippet.source}".encode("utf-8", "surrogatepass")
    return Piece(hashlib.sha256(whole).hexdigest(), snippet.name, snippet.source)


def listed(names: list[str]) -> str:
    """Names in a sentence: the first three of many."""
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


TOO_LONG = "the code of {0} did not end within " + f"{SECONDS:.0f} seconds, so it was stopped. Change it to try again."
CRASHED = "the engine ended while it ran the code of {0}. Change it to try again."
"""What is said about code that took the engine with it."""
