"""The flat graph that the window sends: calls, who takes what from whom, and an order to visit them in."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable
from functools import lru_cache

from studio.protocol import Call


class FlatGraph:
    """The calls by id, with an order in which each call comes after what it needs.

    A layer that several calls share is built by the first of them in the order (its *builder*), as in the generated
    code; the others come after it.
    """

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.order: tuple[str, ...] = ()
        self.on_cycles: frozenset[str] = frozenset()
        self._objects: frozenset[str] = frozenset()
        self._dependants: dict[str, list[str]] = {}
        self._builders: dict[str, str] = {}

    def update(self, calls: Iterable[Call], remove: Iterable[str]) -> set[str]:
        """Replace and drop calls; gives the ids whose answer may be another one now."""
        dirty: set[str] = set()
        is_rewired = False
        for call_id in remove:
            if self.calls.pop(call_id, None) is not None:
                dirty.update(self.dependants(call_id))
                is_rewired = True
        for call in calls:
            old = self.calls.get(call.id)
            if call == old:
                continue
            dirty.add(call.id)
            dirty.update(self._sharing(call.id))
            is_rewired |= old is None or (old.inputs, old.shares, old.kind) != (call.inputs, call.shares, call.kind)
            self.calls[call.id] = call
        if is_rewired:
            before = self._builders, self.on_cycles
            self._arrange()
            dirty.update(self.on_cycles ^ before[1])
            dirty.update(call_id for call_id in self.calls if self._builders.get(call_id) != before[0].get(call_id))
            for call_id in tuple(dirty):  # a call that came back under its id is waited for by others
                dirty.update(self.dependants(call_id))
        return dirty & self.calls.keys()

    @property
    def objects(self) -> frozenset[str]:
        """The calls that stand in no drawing: the objects of the training plan."""
        return self._objects

    def dependants(self, call_id: str) -> list[str]:
        """The calls that take an output of this call, or share a layer that it builds."""
        return self._dependants.get(call_id, [])

    def origin(self, call_id: str) -> Call | None:
        """The call that defines the layer which this call calls: itself, or the end of its ``shares``."""
        call = self.calls.get(call_id)
        seen = {call_id}
        while call is not None and call.shares is not None:
            if call.shares in seen:
                return None
            seen.add(call.shares)
            call = self.calls.get(call.shares)
        return call

    def builder(self, call_id: str) -> str:
        """The first call, in the order, of the layer that this call calls."""
        return self._builders.get(call_id, call_id)

    def _sharing(self, call_id: str) -> list[str]:
        builder = self.builder(call_id)
        return [other for other, its_builder in self._builders.items() if its_builder == builder]

    def _arrange(self) -> None:
        groups: dict[str, list[str]] = {}
        for call_id, call in self.calls.items():
            if call.shares is not None:
                origin = self.origin(call_id)
                if origin is not None:
                    groups.setdefault(origin.id, [origin.id]).append(call_id)
        plain, _ = self._sorted({})
        position = {call_id: index for index, call_id in enumerate(plain)}
        last = len(position)
        self._builders = {}
        for members in groups.values():
            builder = min(members, key=lambda call_id: position.get(call_id, last))
            self._builders.update(dict.fromkeys(members, builder))
        self._objects = frozenset(call_id for call_id, call in self.calls.items() if call.kind == "object")
        self.order, self._dependants = self._sorted(self._builders)
        self.on_cycles = frozenset(self.calls.keys() - set(self.order))

    def _sorted(self, builders: dict[str, str]) -> tuple[tuple[str, ...], dict[str, list[str]]]:
        """Kahn's order, ties by the number in the id, as in the generated code; left out is what a cycle holds up."""
        dependants: dict[str, list[str]] = {}
        waits_for: dict[str, int] = {}
        for call_id, call in self.calls.items():
            needs = {source for _, sources in call.inputs for source, _ in sources}
            builder = builders.get(call_id, call_id)
            if builder != call_id:
                needs.add(builder)
            for need in needs:
                dependants.setdefault(need, []).append(call_id)
            waits_for[call_id] = sum(need in self.calls for need in needs)
        ready = [(_rank(call_id), call_id) for call_id, count in waits_for.items() if count == 0]
        heapq.heapify(ready)
        order: list[str] = []
        while ready:
            _, call_id = heapq.heappop(ready)
            order.append(call_id)
            for dependant in dependants.get(call_id, ()):
                waits_for[dependant] -= 1
                if waits_for[dependant] == 0:
                    heapq.heappush(ready, (_rank(dependant), dependant))
        return tuple(order), dependants


@lru_cache(maxsize=100_000)
def _rank(call_id: str) -> tuple[int, ...]:
    """n2 before n10, and both before n2/n1 (a call inside a block)."""
    return tuple(int(number) for number in re.findall(r"\d+", call_id))
