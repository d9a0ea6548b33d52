"""The configs of Keras 2 and 3 in one form: layers with their calls, and which tensors each call takes.

Keras 3 writes a call as ``{"args": [...], "kwargs": {...}}`` with tensors as objects that carry a ``keras_history``;
Keras 2 writes a list of ``[layer, call, output, kwargs]``. A Sequential has no calls at all; it is given them here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from studio.immutable import immutable
from studio.importing.errors import ModelFileError
from studio.importing.plain import MAX_LAYERS, TOO_MANY, shown

MAX_NODES = MAX_LAYERS
_OF_KERAS = frozenset({"keras", "tensorflow", "tf_keras"})


@immutable
class Tensor:
    """Output number ``index`` of one call of a layer. ``shape`` is what the file says of it, None where it does not."""

    layer: str
    call: int
    index: int
    shape: tuple[int | None, ...] | None = field(default=None, compare=False)


_LAYERS_THAT_SAY_LESS = frozenset({
    "Discretization", "HashedCrossing", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
})  # fmt: skip
"""Layers of Keras that leave "trainable" out of their config; no operation is called so."""


@immutable
class LayerCall:
    """What one call of a layer was given: tensors, lists and dictionaries of them, and plain JSON.

    ``is_old`` says that it stood there as Keras 2 writes it, or not at all.
    """

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    is_old: bool = False


@immutable
class Entry:
    """One layer of a model. ``key`` is what tensors call it; ``name`` what it is called.

    ``input_shape`` is the shape that a single tensor has which it takes, where the file says it beside the config.
    """

    key: str
    type: str
    module: str
    registered: str
    name: str
    config: Mapping[str, Any]
    calls: tuple[LayerCall, ...]
    input_shape: tuple[int | None, ...] | None = None

    @property
    def is_model(self) -> bool:
        """Whether it is made of layers itself. A Pipeline has layers too, and is one layer."""
        return isinstance(self.config.get("layers"), list) and (
            "output_layers" in self.config or self.type == "Sequential"
        )

    @property
    def is_input(self) -> bool:
        """Whether data comes in here."""
        return self.type == "InputLayer"

    @property
    def is_own(self) -> bool:
        """Whether it is a class of somebody's own, whatever its name is: Keras registers none of its own layers."""
        if self.registered and not self.module:
            return True
        return ">" in self.registered or (self.module != "" and self.module.split(".")[0] not in _OF_KERAS)

    @property
    def is_operation(self) -> bool:
        """Whether it is a function of ``keras.ops`` (an operator on tensors among them) and no layer."""
        if ".ops" in self.module:
            return True
        # An .h5 of Keras 3 tells no modules. Nearly every layer has "trainable" in its config; operations have not.
        is_bare = not self.module and "trainable" not in self.config and not self.is_input and not self.is_model
        is_bare = is_bare and self.type not in _LAYERS_THAT_SAY_LESS
        holds_layers = isinstance(self.config.get("layers"), list)  # a layer, which tells nothing else than those in it
        return is_bare and not holds_layers and any(not call.is_old for call in self.calls)


@immutable
class ModelEntries:
    """A model: its layers, and the tensors where it begins and ends, with their keys where these are a dictionary.

    ``are_inputs_listed`` tells that several inputs are no dictionary.
    """

    entries: tuple[Entry, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[tuple[str, Tensor], ...]
    is_sequential: bool = False
    are_inputs_listed: bool = False


def flatten(plain: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of lists and dictionaries as Keras counts them: dictionaries in the order of their keys."""
    if isinstance(plain, dict):
        for name in sorted(plain):
            yield from flatten(plain[name], name)
    elif isinstance(plain, list | tuple):
        for item in plain:
            yield from flatten(item, key)
    else:
        yield key, plain


def tensors_in(plain: Any) -> list[Tensor]:
    """All tensors in an argument, in order."""
    return [leaf for _, leaf in flatten(plain) if isinstance(leaf, Tensor)]


def entries_of(config: Mapping[str, Any]) -> ModelEntries:
    """The layers of a Functional or Sequential model's config."""
    layers = config.get("layers")
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise ModelFileError("The model's description has no list of layers.")
    if len(layers) > MAX_NODES:  # told before each of them is read, which takes seconds
        raise ModelFileError(TOO_MANY)
    if "output_layers" not in config:
        return _sequential(config, layers)
    found = tuple(entry_of(layer) for layer in layers)
    keys = Counter(entry.key for entry in found)
    if len(keys) < len(found):
        twice = keys.most_common(1)[0][0]
        raise ModelFileError(f"The model has two layers called {shown(twice)}, which Keras does not take.")
    begins = [*_ends(config.get("input_layers"))]
    inputs = tuple(tensor for _, tensor in begins)
    is_listed = len(inputs) > 1 and not all(key for key, _ in begins)
    return ModelEntries(found, inputs, tuple(_ends(config["output_layers"])), are_inputs_listed=is_listed)


def entry_of(plain: Mapping[str, Any], key: str | None = None) -> Entry:
    """One layer of a model's config; tensors call it ``key``, by its name without one."""
    type_name = plain.get("class_name")
    config = plain.get("config")
    if not isinstance(type_name, str) or not type_name:
        raise ModelFileError("The model's description has a layer without a class name.")
    if isinstance(config, list):  # A Sequential of the first Keras 2 is a bare list of layers.
        config = {"layers": config}
    if not isinstance(config, dict):
        config = {}
    name = plain.get("name", config.get("name"))
    if not isinstance(name, str):
        name = type_name.lower()
    module, registered = plain.get("module"), plain.get("registered_name")
    inbound = plain.get("inbound_nodes")
    return Entry(
        key=name if key is None else key,
        type=type_name,
        module=module if isinstance(module, str) else "",
        registered=registered if isinstance(registered, str) else "",
        name=name,
        config=config,
        calls=tuple(_call(node) for node in inbound) if isinstance(inbound, list) else (),
        input_shape=_shape(built.get("input_shape")) if isinstance(built := plain.get("build_config"), dict) else None,
    )


def _shape(plain: Any) -> tuple[int | None, ...] | None:
    is_shape = isinstance(plain, list) and all(each is None or type(each) is int for each in plain)
    return tuple(plain) if is_shape else None


def _call(plain: Any) -> LayerCall:
    if isinstance(plain, dict) and "args" in plain:
        args, kwargs = plain["args"], plain.get("kwargs")
        return LayerCall(
            tuple(_with_tensors(item) for item in args) if isinstance(args, list) else (),
            {name: _with_tensors(item) for name, item in kwargs.items()} if isinstance(kwargs, dict) else {},
        )
    return _old_call(plain)


def _with_tensors(plain: Any) -> Any:
    if isinstance(plain, list):
        return [_with_tensors(item) for item in plain]
    if isinstance(plain, dict):
        config = plain.get("config")
        if plain.get("class_name") == "__keras_tensor__" and isinstance(config, dict):
            found = _tensor(config.get("keras_history"))
            if found is None:
                raise ModelFileError("The model's description has a tensor without an origin.")
            return replace(found, shape=_shape(config.get("shape")))
        return {name: _with_tensors(item) for name, item in plain.items()}
    return plain


def _tensor(plain: Any) -> Tensor | None:
    """``["dense", 0, 0]`` as a tensor, or None."""
    if not isinstance(plain, list) or len(plain) not in (3, 4):
        return None
    layer, call, index = plain[:3]
    if isinstance(layer, str) and type(call) is int and type(index) is int and call >= 0 and index >= 0:
        return Tensor(layer, call, index)
    return None


def _old_call(plain: Any) -> LayerCall:
    """A call of Keras 2: what stands in the first place are the inputs, kwargs hang at the first of them."""
    kwargs: dict[str, Any] = {}

    def read(item: Any) -> Any:
        if isinstance(item, list) and len(item) in (3, 4) and isinstance(item[0], str):
            if len(item) == 4 and isinstance(item[3], dict):
                kwargs.update({name: read(value) for name, value in item[3].items()})
            return item[2] if item[0] == "_CONSTANT_VALUE" else (_tensor(item) or item)
        if isinstance(item, list):
            return [read(each) for each in item]
        if isinstance(item, dict):
            return {name: read(each) for name, each in item.items()}
        return item

    found = read(plain)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    return LayerCall((found,), kwargs, is_old=True)


def _ends(plain: Any) -> Iterator[tuple[str, Tensor]]:
    """The tensors of ``input_layers`` or ``output_layers``: one, a list or a dictionary of them."""

    def walk(item: Any, key: str) -> Iterator[tuple[str, Tensor]]:
        found = _tensor(item)
        if found is not None:
            yield key, found
        elif isinstance(item, dict):
            for name in sorted(item):
                yield from walk(item[name], name)
        elif isinstance(item, list):
            for each in item:
                yield from walk(each, key)
        else:
            raise ModelFileError("The model's description does not say where the model begins and ends.")

    if plain is not None:
        yield from walk(plain, "")


def _sequential(config: Mapping[str, Any], layers: list[Any]) -> ModelEntries:
    found = [entry_of(layer, f"#{number}") for number, layer in enumerate(layers)]
    if not found:
        raise ModelFileError("The model has no layers.")
    if not found[0].is_input:
        found.insert(0, _missing_input(config, found[0]))
    chain = [found[0]]
    for entry in found[1:]:
        call = LayerCall((Tensor(chain[-1].key, 0, 0),), is_old=True)
        chain.append(Entry(entry.key, entry.type, entry.module, entry.registered, entry.name, entry.config, (call,)))
    first, last = Tensor(chain[0].key, 0, 0), Tensor(chain[-1].key, 0, 0)
    return ModelEntries(tuple(chain), (first,), (("", last),), is_sequential=True)


def _missing_input(config: Mapping[str, Any], first: Entry) -> Entry:
    shape = first.config.get("batch_input_shape", first.config.get("batch_shape", config.get("build_input_shape")))
    dtype = "float32" if shape is None else first.config.get("dtype", "float32")
    if first.is_model and shape is None:
        inner = entries_of(first.config)
        begin = next((entry for entry in inner.entries if entry.is_input), None)
        if begin is not None:
            shape = begin.config.get("batch_shape", begin.config.get("batch_input_shape"))
            dtype = begin.config.get("dtype", "float32")
    if first.type == "Embedding" and isinstance(dtype, str):
        dtype = "float32"
    own = {"batch_shape": shape, "dtype": dtype if isinstance(dtype, str) else "float32"}
    return Entry("#input", "InputLayer", "keras.layers", "", "input_layer", own, ())
