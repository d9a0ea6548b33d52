"""``compile_model``, ``adapt_layers`` and ``train``; ``main`` is in ``runs_on``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studio.catalog.spec import ObjectKind
from studio.catalog.values import KerasObject, Value
from studio.codegen import runs_on, stored_weights
from studio.codegen.embedded import batches_text, function_text
from studio.codegen.expressions import Catalog, Expressions, NoExpression
from studio.codegen.ir import (
    Argument,
    Assign,
    Call,
    Code,
    Do,
    Expression,
    Function,
    Items,
    Lines,
    Return,
    Statement,
    call,
    items,
    keyword,
)  # fmt: skip
from studio.codegen.literals import literal
from studio.core.learning import LEARNS
from studio.core.problem import Problem
from studio.core.project import ClassWeights, OutputPlan, TrainingPlan
from studio.immutable import immutable


@immutable
class Adapted:
    """A layer that learns from the training data: its name, and the key or place of the Input that it takes alone."""

    name: str
    input: str | int | None


BALANCED = "balanced_weights"
"""The function of a script that weighs the classes of its training rows."""


def compile_function(
    catalog: Catalog, plan: TrainingPlan, outputs: Mapping[str, str], plans: Mapping[str, OutputPlan]
) -> tuple[Function, list[Problem]]:
    """``compile_model`` for these Outputs (ids and their keys in the code), and what had to be left out of it."""
    problems: list[Problem] = []

    def made(kind: ObjectKind, value: KerasObject, node: str | None, *always: str) -> Expression | None:
        try:
            return Expressions(catalog).object(kind, value, always)
        except NoExpression as error:
            message = f"{value.type} is left out of the code: {error}"
            problems.append(Problem("left_out", message, "error", node=node, parameter=kind))
            return None

    losses: dict[str, Expression] = {}
    metrics: dict[str, Expression] = {}
    weighted: dict[str, Expression] = {}
    for key, name in outputs.items():
        own = plans.get(key, OutputPlan())
        loss = made("loss", own.loss, key) if own.loss is not None else None
        if loss is not None:
            losses[name] = loss
        for chosen, into in ((own.metrics or (), metrics), (own.weighted_metrics, weighted)):
            found = [made("metric", metric, key) for metric in chosen]
            written = [each for each in found if each is not None]
            if written:
                into[name] = items("[", written)
    optimizer = made("optimizer", plan.optimizer, None, "learning_rate")
    arguments = [keyword("optimizer", optimizer)] if optimizer is not None else []
    if losses:
        arguments.append(keyword("loss", _by_output(losses, len(outputs))))
    weights = {name: plans[key].weight for key, name in outputs.items() if key in plans}
    if any(weight != 1 for weight in weights.values()):
        written_weights: dict[str, Expression] = {name: Code(literal(weight)) for name, weight in weights.items()}
        arguments.append(keyword("loss_weights", _by_output(written_weights, len(outputs))))
    if metrics:
        arguments.append(keyword("metrics", _by_output(metrics, len(outputs))))
    if weighted:
        arguments.append(keyword("weighted_metrics", _by_output(weighted, len(outputs))))
    arguments += _execution(plan)
    body = (Do(call("model.compile", *arguments)),)
    docstring = "Choose the optimizer, the loss and the metrics."
    return Function("compile_model", (Argument(Code("model")),), docstring, body), problems


def policy_statements(plan: TrainingPlan) -> tuple[Statement, ...]:
    """What comes before the first layer is made: in which numbers layers compute, unless it is what Keras does anyway.

    It stands in ``build_model``, and not in ``main``, because it holds for the layers made from there on: so it does
    wherever the function is taken to.
    """
    if plan.dtype_policy == TrainingPlan().dtype_policy:
        return ()
    return (Do(call("keras.config.set_dtype_policy", Code(literal(plan.dtype_policy)))),)


def _execution(plan: TrainingPlan) -> list[Argument]:
    """How the computer does the training, as far as it is not what Keras does anyway."""
    usual = TrainingPlan()
    told: list[tuple[str, Value, Value]] = [
        ("jit_compile", plan.jit_compile, usual.jit_compile),
        ("steps_per_execution", plan.steps_per_execution, usual.steps_per_execution),
        ("run_eagerly", plan.run_eagerly, usual.run_eagerly),
    ]
    return [keyword(name, Code(literal(value))) for name, value, default in told if value != default]


def _by_output(values: Mapping[str, Expression], outputs: int) -> Expression:
    if outputs == 1:
        return next(iter(values.values()))
    return Items("{", tuple([Argument(value, f"{literal(name)}: ") for name, value in values.items()]))


def adapt_function(
    adapted: Sequence[Adapted], types: Sequence[str], inputs: int, is_everywhere: bool, word: str = "layers",
    has_weights: bool = False,
) -> Function:  # fmt: skip
    """``adapt_layers`` for layers of these types.

    ``is_everywhere`` looks for the layers itself, in the order of the network: there are some inside blocks. So does
    the code for a layer behind others, which has to see what those make of the data.
    """
    body: list[Statement] = [Lines(("x, _, _ = data[0]" if has_weights else "x, _ = data[0]",))]
    if is_everywhere or any(each.input is None for each in adapted):
        if list(types) == ["Normalization"]:
            found = [f"    if isinstance(layer, {word}.Normalization) and layer.input_mean is None:"]
        else:
            entries = [f"    {literal(type)}: {literal(LEARNS[type])}," for type in types]
            body.append(Lines(("learned = {", *entries, "}")))
            found = [
                "    what = learned.get(type(layer).__name__)",
                "    if what is not None and layer.get_config()[what] is None:",
            ]
        body.append(Lines((
            "for layer in model.layers:",
            *found,
            "        before = keras.Model(model.inputs, layer.input)",
            "        layer.adapt(before.predict(x, verbose=0))",
        )))  # fmt: skip
    else:
        for each in adapted:
            rows = "x" if inputs == 1 else f"x[{literal(each.input)}]"
            layer = call("model.get_layer", Code(literal(each.name)))
            body.append(Do(call(f"{layer.text}.adapt", Code(rows))))
    names = list(types)
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    docstring = f"Let {listed} layers measure the training data."
    return Function("adapt_layers", (Argument(Code("model")), Argument(Code("data"))), docstring, tuple(body))


def train_functions(
    catalog: Catalog,
    plan: TrainingPlan,
    *,
    has_text: bool = False,
    has_classes: bool = False,
    has_weights: bool = False,
    is_shared: bool = False,
    has_validation: bool = False,
) -> tuple[list[Function], list[Problem]]:
    """``Batches`` and ``train``. ``has_text`` tells that the parts hold tensors.

    ``has_classes`` tells that there are classes that can be weighed, ``has_weights`` that there are weights of rows:
    Keras does not take both. ``is_shared`` tells that several processes may share each batch: then the validation rows
    come in batches too, if it ``has_validation``.
    """
    problems: list[Problem] = []
    written: list[Expression] = []
    for callback in plan.callbacks:
        try:
            written.append(_with_whole_path(callback, Expressions(catalog).object("callback", callback)))
        except NoExpression as error:
            message = f"{callback.type} is left out of the code: {error}"
            problems.append(Problem("left_out", message, "error", parameter="callbacks"))
    rows = "x, y, weights" if has_weights else "x, y"
    kept, validation = "validation", "validation"
    if is_shared and has_validation:
        kept_rows = ", ".join(f"validation_{name}" for name in rows.split(", "))
        kept, validation = f"({kept_rows})", f"Batches({kept_rows}, BATCH_SIZE)"
    body: list[Statement] = [Lines((f"({rows}), {kept}, _ = data",))]
    extra: Expression = Code("list(callbacks)")
    if written:
        extra = items("[", [*written, Code("*callbacks")])
    weights = plan.class_weights if has_classes and not has_weights else None
    body.append(Return((call(
        "model.fit",
        Code(f"Batches({rows}, BATCH_SIZE, SEED)"),
        keyword("epochs", Code("EPOCHS")),
        keyword("validation_data", Code(validation)),
        keyword("callbacks", extra),
        *_class_weight(weights),
        keyword("shuffle", Code("False")),
        keyword("verbose", Code("2")),
    ),)))  # fmt: skip
    parameters = (Argument(Code("model")), Argument(Code("data")), keyword("callbacks", Code("()")))
    text = batches_text(has_text=has_text, has_weights=has_weights, is_shared=is_shared)
    batches = [Function("Batches", text=text)]
    if is_shared:
        batches.insert(0, Function("place", text=function_text("devices.py", "place") or ""))
    docstring = "Train the model; the result holds the loss and the metrics of every epoch."
    balancing = [Function(BALANCED, text=function_text("weights.py", BALANCED) or "")] * (weights == "balanced")
    return [*batches, *balancing, Function("train", parameters, docstring, tuple(body))], problems


_WHOLE_PATHS = frozenset({"OrbaxCheckpoint"})
"""Callbacks that insist on where their folder stands from the root on; in a project it is a plain name."""


def takes_whole_paths(plan: TrainingPlan) -> bool:
    """Whether the code of the callbacks needs ``os``."""
    return any(callback.type in _WHOLE_PATHS for callback in plan.callbacks)


def _with_whole_path(callback: KerasObject, made: Expression) -> Expression:
    if callback.type not in _WHOLE_PATHS or not isinstance(made, Call):
        return made
    arguments = [
        keyword("directory", call("os.path.abspath", each.value)) if each.before == "directory=" else each
        for each in made.arguments
    ]
    return Call(made.function, tuple(arguments))


def _class_weight(weights: ClassWeights) -> list[Argument]:
    if weights is None:
        return []
    if weights == "balanced":
        return [keyword("class_weight", call(BALANCED, Code("y")))]
    numbers = tuple([Argument(Code(literal(weight)), f"{number}: ") for number, weight in enumerate(weights)])
    return [keyword("class_weight", Items("{", numbers))]


def constants(plan: TrainingPlan) -> list[Statement]:
    """The numbers that people change first."""
    return [
        Assign(("SEED",), Code(literal(plan.seed))),
        Assign(("EPOCHS",), Code(literal(plan.epochs))),
        Assign(("BATCH_SIZE",), Code(literal(plan.batch_size))),
        *runs_on.constants(plan.runs_on),
        *stored_weights.constants(plan),
    ]
