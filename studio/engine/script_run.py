"""Runs a script that the person agreed to run, without its training, and writes down the models that it made.

A program of its own: ``python -P -B -u script_run.py TEXT ORIGIN FOLDER SECONDS``. TEXT is the file with the very text
that was agreed to, ORIGIN where it came from: its folder is the working folder and may be imported from. FOLDER takes
``models.json``. After SECONDS what was made until then is written down. When standard input ends, this ends at once:
nobody is left who wants to know. It imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import inspect
import json
import linecache
import os
import pathlib
import re
import sys
import threading
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.engine import script_telling as telling
else:  # the script's own modules come first, so that nothing of ours is imported by its name
    _beside = importlib.util.spec_from_file_location(
        "layer_studio_script_telling", pathlib.Path(__file__).with_name("script_telling.py")
    )
    telling = importlib.util.module_from_spec(_beside)
    sys.modules[_beside.name] = telling
    _beside.loader.exec_module(telling)

FOUND = "models.json"
MOST_MODELS = 200
"""A script that makes more of them makes them in a loop; the last ones count."""
TIME_IS_UP = "time"

_NOT_DONE = ("save", "save_weights", "export", "fit", "evaluate", "train_on_batch", "test_on_batch")
"""What would take long, or write a model that has learned nothing over one that has."""


class Watched:
    """What a script does with models, while it runs. All models that it makes are kept, in order.

    ``takes`` has what a model was called with, as symbolic tensors; ``fitted`` what it would have been trained with;
    ``arguments`` what each layer of the script's own was made of. ``functions`` are those of the script that a model
    holds, by the names that its config has for them; ``lost`` what no config can hold.
    """

    def __init__(self) -> None:
        self.models: dict[int, Any] = {}
        self.arguments: dict[int, tuple[Any, tuple[Any, ...], dict[str, Any]]] = {}
        self.functions: dict[str, dict[str, Any]] = {}
        self.lost: dict[str, None] = {}
        self.fitted: dict[int, dict[str, int]] = {}
        self.takes: dict[int, Any] = {}

    def begin(self) -> None:
        """From now on models are kept, and nothing is trained or saved."""
        import keras

        for kind in (keras.Model, functional_class(), keras.Sequential):
            self._wrap(kind, "__init__", lambda model, _: self._made(model))
        self._wrap(keras.Model, "__call__", lambda model, given: self._called(model, given[0] if given else None))
        for kind in (keras.Layer, keras.Model):  # that of a Model hands on no arguments
            kind.__new__ = staticmethod(self._keeping(kind.__new__))
        for name in _NOT_DONE:
            setattr(keras.Model, name, getattr(Watched, f"_{name}", _nothing))
        keras.Model.fit = functools.partialmethod(lambda model, *given, **told: self._fit(model, *given, **told))
        for place in ("keras.utils", "keras._tf_keras.keras.utils"):
            if place in sys.modules:
                setattr(sys.modules[place], "plot_model", _nothing)  # noqa: B010 (no module has it for mypy)
        keras.ops.zeros(1)  # TensorFlow looks for graphics cards now
        keras.backend.clear_session(free_memory=False)  # names are counted from a fresh start

    def _wrap(self, kind: Any, name: str, then: Callable[[Any, tuple[Any, ...]], None]) -> None:
        before = getattr(kind, name)

        @functools.wraps(before)
        def wrapped(model: Any, *given: Any, **told: Any) -> Any:
            made = before(model, *given, **told)
            then(model, given)
            return made

        # Keras asks for the arguments of __init__ without following what it wraps.
        wrapped.__signature__ = inspect.signature(before)  # type: ignore[attr-defined]
        setattr(kind, name, wrapped)

    def _keeping(self, made: Callable[..., Any]) -> Callable[..., Any]:
        """The way in which layers come into being, with their arguments kept."""

        def kept(kind: Any, *given: Any, **told: Any) -> Any:
            layer = made(kind, *given, **told)
            if not telling.is_of_keras(kind):
                self.arguments[id(layer)] = (layer, given, told)
            return layer

        return kept

    def _made(self, model: Any) -> None:
        self.models.setdefault(id(model), model)
        if len(self.models) > MOST_MODELS:
            del self.models[next(iter(self.models))]

    def _called(self, model: Any, given: Any) -> None:
        if id(model) not in self.takes and (found := _symbolic(given)) is not None:
            self.takes[id(model)] = found

    def _fit(self, model: Any, x: Any = None, y: Any = None, *given: Any, **told: Any) -> Any:
        import keras

        told = dict(zip(("batch_size", "epochs"), given, strict=False)) | told
        self.fitted[id(model)] = {key: told[key] for key in ("batch_size", "epochs") if type(told.get(key)) is int}
        self._called(model, _one_batch(x))
        print(f"[{model.name} is not trained here: only the model itself is wanted.]", flush=True)
        history = keras.callbacks.History()
        history.set_model(model)
        history.history = defaultdict(list)
        return history

    @staticmethod
    def _evaluate(model: Any, *given: Any, **told: Any) -> Any:
        """Numbers in the place of those that would come out, so that the script goes on."""
        if told.get("return_dict"):
            return defaultdict(float)
        metrics = (model.get_compile_config() or {}).get("metrics") if getattr(model, "compiled", False) else None
        return [0.0] * (1 + len(metrics)) if isinstance(metrics, list | dict) and metrics else 0.0

    _train_on_batch = _test_on_batch = _evaluate


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


@functools.cache
def functional_class() -> Any:
    """The class of functional models, which has no public name."""
    import keras

    one = keras.Input((1,))
    return type(keras.Model(one, one))


def _one_batch(x: Any) -> Any:
    """What a model would be given for one batch of what ``fit`` was given."""
    import keras

    if hasattr(x, "element_spec"):  # a tf.data.Dataset
        spec = x.element_spec
        return spec[0] if isinstance(spec, tuple) else spec
    if isinstance(x, keras.utils.PyDataset):
        batch = x[0]
        return batch[0] if isinstance(batch, tuple) else batch
    return x


def _symbolic(given: Any) -> Any:
    """Symbolic tensors with the shapes and dtypes of some rows, in the same structure; None for anything else."""
    import keras

    def symbol(each: Any) -> Any:
        dtype = keras.backend.standardize_dtype(each.dtype)
        dtype = (
            keras.config.floatx() if dtype == "float64" else dtype
        )  # NumPy's usual one, which Keras takes as its own
        return keras.KerasTensor((None, *tuple(each.shape)[1:]), dtype)

    try:
        return None if given is None else keras.tree.map_structure(symbol, given)
    except Exception:  # a script may hand anything to a model of its own
        return None


def run(text: str, origin: str) -> tuple[dict[str, Any], BaseException | None]:
    """Run the text as ``python ORIGIN`` would; gives its variables, and what it ended with."""
    module = type(sys)("__main__")
    module.__dict__["__file__"] = origin
    sys.modules["__main__"] = module
    sys.argv = [origin]
    sys.meta_path.append(telling.Silent())
    sys.path.append(os.path.dirname(origin))  # behind all others: no json.py of the folder stands in for Python's own
    linecache.cache[origin] = (len(text), None, text.splitlines(keepends=True), origin)
    try:
        exec(compile(text, origin, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:  # sys.exit() included; what was made before counts
        if isinstance(error, SystemExit) and error.code in (None, 0):
            return module.__dict__, None
        tb = error.__traceback__.tb_next if error.__traceback__ is not None else None
        traceback.print_exception(type(error), error, tb)
        return module.__dict__, error
    return module.__dict__, None


def written(watched: Watched, scope: Mapping[str, Any], ended: str, line: int, origin: str) -> dict[str, Any]:
    """Everything that is told of a run."""
    variables = {id(thing): name for name, thing in scope.items() if not name.startswith("_")}
    inner = {id(getattr(model, "_functional", None)) for model in watched.models.values()}
    models, reasons = [], []
    for key, model in list(watched.models.items()):
        if key in inner:
            continue
        try:
            told = _told(model, watched.takes.get(key), telling.Telling(watched, scope, origin))
        except Exception as error:
            reasons.append(f"{type(model).__name__}: {_one_line(error)}")
            continue
        told["variable"] = variables.get(key, "")
        told["fitted"] = watched.fitted.get(key, {})
        told["is_compiled"] = bool(getattr(model, "compiled", False))
        models.append(told)
    return {
        "models": models, "reasons": reasons[-5:], "ended": ended, "line": line, "functions": watched.functions,
    }  # fmt: skip


def _told(model: Any, takes: Any, teller: telling.Telling) -> dict[str, Any]:
    """One model: its config as ``to_json`` gives it, and what it was compiled with."""
    import keras

    plain = model
    if isinstance(model, keras.Sequential):
        if not model.built and isinstance(takes, keras.KerasTensor):
            model.build(takes.shape)
        if not model.layers:
            raise ValueError("it has no layers")
    elif not isinstance(model, functional_class()):
        plain = _traced(model, takes)
    elif type(model) is not functional_class():  # a class of the script's own around a functional model
        plain = keras.Model(model.inputs, model.outputs, name=model.name)
    teller.watched.lost.clear()
    own: dict[str, Any] = {}
    for layer in reversed(plain._flatten_layers(include_self=False)):
        teller.let_it_tell(layer)
        if not telling.is_of_keras(type(layer)) and layer._inbound_nodes:
            telling.note_ends(layer, own.setdefault(type(layer).__name__, {"gives": 1, "lists": []}))
    compiled = None
    if getattr(model, "compiled", False):
        try:
            compiled = json.loads(json.dumps(model.get_compile_config()))
        except Exception:  # losses and optimizers of the script's own
            compiled = None
    name, class_name = str(model.name), type(model).__name__
    config = json.loads(plain.to_json())
    return {
        "name": name, "class": class_name, "config": config, "compiled": compiled, "own": own,
        "lost": list(teller.watched.lost),
    }  # fmt: skip


def _traced(model: Any, takes: Any) -> Any:
    """A model of the script's own class as a functional one: the layers that its ``call`` goes through.

    One that has weights beside those of its layers is a single layer of a functional model.
    """
    import keras

    if takes is None:
        raise ValueError("it is a class of the script's own that is never called, so nobody knows what it takes")

    def begin(symbol: Any) -> Any:
        return keras.Input(batch_shape=symbol.shape, dtype=symbol.dtype)

    inputs = keras.tree.map_structure(begin, takes)
    whole = keras.Model(inputs, model(inputs), name=f"{model.name}_whole")  # it is built by that
    try:
        found = keras.Model(inputs, model.call(inputs), name=model.name)
    except Exception:
        return whole
    kept = {id(weight) for weight in found.weights}
    return found if all(id(weight) in kept for weight in model.weights) else whole


def _one_line(error: BaseException) -> str:
    text = " ".join(re.sub("\x1b\\[[0-9;]*m", "", str(error)).split())
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__


def ended_by(error: BaseException | None, origin: str) -> tuple[str, int]:
    """What a script ended with, in the words of Python, and the last of its own lines that the error passed."""
    if error is None:
        return "", 0
    if isinstance(error, SyntaxError) and error.filename == origin:
        return f"SyntaxError: {error.msg}", error.lineno or 0
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == origin]
    if isinstance(error, SystemExit):
        return f"it ended itself with {error.code!r}"[:300], lines[-1] or 0 if lines else 0
    return _one_line(error), lines[-1] or 0 if lines else 0


def main(text: str, origin: str, folder: str, seconds: float) -> None:
    """Run, and write down."""
    wanted = _claim_input()
    source = pathlib.Path(text).read_text(encoding="utf-8")
    watched = Watched()
    lock = threading.Lock()
    scope: dict[str, Any] = {}

    def tell(ended: str, line: int) -> None:
        with lock:  # whoever comes first; the process ends before the second has a turn
            told = json.dumps(written(watched, {**scope, **sys.modules["__main__"].__dict__}, ended, line, origin))
            beside = pathlib.Path(folder) / f"{FOUND}.part"
            beside.write_text(told, encoding="utf-8")
            os.replace(beside, pathlib.Path(folder) / FOUND)
            os._exit(0)

    threading.Thread(target=_end_with, args=(wanted,), daemon=True).start()
    with _muted():
        watched.begin()
    # Only from here on: the time that TensorFlow takes to start is not the script's.
    late = threading.Timer(seconds, tell, (TIME_IS_UP, 0))
    late.daemon = True
    late.start()
    found, error = run(source, origin)
    scope.update(found)
    tell(*ended_by(error, origin))


@contextlib.contextmanager
def _muted() -> Iterator[None]:
    """What TensorFlow says while it starts is nothing that the script says."""
    kept = os.dup(1), os.dup(2)
    empty = os.open(os.devnull, os.O_WRONLY)
    os.dup2(empty, 1)
    os.dup2(empty, 2)
    os.close(empty)
    try:
        yield
    finally:
        for descriptor, copy in enumerate(kept, start=1):
            os.dup2(copy, descriptor)
            os.close(copy)


def _claim_input() -> int:
    """Keep standard input for whoever started this; a script that asks for something finds an empty one."""
    kept = os.dup(0)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return kept


def _end_with(descriptor: int) -> None:
    while os.read(descriptor, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))
