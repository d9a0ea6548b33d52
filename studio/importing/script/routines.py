"""Functions of a script that make a part of a network: read as blocks where they can be, else drawn in place.

A routine is read once with its parameters left open. Where a parameter is needed as a value (``if bottleneck:``,
``filters * 4``), it is read again for that value alone, so that other values give another block.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from studio.catalog.spec import Port
from studio.catalog.values import ParameterRef, Value
from studio.core.edits import is_same_value
from studio.importing.script import held
from studio.importing.script.generators import is_generator
from studio.importing.script.layers import NeedsValue, value_of
from studio.importing.script.run import Kept, Run, Trial
from studio.importing.script.things import (
    BlockMade,
    Call,
    Ending,
    Instance,
    MadeLayer,
    Network,
    NotPlain,
    Open,
    OwnClass,
    Routine,
    Scope,
    Tensor,
    Thing,
    Unclear,
    snapshot,
)  # fmt: skip
from studio.importing.script.ways import calls_in, use_in

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling


class NoBlock(Exception):
    """A routine does something that no block can: it must be drawn in place."""


def refuse_outside(run: Run, trial: object) -> None:
    """NoBlock where a block in the making uses a layer or a tensor from outside itself."""
    if run.trial is not None and trial is not run.trial:
        raise NoBlock


def call(reader: Calling, routine: Routine, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Thing:
    """A function of the script, called."""
    run = reader.run
    names = given_names(routine, args, kwargs, node.lineno)
    if not _may_be_block(run, routine, names):
        return reader.enter(routine, names)
    before = (len(run.complaints), len(run.networks), dict(run.notes), len(run.seeds), len(run.blocks))
    try:
        kept = _kept(run, routine, names) or _read(reader, routine, names)
    except NoBlock:
        del run.complaints[before[0] :], run.networks[before[1] :], run.seeds[before[3] :], run.blocks[before[4] :]
        run.notes.clear()
        run.notes.update(before[2])
        run.cannot_be_blocks.add(routine.node.lineno)
        return reader.enter(routine, names)
    return _use(run, kept, names, node)


def given_names(routine: Routine, args: list[Thing], kwargs: dict[str, Thing], line: int) -> dict[str, Thing]:
    """The values of a function's parameters in this call."""
    told = routine.node.args
    ordered = [each.arg for each in (*told.posonlyargs, *told.args)]
    found: dict[str, Thing] = {}
    if len(args) > len(ordered) and told.vararg is None:
        raise NotPlain(line, f"{routine.name} takes {len(ordered)} arguments, and here are {len(args)}.")
    found.update(zip(ordered, args, strict=False))
    if told.vararg is not None:
        found[told.vararg.arg] = tuple(args[len(ordered) :])
    rest = {}
    for key, thing in kwargs.items():
        if key in ordered or any(each.arg == key for each in told.kwonlyargs):
            found[key] = thing
        elif told.kwarg is not None:
            rest[key] = thing
        else:
            raise NotPlain(line, f"{routine.name} has no parameter {key}.")
    if told.kwarg is not None:
        found[told.kwarg.arg] = rest
    first = len(ordered) - len(routine.defaults)
    for name, default in zip(ordered[first:], routine.defaults, strict=True):
        found.setdefault(name, default)
    for each, default in zip(told.kwonlyargs, routine.keyword_defaults, strict=True):
        found.setdefault(each.arg, default)
    missing = next((name for name in ordered if name not in found), None)
    if missing is not None:
        raise NotPlain(line, f"{routine.name} is not given its {missing}.")
    order = [*ordered, *(each.arg for each in told.kwonlyargs)]
    order += [each.arg for each in (told.vararg, told.kwarg) if each is not None]
    return {name: found[name] for name in order if name in found}


def is_own(run: Run, routine: Routine) -> str:
    """The name of the block that this function was exported from, or "". In our files all of these have a docstring."""
    if not run.is_ours or not isinstance(routine.node, ast.FunctionDef) or ast.get_docstring(routine.node) is None:
        return ""
    return routine.name


USE_NAME = "name"
"""The parameter of our own exports by which a use of a block tells its layers their names."""


def ending_of(run: Run, thing: Thing) -> str | None:
    """What follows the name of the use of the block that is being read; None where a thing is no such name."""
    use = thing.use if isinstance(thing, Ending) else thing
    trial = run.trial
    if trial is None or not isinstance(use, Open) or use.trial is not trial or use.name != USE_NAME:
        return None
    if not is_own(run, trial.routine):
        return None
    return thing.text if isinstance(thing, Ending) else ""


def _may_be_block(run: Run, routine: Routine, names: dict[str, Thing]) -> bool:
    line = routine.node.lineno
    if not isinstance(routine.node, ast.FunctionDef) or line in run.inlined or line in run.cannot_be_blocks:
        return False
    tensors = sum(isinstance(thing, Tensor) for thing in names.values())
    others = [thing for thing in names.values() if not isinstance(thing, Tensor)]
    told = routine.node.args
    if is_generator(routine):
        return False
    return tensors > 0 and told.vararg is None and told.kwarg is None and all(map(_is_value, others))


def _is_value(thing: Thing) -> bool:
    if isinstance(thing, tuple | list):
        return all(map(_is_value, thing))
    if isinstance(thing, MadeLayer):  # for a layer that it stands inside of
        return thing.name is None and not (thing.is_called or thing.is_held)
    return not isinstance(thing, Tensor | Network | Routine | Unclear | dict | Instance | OwnClass)


def _same(one: Thing, other: Thing) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one is other or (type(one) is type(other) and bool(one == other))


def _kept(run: Run, routine: Routine, names: dict[str, Thing]) -> Kept | None:
    tensors = frozenset(name for name, thing in names.items() if isinstance(thing, Tensor))
    for kept in run.kept.get(routine.node.lineno, ()):
        is_same = (
            kept.block.routine.scope is routine.scope
            and kept.tensors == tensors
            and all(name in names and _same(names[name], thing) for name, thing in kept.fixed.items())
            and all(_same(snapshot(scope.names.get(name)), seen) for (_, name), (scope, seen) in kept.reads.items())
        )
        if is_same:
            return kept
    return None


def _read(reader: Calling, routine: Routine, names: dict[str, Thing]) -> Kept:
    """Read a routine as a block, with as few fixed values as possible."""
    run = reader.run
    # Whether a parameter is None is what functions ask; those of our own exports ask nothing.
    asks = not is_own(run, routine)
    fixed: dict[str, Thing] = {name: thing for name, thing in names.items() if thing is None and asks}
    while True:
        trial = Trial(routine, run.trial)
        inner: dict[str, Thing] = {}
        inputs = []
        for name, thing in names.items():
            if isinstance(thing, Tensor):
                made = Call("input", routine.node.lineno, routine.node.lineno, trial, name=name)
                trial.made.append(made)
                inputs.append(made)
                inner[name] = Tensor(made)
            else:
                inner[name] = thing if name in fixed else Open(name, thing, trial)
        before = (len(run.complaints), len(run.networks), dict(run.notes), len(run.blocks))
        run.trial = trial
        try:
            found = reader.enter(routine, inner)
        except NeedsValue as needs:
            run.notes.clear()
            run.notes.update(before[2])
            del run.complaints[before[0] :], run.blocks[before[3] :]
            if needs.which.trial is not trial:
                raise
            if isinstance(needs.which.value, Open | Ending):
                further = needs.which.value
                raise NeedsValue(further.use if isinstance(further, Ending) else further) from None
            fixed[needs.which.name] = needs.which.value
            continue
        finally:
            run.trial = trial.parent
        networks = run.networks[before[1] :]
        if len(run.complaints) > before[0] or any(use_in(each) is None or each.compiled for each in networks):
            raise NoBlock
        del run.networks[before[1] :]  # They are uses of blocks that are called again, and nothing to choose from.
        for at, note in run.notes_of_ends(*_head_lines(routine), what="Input").items():
            if at < len(inputs):
                inputs[at].note = note
        block = _block(run, routine, trial, inputs, found, names, fixed)
        outer = trial.reads
        reads = {key: seen for key, seen in outer.items() if not _is_inside(seen[0], routine)}
        kept = Kept(fixed, frozenset(call.name or "" for call in inputs), tuple(names), reads, block)
        run.kept.setdefault(routine.node.lineno, []).append(kept)
        return kept


def _is_inside(scope: Scope, routine: Routine) -> bool:
    """Whether a scope is none of those that the routine stands in: it was its own, and is gone."""
    at: Scope | None = routine.scope
    while at is not None:
        if at is scope:
            return False
        at = at.outer
    return True


def _block(
    run: Run, routine: Routine, trial: Trial, inputs: list[Call], found: Thing, names: dict[str, Thing],
    fixed: dict[str, Thing],
) -> BlockMade:  # fmt: skip
    ends = list(found) if isinstance(found, tuple | list) else [found]
    if not ends or not all(isinstance(end, Tensor) and end.call.trial is trial for end in ends):
        raise NoBlock
    layers = [each for each in trial.made if isinstance(each, MadeLayer)]
    calls = [each for each in trial.made if isinstance(each, Call)]
    if any(layer.name is not None for layer in layers):
        raise NoBlock
    models = {id(call.network): call.network for call in calls if call.network is not None}
    begins = [call for model in models.values() for call in calls_in(model) if call.kind == "input"]
    if not all(map(use_in, models.values())) or sum(call.kind == "input" for call in calls) > len(inputs) + len(begins):
        raise NoBlock
    if len(calls) == len(inputs):
        raise NoBlock
    own = is_own(run, routine)
    names_layers = any(each.ending is not None for each in trial.made)
    told = routine.node.args
    ordered = [each.arg for each in (*told.posonlyargs, *told.args)]
    defaults = dict(zip(ordered[len(ordered) - len(routine.defaults) :], routine.defaults, strict=True))
    defaults |= {each.arg: it for each, it in zip(told.kwonlyargs, routine.keyword_defaults, strict=True)}
    parameters = []
    for name, thing in names.items():
        if isinstance(thing, Tensor) or name in fixed or (names_layers and name == USE_NAME):
            continue
        default = defaults.get(name, None if own else thing)
        if isinstance(default, Open):
            default = default.value
        try:
            parameters.append((name, value_of(run.catalog, None, _closed(default), routine.node.lineno)))
        except NotPlain:
            raise NoBlock from None
    block = BlockMade(
        own or routine.name, routine.node.lineno, tuple(inputs), _named_ends(routine, ends), tuple(parameters),
        tuple(trial.made), bool(own), routine, names_layers,
        run.notes_of_ends(*[each.lineno for each in _returns(routine)]),
        gives=Tensor if isinstance(found, Tensor) else list if isinstance(found, list) else tuple,
    )  # fmt: skip
    run.blocks.append(block)
    return block


def _closed(thing: Thing) -> Thing:
    if isinstance(thing, Open):
        return _closed(thing.value)
    return tuple(map(_closed, thing)) if isinstance(thing, tuple | list) else thing


def _returns(routine: Routine) -> list[ast.Return]:
    return [each for each in ast.walk(routine.node) if isinstance(each, ast.Return) and each.value is not None]


def _head_lines(routine: Routine) -> range:
    """The lines between the words on a function and its first statement."""
    if not isinstance(routine.node, ast.FunctionDef) or len(routine.node.body) < 2:
        return range(0)
    words, first, *_ = routine.node.body
    is_told = isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant)
    return range((words.end_lineno or words.lineno) + 1, first.lineno) if is_told else range(0)


def _named_ends(routine: Routine, ends: list[Tensor]) -> tuple[tuple[str, Tensor], ...]:
    """The results of a routine with the variables that it returns."""
    returned = _returns(routine)
    value = returned[-1].value if returned else None
    parts = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
    words = [part.id if isinstance(part, ast.Name) else "" for part in parts]
    if len(words) != len(ends):
        words = [""] * len(ends)
    return tuple([(word, tensor) for word, tensor in zip(words, ends, strict=True)])


def _use(run: Run, kept: Kept, names: dict[str, Thing], node: ast.Call) -> Thing:
    block = kept.block
    call = Call("block", node.lineno, node.end_lineno or node.lineno, run.trial, block=block)
    for made in block.inputs:
        tensor = names[made.name or ""]
        refuse_outside(run, tensor.call.trial)
        call.takes.append((made.name or "", tensor))
    params: dict[str, Value] = {}
    for name, default in block.parameters:
        thing = names[name]
        held.note_arguments(run, [thing], node.lineno)
        value = value_of(run.catalog, None, thing, node.lineno)
        if isinstance(value, ParameterRef) or not is_same_value(value, default):
            params[name] = value
    call.params = params
    if block.names_layers:
        given = names[USE_NAME]
        call.ending = ending_of(run, given)
        if call.ending is None and not isinstance(given, str):
            raise NoBlock
        call.name = None if call.ending is not None else given
    call.outputs = tuple([Port(str(at)) for at in range(len(block.outputs))])
    run.make(call)
    block.uses += 1
    tensors = [Tensor(call, at) for at in range(len(call.outputs))]
    return tensors[0] if block.gives is Tensor else block.gives(tensors)
