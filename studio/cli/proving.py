"""The proof of an export on the command line."""

from __future__ import annotations

import subprocess
import tempfile
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path

from studio.cli import consenting
from studio.cli.opening import catalog_of
from studio.core.project import Project
from studio.protocol import messages
from studio.workbench import proof
from studio.workbench.asking import infer
from studio.workbench.engine_client import Engine, EngineEnded
from studio.workbench.inference import InferenceState
from studio.workbench.own_code import Gate
from studio.workbench.proof import Proof


def prove(project: Project, file: Path, origin: str, options: Namespace) -> Proof:
    """Run an exported file and compare it with ``project``, which came from ``origin``."""
    consent = consenting.consent_of(options)
    consenting.ask(project, origin, consent, options)
    if reason := proof.why_not_prove(project, consent, 0):
        return proof.not_checked(reason)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="layer-studio-proof-")))
        engine = stack.enter_context(Engine("checker"))  # it starts while the file runs
        inference = InferenceState(Gate(consent))
        if not infer(engine, inference, project, catalog_of(project)):
            return proof.not_checked("code of the project ended the engine.")
        if reason := proof.why_not_prove(project, consent, inference.total_parameters(project)):
            return proof.not_checked(reason)
        try:
            ended = subprocess.run(
                proof.command(file, folder), cwd=folder, env=proof.environment(folder), stdin=subprocess.DEVNULL,
                capture_output=True, text=True, errors="replace", timeout=proof.SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return proof.not_checked(f"the file built no model within {proof.SECONDS} seconds.")
        if ended.returncode != 0:
            return proof.why_failed(ended.returncode, ended.stderr)
        engine.send(proof.question(project, catalog_of(project), folder, 1))
        try:
            answer = engine.wait_for(messages.Proved)
        except EngineEnded as error:
            return proof.not_checked(str(error))
        return proof.verdict(answer, project, folder)
