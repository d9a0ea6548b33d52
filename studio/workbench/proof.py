"""The proof of an export: the file is run in a clean process, and its model compared with the drawing.

The process imports nothing of ours, writes into a folder that is thrown away, and stops before the training. An engine
then builds the model of the drawing by another way and compares layers, connections, settings, shapes, parameters and
the prediction for one batch. Window and command line start the process each in its own way; the rest is here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import studio
from studio import codegen, protocol
from studio.catalog import Catalog
from studio.core.plan import keys_of_outputs
from studio.core.project import Project
from studio.core.topology import id_key
from studio.immutable import immutable
from studio.workbench.consent import Consent
from studio.workbench.naming import call_names
from studio.workbench.own_code import listed, unread

SECONDS = 300
"""A file that takes longer to build its model is not waited for."""
MOST_PARAMETERS = 250_000_000
"""A model of a gibibyte; two of them and what comes between have to fit into memory."""

_ERROR = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit)\b")
"""How the last line of a traceback begins."""

Outcome = Literal["agrees", "differs", "failed", "not_checked"]


@immutable
class Proof:
    """What came of it, in one sentence; ``details`` is what the process said last."""

    outcome: Outcome
    sentence: str
    details: str = ""


def why_not_prove(project: Project, consent: Consent, parameters: int) -> str:
    """Why the file is not run, in one sentence; "" where it can be."""
    waiting = unread(project, consent)
    if waiting:
        return f"it holds code ({listed([each.name for each in waiting])}) that was not written here and may not run."
    if parameters > MOST_PARAMETERS:
        return f"a model of {parameters:,} parameters would be built twice, which is too large for a check."
    return ""


def not_checked(reason: str) -> Proof:
    """Nothing was run."""
    return Proof("not_checked", f"Not checked: {reason}")


def command(file: Path, folder: Path) -> list[str]:
    """Program and arguments of the clean process. ``-I`` keeps variables and folders of this program out of it."""
    runner = Path(studio.__file__).resolve().parent / "engine" / "clean_run.py"
    return [sys.executable, "-I", "-B", str(runner), str(file.resolve()), str(folder)]


def environment(folder: Path, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """The person's own environment, without a graphics card: its memory is the training's.

    Keras writes its settings where it finds none, so it gets a copy of the person's in ``folder``.
    """
    found = dict(os.environ if inherited is None else inherited)
    home = Path(found.get("KERAS_HOME") or Path.home() / ".keras")
    own = folder / "keras"
    own.mkdir(exist_ok=True)
    if (home / "keras.json").is_file():
        shutil.copyfile(home / "keras.json", own / "keras.json")
    found |= {"KERAS_HOME": str(own), "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "2"}
    return found


def why_failed(code: int, last_words: str) -> Proof:
    """The process built no model: the last line of a traceback tells why."""
    lines = [line.strip() for line in last_words.splitlines() if line.strip()]
    error = next(
        (line for line in reversed(lines) if re.match(r"[A-Za-z_][\w.]*(Error|Exception|Interrupt)\b", line)), ""
    )
    missing = re.search(r"No module named '([\w.]+)'", error)
    if missing:
        return not_checked(f"the file needs {missing[1]}, which is not installed here.")
    said = error or (f"it ended with code {code}" if code >= 0 else f"it was ended by signal {-code}")
    return Proof("failed", f"The file does not run: {said[:300].rstrip('.')}.", last_words)


def question(project: Project, catalog: Catalog, folder: Path, number: int) -> protocol.Prove:
    """What an engine is asked that knows the drawing."""
    keys = keys_of_outputs(project)
    calls = {call.id: call for call in codegen.flat_calls(project, catalog)}
    outputs = sorted((key for key in keys if _sources(calls, key)), key=keys.__getitem__)
    reached: set[str] = set()
    waiting = list(outputs)
    while waiting:
        call = waiting.pop()
        if call in calls and call not in reached:
            reached.add(call)
            waiting += _sources(calls, call)
    nodes = project.main.nodes
    inputs = [key for key in reached if calls[key].kind == "input"]
    # As Keras counts them: a dictionary in the order of its keys, a list in its own, which is that of the ids.
    inputs.sort(key=lambda key: id_key(key) if project.training.are_inputs_listed else (0, nodes[key].name))
    return protocol.Prove(number, str(folder), tuple(inputs), tuple(outputs))


def verdict(answer: protocol.Proved, project: Project, folder: Path) -> Proof:
    """What the engine found, in words."""
    if answer.problem:
        name = call_names(project).get(answer.call, "a layer")
        return Proof("differs", answer.problem.replace("{0}", name))
    with open(folder / "found.json", encoding="utf-8") as file:
        backend = json.load(file).get("backend", "tensorflow")
    layers = "1 layer" if answer.layers == 1 else f"{answer.layers:,} layers"
    rows = "1 row" if answer.rows == 1 else f"{answer.rows} rows"
    apart = "are the same" if answer.difference == 0 else f"agree within {answer.difference:.1g}"
    where = "" if backend == "tensorflow" else f", with {backend}"
    return Proof(
        "agrees",
        f"Run in a clean process{where}: {layers}, {answer.parameters:,} parameters, and the predictions for"
        f" {rows} {apart}.",
    )


def _sources(calls: Mapping[str, object], key: str) -> list[str]:
    call = calls.get(key)
    inputs = getattr(call, "inputs", ())
    return [source for _, sources in inputs for source, _ in sources]
