"""What calls in a script give: layers, tensors, models, configured objects, functions of the script itself."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from studio.catalog.spec import Port
from studio.catalog.values import Value
from studio.importing.plain import shown
from studio.importing.report import called_with_training
from studio.importing.script import (
    activations,
    applications,
    cloning,
    constants,
    data,
    decorators,
    held,
    inputs,
    masking,
    methods,
    names,
    operations,
    options,
    own_calls,
    own_objects,
    python_calls,
    routines,
    setting_up,
    steps,
)
from studio.importing.script.arrays import Array
from studio.importing.script.constants import NoResult, is_plain
from studio.importing.script.layers import configured, kind_of_module, made_layer
from studio.importing.script.models import Models, text_of
from studio.importing.script.run import DEEPEST
from studio.importing.script.shapes import shape_of
from studio.importing.script.starting import LOADING
from studio.importing.script.things import (
    Call,
    Instance,
    Known,
    MadeLayer,
    Method,
    Network,
    NotPlain,
    Open,
    OwnClass,
    Partial,
    Routine,
    Scope,
    Tensor,
    Thing,
    Unclear,
    flat,
    holds_tensor,
)  # fmt: skip

BALANCED = "balanced_weights"
"""The function of our own scripts that weighs the classes: what it gives depends on the data alone."""


class Calling(Models):
    """Calls, whatever is called."""

    def enter(self, routine: Routine, names: dict[str, Thing]) -> Thing:
        """What a function of the script gives; the interpreter knows."""
        raise NotImplementedError

    def call(self, function: Thing, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Thing:
        line = node.lineno
        if isinstance(function, Unclear):
            if holds_tensor(args):
                raise NotPlain(function.line, function.reason)
            return function
        function = self.plain(function)
        if isinstance(function, Known):
            return self._known(function, args, kwargs, node)
        if isinstance(function, MadeLayer):
            if own_calls.is_merging(function, args):
                named = f"the Lambda {function.name}" if function.name else "a Lambda"
                self.run.changed[line] = f"What {named} does with several tensors is drawn in its place."
                return self.call(function.routine, args, {}, node)
            return self.call_layer(function, args, kwargs, node)
        if isinstance(function, Network):
            return self.call_network(function, args, kwargs, node)
        if isinstance(function, Routine):
            if function.name == LOADING and len(args) == 1 and (self.run.is_ours or isinstance(args[0], Network)):
                return None  # It changes weights and nothing that is drawn.
            if function.name == BALANCED and not holds_tensor(args):
                return Instance(OwnClass(BALANCED, frozenset(), line), tuple(args), kwargs)
            self.run.depth += 1
            try:
                if self.run.depth > DEEPEST:
                    raise NotPlain(line, f"{shown(function.name)} calls itself over and over.")
                return routines.call(self, function, args, kwargs, node)
            finally:
                self.run.depth -= 1
        if isinstance(function, decorators.Cached):
            return decorators.remembered(self, function, args, kwargs, node)
        if isinstance(function, Partial):
            return self.call(function.function, [*function.args, *args], {**function.kwargs, **kwargs}, node)
        if isinstance(function, Method):
            return self._method(function, args, kwargs, node)
        if isinstance(function, OwnClass):
            return own_calls.made(self, function, args, kwargs, node)
        if isinstance(function, Instance):
            if (result := own_objects.called(self, function, args, kwargs, node)) is not NotImplemented:
                return result
            name = shown(function.own_class.name)
            takes_tensor = holds_tensor([*args, *kwargs.values()])
            if takes_tensor and (layer := own_calls.as_layer(self, function, line)) is not None:
                return self.call_layer(layer, args, kwargs, node)
            if holds_tensor(args) and function.own_class.is_model:
                raise NotPlain(line, f"{name} is a model of its own class, whose layers only running it would tell.")
            return Unclear(line, f"What {name} gives is known only when the script runs.", is_fault=holds_tensor(args))
        return Unclear(line, "What is called here is known only when the script runs.", is_fault=holds_tensor(args))

    # Names of libraries

    def _known(self, function: Known, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Thing:
        path, line, catalog = function.path, node.lineno, self.run.catalog
        if path == "keras.Input":
            return inputs.made(self, args, kwargs, node)
        if path in ("keras.Model", "keras.Sequential"):
            return self.network(args, kwargs, node) if path[6] == "M" else self.sequential(args, kwargs, line)
        if setting_up.is_setting(path):
            return setting_up.set_up(self.run, path, [self.plain(each) for each in [*args, *kwargs.values()]], line)
        if path in names.BY_NAME and (given := [*args, *kwargs.values()]) and isinstance(self.plain(given[0]), str):
            return self.plain(given[0])  # A policy and a folder are told by their name.
        if path in setting_up.TELLS:
            return setting_up.TELLS[path](self.run)
        if path in names.SHAPES and len(args) == 1 and isinstance(args[0], Tensor):
            return self.of_tensor(args[0], "shape", line)
        is_of_numbers = path.startswith(python_calls.OF_NUMBERS) and not holds_tensor([*args, *kwargs.values()])
        if is_of_numbers and (made := python_calls.of_numbers(self, path, args, kwargs)) is not None:
            return made
        if (of_data := data.made(path, args, kwargs, line)) is not None:
            return of_data
        if path in names.COMPARES and len(args) == 2 and all(map(constants.is_number, map(self.plain, args))):
            return constants.compare(names.COMPARES[path], *map(self.plain, args))
        if path in ("keras.tree.flatten", "tensorflow.nest.flatten") and args:
            return flat(args[0])
        if path.startswith("keras.layers.") and function.last == "from_config" and isinstance((args or [0])[0], dict):
            return self._layer(path.split(".")[-2], [], args[0], node)
        if path.startswith("keras.layers.") and function.last in ("from_config", "serialize", "deserialize"):
            return Unclear(line, f"What {shown(function.last)} gives is known only when the script runs.")
        if path.startswith("keras.layers."):
            return self._layer(function.last, args, kwargs, node)
        if path.startswith("keras.applications."):
            borrowed = catalog.layers.get(function.last)
            if borrowed is not None and borrowed.module.removeprefix("keras.src.") == path.rpartition(".")[0][6:]:
                return self._layer(function.last, args, kwargs, node)
            return applications.ready_made(self, function, args, kwargs, node)
        if path == cloning.CLONE:
            return cloning.cloned(self, args, kwargs, line)
        if path == options.PARSER:
            return options.Options()
        if path in options.NAMESPACES and not args:
            return options.namespace(kwargs, line)
        if path in python_calls.OF_LIBRARIES:
            return python_calls.of_library(self, path, args, kwargs, node)
        if path in ("keras.activations.get", "keras.activations.deserialize") and args:
            return activations.got(self, args[0], line)
        kind = kind_of_module(path)
        if holds_tensor([*args, *kwargs.values()]) and (meant := operations.operation_of(catalog, path)) is not None:
            spec, renamed = meant
            args, named = operations.as_keras_takes(path, args, kwargs, renamed, line)
            return operations.operate(self, spec, args, named, node)
        if kind == "activation" and holds_tensor(args):
            return self._activate(function.last, args, kwargs, node)
        if kind is not None and function.last == "get" and len(args) == 1:
            said = catalog.object(kind, args[0]) if kind == "activation" and isinstance(args[0], str) else None
            return args[0] if said is None else Known(f"keras.activations.{said.type}")
        if kind is not None:
            found = configured(catalog, kind, function.last, args, kwargs, line)
            return found or Unclear(line, f"{shown(function.last)} is not known here.")
        if path.startswith("builtins."):
            return python_calls.of_python(self, function.last, args, kwargs, node)
        if path.startswith("math.") and not kwargs:
            plain = [self.plain(each) for each in args]
            if all(is_plain(each) or isinstance(each, list | tuple) for each in plain):
                try:
                    return constants.maths(function.last, plain)
                except NoResult:
                    pass
        if holds_tensor([*args, *kwargs.values()]):
            raise NotPlain(line, f"{shown(path)} of a tensor cannot be drawn; only layers of Keras can.")
        if path.startswith("keras.ops."):
            unclear = next((each for each in flat([*args, *kwargs.values()]) if isinstance(each, Unclear)), None)
            return unclear or Unclear(line, f"What {shown(path)} makes of numbers is known only when the script runs.")
        return Unclear(line, f"What {shown(path)} gives is known only when the script runs.")

    def _layer(self, name: str, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Thing:
        line, catalog = node.lineno, self.run.catalog
        if name in names.SHORT_FORMS:
            spec = catalog.layers.get(names.SHORT_FORMS[name])
            if spec is not None and args:
                layer = self.made(made_layer(catalog, spec, args[1:], kwargs, line, self.run.trial))
                return self.call_layer(layer, args[:1], {}, node)
        if name == "InputLayer":
            return self.made(MadeLayer("Input", inputs.params(self, args, kwargs, line), text_of(kwargs.get("name")),
                                        line, self.run.trial))  # fmt: skip
        if name == "ThresholdedReLU":
            args, kwargs = [], {"theta": args[0] if args else 1.0, **kwargs}
        kwargs = {names.ARGUMENTS.get((name, key), key): each for key, each in kwargs.items()}
        spec = names.layer(catalog, name)
        if spec is None:
            raise NotPlain(line, names.no_layer(catalog, name))
        routine = None
        if spec.type == "Lambda":
            routine = args[0] if args else kwargs.get("function")
            args, kwargs = own_calls.with_function(self, args, kwargs, node)
        args, kwargs = activations.meant(self, spec, args, kwargs, line)
        if spec.type == "RNN":
            args, kwargs = self._with_one_cell(args, kwargs, node)
        ending = routines.ending_of(self.run, kwargs.get("name"))
        if ending is not None:
            kwargs = {key: thing for key, thing in kwargs.items() if key != "name"}
        applied, args, kwargs = steps.taken_out(self, spec, args, kwargs, node)
        held.note_arguments(self.run, [*args, *kwargs.values()], line)
        made = self.made(made_layer(catalog, spec, args, kwargs, line, self.run.trial))
        made.params |= operations.told_format(self.run, spec, made.params)
        made.applied = applied
        made.ending = ending
        made.routine = routine if isinstance(routine, Routine) else None
        return made

    def _with_one_cell(
        self, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call
    ) -> tuple[list[Thing], dict[str, Thing]]:
        """``RNN([one, other])``: Keras puts cells in a list on top of each other."""
        cells = args[0] if args else kwargs.get("cell")
        if not isinstance(cells, list | tuple):
            return args, kwargs
        stacked = self._layer("StackedRNNCells", [cells], {}, node)
        return ([stacked, *args[1:]], kwargs) if args else ([], {**kwargs, "cell": stacked})

    def made(self, layer: MadeLayer) -> MadeLayer:
        self.run.make(layer)
        return layer

    def _activate(self, name: str, args: list[Thing], kwargs: dict[str, Thing], node: ast.expr) -> Thing:
        """An activation that no operation is: a layer does the same."""
        if len(args) != 1 or kwargs or self.run.catalog.object("activation", name) is None:
            raise NotPlain(
                node.lineno, f"{shown(name)} of a tensor cannot be drawn like this; put a layer in its place."
            )
        layer = self.made(MadeLayer("Activation", {"activation": name}, None, node.lineno, self.run.trial))
        return self.call_layer(layer, args, {}, node)

    def operator(self, kind: type, args: list[Thing], node: ast.expr) -> Thing:
        symbol = operations.SYMBOLS.get(kind, "")
        spec = self.run.catalog.operation_of_operator(symbol, is_unary=len(args) == 1)
        if spec is None:
            raise NotPlain(node.lineno, f"What {symbol or 'this'} gives for tensors cannot be drawn.")
        return operations.operate(self, spec, args, {}, node)

    def is_name_of_use(self, thing: Thing) -> bool:
        return isinstance(thing, Open) and routines.ending_of(self.run, thing) is not None

    def part(self, tensor: Tensor, node: ast.Subscript, scope: Scope) -> Thing:
        return operations.sliced(self, tensor, node, scope)

    def of_tensor(self, tensor: Tensor, name: str, line: int) -> Thing:
        if name in ("shape", "ndim") and (shape := shape_of(self.run, tensor)) is not None:
            is_sure = name == "shape" or not any(isinstance(size, Unclear) for size in shape)
            return shape if name == "shape" else len(shape) if is_sure else shape[-1]
        if name == "name" and tensor.call.kind == "input" and tensor.call.name and self.run.trial is None:
            return tensor.call.name
        if name == "dtype" and tensor.call.kind == "input" and self.run.trial is None:
            return tensor.call.params.get("dtype", "float32")
        reason = f"The {name} of a tensor is known only when the script runs; write the numbers themselves."
        return Unclear(line, reason, is_fault=True)

    # Tensors

    def call_layer(self, layer: MadeLayer, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.expr) -> Thing:
        """A layer called on tensors."""
        line = node.lineno
        routines.refuse_outside(self.run, layer.trial)
        call = Call("layer", line, node.end_lineno or line, self.run.trial, layer)
        spec = self.run.catalog.layers.get(layer.type)
        if layer.type == "Input":
            raise NotPlain(line, "An InputLayer is not called; use Input.")
        if why := steps.why_not_called(layer, args, kwargs):
            raise NotPlain(line, why)
        if spec is None:
            for at, each in enumerate([*args, *kwargs.values()]):
                self.take(call, "x" if len(args) == 1 else f"x{at + 1}", each, line)
            call.outputs = (Port("output"),)
        else:
            self._connect(call, layer, args, kwargs, line)
        held.note_call(self.run, layer, line)
        layer.is_called = True
        self.run.make(call)
        if len(call.outputs) == 1:
            return Tensor(call)
        return [Tensor(call, at) for at in range(len(call.outputs))]

    def _connect(self, call: Call, layer: MadeLayer, args: list[Thing], kwargs: Mapping[str, Thing], line: int) -> None:
        spec = self.run.catalog.layers[layer.type]
        flags: dict[str, Value] = {}
        tensors: list[tuple[str, Thing]] = []
        args, kwargs = masking.at_ports(self.run, layer, args, kwargs)
        ports = own_calls.ports_of(self.run, layer, args, kwargs)
        for at, thing in enumerate(args):
            if thing is None:
                continue
            if at >= len(ports):
                raise NotPlain(line, f"{layer.type} takes {len(ports)} inputs, and here are {len(args)}.")
            tensors.append((ports[at].name, thing))
        for key, thing in kwargs.items():
            parameter = spec.parameter(key)
            if parameter is not None and parameter.is_call and key not in spec.inputs_if:
                plain = self.plain(thing)
                if not isinstance(plain, bool):
                    raise NotPlain(line, f"{key} is known only when the script runs.")
                if plain is not parameter.default:
                    flags[key] = plain
            elif any(port.name == key for port in ports):
                if thing is not None:
                    tensors.append((key, thing))
            elif key == "inputs" and ports:
                tensors.append((ports[0].name, thing))
            elif key in ("training", "mask") and not holds_tensor(thing):
                said = self.plain(thing)
                if key == "training" and isinstance(said, bool) and spec.family != "preprocessing":
                    self.run.changed[line] = called_with_training(said).format(layer.name or layer.type)
                elif said not in (None, False) and spec.family != "preprocessing":
                    raise NotPlain(line, f"A call with {key} cannot be drawn; leave it out.")
            else:
                raise NotPlain(line, f"{layer.type} has no input called {shown(key)} in a drawing.")
        call.params = flags
        own = {**layer.params, **flags}
        call.outputs = self.run.catalog.ports(layer.type, own)[1] or (Port("output"),)
        for name, thing in tensors:
            port = next(port for port in ports if port.name == name)
            is_list = isinstance(thing, list | tuple) and not isinstance(thing, Array)
            if not port.takes_many and is_list and len(thing) != 1:
                raise NotPlain(line, f"{layer.type} takes one tensor here, and this is a list of {len(thing)}.")
            self.take(call, name, thing, line)

    def take(self, call: Call, port: str, thing: Thing, line: int) -> None:
        for each in thing if isinstance(thing, list | tuple) and not isinstance(thing, Array) else [thing]:
            if isinstance(each, list | tuple) and not isinstance(each, Array):
                self.take(call, port, each, line)
                continue
            each = self.plain(each)
            if isinstance(each, Unclear):
                raise NotPlain(each.line, each.reason)
            if isinstance(each, bool | int | float | Array):
                raise NotPlain(line, "A layer takes tensors in a drawing, and here it is given numbers.")
            if not isinstance(each, Tensor):
                raise NotPlain(line, "Here a tensor is needed: the result of a layer or of Input.")
            routines.refuse_outside(self.run, each.call.trial)
            call.takes.append((port, each))

    # Methods

    def _method(self, method: Method, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Thing:
        owner, name, line = method.owner, method.name, node.lineno
        if isinstance(owner, Network):
            return self.method_of_network(owner, name, args, kwargs, line)
        if (
            isinstance(owner, MadeLayer)
            and name == "get_layer"
            and (ready := self.run.ready.get(id(owner))) is not None
        ):
            self.run.to_open.add(ready.where)
            return Unclear(line, applications.SEALED, is_fault=True)
        if isinstance(owner, options.Options):
            return options.method(self, owner, name, args, kwargs, node)
        if (found := methods.of_plain(self, method, args, kwargs, line)) is not methods.UNKNOWN:
            return found
        if isinstance(owner, Tensor):
            raise NotPlain(line, f"{shown(name)} of a tensor cannot be drawn.")
        if isinstance(owner, list | dict):
            raise NotPlain(line, f"What {shown(name)} does here is known only when the script runs.")
        return Unclear(line, f"What {shown(name)} gives is known only when the script runs.",
                       is_fault=holds_tensor(args))  # fmt: skip

    def begin(self, sizes: tuple[Thing, ...], line: int) -> Tensor:
        """An Input that the script does not write: that of a ready-made network."""
        call = Call("input", line, line, self.run.trial, params={"shape": sizes})
        self.run.make(call)
        return Tensor(call)

    def of_layer(self, layer: MadeLayer, name: str, line: int) -> Thing:
        return applications.of_layer(self, layer, name, line)

    def change(self, owner: Thing, line: int) -> None:
        """A list or dictionary is about to be changed."""
        if not self.run.may_change(owner):
            raise routines.NoBlock
        if len(owner) > constants.MOST_ITEMS:
            raise NotPlain(line, f"A list with more than {constants.MOST_ITEMS:,} entries is not read.")
