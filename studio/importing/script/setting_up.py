"""What a script sets up for all of Keras: seeds, number types, the order of axes; and what it asks of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studio.importing.script.routines import NoBlock
from studio.importing.script.run import Run
from studio.importing.script.things import NotPlain, Thing

_EPSILON = 1e-07
_SEEDS = frozenset({"keras.utils.set_random_seed", "tensorflow.random.set_seed", "numpy.random.seed", "random.seed"})
_SETS_POLICY = frozenset({
    "keras.config.set_dtype_policy", "keras.mixed_precision.set_dtype_policy",
    "keras.mixed_precision.set_global_policy", "keras.mixed_precision.experimental.set_policy",
    "keras.config.set_floatx", "keras.backend.set_floatx",
})  # fmt: skip
_SETS_ALL = frozenset({
    "keras.config.set_image_data_format", "keras.backend.set_image_data_format", "keras.config.set_epsilon",
    "keras.backend.set_epsilon",
})  # fmt: skip
TELLS: Mapping[str, Callable[[Run], Thing]] = {
    f"keras.{module}.{name}": tell
    for module in ("backend", "config")
    for name, tell in (("epsilon", lambda run: _EPSILON), ("image_data_format", lambda run: run.data_format),
                       ("floatx", lambda run: "float32"))
}  # fmt: skip
"""Functions that tell how Keras is set up, which is as the program sets it up."""


def is_setting(path: str) -> bool:
    """Whether a function of a library sets something up that is known here."""
    return path in _SEEDS or path in _SETS_POLICY or path in _SETS_ALL


def set_up(run: Run, path: str, given: list[Thing], line: int) -> None:
    """One such function, called."""
    said = given[0] if given else None
    if path in _SEEDS:
        run.seeds += given[:1]
    elif path in _SETS_POLICY:
        if not (path.endswith("floatx") and said == "float32"):
            run.policies += given[:1]
    elif path.endswith("data_format") and said in ("channels_last", "channels_first"):
        if run.trial is not None:
            raise NoBlock
        run.data_format = said
    elif said != _EPSILON:
        raise NotPlain(line, "A project goes by Keras's own settings, and this changes them for all layers.")
