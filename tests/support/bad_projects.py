"""Project files as they should not be: those that have to be refused, and those that open and have to be survived."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any

TRAP = "<img src=file:///dev/zero>"
"""Qt reads local files for text that it takes for HTML; this one would never end."""

Plain = dict[str, Any]


def plain() -> Plain:
    """A small good project: x -> hidden -> out -> y on the truth table."""
    kinds = (("n1", "Input", "x"), ("n2", "Dense", "hidden"), ("n3", "Dense", "out"), ("n4", "Output", "y"))
    nodes = [{"id": key, "type": kind, "name": name, "x": 0, "y": 90 * n} for n, (key, kind, name) in enumerate(kinds)]
    nodes[1]["params"] = {"units": 4, "activation": "relu"}
    nodes[2]["params"] = {"units": 2, "activation": "sigmoid"}
    columns = [
        {"name": name, "low": 0, "high": 1, "is_integer": True} for name in ("A", "B", "C", "any", "at_least_two")
    ]
    return {
        "format": 1,
        "title": "Small",
        "direction": "down",
        "next_id": 20,
        "main": {
            "nodes": nodes,
            "edges": [edge(10 + number, f"n{number}", "output", f"n{number + 1}", "inputs") for number in range(1, 4)],
        },
        "data": {
            "kind": "made",
            "name": "truth_table",
            "rows": 8,
            "columns": columns,
            "features": ["A", "B", "C"],
            "targets": ["any", "at_least_two"],
        },
        "training": {"optimizer": {"$object": "Adam"}, "epochs": 2, "batch_size": 4, "seed": 1},
    }


def edge(number: int, source: str, output: str, target: str, port: str) -> Plain:
    return {"id": f"e{number}", "source": [source, output], "target": [target, port]}


def text(change: Callable[[Plain], object]) -> bytes:
    """The file of the small project after a change."""
    project = plain()
    change(project)
    return json.dumps(project).encode("utf-8")


def node(project: Plain, number: int) -> Plain:
    found: Plain = project["main"]["nodes"][number - 1]
    return found


def with_params(**params: Any) -> bytes:
    """The small project whose hidden layer has other parameters."""
    return text(lambda project: node(project, 2).update(params=params))


def with_node(number: int, **changes: Any) -> bytes:
    """The small project with other parts of a node: 1 is the Input, 2 and 3 the layers, 4 the Output."""
    return text(lambda project: node(project, number).update(changes))


def with_edge(source: str, output: str, target: str, port: str) -> bytes:
    """The small project with one edge more."""
    return text(lambda project: project["main"]["edges"].append(edge(18, source, output, target, port)))


def with_data(**changes: Any) -> bytes:
    """The small project with another data source."""
    return text(lambda project: project["data"].update(changes))


def with_training(**changes: Any) -> bytes:
    """The small project with another plan."""
    return text(lambda project: project["training"].update(changes))


def with_type(type_name: str, params: Plain | None = None, **more: Any) -> bytes:
    """The small project whose hidden layer is of another type."""
    return text(lambda project: node(project, 2).update(type=type_name, params=params or {}, **more))


def with_name(name: str) -> bytes:
    """The small project with a hostile name wherever one may stand."""

    def change(project: Plain) -> None:
        project["title"] = name[:900]
        for number in (1, 2, 3, 4):
            node(project, number)["name"] = f"{name}{number if number > 1 else ''}"
        node(project, 2)["note"] = name
        project["data"]["columns"][0]["name"] = name
        project["data"]["features"][0] = name

    return text(change)


def chain(length: int, params: Plain | None = None, cut_every: int = 0) -> bytes:
    """A chain of Dense layers from the Input to the Output, cut into pieces where that is wanted."""

    def change(project: Plain) -> None:
        nodes, edges = [node(project, 1)], []
        ids = [f"n{1000 + number}" for number in range(length)]
        for number, key in enumerate(ids):
            layer = {"id": key, "type": "Dense", "name": f"d{number}", "params": params or {"units": 2}}
            nodes.append({**layer, "x": 200 * (number // 100), "y": 90 * (number % 100)})
        nodes.append(node(project, 4))
        way = ["n1", *ids, "n4"]
        for number, (source, target) in enumerate(pairwise(way), start=1):
            if cut_every and number % cut_every == 0:
                continue
            edges.append(edge(100_000 + number, source, "output", target, "inputs"))
        project["main"] = {"nodes": nodes, "edges": edges}

    return text(change)


def _png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + check

    head = b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
    pixels = zlib.compress(b"\x00\xff\xff\xff")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _block(project: Plain, inner: str, block: str) -> None:
    project["blocks"] = [
        {"id": "b15", "name": "twice", "graph": {"nodes": [{"id": "n16", "type": inner, "name": "i", "block": block}]}}
    ]
    node(project, 2).update(type="block", params={}, block="b15")


def refused() -> dict[str, bytes]:
    """Files that no window and no command line may open."""
    good = json.dumps(plain(), indent=1).encode()
    return {
        "an empty file": b"",
        "a blank file": b" \n\n",
        "a picture": _png(),
        "random bytes": random.Random(4).randbytes(5_000),
        "zeros": bytes(10_000),
        "UTF-16": good.decode().encode("utf-16"),
        "cut off": good[: len(good) // 2],
        "damaged": good.replace(b":", b";", 3),
        "two of them": good + good,
        "foreign JSON": b'{"name": "package", "version": "1.0.0", "dependencies": {}}',
        "a Keras config": b'{"class_name": "Functional", "config": {"layers": []}, "format": "keras"}',
        "a list": b"[1, 2, 3]",
        "a number": b"1e5",
        "a newer format": text(lambda project: project.update(format=99)),
        "nested deep": b'{"format": 1, "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        "nested objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        "a parameter nested deep": with_params(units=_nested(100)),
        "a key twice": good.replace(b'"format": 1,', b'"format": 1, "format": 1,', 1),
        "a node id twice": with_node(2, id="n1"),
        "an edge to nowhere": text(lambda project: project["main"]["edges"][0].update(target=["n99", "inputs"])),
        "an edge from nowhere": text(lambda project: project["main"]["edges"][0].update(source=["n99", "output"])),
        "shares a missing layer": with_node(3, shares="n99"),
        "a block in itself": text(lambda project: _block(project, "block", "b15")),
        "a missing block": with_node(2, type="block", params={}, block="b99"),
        "too many nodes": chain(20_001),
        "NaN": good.replace(b'"units": 4', b'"units": NaN'),
        "infinity": good.replace(b'"units": 4', b'"units": 1e999'),
        "a number of 5,000 digits": good.replace(b'"units": 4', b'"units": ' + b"9" * 5_000),
        "a name with a newline": with_name("a\nimport os"),
        "a name with NUL": with_name("a\0b"),
        "a name that turns text around": with_name("abc\u202edcba"),
        "a name of 10 kB": with_name("x" * 10_000),
        "an id with a path": with_node(2, id="../n2"),
        "no rows left": with_data(split={"validation": 0.7, "test": 0.3}),
        "shares what shares": text(
            lambda project: (node(project, 3).update(shares="n2"), node(project, 2).update(shares="n3"))
        ),
        "a seed below zero": with_training(seed=-1),
        "a list of a million": with_params(units=3, kernel_initializer=[0] * 1_000_000),
        "zero epochs": with_training(epochs=0),
        "nodes that are text": text(lambda project: project["main"].update(nodes="n1")),
    }


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def odd() -> dict[str, bytes]:
    """Files that open: what is wrong with them is told by problems, and nobody falls over them."""

    def circle(project: Plain) -> None:
        project["main"]["edges"].append(edge(18, "n3", "output", "n2", "inputs"))

    def several_into_one(project: Plain) -> None:
        project["main"]["edges"].append(edge(18, "n1", "output", "n3", "inputs"))

    names = {
        "a name that is a picture": TRAP,
        "a name that is a script": '</p><script>alert("x")</script>&amp;<b>',
        "a name with quotes": "'; import os; '\"\"\"'''\\",
        "a name that is a keyword": "class",
        "a name that is a builtin": "print",
        "a name that Python folds": "\N{MATHEMATICAL ITALIC SMALL E}\N{LATIN SMALL LIGATURE FI}x",
        "a name of the code's own": "model",
        "a name of 800 letters": "W" * 800,
        "a name with combining marks": "a" + "\u0301\u0488" * 200,
        "a name with a slash": "conv1/bn",
        "a name with a brace": "{0}{x!r}%s%n",
        "a name that is blank": " ",
    }
    return {
        **{title: with_name(name) for title, name in names.items()},
        "a circle": text(circle),
        "an edge to itself": with_edge("n2", "output", "n2", "inputs"),
        "the same edge twice": with_edge("n1", "output", "n2", "inputs"),
        "two edges into one port": text(several_into_one),
        "an unknown input": text(lambda project: project["main"]["edges"][1].update(target=["n3", "nose"])),
        "an unknown output": text(lambda project: project["main"]["edges"][1].update(source=["n2", "tail"])),
        "an unknown layer": with_type("HyperDense", {"units": 3, "sparkle": {"$object": "Glitter"}}),
        "a layer that is no layer": with_type("__import__", {"name": "os"}),
        "a Lambda": with_type("Lambda", {"function": "lambda x: __import__('os').system('true')"}),
        "a layer that reads a file": with_type("StringLookup", {"vocabulary": "/etc/passwd"}),
        "units that are true": with_params(units=True),
        "units that are text": with_params(units="ten"),
        "units that are missing": with_params(),
        "units that are nothing": with_params(units=None),
        "units that are a list": with_params(units=[1, 2]),
        "units below zero": with_params(units=-5),
        "units that are zero": with_params(units=0),
        "units with a fraction": with_params(units=2.5),
        "units that are NaN": with_params(units={"$float": "nan"}),
        "units that are infinite": with_params(units={"$float": "inf"}),
        "an object in the wrong place": with_params(units={"$object": "Adam"}),
        "an unknown object": with_params(
            units=3, kernel_initializer={"$object": "os.system", "params": {"command": "x"}}
        ),
        "an unknown parameter": with_params(units=3, wings=2),
        "a parameter called like code": with_params(**{"units": 3, "x=1); import os; (y": 2}),
        "an activation that is code": with_params(units=3, activation="__import__('os')"),
        "a block's parameter outside a block": with_params(units={"$parameter": "width"}),
        "a dropout of infinity": with_type("Dropout", {"rate": {"$float": "inf"}}),
        "a dropout of NaN": with_type("Dropout", {"rate": {"$float": "nan"}}),
        "10**12 units": with_params(units=10**12),
        "units beyond 2**63": with_params(units={"$int": str(10**30)}),
        "an input of 2**63": with_node(1, params={"shape": [{"$int": str(2**63)}]}),
        "an input of 2**52": with_node(1, params={"shape": [2**52]}),
        "an input below zero": with_node(1, params={"shape": [-3]}),
        "an input of text": with_node(1, params={"shape": "(3,)"}),
        "an input of a thousand axes": with_node(1, params={"shape": [1] * 1000}),
        "shares another type": with_node(3, type="Dropout", params={}, shares="n2"),
        "shares an Input": with_node(3, shares="n1"),
        "an Input that takes": with_edge("n3", "output", "n1", "inputs"),
        "an Output that gives": with_edge("n4", "output", "n2", "inputs"),
        "nothing drawn": text(lambda project: project.update(main={"nodes": [], "edges": []})),
        "no Output": text(lambda project: (project["main"]["nodes"].pop(), project["main"]["edges"].pop())),
        "places beyond the world": with_node(2, x=1e300, y=-1e300),
        "an unknown optimizer": with_training(optimizer={"$object": "Warp"}),
        "a learning rate of text": with_training(optimizer={"$object": "Adam", "params": {"learning_rate": "fast"}}),
        "a learning rate of NaN": with_training(
            optimizer={"$object": "Adam", "params": {"learning_rate": {"$float": "nan"}}}
        ),
        "a batch of a trillion": with_training(batch_size=10**12),
        "a seed beyond 2**32": with_training(seed=2**40),
        "an unknown callback": with_training(callbacks=[{"$object": "LambdaCallback", "params": {"x": 1}}]),
        "a checkpoint elsewhere": with_training(
            callbacks=[{"$object": "ModelCheckpoint", "params": {"filepath": "/etc/passwd.keras"}}]
        ),
        "unknown made-up data": with_data(name="unicorns"),
        "made-up data without bounds": with_data(name="moons", params={"samples": 10**9}),
        "made-up data with odd settings": with_data(params={"samples": "many"}),
        "unknown bundled data": with_data(kind="bundled", name="unicorns"),
        "a missing file": with_data(kind="file", name="gone.csv"),
        "a file elsewhere": with_data(kind="file", name="/etc/passwd"),
        "a file above": with_data(kind="file", name="../../etc/passwd"),
        "features that are not there": with_data(features=["A", "nose"]),
        "targets that are not there": with_data(targets=["nose"]),
        "no columns at all": with_data(columns=[], features=[], targets=[]),
        "a column twice": text(lambda project: project["data"]["columns"].append({"name": "A"})),
        "bindings to nowhere": with_data(bindings={"n1": ["nose"], "n99": ["A"]}),
        "a gap rule of its own": with_data(gaps="refuse"),
        "unknown keys": text(lambda project: (project.update(future={"a": [1]}), node(project, 2).update(glow=3))),
        "unknown keys of the data": with_data(web=[1]),
    }
