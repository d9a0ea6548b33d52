"""The objects of a training plan as the engine is asked about them, beside the calls of the drawing."""

from __future__ import annotations

from collections.abc import Iterator

from studio.catalog import Catalog
from studio.catalog.spec import ObjectKind
from studio.catalog.values import KerasObject, types_in
from studio.codegen.expressions import Expressions, NoExpression
from studio.codegen.flat import FlatCall
from studio.core.project import OUTPUT, Project, TrainingPlan
from studio.core.remember import Remembered
from studio.core.rules.planning import callback_problems
from studio.immutable import immutable

PLAN = "plan/"
"""What the ids of these calls begin with; no id of a node has a stroke in it."""


@immutable
class PlanPlace:
    """Where an object stands: the part of the plan ("optimizer", "loss", "metrics", "weighted_metrics", "callbacks"),
    the Output that it belongs to, and its number among several."""

    part: str
    output: str | None = None
    number: int = 0

    @property
    def id(self) -> str:
        """The id of the call."""
        return f"{PLAN}{self.part}/{self.output or ''}/{self.number}"


def place_of(call: str) -> PlanPlace:
    """The place of a call with this id."""
    part, output, number = call.removeprefix(PLAN).split("/")
    return PlanPlace(part, output or None, int(number))


_KINDS: dict[str, ObjectKind] = {
    "optimizer": "optimizer", "loss": "loss", "metrics": "metric", "weighted_metrics": "metric",
    "callbacks": "callback",
}  # fmt: skip

_Made = list[tuple[Catalog, tuple[FlatCall, ...]]]
_made: Remembered[TrainingPlan, _Made] = Remembered(64)


def objects_of(plan: TrainingPlan) -> Iterator[tuple[PlanPlace, KerasObject]]:
    """Every object that a person chose, and its place."""
    yield PlanPlace("optimizer"), plan.optimizer
    for key, output in plan.outputs.items():
        if output.loss is not None:
            yield PlanPlace("loss", key), output.loss
        for number, metric in enumerate(output.metrics or ()):
            yield PlanPlace("metrics", key, number), metric
        for number, metric in enumerate(output.weighted_metrics):
            yield PlanPlace("weighted_metrics", key, number), metric
    for number, callback in enumerate(plan.callbacks):
        yield PlanPlace("callbacks", None, number), callback


def plan_calls(project: Project, catalog: Catalog) -> tuple[FlatCall, ...]:
    """What Keras is asked to make: all that our own rules do not refuse already, of Outputs that there are."""
    memory = _made.get(project.training, lambda _: [])
    if not memory or memory[0][0] is not catalog:
        memory[:] = [(catalog, tuple(_calls(project.training, catalog)))]
    nodes = project.main.nodes
    outputs = {key for key in project.training.outputs if key in nodes and nodes[key].type == OUTPUT}
    return tuple([call for call in memory[0][1] if (place_of(call.id).output or "") in {"", *outputs}])


def _calls(plan: TrainingPlan, catalog: Catalog) -> Iterator[FlatCall]:
    for place, value in objects_of(plan):
        kind = _KINDS[place.part]
        if not value.params and kind != "callback":
            continue  # Keras makes everything that is as Keras has it.
        # A callback may write where it is told to as soon as it is made, so a stranger's path never gets that far.
        if catalog.why_not_object(kind, value) or (kind == "callback" and any(callback_problems(value))):
            continue
        try:
            text = Expressions(catalog, is_for_people=False).object(kind, value).text
        except NoExpression:
            continue
        own = tuple(sorted({*types_in(value)} & catalog.own)) if catalog.own else ()
        yield FlatCall(place.id, "object", text, own=own)
