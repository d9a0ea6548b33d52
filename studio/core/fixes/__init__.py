"""One-click repairs of problems: each is an ordinary edit with a label that says what it does.

A repair belongs here when it is one edit and does away with its problem; what needs a choice is for a panel to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.core.fixes import drawing, layers, training
from studio.core.fixes.case import Case, Fix
from studio.core.fixes.drawing import insert_new
from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import MAIN, Project

__all__ = ["Fix", "fixes", "insert_new"]


def fixes(project: Project, catalog: Catalog, problem: Problem) -> tuple[Fix, ...]:
    """What a click can do about ``problem``, best first. Only edits that change something are offered."""
    graphs = project.graphs()
    key = next(
        (key for key, graph in graphs.items() if problem.node in graph.nodes or problem.edge in graph.edges), MAIN
    )
    case = Case(project, catalog, problem, key, graphs[key])
    make = _FIXES.get(problem.code)
    found = tuple(make(case)) if make is not None else ()
    return tuple(fix for fix in found if fix.edit(project) is not project)


_FIXES: dict[str, Callable[[Case], Iterator[Fix]]] = {
    "after_softmax": drawing.delete,
    "bad_name": drawing.rename,
    "batch_in_shape": layers.data_shape,
    "batch_of_one": training.batch_of_32,
    "batch_size": training.batch_of_32,
    "block_recursion": drawing.delete,
    "class_weights": training.no_class_weights,
    "coarse_output": layers.in_float32,
    "crowded_port": drawing.cut_surplus,
    "cycle": drawing.cut_circle,
    "dead_end": drawing.add_output,
    "drops_all": layers.set_to("rate", 0.5, "Set the rate of {name} to 0.5"),
    "duplicate_name": drawing.rename,
    "eager_compiled": training.not_eager,
    "epochs": training.default_epochs,
    "input_shape": layers.data_shape,
    "lost_edge": drawing.cut,
    "lost_share": drawing.unshare,
    "loss": training.suited_loss,
    "loss_value": training.suited_loss,
    "metric": training.suited_metrics,
    "metric_value": training.suited_metrics,
    "missing_column": layers.choose_again,
    "missing_parameter": layers.reset,
    "missing_port": drawing.cut,
    "monitor": training.keep_validation,
    "no_activation": layers.set_to("activation", "relu", "Give {name} relu"),
    "no_input": drawing.add_input,
    "no_output": drawing.add_last_output,
    "not_flat": drawing.flatten,
    "optimizer_value": training.default_optimizer,
    "other_size": layers.open_sizes,
    "own_statistics": training.synchronized,
    "parameter": layers.reset,
    "range": layers.no_activation,
    "raw_scores": training.add_probabilities,
    "runs_on": training.on_one_device,
    "sample_weights": training.no_sample_weights,
    "scores_twice": training.take_probabilities,
    "single_merge": drawing.delete,
    "softmax_of_one": layers.set_to("activation", "sigmoid", "Give {name} sigmoid"),
    "softmax_twice": layers.no_activation,
    "split": training.default_split,
    "steps_per_execution": training.batch_by_batch,
    "still_learning": layers.follow_block,
    "text_from_numbers": layers.reset,
    "unknown_block": drawing.delete,
    "unknown_parameter": layers.reset,
    "unused_input": drawing.delete,
    "weights_twice": training.one_kind_of_weights,
    "width": layers.set_width,
}
