"""What code of the person's own can be for."""

from __future__ import annotations

from collections.abc import Mapping

from studio.immutable import immutable


@immutable
class Kind:
    """One kind: ``noun`` as it stands in a sentence ("a loss"), and what may define it: a function, a class or both.

    ``base`` is the class of Keras that a class of this kind comes from.
    """

    noun: str
    base: str
    may_be_function: bool = True
    may_be_class: bool = True

    @property
    def form(self) -> str:
        """What the code has to define, as it stands in "it needs ..."."""
        forms = ["a function"] * self.may_be_function + [f"a class made from {self.base}"] * self.may_be_class
        return " or ".join(forms)


KINDS: Mapping[str, Kind] = {
    "function": Kind("a function", "", may_be_class=False),
    "layer": Kind("a layer", "keras.layers.Layer", may_be_function=False),
    "activation": Kind("an activation", "", may_be_class=False),
    "loss": Kind("a loss", "keras.losses.Loss"),
    "metric": Kind("a metric", "keras.metrics.Metric"),
    "initializer": Kind("an initializer", "keras.initializers.Initializer"),
    "regularizer": Kind("a regularizer", "keras.regularizers.Regularizer"),
    "constraint": Kind("a constraint", "keras.constraints.Constraint"),
    "callback": Kind("a callback", "keras.callbacks.Callback", may_be_function=False),
    "optimizer": Kind("an optimizer", "keras.optimizers.Optimizer", may_be_function=False),
    "schedule": Kind(
        "a learning rate schedule", "keras.optimizers.schedules.LearningRateSchedule", may_be_function=False
    ),
}
"""By the word that stands in project files; a kind that is not here is one of a newer version."""
