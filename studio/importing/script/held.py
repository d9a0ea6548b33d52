"""Layers that stand inside of others, such as the cell of an RNN. In a drawing each is one of its own."""

from __future__ import annotations

from collections.abc import Iterable

from studio.importing.script.run import Run
from studio.importing.script.things import Call, MadeLayer, Network, Thing, flat


def note_arguments(run: Run, arguments: Iterable[Thing], line: int) -> None:
    """Layers among the arguments of a layer stand inside of it from now on."""
    for each in flat([*arguments]):
        if isinstance(each, Network):
            if each.is_held or any(isinstance(it, Call) and it.model is each for it in run.made):
                _tell(run, each, line)
            each.is_held = True
        if isinstance(each, MadeLayer):
            if each.is_held or each.is_called:
                _tell(run, each, line)
            each.is_held = True


def note_call(run: Run, layer: MadeLayer, line: int) -> None:
    """A layer is called; it may stand inside of another, too."""
    if layer.is_held and not layer.is_called:
        _tell(run, layer, line)


def note_model(run: Run, network: Network, line: int) -> None:
    """A model is called; it may stand inside of a layer, too."""
    if network.is_held:
        _tell(run, network, line)


def _tell(run: Run, layer: MadeLayer | Network, line: int) -> None:
    spec = run.catalog.inner_layer(layer.type) if isinstance(layer, MadeLayer) else None
    if spec is not None and not spec.may_have_weights:
        return  # Two LeakyReLUs are as good as one.
    kind = layer.type if isinstance(layer, MadeLayer) else "a model"
    run.changed[line] = (
        "Stands in several places, one of them inside of another layer; in the drawing each place has a layer of its"
        f" own with weights of its own: {layer.name or layer.variable or kind}."
    )
