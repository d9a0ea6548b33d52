"""From the text of a script to a project, without running any of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from types import MappingProxyType
from typing import Any, cast

from studio.catalog import Catalog as KnownCatalog
from studio.core.project import Project, RunsOn, TrainingPlan
from studio.core.snippets import faults, used_snippets
from studio.immutable import immutable
from studio.importing.errors import ModelFileError, NeedsRunning
from studio.importing.model import Imported
from studio.importing.plain import MAX_TEXT, clean, is_key, shown
from studio.importing.report import OWN_CODE, Findings, Report, drawn, other_models, renamed, tell_other_names
from studio.importing.script import own_objects
from studio.importing.script.drawing import Drawer
from studio.importing.script.interpreter import Interpreter
from studio.importing.script.layers import NeedsValue
from studio.importing.script.model_levels import torn
from studio.importing.script.nesting import refuse_deep
from studio.importing.script.notes import notes_of
from studio.importing.script.own_code import OwnCode
from studio.importing.script.routines import given_names
from studio.importing.script.run import Insides, Run, Shapes, TooLong
from studio.importing.script.runs_on import make_plain, runs_on_of
from studio.importing.script.starting import starts_from_of
from studio.importing.script.things import Complaint, Network, NotPlain, OwnClass, Routine, Unclear
from studio.importing.script.training import plan_of
from studio.importing.values import Catalog

MAX_CHARACTERS = 1_000_000
MOST_LINES = 50_000
_MOST_ROUNDS = 8
_LINE = re.compile(r"Line (\d+): (.+)", re.DOTALL)
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_LONG_NOTE = f"The comment here has more than {MAX_TEXT:,} characters, which no note of a layer may have."
_TOO_DEEP = "The script is nested too deeply to be read."
_TITLE = re.compile(r"(.*?)(?: ?\(drawn with Layer Studio\)|: drawn with Layer Studio)\.")
"""The first line of our own files; the second form is that of earlier ones."""


def read_script(
    text: str, catalog: Catalog, title: str = "", model: str = "", shapes: Shapes | None = None,
    insides: Insides | None = None,
) -> Imported:  # fmt: skip
    """The model of a script as a project, all nodes at (0, 0). ModelFileError says what is in the way, and where.

    NeedsRunning where running the script may tell what reading cannot. Of several models it is the one called
    ``model`` (by name or variable), else the last one that is compiled, else the last one. Takes a few seconds at most,
    whatever the script is; ``shapes`` tells the shape of a tensor where the script asks for it, ``insides`` the layers
    of a ready-made network; their time comes on top.
    """
    try:
        return _read(text, catalog, title, model, shapes, insides)
    except NeedsRunning as error:
        told = error.message
    except RecursionError:  # Python may have read what is too deep for whoever walks over it
        told = _TOO_DEEP
    if "keras" not in text:
        raise ModelFileError(told)  # nothing would come of it
    raise NeedsRunning(told, text)


def _read(
    text: str, catalog: Catalog, title: str, model: str, shapes: Shapes | None, insides: Insides | None
) -> Imported:
    tree = parsed(text)
    place = runs_on_of(tree)
    notes = {line: note for line, note in notes_of(text).items() if len(note) <= MAX_TEXT}
    run = _understood(tree, notes, catalog, shapes=shapes, text=text, insides=insides)
    own = _own_title(tree)
    is_unfinished = own is not None and not run.networks and bool(run.made) and not run.complaints
    network = None if is_unfinished else _chosen(run, model)
    flattened = torn(run, network) if network is not None and own is None else frozenset()
    if flattened:
        again = _understood(tree, notes, catalog, shapes=shapes, text=text, insides=insides, flattened=flattened,
                            spent=run.spent())  # fmt: skip
        run, network = again, _chosen(again, model)
    findings = Findings()
    snippets = run.own_code.finish() if run.own_code is not None else ()
    drawer = Drawer(run, findings)
    try:
        graph, outputs = drawer.draw(network)
    except RecursionError:
        raise ModelFileError("The models of the script are nested too deeply.") from None
    refuse_deep(graph, drawer.blocks)
    tell_other_names(findings, graph.nodes, {key: outputs[key] for key, _ in network.outputs if key} if network else {})
    plan = _plan(run, network, outputs, findings, tree, place)
    wanted = title or (_label(network) if network is not None else "")
    project = Project(
        title=own if own is not None else clean(wanted, 200) or "Untitled", main=graph, blocks=drawer.blocks,
        training=plan, next_id=drawer.next_id, snippets={each.id: each for each in snippets},
    )  # fmt: skip
    project = _with_own_code(project, run, findings)
    others = [_label(each) for each in _candidates(run) if each is not network and not (
        id(each) in drawer.inside or each.line in flattened or each.is_held
    )]  # fmt: skip
    if others and not model:
        findings.replace(other_models(others))
    for complaint in run.complaints[:3]:
        findings.miss(f"Line {complaint.line} was passed over: {complaint.reason}")
    for line, sentence in {**run.changed, **run.remarks}.items():
        findings.replace(f"Line {line}: {sentence}")
    report = Report(_came_in(network, drawer), findings.replaced, findings.unknown)
    names = tuple([_label(each) for each in _candidates(run)])
    chosen = _label(network) if network is not None else ""
    return Imported(project, report, text if run.complaints else "", names, chosen, text if own is not None else "")


def _with_own_code(project: Project, run: Run, findings: Findings) -> Project:
    """The project with the code of the script that it needs and no other, and a word about all of it."""
    for name, reason in run.own_code.reasons.items() if run.own_code is not None else ():
        findings.miss(f"The code of {name} stands in the script but did not come in: {reason}")
    kept = used_snippets(project)
    next_id, snippets = project.next_id, {}
    wrong = faults(project, run.keras)
    for each in sorted(kept, key=lambda each: list(project.snippets).index(each.id)):
        snippets[f"s{next_id}"] = replace(each, id=f"s{next_id}")
        next_id += 1
        findings.replace(OWN_CODE, each.name)
        if run.own_code is not None and (before := run.own_code.renamed.get(each.name)):
            told = renamed(each.name, before)
            findings.replace("Called otherwise now, because its own name has another meaning here: {}.", told)
        if each.id in wrong:
            findings.miss(f"The code of {each.name} cannot be used as it stands: {wrong[each.id].sentence}")
    return replace(project, snippets=snippets, next_id=next_id)


def _plan(
    run: Run, network: Network | None, outputs: Mapping[str, str], findings: Findings, tree: ast.Module, place: RunsOn
) -> TrainingPlan:
    """What the script says about training; ``place`` was read before, since it is taken out to read the rest."""
    compiled = network or run.unfinished
    plan = plan_of(run, compiled, outputs, run.catalog, findings) if compiled is not None else TrainingPlan()
    return replace(plan, runs_on=place, starts_from=starts_from_of(tree))


@immutable
class ReadBack:
    """An edited text as a project, with the lines of each node; ``complaints`` say why it cannot be taken.

    ``comments`` are those that stand at no layer, by the line below.
    """

    project: Project
    lines: Mapping[str, tuple[int, int]]
    complaints: tuple[Complaint, ...] = ()
    comments: Mapping[int, str] = field(default_factory=dict)


def read_back(text: str, catalog: Catalog) -> ReadBack:
    """The text of the code panel as a project. All its functions are blocks, and nothing may be passed over.

    What the catalog has as code of the person's own stays that; other classes and functions become such code.
    """
    try:
        tree = parsed(text)
        place = runs_on_of(tree)
        notes = notes_of(text)
        long = [Complaint(line, _LONG_NOTE) for line, note in notes.items() if len(note) > MAX_TEXT]
        if long:
            return ReadBack(Project(), {}, tuple(long))
        run = _understood(tree, notes, catalog, are_all_blocks=True, text=text)
        changed = [Complaint(line, sentence) for line, sentence in run.changed.items()]
        if run.complaints or changed:
            return ReadBack(Project(), {}, (*run.complaints, *changed))
        snippets = run.own_code.finish() if run.own_code is not None else ()
        is_unfinished = not run.networks and _is_told_unfinished(tree)
        network = None if is_unfinished else _chosen(run, "")
        findings = Findings()
        drawer = Drawer(run, findings)
        graph, outputs = drawer.draw(network)
        refuse_deep(graph, drawer.blocks)
        plan = _plan(run, network, outputs, findings, tree, place)
    except ModelFileError as error:
        return ReadBack(Project(), {}, (_complaint_of(error),))
    except RecursionError:
        return ReadBack(Project(), {}, (Complaint(1, "The code is nested too deeply."),))
    own = _own_title(tree)
    title = clean(" ".join((ast.get_docstring(tree) or "").split()), 200) if own is None else own
    project = Project(
        title, graph, drawer.blocks, training=plan, next_id=drawer.next_id,
        snippets={each.id: each for each in snippets},
    )  # fmt: skip
    if run.own_code is not None and run.own_code.reasons:
        (name, reason), *_ = run.own_code.reasons.items()
        line = next((each.lineno for each in tree.body if getattr(each, "name", "") == name), 1)
        return ReadBack(project, drawer.lines, (Complaint(line, f"{name} cannot be code of the project: {reason}"),))
    if findings.unknown:
        return ReadBack(project, drawer.lines, (Complaint(1, findings.unknown[0]),))
    kept = {each.id: each for each in used_snippets(project)}
    return ReadBack(replace(project, snippets=kept), drawer.lines, comments=run.notes)


def _is_told_unfinished(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == "build_model" and isinstance(node.body[-1], ast.Raise)
               for node in tree.body)  # fmt: skip


def _complaint_of(error: ModelFileError) -> Complaint:
    match = _LINE.fullmatch(error.message)
    return Complaint(int(match[1]), match[2]) if match else Complaint(1, error.message)


def _came_in(network: Network | None, drawer: Drawer) -> str:
    kind = "Sequential" if network is not None and network.stack is not None else "Functional"
    what = drawn(drawer.layers, len(drawer.blocks), drawer.shared)
    return f"A {kind} model was read from the script, which was not run: {what}."


def parsed(text: str) -> ast.Module:
    """The tree of a script; ModelFileError where it is no Python, or longer than any network needs."""
    if len(text) > MAX_CHARACTERS:
        raise ModelFileError("The script is longer than 1,000,000 characters, which no network needs.")
    if text.count("\n") > MOST_LINES:
        raise ModelFileError(f"The script has more than {MOST_LINES:,} lines, which no network needs.")
    if (odd := _NO_TEXT.search(text)) is not None:
        what = "a NUL" if odd[0] == "\0" else "half of a character"
        line = text.count("\n", 0, odd.start()) + 1
        raise ModelFileError(_told(Complaint(line, f"There is {what}, which no script may hold.")))
    try:
        return ast.parse(text)
    except SyntaxError as error:
        line = error.lineno or 1
        reason = (error.msg or "this is no Python").partition(";")[0]
        reason = f"{reason[0].upper()}{reason[1:]}{'' if reason.endswith(('.', '?')) else '.'}"
        complaint = Complaint(line, reason, max(0, (error.offset or 1) - 1))
        raise ModelFileError(_told(complaint)) from None
    except (ValueError, RecursionError, MemoryError):
        raise ModelFileError("The script is no Python that can be read: it is nested too deeply.") from None


def _own_title(tree: ast.Module) -> str | None:
    """The title of the project that our own file was exported from; None for any other script."""
    found = _TITLE.fullmatch((ast.get_docstring(tree, clean=False) or "").strip())
    if found is None:
        return None
    return found[1] if is_key(found[1]) else clean(found[1], 200)


def _told(complaint: Complaint) -> str:
    return f"Line {complaint.line}: {complaint.reason}"


def _understood(
    tree: ast.Module, notes: dict[int, str], catalog: Catalog, are_all_blocks: bool = False,
    shapes: Shapes | None = None, text: str = "", insides: Insides | None = None,
    flattened: frozenset[int] = frozenset(), spent: Mapping[str, Any] = MappingProxyType({}),
) -> Run:  # fmt: skip
    """Read the script; routines that are used only once are drawn in place in another round.

    With its ``text`` code of its own can come in, too.
    """
    is_ours = _own_title(tree) is not None
    if is_ours:
        make_plain(tree)
    inlined: frozenset[int] = frozenset()
    opened: frozenset[tuple[int, int]] = frozenset()
    run = Run(catalog, {})
    for _ in range(_MOST_ROUNDS):
        own = OwnCode(cast(KnownCatalog, catalog), text, tree) if text else None
        run = Run(
            catalog, dict(notes), inlined, is_ours=is_ours, is_book=is_ours and _is_book(tree), shapes=shapes,
            own_code=own, insides=insides, opened=opened, flattened=flattened, **spent,
        )  # fmt: skip
        guarded(lambda run=run: _walk(run, tree))  # type: ignore[misc]
        if insides is not None and run.to_open - opened:
            opened, spent = opened | run.to_open, run.spent()
            continue
        if not are_all_blocks and run.to_inline - inlined:
            inlined, spent = inlined | run.to_inline, run.spent()
            continue
        uses: dict[int, int] = {}
        for block in run.blocks:
            if not block.is_own:
                uses[block.line] = max(uses.get(block.line, 0), block.uses)
        once = frozenset() if are_all_blocks else frozenset(line for line, count in uses.items() if count < 2)
        more = inlined | once | run.cannot_be_blocks
        if not once or more == inlined:
            return run
        inlined, spent = more, run.spent()  # Further rounds have no more time than the first.
    return run


def _is_book(tree: ast.Module) -> bool:
    names = [each for node in tree.body if isinstance(node, ast.Import) for each in node.names]
    return any((each.name, each.asname) == ("keras.layers", "L") for each in names)


def _walk(run: Run, tree: ast.Module) -> None:
    reader = Interpreter(run)
    if run.own_code is not None:
        run.own_code.whole, run.own_code.stars = reader.whole, reader.stars
    reader.script(tree)
    for instance in run.trained.values():
        if own_objects.has_call(instance):
            run.complain(NotPlain(instance.own_class.line, _of_own_class(instance.own_class)))
    if any(network.trial is None for network in run.networks):
        return
    if run.is_ours:
        _train_unfinished(run, reader)
    # Nothing of the script calls the function that makes the model: do it in its place.
    for routine in [each for each in reader.whole.names.values() if isinstance(each, Routine)]:
        told = routine.node.args
        needed = len(told.posonlyargs) + len(told.args) - len(routine.defaults)
        if needed == 0 and isinstance(routine.node, ast.FunctionDef) and _makes_model(routine.node):
            try:
                names = dict(zip([each.arg for each in told.args], routine.defaults, strict=False))
                names |= {each.arg: it for each, it in zip(told.kwonlyargs, routine.keyword_defaults, strict=True)}
                reader.enter(routine, names)
            except NotPlain as fault:
                run.complain(fault)
            if run.networks:
                return
    own = next((each for each in reader.whole.names.values() if isinstance(each, OwnClass) and each.is_model), None)
    if own is not None and not run.complaints:
        run.complain(NotPlain(own.line, f"{_of_own_class(own)} Functional and Sequential models can be read."))
    lost = next((each for each in reader.whole.names.values() if isinstance(each, Unclear) and each.is_fault), None)
    if lost is not None and not run.complaints:
        run.complain(NotPlain(lost.line, lost.reason))


def _of_own_class(own: OwnClass) -> str:
    return f"{shown(own.name)} is a model of its own class, whose layers only running it would tell."


def _train_unfinished(run: Run, reader: Interpreter) -> None:
    """Read what is said about the training of a network that does not end yet."""
    run.unfinished = Network(0, None)
    data = Unclear(0, "The data are known only when the script runs.")
    for name, args in (("compile_model", [run.unfinished]), ("train", [run.unfinished, data])):
        routine = reader.whole.names.get(name)
        if isinstance(routine, Routine):
            with suppress(NotPlain):
                reader.enter(routine, given_names(routine, args, {}, routine.node.lineno))


def _makes_model(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(each, ast.Call)
        and getattr(each.func, "attr", getattr(each.func, "id", "")) in ("Model", "Sequential")
        for each in ast.walk(node)
    )


def guarded(work: Callable[[], None]) -> None:
    """Do what reads a script; NeedsRunning where it goes on too long or needs what only running it tells."""
    try:
        work()
    except TooLong as error:
        raise NeedsRunning(str(error)) from None
    except RecursionError:
        raise NeedsRunning(_TOO_DEEP) from None
    except NeedsValue as error:
        raise NeedsRunning(f"The parameter {error.which.name} is known only when the script runs.") from None


def _candidates(run: Run) -> list[Network]:
    """The models that stand for themselves; one that is part of another comes before it."""
    found = [network for network in run.networks if network.stack is None or network.stack]
    for whole in [*found]:  # a Sequential may get parts that are made later
        inside = {id(each) for each in whole.stack or () if isinstance(each, Network)}
        later = [each for each in found[found.index(whole) + 1 :] if id(each) in inside] if inside else []
        if later:
            found.remove(whole)
            found.insert(found.index(later[-1]) + 1, whole)
    return found


def _chosen(run: Run, wanted: str) -> Network:
    found = _candidates(run)
    if wanted:
        named = [network for network in found if wanted in (network.name, *network.variables)]
        if not named and found:
            names = ", ".join(_label(network) for network in found)
            sentence = f"The script has no model called {shown(wanted)}; it has: {names}."
            if run.complaints:
                raise NeedsRunning(f"{sentence} {_told(run.complaints[0])}")
            raise ModelFileError(sentence)
        if named:
            return named[-1]
    if not found:
        if run.complaints:
            raise NeedsRunning(_told(run.complaints[0]))
        raise NeedsRunning("The script makes no model of Keras: there is no keras.Model and no keras.Sequential in it.")
    compiled = [network for network in found if network.compiled is not None]
    whole = [each for each in run.trained.values() if own_objects.has_call(each)]
    if whole and not compiled and not own_objects.holds_network(whole[-1]):  # what was read is a part of it at most
        raise NeedsRunning(_told(run.complaints[-1]))
    return (compiled or found)[-1]


def _label(network: Network) -> str:
    return network.name or network.variable or ("functional" if network.stack is None else "sequential")
