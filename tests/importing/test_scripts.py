"""Scripts come in without being run: our own exports in every style, and what people write by the guides of Keras."""

from __future__ import annotations

import difflib
import json
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings

from studio import storage
from studio.codegen import STYLES, generate
from studio.core import rules
from studio.core.ports import ports_of
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.importing import ModelFileError, NeedsRunning, read
from studio.importing.script import read_script
from studio.workbench.opening_models import tidied
from tests.support.catalog import CATALOG
from tests.support.graphs import graph as draw
from tests.support.strategies import projects
from tests.support.structure import structure

GOLDEN = Path(__file__).parents[1] / "codegen" / "golden"
SCRIPTS = Path(__file__).parent / "scripts"


def network_of(text: str) -> str:
    """The part of an exported file that a drawing and its training plan say, without what the data says."""
    start = text.index("\ndef ", text.index("def load_data"))
    end = min(text.index(word) for word in ("class Batches", "def adapt_layers") if word in text)
    return text[start:end]


EXPORTS = sorted(GOLDEN.rglob("*.py"))


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_our_own_exports_come_back_word_for_word(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = read_script(text, CATALOG)
    again = generate(found.project, CATALOG, style=STYLES.get(path.parent.name, STYLES["default"])).text
    difference = difflib.unified_diff(network_of(text).splitlines(), network_of(again).splitlines(), lineterm="")
    assert list(difference) == []
    assert found.report.sentences[1:] == ()
    for constant in ("SEED", "EPOCHS", "BATCH_SIZE"):
        assert line_of(text, constant) == line_of(again, constant) or "NotImplementedError" in text


def line_of(text: str, constant: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"{constant} = "))


def test_what_is_frozen_after_its_call_comes_back() -> None:
    drawn = draw(
        "x:Input(shape=(8, 6)) -> deep:Bidirectional(layer=LSTM(units=4), trainable=False) -> y:Output;"
        "x -> look:MultiHeadAttention(num_heads=2, key_dim=3, trainable=False) -> z:Output; x -> look.value"
    )
    text = generate(drawn, CATALOG).text
    assert text.count(".trainable = False") == 2
    again = read_script(text, CATALOG).project
    assert structure(again) == structure(drawn)


@given(projects)
@settings(max_examples=150, deadline=None)
def test_random_drawings_come_back(project: Project) -> None:
    """What the code says of a drawing is what comes back: the same layers with the same parameters and edges."""
    for style in ("default", "book"):
        text = generate(project, CATALOG, style=STYLES[style]).text
        if 'raise NotImplementedError(\n        "The network' in text:
            continue
        found = read_script(text, CATALOG).project
        again = generate(found, CATALOG, style=STYLES[style])
        assert [problem.message for problem in again.problems if problem.code == "left_out"] == []
        assert told(read_script(again.text, CATALOG).project) == told(found)
        assert storage.loads(storage.dumps(found)) == found


def told(project: Project) -> list[object]:
    """A drawing but for ids, places and names that code does not carry."""
    return [
        (Counter((node.type, str(sorted(node.params.items(), key=str)), node.note) for node in graph.nodes.values()),
         Counter((graph.nodes[edge.source.node].type, graph.nodes[edge.target.node].type, edge.rank)
                 for edge in graph.edges.values()))
        for graph in project.graphs().values()
    ]  # fmt: skip


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.py")), ids=lambda path: path.stem)
def test_scripts_in_the_habits_of_the_guides_come_in(path: Path) -> None:
    found = tidied(read(path, CATALOG), CATALOG)
    project = found.project
    assert storage.loads(storage.dumps(project)) == project
    catalog = with_snippets(CATALOG, project)
    assert [problem for problem in rules.problems(project, catalog) if problem.severity == "error"] == []
    for graph in project.graphs().values():
        known = {key: ports_of(project, catalog, node) for key, node in graph.nodes.items()}
        for edge in graph.edges.values():
            if graph.nodes[edge.target.node].type in catalog.layers:
                assert edge.target.port in [port.name for port in known[edge.target.node][0]]


def test_functions_become_blocks_and_loops_their_uses() -> None:
    project = read(SCRIPTS / "residual_network.py", CATALOG).project
    names = {block.name for block in project.blocks.values()}
    assert names == {"conv_bn", "residual_block", "conv_bn_1", "residual_block_1"}
    uses = [node for node in project.main.nodes.values() if node.type == "block"]
    assert [project.blocks[use.block or ""].name for use in uses].count("residual_block") == 4
    assert project.training.epochs == 5
    assert [callback.type for callback in project.training.callbacks] == ["EarlyStopping"]


def test_a_model_called_twice_is_a_block_that_shares_its_weights() -> None:
    text = """
import keras
from keras import layers
tower = keras.Sequential([keras.Input((4,)), layers.Dense(3, name="a"), layers.Dense(2, name="b")])
left, right = keras.Input((4,)), keras.Input((4,))
outputs = layers.Dot(axes=1)([tower(left), tower(right)])
model = keras.Model([left, right], outputs)
"""
    project = read_script(text, CATALOG).project
    nodes = project.main.nodes
    assert {node.name: nodes[node.shares].name for node in nodes.values() if node.shares} == {"tower_1": "tower"}
    (block,) = project.blocks.values()
    assert [node.name for node in block.graph.nodes.values() if node.type == "Dense"] == ["a", "b"]


def test_one_of_several_models_is_chosen() -> None:
    text = (SCRIPTS / "autoencoder.py").read_text()
    assert read_script(text, CATALOG).models == ("encoder", "decoder", "autoencoder")
    assert len(read_script(text, CATALOG).project.blocks) == 2
    decoder = read_script(text, CATALOG, model="decoder").project
    assert [node.type for node in decoder.main.nodes.values()] == ["Input", "Reshape", "Conv2DTranspose", "Output"]
    with pytest.raises(ModelFileError, match="no model called nobody; it has: encoder, decoder, autoencoder"):
        read_script(text, CATALOG, model="nobody")


BAD = {
    "x = (1,\n": "Line 1: '\\(' was never closed",
    "while True:\n    pass\n": "Line 1: A loop",
    "a = 10**10**10\n": "Line 1: This cannot be worked out: the number is too large",
    "a = 'x' * 10**10\nb = a\n": "Line 1: This cannot be worked out",
    "a = [[0] * 9999] * 9999\nwhile a:\n    a += a\n": "Line 3",
    "a = f'{1:>999999999}'\n": "Line 1: This text cannot be worked out",
    "import keras\ndef f(x):\n    return f(x)\nkeras.Sequential([keras.layers.Dense(f(3))])\n":
        "Line 3: f calls itself",
    "import keras\nclass M(keras.Model):\n    def call(self, x):\n        return x\nM().compile()\n":
        "Line 2: M is a model of its own class",
    "import keras\ni = keras.Input((4,))\nx = keras.layers.Dense(unitz=5)(i)\nkeras.Model(i, x)\n":
        "Line 3: Dense has no parameter unitz in this version of Keras; is units meant\\?",
    "import keras\ni = keras.Input((4,))\nx = keras.layers.Dens(5)(i)\nkeras.Model(i, x)\n":
        "Line 3: There is no layer called Dens in this version of Keras; is Dense meant\\?",
    "import keras, numpy as np\ni = keras.Input((4,))\nx = keras.layers.Dense(np.load('a'))(i)\nkeras.Model(i, x)\n":
        "Line 3: What numpy.load gives is known only when the script runs",
    "import keras\ni = keras.Input((4,))\nkeras.Model(i, undefined)\n": "Line 3: undefined is not defined",
    "print('hello')\n": "The script makes no model",
    "x = \0": "There is a NUL",
    "x = 3\ny = '\ud800'\n": "Line 2: There is half of a character, which no script may hold.",
    "import os\nos.system('touch /tmp/should_never_be')\n": "The script makes no model",
    "x = " + "(" * 500 + ")" * 500: "nested",
    "x = " + "-" * 50_000 + "1": "nested|no Python",
    "def f():\n    " + "if 1:\n     ".join(" " * at for at in range(150)) + "pass": "Line",
    "x = " + "1 + " * 20_000 + "1": "nested|no Python|no model",
    "x" * 1_000_001: "longer than",
    "n = " + "9" * 20_000: r"Line 1: Exceeds the limit \(4300 digits\) for integer string conversion: [^;]+\.$",
    "import keras\ni = keras.Input((4,))\nx = keras.layers.Dense(4)(i)\nfor _ in range(3000):\n"
    "    m = keras.Model(i, x)\n    x = m(x)\n":
        "The script makes more than 20,000 layers",
    "import keras\ndef f(x):\n    return g(x) + g(x)\ndef g(x):\n    return f(x) * f(x)\ni = keras.Input((4,))\n"
    "keras.Model(i, keras.layers.Lambda(f)([i, i]))\n": "Line 5: the script goes on for so long",
    "import keras\nclass A:\n    pass\na = A()\na.b = a\ni = keras.Input((4,))\n"
    "keras.Model(i, keras.layers.Dense(a.b.b.b)(i))\n": "Line 7: units has a value that a drawing cannot hold",
}  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=lambda text: repr(text[:40]))
def test_what_cannot_be_read_is_one_sentence_with_its_line(text: str) -> None:
    start = time.process_time()
    with pytest.raises(ModelFileError, match=BAD[text]):
        read_script(text, CATALOG)
    assert time.process_time() - start < 5


BEGIN = "import sys\nimport keras\nfrom keras import layers\nflag = len(sys.argv) > 1\ninputs = x = keras.Input((4,))\n"


@pytest.mark.parametrize(
    "body",
    [
        "def head(x):\n    if flag:\n        return layers.Dense(3)(x)\n    return x\nx = head(x)",
        "for units in (4, 3, 2):\n    x = layers.Dense(units)(x)\n    if flag:\n        break",
        "for units in (4, 3, 2):\n    if flag:\n        continue\n    x = layers.Dense(units)(x)",
        "parts = [layers.Dense(2)(x)]\nif flag:\n    parts.append(x)\nx = layers.concatenate([*parts, x])",
        "sizes = {0: 3}\nif flag:\n    sizes[0] = 4\nx = layers.Dense(sizes[0])(x)",
        "inner = keras.Sequential([layers.Dense(3)])\nif flag:\n    inner.add(layers.Dropout(0.5))\nx = inner(x)",
    ],
)
def test_what_only_running_tells_is_not_passed_over(body: str) -> None:
    """A model without a layer of the script would be another one."""
    with pytest.raises(NeedsRunning):
        read_script(f"{BEGIN}{body}\nmodel = keras.Model(inputs, x)\n", CATALOG)


def test_a_sequential_that_may_get_more_layers_is_not_read() -> None:
    text = f"{BEGIN}model = keras.Sequential([inputs, layers.Dense(3)])\nif flag:\n    model.add(layers.Dense(2))\n"
    with pytest.raises(NeedsRunning):
        read_script(text, CATALOG)


def test_a_training_loop_that_may_end_early_is_no_matter() -> None:
    text = (
        f"{BEGIN}model = keras.Model(inputs, layers.Dense(3)(x))\nfor epoch in range(3):\n    if flag:\n        break\n"
    )
    assert len(read_script(text, CATALOG).project.main.nodes) == 3


def test_a_lookup_tells_its_words() -> None:
    text = f"""{BEGIN}
words = layers.StringLookup(vocabulary=["a", "b"], mask_token="")
other = layers.StringLookup(vocabulary=words.get_vocabulary(), oov_token="[UNK]", mask_token="")
numbers = layers.IntegerLookup(vocabulary=[4, 5], num_oov_indices=0)
x = layers.Dense(words.vocabulary_size())(x)
x = layers.Dense(len(numbers.get_vocabulary()))(x)
x = layers.Dense(len(other.get_vocabulary()))(x)
model = keras.Model(inputs, x)
"""
    project = read_script(text, CATALOG).project
    assert [node.params["units"] for node in project.main.nodes.values() if node.type == "Dense"] == [4, 2, 4]


def test_nothing_of_a_script_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    path = tmp_path / "model.py"
    path.write_text(
        f"import keras, os\nfrom pathlib import Path\nPath({str(mark)!r}).touch()\n"
        f"open({str(mark)!r}, 'w').write('x')\n"
        f"os.system('touch {mark}')\n__import__('os').system('touch {mark}')\n"
        f"eval(\"open({str(mark)!r}, 'w')\")\n"
        "model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])\n"
    )
    assert len(read(path, CATALOG).project.main.nodes) == 3
    assert not mark.exists()


def test_encodings_and_notebooks(tmp_path: Path) -> None:
    code = "import keras\n# Größe\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name='Größe')])\n"
    (tmp_path / "latin.py").write_bytes(("# -*- coding: latin-1 -*-\n" + code).encode("latin-1"))
    names = [node.name for node in read(tmp_path / "latin.py", CATALOG).project.main.nodes.values()]
    assert names == ["input_layer", "Größe", "output"]
    (tmp_path / "bad.py").write_bytes(code.encode("latin-1"))
    with pytest.raises(ModelFileError, match="no UTF-8 text"):
        read(tmp_path / "bad.py", CATALOG)
    cells = [
        {"cell_type": "markdown", "source": "# hello"},
        {"cell_type": "code", "source": ["%pip install keras\n", code]},
    ]
    (tmp_path / "net.ipynb").write_text(json.dumps({"cells": cells}))
    assert len(read(tmp_path / "net.ipynb", CATALOG).project.main.nodes) == 3


def test_who_knows_shapes_is_asked_for_them() -> None:
    asked: list[Project] = []

    def shapes(project: Project) -> tuple[int | None, ...]:
        asked.append(project)
        return (None, 7, 12)

    text = (
        "import keras\nfrom keras import layers\nrow = keras.Input((9, 3))\n"
        "x = keras.Sequential([layers.Conv1D(12, 3)])(row)\n"
        "def wide(t, by): return layers.Dense(t.shape[-1] * by)(t)\nx = wide(x, 2)\nx = wide(row, 5)\n"
        "model = keras.Model(row, x)\n"
    )
    project = read_script(text, CATALOG, shapes=shapes).project
    assert [node.params.get("units") for node in project.main.nodes.values()] == [None, 15, None]
    assert [node.type for block in asked[0].blocks.values() for node in block.graph.nodes.values()] == [
        "Input", "Conv1D", "Output",
    ]  # fmt: skip


POLICY = """
import tensorflow as tf
from tensorflow.keras import mixed_precision
from keras import layers, Model, Input
{line}
x = Input((4,))
h = layers.Dense(8)(x)
y = layers.Dense(2, activation="softmax", dtype="float32")(h)
model = Model(x, y)
model.compile("adam", "mse")
"""


@pytest.mark.parametrize(
    ("line", "policy"),
    [
        ("", "float32"),
        ('mixed_precision.set_global_policy("mixed_float16")', "mixed_float16"),
        ('tf.keras.mixed_precision.set_global_policy(policy="mixed_bfloat16")', "mixed_bfloat16"),
        ('tf.keras.config.set_dtype_policy(mixed_precision.Policy("mixed_float16"))', "mixed_float16"),
    ],
)
def test_the_precision_of_a_script_comes_in_and_a_layer_keeps_its_own(line: str, policy: str) -> None:
    found = read_script(POLICY.format(line=line), CATALOG)
    assert found.report.unknown == ()
    assert found.project.training.dtype_policy == policy
    dense = [node for node in found.project.main.nodes.values() if node.type == "Dense"]
    assert [node.params.get("dtype") for node in dense] == [None, "float32"]


def test_a_precision_that_no_project_has_is_told() -> None:
    found = read_script(POLICY.format(line='mixed_precision.set_global_policy("float64")'), CATALOG)
    assert found.project.training.dtype_policy == "float32"
    assert "choose them under Train" in found.report.unknown[0]


@pytest.mark.parametrize(("given", "threshold"), [("", 1.0), ("0.25", 0.25), ("theta=0.5, name='bent'", 0.5)])
def test_a_layer_that_is_gone_is_read_as_the_one_that_does_the_same(given: str, threshold: float) -> None:
    text = (
        f"from keras import layers, Input, Model\nx = Input((4,))\nm = Model(x, layers.ThresholdedReLU({given})(x))\n"
    )
    nodes = read_script(text, CATALOG).project.main.nodes.values()
    assert [each.params for each in nodes if each.type == "ReLU"] == [{"threshold": threshold}]


@pytest.mark.parametrize(
    "stars",
    ["keras.models keras.layers", "keras.layers keras.models keras.optimizers", "tensorflow.keras.layers keras"],
)
def test_names_come_from_the_module_that_has_them(stars: str) -> None:
    imports = "".join(f"from {module} import *\n" for module in stars.split())
    text = f"{imports}x = Input((4,))\nm = Model(x, Dense(2)(concatenate([x, Activation('relu')(x)])))\n"
    nodes = read_script(text, CATALOG).project.main.nodes.values()
    assert [each.type for each in nodes] == ["Input", "Activation", "Concatenate", "Dense", "Output"]


def test_pictures_are_prepared_by_the_operations_of_keras() -> None:
    """What its ready-made networks want; the numbers are compared with Keras's own in ``test_round_trip``."""
    text = """
import keras
from keras import layers
from keras.applications.resnet50 import preprocess_input

pictures = keras.Input(shape=(8, 8, 3))
x = preprocess_input(pictures)
x = keras.applications.mobilenet_v2.preprocess_input(x)
x = keras.applications.densenet.preprocess_input(x)
x = keras.applications.efficientnet.preprocess_input(x)
rows = preprocess_input(keras.datasets.cifar10.load_data())
model = keras.Model(pictures, layers.Flatten()(x))
"""
    found = read_script(text, CATALOG)
    assert found.report.unknown == ()
    types = [node.type.removeprefix("ops.") for node in found.project.main.nodes.values()]
    assert types == [
        "Input", "get_item", "add", "true_divide", "subtract", "true_divide", "add", "true_divide", "Flatten", "Output",
    ]  # fmt: skip


def test_a_callback_that_writes_elsewhere_writes_into_the_folder_of_the_run() -> None:
    text = """
import keras
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
model.compile("adam", "mse")
model.fit(x, y, callbacks=[keras.callbacks.ModelCheckpoint("/tmp/best/model.keras", save_best_only=True)])
"""
    found = read_script(text, CATALOG)
    assert [each.params["filepath"] for each in found.project.training.callbacks] == ["model.keras"]
    assert any("folder of the run" in each for each in found.report.replaced)
