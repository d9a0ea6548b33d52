"""Runs an exported file as anybody would, up to the training, and writes down what model it builds.

A program of its own: ``python -I -B clean_run.py FILE FOLDER``. It imports nothing of ours, so that nothing of ours can
make the file work. FOLDER takes ``found.json`` (the calls of the model in an order that both sides find) and
``arrays.npz`` (weights, a batch of rows, and what the model predicts for it). ``calls_of`` serves the other side too.
"""

from __future__ import annotations

import inspect
import json
import os
import pathlib
import re
import sys
from collections.abc import Sequence
from typing import Any, TypeAlias

ROWS = 32
"""A batch that is predicted has at most so many rows."""
FOUND, ARRAYS = "found.json", "arrays.npz"
_DATA_CELL, _MODEL_CELL, _LAST_CELL = "data", "model", "compile"
"""Of a notebook, the cells up to this one are run; what follows trains and writes files."""


def main(path: str, folder: str) -> None:
    """Run the file and write down what came of it."""
    scope: dict[str, Any] = {"__name__": "exported", "__file__": path}
    sys.modules["exported"] = type(sys)("exported")
    sys.modules["exported"].__dict__.update(scope)
    scope = sys.modules["exported"].__dict__
    if path.endswith(".ipynb"):
        os.chdir(os.path.dirname(path))  # as Jupyter does; nothing is written there before the training
        with open(path, encoding="utf-8") as file:
            cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
        last = _LAST_CELL
        for cell in cells:
            try:
                exec(compile("".join(cell["source"]), f"{path} ({cell['id']})", "exec"), scope)
            except NotImplementedError:
                if cell["id"] != _DATA_CELL:
                    raise
                last, scope["data"] = _MODEL_CELL, None  # what follows wants data
            if cell["id"] == last:
                break
        model, data = scope["model"], scope["data"]
    else:
        with open(path, encoding="utf-8") as file:
            exec(compile(file.read(), path, "exec"), scope)
        model, data = made(scope)
    write(model, None if data is None else data[0][0], pathlib.Path(folder))


def made(scope: dict[str, Any]) -> tuple[Any, Any]:
    """As ``main`` of the file goes, on one device. A file that only builds the model has no data."""
    import keras

    keras.utils.set_random_seed(scope.get("SEED", 0))
    try:
        data = scope["load_data"]() if "load_data" in scope else None
    except NotImplementedError:  # It is the person's to write; the model can be compared all the same.
        data = None
    model = scope["build_model"]()
    if "load_weights" in scope:
        scope["load_weights"](model)
    if "compile_model" in scope:
        scope["compile_model"](model)
    if "adapt_layers" in scope and data is not None:
        scope["adapt_layers"](model, data)
    return model, data


def write(model: Any, x: Any, folder: pathlib.Path) -> None:
    """Write down the model and what it predicts for the first rows of ``x``, or for random rows without them."""
    import keras
    import numpy as np

    rows = _some_rows(model) if x is None else [np.asarray(array[:ROWS]) for array in keras.tree.flatten(x)]
    arrays: dict[str, Any] = {f"input{number}": _plain(array) for number, array in enumerate(rows)}
    predicted = model(_packed(model, rows), training=False)
    # After the first call: only then has a PReLU that stands as an activation its weights.
    calls, layers, _ = calls_of(model)
    learned: list[dict[str, Any]] = []
    for number, layer in enumerate(layers):
        arrays |= {f"layer{number}_{place}": np.asarray(each) for place, each in enumerate(weights_of(layer))}
        learned.append(_learned(layer))
    arrays |= {
        f"output{number}": np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(each, "float32")))
        for number, each in enumerate(keras.tree.flatten(predicted))
    }
    np.savez(folder / ARRAYS, **arrays)
    told = {
        "calls": calls,
        "learned": learned,
        "parameters": model.count_params(),
        "keras": keras.__version__,
        "backend": keras.config.backend(),
        "is_ours_imported": any(name.partition(".")[0] == "studio" for name in sys.modules),
    }
    with open(folder / FOUND, "w", encoding="utf-8") as file:
        json.dump(told, file)


Place: TypeAlias = "tuple[Any, int, Place | None]"
"""A call of a model inside the model: the model, the number of its call, and the place where that stands."""


def calls_of(model: Any) -> tuple[list[dict[str, Any]], list[Any], list[tuple[Any, Place | None]]]:
    """The calls that lead to the outputs, each after those that it takes; their operations, each once; what they give.

    The order follows from the connections alone, whatever names there are and in whatever order layers were made.
    Models inside are opened: of each of their calls there is every layer's call, and its tensor with that place. A
    layer that ``is_inside`` one has the sizes for which the model was made, which may be open ones.
    """
    import keras

    inputs = {id(tensor): number for number, tensor in enumerate(keras.tree.flatten(model.inputs))}
    done: dict[tuple[int, ...], int] = {}
    numbers: dict[int, int] = {}
    calls: list[dict[str, Any]] = []
    operations: list[Any] = []
    given: list[tuple[Any, Place | None]] = []
    ends = [behind(each, None) for each in keras.tree.flatten(model.outputs)]
    stack = list(reversed(ends))
    while stack:
        tensor, at = stack[-1]
        operation, place, _ = tensor._keras_history
        key = _key(tensor, at)
        node = operation._inbound_nodes[place]
        if key in done:
            stack.pop()
            continue
        entering = [behind(each, at) for each in _entering(operation, node)]
        waiting = [each for each in entering if _key(*each) not in done]
        if waiting:
            stack += reversed(waiting)
            continue
        stack.pop()
        done[key] = len(calls)
        if id(operation) not in numbers:
            numbers[id(operation)] = len(operations)
            operations.append(operation)
        given.append((node.output_tensors[0], at))
        calls.append({
            "type": type(operation).__name__,
            "layer": numbers[id(operation)],
            "input": next((inputs[id(each)] for each in node.output_tensors if id(each) in inputs), -1),
            "takes": [[done[_key(*each)], each[0]._keras_history[2]] for each in entering],
            "outputs": [[list(each.shape), str(each.dtype)] for each in node.output_tensors],
            "weights": [list(weight.shape) for weight in getattr(operation, "weights", ())],
            "settings": settings_of(operation),
            "is_inside": at is not None,
        })  # fmt: skip
    takes = [[done[_key(*each)], each[0]._keras_history[2]] for each in ends]
    calls.append({"type": "outputs", "layer": -1, "takes": takes})
    return calls, operations, given


def behind(tensor: Any, at: Place | None) -> tuple[Any, Place | None]:
    """The tensor that a layer gives, and its place: into models inside the model, and out of them."""
    import keras

    while True:
        operation, place, index = tensor._keras_history
        if at is not None:
            model, call, outer = at
            number = next((n for n, each in enumerate(model.inputs) if each is tensor), None)
            if number is not None:
                arguments = model._inbound_nodes[call].arguments
                taken = keras.tree.flatten((arguments.args, arguments.kwargs))
                tensor, at = [each for each in taken if isinstance(each, keras.KerasTensor)][number], outer
                continue
        if not _is_opened(operation):
            return tensor, at
        tensor, at = keras.tree.flatten(operation.outputs)[index], (operation, place, at)


def _is_opened(operation: Any) -> bool:
    """Whether it is a model of the file itself: its Inputs were told their names, those of ready-made ones were not."""
    import keras

    return isinstance(operation, keras.Model) and any(
        not re.fullmatch(r"(input_layer|keras_tensor)(_\d+)?", each._keras_history[0].name)
        for each in getattr(operation, "inputs", None) or ()
    )


_MASKS = ("mask", "query_mask", "key_mask", "value_mask")


def _key(tensor: Any, at: Place | None) -> tuple[int, ...]:
    """The call that gives a tensor."""
    key: tuple[int, ...] = id(tensor._keras_history[0]), tensor._keras_history[1]
    while at is not None:
        model, call, at = at
        key = (*key, id(model), call)
    return key


def _entering(operation: Any, node: Any) -> list[Any]:
    """The tensors that a call takes, in the order of its signature, however they were handed over.

    Masks are left out: Keras hands them on by itself, in a Sequential otherwise than elsewhere. What they do shows in
    the predictions.
    """
    import keras

    arguments = node.arguments
    named: dict[str, Any] = dict(arguments.kwargs)
    values: Sequence[Any] = arguments.args
    try:
        named = inspect.signature(operation.call).bind(*arguments.args, **arguments.kwargs).arguments
        values = ()
    except (TypeError, ValueError):
        pass
    values = [*values, *(value for name, value in named.items() if name not in _MASKS)]
    return [each for each in keras.tree.flatten(list(values)) if isinstance(each, keras.KerasTensor)]


def settings_of(operation: Any) -> dict[str, str]:
    """What an operation was made with, by the names of the parameters, without what it is called."""
    if not hasattr(operation, "get_config"):
        return {}
    if _is_functional(operation):  # a config tells connections by names
        return {"layers": json.dumps(calls_of(operation)[0]), "trainable": json.dumps(operation.trainable)}
    try:
        config = operation.get_config()
    except Exception:  # operations and layers of a person's own need not have one
        return {}
    inner = getattr(operation, "layer", None)
    if _is_functional(inner):
        config["layer"] = settings_of(inner)
    return {
        name: json.dumps(_nameless(value), sort_keys=True, default=lambda other: type(other).__name__)
        for name, value in config.items()
        if name not in (*_NAMES, *_MEASURED, "batch_shape")
    }


def _is_functional(operation: Any) -> bool:
    import keras

    is_model = isinstance(operation, keras.Model) and not isinstance(operation, keras.Sequential)
    return is_model and bool(getattr(operation, "inputs", None))


_NAMES = ("name", "registered_name", "module", "build_config")
_MEASURED = ("vocabulary", "vocabulary_size", "idf_weights", "bin_boundaries", "mean", "variance")
"""Settings that a layer has from the data, which the other side gets later."""


def _nameless(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _nameless(each) for key, each in value.items() if key not in _NAMES}
    if isinstance(value, list | tuple):
        return [_nameless(each) for each in value]
    return value


def weights_of(layer: Any) -> list[Any]:
    """The weights of a layer as arrays; an operation has none."""
    return layer.get_weights() if hasattr(layer, "get_weights") else []


def _learned(layer: Any) -> dict[str, Any]:
    """What a layer measured on the data and does not keep in weights."""
    if hasattr(layer, "get_vocabulary") and hasattr(layer, "set_vocabulary"):
        special = {"include_special_tokens": False}
        return {"vocabulary": [_word(each) for each in layer.get_vocabulary(**special)]}
    boundaries = getattr(layer, "bin_boundaries", None)
    return {} if boundaries is None else {"bin_boundaries": [float(each) for each in boundaries]}


def _word(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str | int) else value.item()


def _plain(array: Any) -> Any:
    """An array that can be saved without pickles: text of TensorFlow comes as objects."""
    import numpy as np

    if array.dtype.kind not in "OS":
        return array
    words = [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in array.ravel()]
    return np.asarray(words, dtype="U").reshape(array.shape)


def _packed(model: Any, rows: list[Any]) -> Any:
    """Rows as the model takes them: one array, or a dictionary or list of several."""
    import keras

    tensors = [keras.ops.convert_to_tensor(each if each.dtype.kind != "U" else each.tolist()) for each in rows]
    structure = getattr(model, "_inputs_struct", None)
    if structure is None or not isinstance(structure, dict | list | tuple):
        return tensors[0]
    return keras.tree.pack_sequence_as(structure, tensors)


def _some_rows(model: Any) -> list[Any]:
    """Random rows for a file without data."""
    import keras
    import numpy as np

    rng = np.random.default_rng(0)
    found = []
    for each in keras.tree.flatten(model.inputs):
        shape = (4, *(size or 8 for size in each.shape[1:]))
        if each.dtype == "string":
            found.append(np.full(shape, "a word or two"))
        else:
            numbers = rng.normal(size=shape) if "float" in each.dtype else np.zeros(shape)
            found.append(numbers.astype(each.dtype))
    return found


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
