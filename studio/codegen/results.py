"""What a script does with the trained model: ``plot_curves`` and ``show_predictions``."""

from __future__ import annotations

from collections.abc import Mapping

from studio.codegen.embedded import function_text
from studio.codegen.ir import Argument, Call, Code, Do, Each, Function, Lines, Statement, call, keyword
from studio.codegen.literals import literal
from studio.core import plan as plans
from studio.core.bindings import Binding
from studio.core.project import Project
from studio.core.tail import tail

ROWS = 5
"""So many predictions are shown: enough to see whether it learned something, few enough to read."""


def curves_function() -> Function:
    """``plot_curves``."""
    return Function("plot_curves", text=function_text("curves.py", "plot_curves") or "")


def predictions_function(
    project: Project, bindings: Mapping[str, Binding], outputs: Mapping[str, str], classes: Mapping[str, str],
    inputs: int, takes_rows: bool, has_text: bool,
) -> Function:  # fmt: skip
    """``show_predictions`` for Outputs (ids and their keys in the code).

    ``classes`` are the constants that hold the classes of a column; ``takes_rows`` tells that the script has ``take``,
    ``has_text`` that the data comes as tensors.
    """
    rows = f"x[:{ROWS}]"
    if inputs > 1:
        whole = f"{{name: array[:{ROWS}] for name, array in x.items()}}"
        if project.training.are_inputs_listed:
            whole = f"tuple(array[:{ROWS}] for array in x)"
        rows = f"take(x, slice({ROWS}))" if takes_rows else whole
    body: list[Statement] = [Lines((f"predictions = model.predict({rows}, verbose=0)",))]
    for key, name in outputs.items():
        part = f"[{literal(name)}]" if len(outputs) > 1 else ""
        title = f"{name}: " if len(outputs) > 1 else ""
        binding = bindings.get(key)
        if binding is not None and len(binding.data_shape or ()) > 1:
            shape = Code(f"predictions{part}.shape")
            body.append(Do(call("print", Code(literal(f"{title}predicted arrays of shape")), shape)))
            continue
        each, predicted, true = _read(project, key, binding, classes)
        shown = call("print", Code(_sentence(title, predicted, true)))
        truths: Code | Call = Code(f"y{part}[:{ROWS}]")
        if has_text:  # then they are tensors, which do not look like numbers
            truths = call("keras.ops.convert_to_numpy", truths)
        pairs = call("zip", Code(f"predictions{part}"), truths, keyword("strict", Code("True")))
        body.append(Each(f"{each}, truth", pairs, (Do(shown),)))
    if not outputs:
        body = [Do(call("print", Code(f"model.predict({rows}, verbose=0)")))]
    docstring = "Print the predictions for a few rows beside what is true."
    parameters = tuple([Argument(Code(name)) for name in ("model", "x", "y")])
    return Function("show_predictions", parameters, docstring, tuple(body))


def _read(project: Project, output: str, binding: Binding | None, classes: Mapping[str, str]) -> tuple[str, str, str]:
    """What a prediction is called, and how it and its truth are shown: with the names of the classes, if any.

    Numbers are rounded as people read them. ``item`` takes the one number of an array: only where the last layer gives
    one, for a script must not end with an error after it has trained.
    """
    end = tail(project, output)
    names = None
    if binding is not None and len(binding.columns) == 1:
        names = classes.get(binding.columns[0].name)
    task = plans.task_of(binding, end)
    if task == "classes":
        return "scores", _named(names, "scores.argmax()"), _named(names, "truth")
    if task == "one_hot":
        return "scores", _named(names, "scores.argmax()"), _named(names, "truth.argmax()")
    if task == "binary" and names is not None:
        is_second = f"int(score[0] > {0 if end.is_logits else 0.5})"
        return "score", _named(names, is_second), _named(names, "truth")
    if binding is None:
        return "predicted", "predicted", "truth"
    if end.width == 1 and binding.data_shape in ((), (1,)):
        return "predicted", "predicted.item():.4g", "truth.item():.4g"
    return "predicted", "predicted.round(3)", "truth.round(3)"


def _named(names: str | None, number: str) -> str:
    return number if names is None else f"{names}[{number}]"


def _sentence(title: str, predicted: str, true: str) -> str:
    """ "species: predicted ..., true ..." as an f-string; no brace of a name begins a value in it."""
    text = literal(f"{title}predicted ")
    said = text[1:-1].replace("{", "{{").replace("}", "}}")
    return f"f{text[0]}{said}{{{predicted}}}, true {{{true}}}{text[0]}"
