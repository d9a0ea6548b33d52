"""Code of the person's own on the command line: it runs when they wrote it, read it here, or said so beforehand."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from studio.cli.opening import one_line
from studio.core.project import Project, Snippet
from studio.storage.places import state_folder
from studio.workbench.consent import WARNING, Consent
from studio.workbench.own_code import listed, unread


def consent_of(options: Namespace) -> Consent:
    """What may be run, as the arguments and the person's state say."""
    return Consent(state_folder(), never=options.never_run_code)


def ask(project: Project, file: str, consent: Consent, options: Namespace) -> tuple[Snippet, ...]:
    """Ask about the code of a project where there is somebody to ask; gives what may still not run."""
    waiting = unread(project, consent)
    if not waiting or consent.never:
        return waiting
    if options.trust_code:
        consent.allow_once(each.source for each in waiting)
    elif _is_somebody_there():
        _ask_person(waiting, file, consent)
    return unread(project, consent)


def may_run_script(text: str, file: str, why: str, consent: Consent, options: Namespace) -> bool:
    """Whether a script may be run to see its model; asks where there is somebody to ask, and tells them why."""
    if consent.never:
        return False
    is_asked = not (options.trust_code or consent.may_run(text))
    if is_asked and not _is_somebody_there():
        return False
    print(why, file=sys.stderr)
    if is_asked:
        _ask_person([Snippet("", file, "script", text)], file, consent)
    elif options.trust_code:
        consent.allow_once([text])
    return consent.may_run(text)


def _is_somebody_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def refusal(waiting: Sequence[Snippet], consent: Consent) -> str:
    """Why code is not run, as a sentence."""
    names = listed([each.name for each in waiting])
    if consent.never:
        return f"its code ({names}) is not run because of --never-run-code."
    return (
        f"its code ({names}) was not written here. {WARNING} Open the project in the window or on a terminal to read"
        " it, or run it once with --trust-code."
    )


def _ask_person(waiting: Sequence[Snippet], file: str, consent: Consent) -> None:
    for each in waiting:
        print(f"\n{one_line(each.name)} ({one_line(each.kind)}) from {one_line(file)}:\n", file=sys.stderr)
        for number, line in enumerate(each.source.splitlines(), start=1):
            print(f"{number:4}  {one_line(line.expandtabs(4))}", file=sys.stderr)
    print(f"\n{WARNING}", file=sys.stderr)
    print("Run it? [N]o, [o]nce, [a]lways exactly this code: ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip().lower()
    sources = [each.source for each in waiting]
    if answer in ("a", "always"):
        consent.trust(sources)
    elif answer in ("o", "once"):
        consent.allow_once(sources)
