"""``draw``: a figure of a drawing or of a model of Keras. Qt draws it in a process of its own, without a screen."""

from __future__ import annotations

import difflib
import subprocess
from argparse import Namespace
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from studio.cli import consenting
from studio.cli.errors import CannotAsk
from studio.cli.new import SUFFIX
from studio.cli.opening import catalog_of, complain, load, one_line
from studio.cli.reading import how_to_run, read
from studio.core.project import MAIN, Node, Project
from studio.layout import tidy
from studio.protocol import Answer
from studio.workbench.asking import infer_anew
from studio.workbench.engine_client import Engine, EngineEnded
from studio.workbench.figures import LOOKS, FigureLook, Order, drawing_command, drawing_environment, why_not_file
from studio.workbench.inference import InferenceState
from studio.workbench.opening_models import is_model_file
from studio.workbench.own_code import Gate

CAN_BE_SHOWN = ("shapes", "parameters", "dtypes")

LONGEST_S = 300
"""Thousands of nodes take some seconds; a drawing that takes longer than this will not end."""


def do(options: Namespace) -> int:
    """Draw one project or model. What Keras finds wrong is told; it is drawn all the same, without those shapes."""
    path, out = Path(options.file), Path(options.out)
    if reason := why_not_file(out):
        raise CannotAsk(reason)
    look = _look(options)
    project = _opened(path, options)
    graph = _graph(project, options.block)
    nodes = project.graph(graph).nodes
    if not nodes:
        raise CannotAsk(f"There is nothing to draw: {path.name} has no layers.")
    only = None if options.only is None else _only(nodes, options.only)
    if options.tidy:
        project = tidy(project, graph=graph, catalog=catalog_of(project))
    answers = _answers(project, path, options) if look.needs_answers else {}
    _draw(Order(project, answers, look, graph, only), out.absolute())
    return 0


def _opened(path: Path, options: Namespace) -> Project:
    """The project in a file, or the model of Keras in one, which is arranged."""
    if path.suffix == SUFFIX or not is_model_file(path):
        if options.model:
            raise CannotAsk(f"{path.name} is a project; --model chooses among the models of a script.")
        return load(path)
    imported = read(path, options, "drawn")
    if imported.unread:
        complain(f"drawn as far as {path.name} was read: lines were passed over. {how_to_run(options)}")
    return imported.project


def _graph(project: Project, name: str | None) -> str:
    """The key of the graph that is drawn: the main one, or that of the block with this name."""
    if name is None:
        return MAIN
    for key, block in project.blocks.items():
        if block.name == name:
            return key
    known = ", ".join(block.name for block in project.blocks.values())
    raise CannotAsk(f"There is no block called {name!r}" + (f"; what there is: {known}." if known else "."))


def _only(nodes: Mapping[str, Node], listed: str) -> tuple[str, ...]:
    """The layers and Outputs with these names. A name may hold a comma itself."""
    by_name: dict[str, list[str]] = {}
    for id, node in nodes.items():
        by_name.setdefault(node.name, []).append(id)
    wanted = [listed] if listed in by_name else [word.strip() for word in listed.split(",") if word.strip()]
    for name in wanted:
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, 1)
            raise CannotAsk(f"There is no layer called {name!r}" + (f"; is {near[0]!r} meant?" if near else "."))
    if not wanted:
        raise CannotAsk("--only names no layer.")
    return tuple(id for name in wanted for id in by_name[name])


def _look(options: Namespace) -> FigureLook:
    look = replace(LOOKS[options.theme], dpi=options.dpi, is_transparent=options.transparent, is_folded=options.fold)
    if options.show is None:
        return look
    wanted = [word.strip() for word in options.show.split(",") if word.strip() and word.strip() != "none"]
    for word in wanted:
        if word not in CAN_BE_SHOWN:
            raise CannotAsk(f"{word!r} cannot be shown; what can is {', '.join(CAN_BE_SHOWN)} and none.")
    shapes, parameters, dtypes = (word in wanted for word in CAN_BE_SHOWN)
    return replace(look, shows_shapes=shapes, shows_parameters=parameters, shows_dtypes=dtypes)


def _answers(project: Project, path: Path, options: Namespace) -> Mapping[str, Answer]:
    consent = consenting.consent_of(options)
    consenting.ask(project, path.name, consent, options)
    inference = InferenceState(Gate(consent))
    try:
        with ExitStack() as stack:
            infer_anew(lambda: stack.enter_context(Engine("checker")), inference, project, catalog_of(project))
    except EngineEnded as error:
        raise CannotAsk(f"{error} Without it there are no shapes: --show none draws the layers alone.") from None
    errors = [problem for problem in inference.problems(project) if problem.severity == "error"]
    if errors:
        complain(f"drawn with shapes missing: {errors[0].message}")
    return inference.answers


def _draw(order: Order, out: Path) -> None:
    try:
        done = subprocess.run(
            drawing_command(out),
            input=order.encode(),
            capture_output=True,
            env=drawing_environment(),
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotAsk(f"{out.name} was not drawn: it took longer than {LONGEST_S // 60} minutes.") from None
    except OSError as error:
        raise CannotAsk(f"The figure could not be drawn: {error.strerror or error}.") from None
    if done.returncode == 0:
        return
    told = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
    if done.returncode == 2 and told:
        raise CannotAsk(told[-1])
    reason = f" ({one_line(told[-1])})" if told else ""
    raise CannotAsk(f"{out.name} was not drawn: the program that draws ended by itself{reason}.")
