"""What the engine was told about a drawing and what it answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from studio import codegen, protocol
from studio.catalog import Catalog
from studio.core.bindings import ends
from studio.core.problem import Problem, Remedy
from studio.core.project import OUTPUT, Project
from studio.core.topology import edges_into
from studio.protocol import Answer, Call, Piece
from studio.workbench.naming import call_names, node_of
from studio.workbench.open_sizes import remedy
from studio.workbench.own_code import MISTAKE, Gate, Permit

if TYPE_CHECKING:
    from studio.codegen import FlatCall

NAMED_BLOCKERS = 3
"""A sentence that waits for more nodes than this names the first ones only."""


COARSE = ("float16", "bfloat16")
"""Types of two bytes: 3 digits or fewer."""


def protocol_call(flat: FlatCall, own: tuple[str, ...] = ()) -> Call:
    """The call as the engine takes it; ``own`` are the digests of the code that it may run for it."""
    return Call(flat.id, flat.kind, flat.expression, flat.inputs, flat.shares, flat.flags, own)


class InferenceState:
    """Both sides of the conversation about shapes, without the process: what was sent, and the answers so far.

    ``gate`` decides which code of the person's own the engine may run; without one it runs none.
    """

    def __init__(self, gate: Gate | None = None) -> None:
        self.gate = gate or Gate()
        self._sent_own: dict[str, Permit] = {}
        self._sent_pieces: set[str] = set()
        self._project = Project()
        self._sent: dict[str, FlatCall] = {}
        self._sent_policy = ""
        self._revision = 0
        self._first_revision = 1
        self._must_reset = True
        self._answers: dict[str, Answer] = {}
        self._told: dict[str, tuple[Answer, tuple[str, ...], Problem]] = {}
        """What was told last of an answer, and with which names: of 10,000 nodes that wait only a few are others."""
        self._told_names: Mapping[str, str] = {}

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What Keras last said, by call id: the node's id, or ``use/inner`` inside a block."""
        return self._answers

    @property
    def revision(self) -> int:
        """The number of the last update."""
        return self._revision

    def reset(self) -> None:
        """Forget everything, as a new engine has: the next update sends the whole drawing."""
        self._sent, self._sent_own, self._sent_pieces = {}, {}, set()
        self._answers, self._told = {}, {}
        self._must_reset = True
        self._first_revision = self._revision + 1

    def update(self, project: Project, catalog: Catalog) -> protocol.UpdateGraph | None:
        """The message that brings the engine from what it was told last to ``project``; None if that is the same."""
        self._project = project
        flat = {
            call.id: call for call in (*codegen.flat_calls(project, catalog), *codegen.plan_calls(project, catalog))
        }
        own = self._permits(project, catalog, flat)
        changed = [
            call
            for call in flat.values()
            if ((old := self._sent.get(call.id)) is not call and old != call)
            or (own and own.get(call.id) != self._sent_own.get(call.id))
        ]
        removed = tuple(identifier for identifier in self._sent if identifier not in flat)
        # What the engine said about a text that could not be sent says nothing about the one that can.
        mended = [call.id for call in changed if not call.fault and call.id in self._sent and self._sent[call.id].fault]
        self._sent, self._sent_own = flat, own
        pieces = {piece.digest: piece for permit in own.values() for piece in permit.pieces}
        fresh = tuple(piece for digest, piece in pieces.items() if digest not in self._sent_pieces)
        self._sent_pieces.update(pieces)
        for identifier in (*removed, *mended):
            self._answers.pop(identifier, None)
        policy, before = project.training.dtype_policy, self._sent_policy
        if not changed and not removed and not self._must_reset and policy == before:
            return None
        self._sent_policy = policy
        self._revision += 1
        message = protocol.UpdateGraph(
            id=self._revision,
            revision=self._revision,
            reset=self._must_reset,
            set=tuple(protocol_call(call, own[call.id].digests if call.id in own else ()) for call in changed),
            remove=removed,
            code=fresh,
            dtype_policy=policy,
        )
        self._must_reset = False
        return message

    def trial(self, project: Project, catalog: Catalog, call: FlatCall) -> tuple[Call, tuple[Piece, ...]] | None:
        """A call that is not in the drawing yet and the code that it needs; None where that may not run."""
        permit = self.gate.permit(project, catalog, call.own) if call.own else Permit()
        return None if permit.fault else (protocol_call(call, permit.digests), permit.pieces)

    def stop(self, digests: tuple[str, ...], sentence: str) -> str:
        """Code took the engine with it: it is not run again as it is. Gives what is said about it."""
        return self.gate.stop(self._project, digests, sentence)

    def _permits(self, project: Project, catalog: Catalog, flat: dict[str, FlatCall]) -> dict[str, Permit]:
        """What is decided about the calls that take code of the person's own. Those that may not lose their text."""
        known: dict[tuple[str, ...], Permit] = {}
        found: dict[str, Permit] = {}
        for call in flat.values():
            if call.own:
                if call.own not in known:
                    known[call.own] = self.gate.permit(project, catalog, call.own)
                found[call.id] = known[call.own]
        for key, permit in found.items():
            if permit.fault:
                flat[key] = replace(flat[key], expression="", fault=permit.fault)
        return found

    def take(self, message: protocol.Inferred) -> frozenset[str]:
        """Note answers; returns the ids whose answer is new.

        An answer to an older revision is taken too: the engine sends only what changed since its last message, so a
        dropped one would never come again. Only what an engine before the last ``reset`` said is dropped.
        """
        if message.revision < self._first_revision:
            return frozenset()
        changed = set()
        for identifier, answer in message.answers.items():
            if identifier in self._sent and self._answers.get(identifier) != answer:
                self._answers[identifier] = answer
                changed.add(identifier)
        return frozenset(changed)

    def problems(self, project: Project) -> tuple[Problem, ...]:
        """What Keras finds wrong, on the nodes of the main graph: a call inside a block counts for the block's use."""
        faults = {call.id: call.fault for call in self._sent.values() if call.fault}
        coarse = (*self._coarse(project), *self._of_plan())
        if not faults and not any(answer.problem or answer.blocked_by for answer in self._answers.values()):
            return coarse
        names = call_names(project)
        before, is_named_the_same = self._told, names == self._told_names
        self._told, self._told_names = {}, names
        found: list[Problem] = [*coarse]
        found += [
            Problem(self._code(identifier), f"{names[identifier]}: {fault}", "error", node=node_of(identifier))
            for identifier, fault in faults.items()
            if identifier in names and self._code(identifier) != MISTAKE
        ]
        for identifier, answer in self._answers.items():
            if identifier not in names or identifier in faults or identifier.startswith(codegen.PLAN):
                continue
            told = before.get(identifier)
            if told is None or told[0] is not answer or not is_named_the_same or "/" in identifier:
                # A call waits for itself where nothing enters it, or on a cycle: core.rules has the better sentence.
                others = () if answer.problem else tuple(other for other in answer.blocked_by if other != identifier)
                if not answer.problem and not others:
                    continue
                words = (names[identifier], *(names.get(other, other) for other in others))
                cure = remedy(self._sent, self._answers, self._sent[identifier]) if answer.problem else None
                if told is None or told[0] is not answer or told[1] != words or told[2].remedy != cure:
                    told = (answer, words, _problem(node_of(identifier), answer, words, cure))
            self._told[identifier] = told
            found.append(told[2])
        return tuple(found)

    def _of_plan(self) -> Iterator[Problem]:
        """What Keras does not make as the training plan wants it."""
        for call in self._sent.values():
            answer = self._answers.get(call.id) if call.kind == "object" and not call.fault else None
            if answer is not None and answer.problem:
                place = codegen.place_of(call.id)
                yield Problem(
                    "keras", answer.problem, "error", node=place.output, parameter=place.part, details=answer.details
                )

    def _coarse(self, project: Project) -> Iterator[Problem]:
        """Outputs that come in half precision, as Keras's guide warns of: a softmax of float16 loses small numbers."""
        for node in ends(project, OUTPUT):
            answer = self._answers.get(node.id)
            edges = edges_into(project.main, node.id)
            if answer is None or not edges or not answer.outputs or answer.outputs[0][1] not in COARSE:
                continue
            last = project.main.nodes[edges[0].source.node]
            message = (
                f"{last.name} gives {node.name} numbers of the type {answer.outputs[0][1]}, which are coarse for a "
                "loss; let it compute in float32."
            )
            yield Problem("coarse_output", message, "hint", node=last.id, parameter="dtype")

    def _code(self, identifier: str) -> str:
        permit = self._sent_own.get(identifier)
        return permit.code if permit is not None and permit.code else "expression"

    def total_parameters(self, project: Project) -> int:
        """The parameters of all layers that Keras could build; a shared layer counts once."""
        return sum(answer.parameters for answer in self._answers.values())

    def trainable_parameters(self, project: Project) -> int:
        """As ``total_parameters``, of those that training changes."""
        return sum(answer.trainable_parameters for answer in self._answers.values())


def _problem(node: str, answer: Answer, words: tuple[str, ...], cure: Remedy | None) -> Problem:
    """What an answer says about a node; ``words`` are the name of the call and of those that it waits for."""
    name, *others = words
    if answer.problem and cure is not None:
        return Problem("other_size", f"{name}: {answer.problem}", node=node, remedy=cure)
    if answer.problem:
        return Problem("keras", f"{name}: {answer.problem}", "error", node=node, details=answer.details)
    return Problem("blocked", f"{name} waits for {_listed(others)}.", "hint", node=node)


def _listed(words: Sequence[str]) -> str:
    if len(words) > NAMED_BLOCKERS:
        return f"{', '.join(words[:NAMED_BLOCKERS])} and {len(words) - NAMED_BLOCKERS} more"
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
