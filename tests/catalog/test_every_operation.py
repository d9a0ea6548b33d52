"""Every function of ``keras.ops`` that can be drawn: checked, exported, run, and compared with Keras itself."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from studio.catalog.values import Value
from studio.codegen import generate_model
from studio.core import edits
from studio.core.project import PortRef, Project
from tests.support.catalog import CATALOG
from tests.support.every_layer import checked

pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("fresh_names")]

OTHER_WHEN_RUN: Mapping[str, str] = {
    "ops.eig": "Keras 3.15 tells real numbers, and complex ones come.",
    "ops.lu_factor": "Keras 3.15 tells real numbers, and the places come as whole ones.",
    "ops.multi_hot": "Keras 3.15 tells the type of what it takes, and floats come.",
    "ops.ndim": "Keras 3.15 tells a row, and a single number comes.",
    "ops.polar": "Keras 3.15 tells real numbers, and complex ones come.",
    "ops.slogdet": "Keras 3.15 tells a single number, and one for each matrix comes.",
}
"""Operations that give another shape or type when they run than Keras tells beforehand, and why."""

NOT_RUN: Mapping[str, str] = {
    "ops.conv_transpose": "Keras 3.15 loses the order of the axes between the symbolic call and the run.",
    "ops.view_as_complex": "Keras 3.15 adds a complex number to a tensor of real ones, which TensorFlow refuses.",
}
"""Operations that cannot run here, and why."""

RANDOM = frozenset({"ops.empty_like", "ops.image.elastic_transform"})
"""Operations that give other numbers each time."""

PARAMS: Mapping[str, Mapping[str, Value]] = {
    "ops.norm": {"axis": -1},
    "ops.pad": {"pad_width": ((0, 0), (1, 1), (0, 2))},
    "ops.segment_sum": {"num_segments": 4},
}
"""Parameters without which Keras takes a symbolic tensor and then refuses the numbers."""


@dataclass(frozen=True)
class Drawn:
    """An operation with an Input for each tensor that it takes and an Output for each that it gives."""

    project: Project
    params: Mapping[str, Value]
    ports: tuple[tuple[str, tuple[str, ...]], ...]
    inputs: tuple[tuple[tuple[int | None, ...], str], ...]


def drawn(type: str, params: Mapping[str, Value] | None = None) -> Drawn:
    """The operation with the tensors with which the facts were asked."""
    facts: Any = importlib.import_module("studio.engine.operation_facts")
    path = type.removeprefix("ops.")
    function = dict(facts._public())[path]
    asked = facts._ask(path, function)[1]
    values: dict[str, Value] = {
        **CATALOG.initial_params(type),
        **{name: _value(value) for name, value in asked.plain.items()},
        **(params or {}),
    }
    project = edits.add_node(Project(), type, name="operation", params=values)
    inputs, outputs = CATALOG.ports(type, values)
    made = []
    ports = []
    for port in inputs:
        if port.name not in asked.samples:
            continue
        sample = asked.samples[port.name]
        names = []
        for _ in range(2 if port.takes_many else 1):
            batch: dict[str, Value] = {} if sample.shape[0] is None else {"batch_size": sample.shape[0]}
            given: dict[str, Value] = {"shape": sample.shape[1:], **batch}
            if sample.dtype != "float32":
                given["dtype"] = sample.dtype
            key, name = f"n{project.next_id}", f"in_{len(made)}"
            project = edits.add_node(project, "Input", name=name, params=given)
            project = edits.connect(project, CATALOG, PortRef(key, "output"), PortRef("n1", port.name))
            names.append(name)
            made.append((sample.shape, sample.dtype))
        ports.append((port.name, tuple(names)))
    for number, port in enumerate(outputs):
        key = f"n{project.next_id}"
        project = edits.add_node(project, "Output", name=f"out_{number}")
        project = edits.connect(project, CATALOG, PortRef("n1", port.name), PortRef(key, "inputs"))
    return Drawn(project, values, tuple(ports), tuple(made))


def _value(value: Any) -> Value:
    if isinstance(value, np.ndarray):
        return tuple(value.tolist())
    if isinstance(value, tuple) and any(isinstance(item, slice) for item in value):
        return ":, 0"
    found: Value = value
    return found


def numbers(shape: tuple[int | None, ...], dtype: str, seed: int) -> Any:
    generator = np.random.default_rng(seed)
    sizes = [size or 4 for size in shape]
    if dtype == "bool":
        return generator.random(sizes) > 0.5
    if dtype.startswith("int"):
        return generator.integers(0, 3, sizes).astype(dtype)
    made = generator.uniform(0.1, 0.9, sizes)
    if len(sizes) >= 2 and sizes[-1] == sizes[-2]:
        made = made @ np.swapaxes(made, -1, -2) + 2 * np.eye(sizes[-1])  # Symmetric and positive, for cholesky.
    return made.astype(dtype)


def direct(type: str, case: Drawn, given: Mapping[str, Any]) -> list[Any]:
    """What Keras gives when its function is called with the arrays themselves."""
    import keras

    spec = CATALOG.layer(type)
    assert spec is not None
    assert spec.operation is not None
    function: Any = keras.ops
    for part in spec.operation.path.split("."):
        function = getattr(function, part)
    values: dict[str, Any] = {name: plain(spec.parameter(name), value) for name, value in case.params.items()}
    positional: list[Any] = []
    arguments = spec.operation.arguments
    starred = next((name for name in arguments if name.startswith("*")), "")
    for name, names in case.ports:
        arrays = [given[each] for each in names]
        port = next(port for port in spec.inputs if port.name == name)
        values[name] = arrays if port.takes_many else arrays[0]
    if starred:
        positional = [values.pop(name) for name in arguments[: arguments.index(starred)] if name in values]
        positional += values.pop(starred[1:])
    return [np.asarray(each) for each in keras.tree.flatten(function(*positional, **values))]


def plain(parameter: Any, value: Value) -> Any:
    if parameter.kind == "slice":
        return (slice(None), 0)
    if parameter.kind == "array" and isinstance(value, tuple):
        return np.array(value, dtype="float32" if "." in str(value) else "int32")
    return value


@pytest.mark.parametrize("type", sorted(CATALOG.operations))
def test_drawn_checked_exported_and_run(type: str) -> None:
    import keras

    case = drawn(type, PARAMS.get(type))
    answers = checked(case.project)
    assert {key: answer.problem for key, answer in answers.items() if answer.problem or answer.blocked_by} == {}
    told = [(tuple(shape), dtype) for shape, dtype in answers["n1"].outputs]
    assert len(told) == len(CATALOG.ports(type, case.params)[1])
    source = generate_model(case.project, CATALOG)
    assert [problem for problem in source.problems if problem.severity != "hint"] == []
    assert "operation is not in the code" not in str(source.problems)
    namespace: dict[str, Any] = {}
    exec(compile(source.text, "exported.py", "exec"), namespace)
    model = namespace["build_model"]()
    outputs = keras.tree.flatten([model.outputs])
    assert [(tuple(output.shape), str(output.dtype)) for output in outputs] == told
    if type in NOT_RUN:
        return
    given = {f"in_{n}": numbers(shape, dtype, n) for n, (shape, dtype) in enumerate(case.inputs)}
    made = model(given if len(given) > 1 else given["in_0"])
    results = [made[f"out_{n}"] for n in range(len(told))] if isinstance(made, dict) else [made]
    wanted = direct(type, case, given)
    assert len(results) == len(wanted)
    for result, (shape, dtype), value in zip(results, told, wanted, strict=True):
        array = np.asarray(result)
        if type not in OTHER_WHEN_RUN:
            assert [None if size is None else got for size, got in zip(shape, array.shape, strict=True)] == [*shape]
            assert keras.backend.standardize_dtype(result.dtype) == dtype
        if type not in RANDOM:
            np.testing.assert_allclose(array, value, rtol=1e-5, atol=1e-5)


def test_what_is_left_out_has_a_reason_and_the_rest_is_most_of_keras() -> None:
    left_out = CATALOG.facts["operations_left_out"]
    assert all(reason.endswith(".") for reason in left_out.values())
    assert len(CATALOG.operations) > 300 > 10 * len(left_out) / 2


@pytest.mark.parametrize(
    ("type", "params"),
    [
        ("ops.split", {"indices_or_sections": 1, "axis": -1}),
        ("ops.split", {"indices_or_sections": 4, "axis": -1}),
        ("ops.split", {"indices_or_sections": (1, 3), "axis": -1}),
        ("ops.svd", {"compute_uv": False}),
        ("ops.unstack", {"num": 4, "axis": 1}),
        ("ops.add", {"x2": 2.0}), ("ops.subtract", {"x1": 1}), ("ops.power", {"x1": -2.0}), ("ops.power", {"x2": -2}),
        ("ops.multiply", {"x2": (1.0, 2.0, 3.0, 4.0)}), ("ops.multiply", {"x1": (1, 2, 3, 4)}),
        ("ops.less", {"x1": 0.5}), ("ops.less", {"x2": 0.5}), ("ops.add", {"x2": float("inf")}),
        ("ops.matmul", {"x2": ((1.0,), (2.0,), (3.0,), (4.0,))}), ("ops.maximum", {"x2": 0.5}),
        ("ops.where", {"x2": 0.0}), ("ops.where", {"x1": 1.0, "x2": 0.0}), ("ops.take", {"indices": (2, 0), "axis": 1}),
        ("ops.get_item", {"key": "..., 1:3"}), ("ops.get_item", {"key": ":, ::2"}),
        ("ops.get_item", {"key": ":, None"}),
        ("ops.get_item", {"key": "1:3"}), ("ops.get_item", {"key": "0"}), ("ops.get_item", {"key": "..."}),
        ("ops.get_item", {"key": "[:, -1, ::-1]"}),
    ],
    ids=str,
)  # fmt: skip
def test_numbers_counts_and_slices(type: str, params: Mapping[str, Value]) -> None:
    import keras

    case = drawn(type, params)
    told = [(tuple(shape), dtype) for shape, dtype in checked(case.project)["n1"].outputs]
    assert len(told) == len(CATALOG.ports(type, case.params)[1])
    namespace: dict[str, Any] = {}
    exec(compile(generate_model(case.project, CATALOG).text, "exported.py", "exec"), namespace)
    model = namespace["build_model"]()
    assert [(tuple(each.shape), str(each.dtype)) for each in keras.tree.flatten([model.outputs])] == told
    given = {f"in_{n}": numbers(shape, dtype, n) for n, (shape, dtype) in enumerate(case.inputs)}
    made = model(given if len(given) > 1 else given["in_0"])
    results = [made[f"out_{n}"] for n in range(len(told))] if isinstance(made, dict) else [made]
    if type == "ops.get_item":
        wanted = [eval(f"x[{str(params['key']).strip('[]')}]", {"x": given["in_0"]})]
    else:
        wanted = direct(type, case, given)
    for result, value in zip(results, wanted, strict=True):
        np.testing.assert_allclose(np.asarray(result), value, rtol=1e-5)
