"""What stands in a config as a value of a parameter; what Keras wrote out in full becomes short again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from studio.catalog.spec import SEQUENTIAL, LayerSpec, ObjectKind, ObjectSpec, Parameter
from studio.catalog.values import Dictionary, KerasObject, Value
from studio.core.ports import Catalog as PortCatalog
from studio.immutable import immutable
from studio.importing.entries import Tensor, entries_of, tensors_in
from studio.importing.errors import ModelFileError
from studio.importing.old_layers import class_of_today
from studio.importing.plain import MAX_ITEMS, as_written, is_key, is_text

_DEEPEST = 16
"""Levels of objects and lists inside one parameter."""
_LAYER_MODULES = ("keras.layers", "keras.src.layers", "tensorflow.keras.layers", "tf_keras.src.layers")
_NUMBERS = frozenset({"__numpy__", "__tensor__"})


class Catalog(PortCatalog, Protocol):
    """What importing needs to know about layers and the other objects of Keras."""

    @property
    def own(self) -> frozenset[str]: ...
    def object(self, kind: ObjectKind, type: str, /) -> ObjectSpec | None: ...
    def inner_layer(self, type: str, /) -> LayerSpec | None: ...
    def operation(self, name: str, /) -> LayerSpec | None: ...
    def operation_of_class(self, class_name: str, /) -> LayerSpec | None: ...
    def operation_of_operator(self, operator: str, /, *, is_unary: bool = False) -> LayerSpec | None: ...


class Unfit(Exception):
    """A value that a project cannot hold; the message is the end of a sentence: "it has 20,000 entries"."""


@immutable
class Values:
    """Reads values with the knowledge of a catalog. All methods raise Unfit for what no project can hold.

    ``policy`` is the dtype policy that layers have without being told one: that of the training plan.
    """

    catalog: Catalog
    policy: str = "float32"

    def of(self, parameter: Parameter | None, plain: Any, depth: int = 0) -> Value:
        """The value that ``plain`` means for a parameter; without one, as it stands."""
        if depth > _DEEPEST:
            raise Unfit("it is nested too deeply")
        if isinstance(plain, dict):
            return self._object(parameter, plain, depth)
        if isinstance(plain, list | tuple):
            if len(plain) > MAX_ITEMS:
                raise Unfit(f"it has {len(plain):,} entries, and a project holds {MAX_ITEMS:,}")
            found = tuple([self.of(parameter, item, depth + 1) for item in plain])
            if parameter is not None and parameter.kind == "axis" and len(found) == 1 and depth == 0:
                return found[0]  # Keras 2 writes the axis of a BatchNormalization as [3].
            # A layer's ((3, 3), (3, 3)) is (3, 3); ops.pad insists on a pair for each axis.
            may_be_short = parameter is not None and parameter.takes_pairs and not parameter.is_required
            if may_be_short and depth == 0 and found and all(map(_is_even, found)):
                return tuple([cast("tuple[Value, Value]", pair)[0] for pair in found])
            return found
        if isinstance(plain, str):
            if not is_text(plain):
                raise Unfit("it is too long, or has characters that no text may hold")
            return self._identifier(parameter, plain)
        return cast(Value, plain)

    def params(self, spec: LayerSpec | ObjectSpec, config: Mapping[str, Any], depth: int = 0) -> dict[str, Value]:
        """The parameters in the config of an object that differ from Keras's defaults; what is no parameter is left."""
        return {
            parameter.name: value
            for parameter in spec.parameters
            if parameter.name in config and not _is_automatic_name(spec, parameter, config)
            and not self.is_default(parameter, value := self.of_named(parameter, config[parameter.name], depth))
        }  # fmt: skip

    def of_named(self, parameter: Parameter, plain: Any, depth: int = 0) -> Value:
        """The same as ``of``, with the dtype policies of Keras 3 as their names."""
        if parameter.name == "dtype":
            return policy_name(plain)
        return self.of(parameter, plain, depth)

    def is_default(self, parameter: Parameter, value: Value) -> bool:
        """Whether Keras would do the same without being told this value."""
        if parameter.is_required:
            return False
        default = cast(Value, parameter.default)
        if parameter.name == "dtype" and value is not None:
            return value == self.policy
        if parameter.name == "data_format" and value == "channels_last":
            return True
        if parameter.kind == "activation" and default is None and value == "linear":
            return True
        if isinstance(default, str):
            default = self._identifier(parameter, default)
        is_truth = isinstance(value, bool)
        return is_truth == isinstance(default, bool) and _brief(parameter, value) == _brief(parameter, default)

    def _identifier(self, parameter: Parameter | None, text: str) -> Value:
        """The one name that we use of those that Keras knows an object by."""
        if parameter is None or parameter.object_kind is None:
            return text
        spec = self.catalog.object(parameter.object_kind, text) or self.catalog.object(
            parameter.object_kind,
            text.removesuffix("_v2"),  # as TensorFlow 2 called some of its activations
        )
        if spec is None:
            # Somebody's own function, or one that is gone: kept, so that the node tells it.
            if parameter.kind in ("text", "choice", "float") or not text:
                return text
            return KerasObject(self._without_package(parameter.object_kind, text))
        return _short(spec)

    def _object(self, parameter: Parameter | None, plain: Mapping[str, Any], depth: int) -> Value:
        type_name, config = plain.get("class_name"), plain.get("config")
        if not isinstance(type_name, str):
            return self._dictionary(plain, depth)
        if type_name in _NUMBERS and isinstance(config, dict):
            return self.of(parameter, config.get("value"), depth + 1)
        if type_name == "__tuple__":
            items = config.get("value") if isinstance(config, dict) else plain.get("items")
            return self.of(parameter, items if isinstance(items, list) else [], depth + 1)
        if type_name == "function" and isinstance(config, str):
            type_name, config = config, {}
        if not is_key(type_name):
            raise Unfit("its class has a name that cannot be shown")
        if parameter is not None and parameter.kind in ("layer", "list") and (row := in_a_row(plain)) is not None:
            type_name, config = SEQUENTIAL, {"layers": row}
        own = config if isinstance(config, dict) else {}
        kind = None if parameter is None else parameter.object_kind
        if parameter is not None and parameter.name == "learning_rate":
            kind = "schedule"
        is_foreign = ">" in str(plain.get("registered_name") or "") and type_name not in self.catalog.own
        spec: LayerSpec | ObjectSpec | None = None
        if kind is not None and not is_foreign:
            spec = self.catalog.object(kind, type_name)
        is_layer = str(plain.get("module") or "").startswith(_LAYER_MODULES) or (
            parameter is not None and (parameter.takes_layer or parameter.kind in ("list", "dict"))
        )
        if spec is None and is_layer and not is_foreign:
            today, config = class_of_today(type_name, own)
            spec = self.catalog.inner_layer(today)
            if spec is not None:
                return KerasObject(spec.type, self.layer_params(spec, config, depth + 1))
        if spec is None:
            type_name = type_name if kind is None else self._without_package(kind, type_name)
            return KerasObject(type_name, self._items(own, depth + 1))
        found = self.params(spec, own, depth + 1)
        if isinstance(spec, ObjectSpec) and not found and kind != "schedule":
            return _short(spec)
        return KerasObject(spec.type, found)

    def _without_package(self, kind: ObjectKind, name: str) -> str:
        """The name that code of a project can have: "mine>swirl" is swirl, but "mine>relu" is not the relu of Keras."""
        bare = name.rpartition(">")[2]
        return name if not bare or self.catalog.object(kind, bare) is not None else bare

    def layer_params(self, spec: LayerSpec, config: Mapping[str, Any], depth: int = 0) -> dict[str, Value]:
        """``params`` of a layer, without what Keras works out by itself and writes down all the same."""
        config = without_derived(spec.type, config)
        return self.params(spec, config, depth)

    def _dictionary(self, plain: Mapping[str, Any], depth: int) -> Dictionary:
        return Dictionary(self._items(plain, depth))

    def _items(self, plain: Mapping[str, Any], depth: int) -> dict[str, Value]:
        if len(plain) > MAX_ITEMS:
            raise Unfit(f"it has {len(plain):,} entries, and a project holds {MAX_ITEMS:,}")
        if not all(isinstance(key, str) and is_key(key) for key in plain):
            raise Unfit("it has names that cannot be shown")
        return {key: self.of(None, item, depth + 1) for key, item in plain.items()}


def in_a_row(plain: Mapping[str, Any]) -> list[Any] | None:
    """The layers of a model that stands inside of a layer, where each takes what the one before gives; else None."""
    config = plain.get("config")
    if isinstance(config, list):  # a Sequential of the first Keras 2
        config = {"layers": config}
    if not isinstance(config, dict) or plain.get("class_name") not in (SEQUENTIAL, "Functional", "Model"):
        return None
    layers = config.get("layers")
    if not isinstance(layers, list) or not all(isinstance(each, dict) for each in layers):
        return None
    try:
        model = entries_of(config)
    except ModelFileError:
        return None
    last = model.inputs[0] if len(model.inputs) == 1 else None
    row = []
    for entry in model.entries:
        if entry.is_input:
            continue
        takes = [tensors_in([list(call.args), dict(call.kwargs)]) for call in entry.calls]
        if last is None or takes != [[last]] or entry.is_operation:
            return None
        row.append(entry)
        last = Tensor(entry.key, 0, 0)
    if [tensor for _, tensor in model.outputs] != [last]:
        return None
    plains = [each for each in layers if each.get("class_name") != "InputLayer"]
    return plains if len(plains) == len(row) else None


def policy_name(plain: Any) -> Value:
    """The name of a dtype policy, which Keras 2 writes as text and Keras 3 as an object."""
    config = plain.get("config") if isinstance(plain, dict) else None
    name: Any = config.get("name") if isinstance(config, dict) else plain
    if name is None:
        return None
    if isinstance(name, str) and is_text(name):
        return name
    raise Unfit("it is no type of number that is known here")


def without_derived(type: str, config: Mapping[str, Any]) -> Mapping[str, Any]:
    """A layer's config in the words of today, without the values that Keras derives where it is not told them."""
    if type == "LeakyReLU" and "alpha" in config and "negative_slope" not in config:  # the word of Keras 2
        config = {**{key: each for key, each in config.items() if key != "alpha"}, "negative_slope": config["alpha"]}
    if type in _ROUNDED and isinstance(config.get("dtype"), str):
        config = {key: as_written(each) if isinstance(each, float) else each for key, each in config.items()}
    derived = []
    if "pool_size" in config and _numbers(config.get("strides")) == _numbers(config["pool_size"]):
        derived.append("strides")
    if type == "MultiHeadAttention" and config.get("value_dim") == config.get("key_dim"):
        derived.append("value_dim")
    if type == "Bidirectional" and _is_mirrored(config.get("layer"), config.get("backward_layer")):
        derived.append("backward_layer")
    return {key: value for key, value in config.items() if key not in derived} if derived else config


_ROUNDED = frozenset({"ELU", "LeakyReLU", "ReLU"})
"""Layers whose numbers Keras 2 rounded to float32 before it wrote them down: 0.1 is 0.10000000149011612 there."""


def _is_mirrored(forward: Any, backward: Any) -> bool:
    """Whether the layer that reads backwards is the one that Keras makes of the other by itself."""
    if not (isinstance(forward, dict) and isinstance(backward, dict)):
        return False
    one, other = without_marks(forward.get("config")), without_marks(backward.get("config"))
    same_class = forward.get("class_name") == backward.get("class_name")
    if not (isinstance(one, dict) and isinstance(other, dict) and same_class):
        return False
    expected = {**one, "go_backwards": not one.get("go_backwards"), "name": other.get("name")}
    return expected == other


def without_marks(plain: Any) -> Any:
    """A config without the numbers by which a .keras file tells its objects apart, and without what building adds."""
    if isinstance(plain, list):
        return [without_marks(each) for each in plain]
    if isinstance(plain, dict):
        marks = ("shared_object_id", "build_config")
        return {key: without_marks(value) for key, value in plain.items() if key not in marks}
    return plain


def _is_automatic_name(spec: LayerSpec | ObjectSpec, parameter: Parameter, config: Mapping[str, Any]) -> bool:
    """Whether this is the name that Keras gave a loss or a metric because nobody else did."""
    if parameter.name != "name":
        return False
    name = config["name"]
    return not isinstance(spec, ObjectSpec) or name is None or name in (parameter.default, *spec.identifiers)


def _short(spec: ObjectSpec) -> Value:
    return spec.identifier or (spec.type if spec.module == "keras.activations" else KerasObject(spec.type))


def _brief(parameter: Parameter, value: Value) -> object:
    """A value in the form in which two ways to say the same are equal."""
    return _numbers(value) if parameter.kind == "ints" else value


def _is_even(value: Value) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and type(value[0]) is int and value[0] == value[1]


def _numbers(value: object) -> object:
    """(2, 2) as 2, and ((1, 1), (1, 1)) as 1."""
    if not isinstance(value, list | tuple):
        return value
    items = tuple(_numbers(item) for item in value)
    return items[0] if items and all(type(item) is int and item == items[0] for item in items) else items
