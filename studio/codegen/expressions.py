"""Constructor calls: a node or a KerasObject and the catalog become ``layers.Dense(10, activation="relu")``.

Only names that the catalog knows appear (classes, parameters); values go through ``literal``. Defaults are left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from studio.catalog.spec import OPERATION, REQUIRED, SEQUENTIAL, LayerSpec, ObjectKind, Parameter, is_backbone
from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value, references_in
from studio.codegen.ir import Argument, Call, Code, Expression, Items, items, keyword
from studio.codegen.literals import literal
from studio.codegen.operations import array, key_expression, slice_key
from studio.core.edits import is_same_value
from studio.core.naming import variable
from studio.core.ports import Catalog as PortCatalog
from studio.core.remember import Remembered
from studio.immutable import immutable


class Catalog(PortCatalog, Protocol):
    """What code needs to know about layers and the other objects of Keras."""

    @property
    def own(self) -> frozenset[str]: ...
    @property
    def borrowed(self) -> Mapping[str, str]: ...
    def inner_layer(self, type: str, /) -> LayerSpec | None: ...


POSITIONAL = frozenset({
    "units", "filters", "kernel_size", "rate", "stddev", "input_dim", "output_dim", "target_shape", "scale", "n",
    "dims", "pool_size", "size", "padding", "cropping", "layer", "cell", "l1", "l2", "function",
})  # fmt: skip
"""Parameters that people write without their names, as long as they stand at the front without a break."""

Reference: TypeAlias = Callable[[ParameterRef], Expression]


class NoExpression(Exception):
    """A value that cannot be written: ``parameter`` is the field, the message one plain sentence."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


RESERVED = frozenset({
    "keras", "layers", "ops", "np", "pd", "Path", "math", "main", "load_data", "build_model", "compile_model",
    "adapt_layers", "train", "take", "balanced_weights", "Batches", "L", "_",
})  # fmt: skip
"""Names that an exported file uses itself."""

TRUNK = "x"
"""The variable of a straight run."""


def parameter_variable(name: str) -> str:
    """The variable of a block's parameter, the same wherever it is written."""
    own = variable(name)
    return f"{own}_" if own in RESERVED or own == TRUNK else own


def as_variable(reference: ParameterRef) -> Expression:
    """A parameter of a block as the variable that the block's function has for it."""
    return Code(parameter_variable(reference.name))


_ANY_KIND: tuple[ObjectKind, ...] = ("activation", "initializer", "regularizer", "constraint", "schedule", "function")


_switches: Remembered[LayerSpec, tuple[Parameter, ...]] = Remembered(1000)


def _switches_of(spec: LayerSpec) -> tuple[Parameter, ...]:
    """What each call of a layer is told; most layers have nothing of the kind. A port is told by its tensor."""
    return tuple([each for each in spec.parameters if each.is_call and each.name not in spec.inputs_if])


def _is_part(value: float, parameter: Parameter) -> bool:
    """Whether a number reads better as one part of so many, and is exactly that: 1 / 255."""
    is_scale = parameter.name == "scale"
    if not 0.001 < value < 0.5 or (len(repr(value)) < 12 and not is_scale):
        return False
    number = round(2 / value) / 2 if is_scale else round(1 / value)
    return 1 / number == value


_MOST_TIMES = 64


def _product(value: float) -> str | None:
    """A long number as so many times a short one, where that is exactly it: 3 * 0.05 is 0.15000000000000002."""
    if not math.isfinite(value) or len(repr(value)) < 16:
        return None
    for times in range(2, _MOST_TIMES + 1):
        step = float(f"{value / times:.4g}")
        if times * step == value:
            return f"{times} * {literal(step)}"
    return None


@immutable
class Expressions:
    """Writes calls of Keras.

    ``layers`` is what the file calls ``keras.layers``. ``reference`` writes a parameter of a block. ``is_for_people``
    writes 1 / 255 for the number that it is; without it, missing values are left for Keras to miss. All methods raise
    NoExpression where Keras insists on a value that is not there, or where a value cannot be written.
    """

    catalog: Catalog
    layers: str = "layers"
    reference: Reference = as_variable
    is_for_people: bool = True

    def layer(self, type: str, params: Mapping[str, Value]) -> Call:
        """``layers.TYPE(...)`` with all parameters that differ from Keras's defaults."""
        operation = self.catalog.layer(type) if type.startswith(OPERATION) else None
        if operation is not None:
            return self.operation(operation, params)
        spec = self.catalog.layer(type) if is_backbone(type) else self.catalog.inner_layer(type)
        if spec is None:
            raise NoExpression("", f"There is no layer called {type} in this version of Keras.")
        if is_backbone(type):
            return self._backbone(spec, params)
        place = "keras" if type == SEQUENTIAL and not spec.is_own else spec.module.rpartition(".")[2] or self.layers
        path = spec.type if spec.is_own else f"{place}.{spec.type}"
        return Call(Code(path), tuple(self._arguments(spec.parameters, params)))

    def _backbone(self, spec: LayerSpec, params: Mapping[str, Value]) -> Call:
        """``keras.applications.NAME(...)``, without the shape of its pictures, which only the statement knows.

        Keras would fetch weights from the net where none are named, so None is always told. Whether it learns is said
        to the finished model, for people in a statement of its own.
        """
        told = {name: value for name, value in params.items() if name != "weights"}
        learns = told.pop("trainable", True)
        arguments = self._arguments(spec.parameters, told)
        file = params.get("weights") if self.is_for_people else None
        arguments.insert(0, keyword("weights", Code(literal(file if isinstance(file, str) else None))))
        if learns is not True and not self.is_for_people:
            arguments.append(keyword("trainable", self.free(learns)))
        return Call(
            Code(f"keras.{spec.type}"), tuple(sorted(arguments, key=lambda each: each.before != "include_top="))
        )

    def operation(self, spec: LayerSpec, params: Mapping[str, Value]) -> Call:
        """``ops.mean(axis=1)``: a function of ``keras.ops`` with all that is no tensor, by name."""
        assert spec.operation is not None
        arguments = self._arguments(spec.parameters, params, is_front=False)
        return Call(Code(f"ops.{spec.operation.path}"), tuple(arguments))

    def flags(self, type: str, params: Mapping[str, Value]) -> tuple[tuple[str, bool], ...]:
        """The switches that each call of the layer is told, as far as they are not Keras's defaults."""
        spec = self.catalog.inner_layer(type) if params else None
        found = []
        for parameter in _switches.get(spec, _switches_of) if spec is not None else ():
            value = params.get(parameter.name, parameter.default)
            if isinstance(value, bool) and value != parameter.default:
                found.append((parameter.name, value))
        return tuple(found)

    def flag_arguments(self, type: str, params: Mapping[str, Value]) -> tuple[Argument, ...]:
        """``flags`` as they are written: ``training=True``."""
        return tuple([keyword(name, Code(str(value))) for name, value in self.flags(type, params)])

    def object(
        self, kind: ObjectKind, value: KerasObject, always: tuple[str, ...] = (), is_short: bool = False
    ) -> Expression:
        """``keras.losses.BinaryCrossentropy()``; parameters named in ``always`` are told even where they are defaults.

        ``is_short`` takes the text that Keras knows the object by ("he_normal") where there are no parameters.
        """
        spec = self.catalog.object(kind, value.type)
        if spec is None:
            raise NoExpression("", f"There is no {kind} called {value.type} in this version of Keras.")
        if is_short and spec.identifier and not value.params:
            return Code(literal(spec.identifier))
        path = spec.type if spec.is_own else f"{spec.module}.{spec.type}"
        if kind == "activation" or spec.is_function:
            return Code(path)
        return Call(Code(path), tuple(self._arguments(spec.parameters, value.params, always)))

    def free(self, value: Value) -> Expression:
        """A value of which it is not known for which parameter it is: the value of a block's parameter."""
        if isinstance(value, ParameterRef):
            return self.reference(value)
        if isinstance(value, KerasObject):
            if self.catalog.inner_layer(value.type) is not None:
                return self.layer(value.type, value.params)
            kind = next((kind for kind in _ANY_KIND if self.catalog.object(kind, value.type) is not None), None)
            if kind is not None:
                return self.object(kind, value, is_short=True)
        if isinstance(value, float):
            return self._number(value)
        try:
            return Code(literal(value))
        except TypeError:
            pass
        if isinstance(value, tuple | list):
            return items("(", [self.free(each) for each in value])
        if isinstance(value, Dictionary):
            return Items("{", tuple([
                Argument(self.free(each), f"{literal(key)}: ") for key, each in value.items.items()
            ]))  # fmt: skip
        raise NoExpression("", "A value cannot be written as code.")

    def _arguments(
        self, parameters: tuple[Parameter, ...], params: Mapping[str, Value], always: tuple[str, ...] = (),
        *, is_front: bool = True,
    ) -> list[Argument]:  # fmt: skip
        arguments = []
        for parameter in parameters:
            name = parameter.name
            if parameter.is_call:
                continue
            if name not in params:
                is_required = parameter.default is REQUIRED
                if is_required or name not in always:
                    if is_required and self.is_for_people:
                        raise NoExpression(name, f"{name} has no value yet.")
                    is_front = False
                    continue
                value = parameter.default
            else:
                value = params[name]
            if name == "name" and not isinstance(value, str):
                continue
            is_default = name not in params or is_same_value(value, parameter.default)  # type: ignore[arg-type]
            if is_default and not parameter.is_required and name not in always:
                is_front = False
                continue
            expression = self._value(parameter, value)  # type: ignore[arg-type]
            is_front = is_front and (name in POSITIONAL or (name == "activation" and parameter.is_required))
            arguments.append(Argument(expression) if is_front else keyword(name, expression))
        return arguments

    def _number(self, value: float) -> Code:
        return Code((_product(value) if self.is_for_people else None) or literal(value))

    def _value(self, parameter: Parameter, value: Value) -> Expression:
        if isinstance(value, ParameterRef):
            return self.reference(value)
        if isinstance(value, KerasObject):
            return self._object(parameter, value)
        if parameter.kind in ("array", "slice"):
            return self._number_or_slice(parameter, value)
        if isinstance(value, float) and self.is_for_people and _is_part(value, parameter):
            return Code(f"1 / {1 / value:g}")
        if isinstance(value, float):
            return self._number(value)
        if parameter.kind == "list" and isinstance(value, tuple):
            # A tuple will not do everywhere: the thresholds of a metric would be one threshold.
            return items("[", [self._value(parameter, each) for each in value])
        try:
            return Code(literal(value))
        except TypeError:
            pass
        if isinstance(value, Dictionary):
            return Items("{", tuple([
                Argument(self._value(parameter, each), f"{literal(key)}: ") for key, each in value.items.items()
            ]))  # fmt: skip
        if isinstance(value, tuple | list):
            return items("(", [self._value(parameter, each) for each in value])
        raise NoExpression(parameter.name, f"{parameter.name} has a value that cannot be written as code.")

    def _number_or_slice(self, parameter: Parameter, value: Value) -> Expression:
        entries = slice_key(value) if parameter.kind == "slice" else None
        if isinstance(value, float) and self.is_for_people and _is_part(value, parameter):
            return Code(f"1 / {1 / value:g}")
        found = array(value) if entries is None else key_expression(entries)
        if found is None:
            raise NoExpression(parameter.name, self.catalog.why_not_value(parameter, value) or "It cannot be written.")
        return found

    def _object(self, parameter: Parameter, value: KerasObject) -> Expression:
        kind = parameter.object_kind
        try:
            may_be_layer = parameter.takes_layer or parameter.kind in ("list", "dict")
            if may_be_layer and self.catalog.inner_layer(value.type) is not None:
                return self.layer(value.type, value.params)
            if kind is None and parameter.name == "learning_rate":
                kind = "schedule"
            if kind is not None:
                return self.object(kind, value, is_short=True)
        except NoExpression as error:
            raise NoExpression(parameter.name, str(error)) from None
        raise NoExpression(parameter.name, f"{parameter.name} cannot be {value.type}.")


def references(value: Value) -> frozenset[str]:
    """The names of the block's parameters that a value refers to."""
    return frozenset(references_in(value))
