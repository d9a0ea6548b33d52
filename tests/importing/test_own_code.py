"""Code of a script's own comes in as code of the project: its text and what that needs, read without being run."""

from __future__ import annotations

import textwrap

import pytest

from studio import storage
from studio.core import rules
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.importing.report import OWN_CODE
from studio.importing.script import read_script
from studio.importing.script.own_layers import with_keywords, with_many
from tests.support.catalog import CATALOG

BEGIN = """\
import os
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from tensorflow.keras import backend as K
"""
END = """
x = keras.Input((4,), name="x")
model = keras.Model(x, {})
"""


def read(code: str, made: str = "layers.Dense(2)(x)", after: str = "") -> tuple[Project, list[str]]:
    """The project of a script with this code, and what was told of it beside what came in."""
    text = BEGIN + textwrap.dedent(code) + END.format(made) + textwrap.dedent(after)
    found = read_script(text, CATALOG)
    project = found.project
    assert storage.loads(storage.dumps(project)) == project
    return project, list(found.report.sentences[1:])


def texts(project: Project) -> dict[str, tuple[str, str]]:
    """Kind and text of each piece by its name."""
    return {each.name: (each.kind, each.source) for each in project.snippets.values()}


def errors(project: Project) -> list[str]:
    catalog = with_snippets(CATALOG, project)
    return [each.message for each in rules.problems(project, catalog) if each.severity == "error"]


HALF = """
class Half(layers.Layer):
    def call(self, inputs):
        return inputs / {}
"""


def test_a_layer_comes_with_its_helpers_constants_and_imports_and_nothing_else() -> None:
    project, told = read(
        """
        from functools import partial
        first = 3
        size = first * 4
        table = {"a": [1, 2.5]}
        weights = np.array([1.0, 2.0])
        loss = keras.losses.MeanSquaredError(reduction="sum")
        other = open("secret.txt").read()

        def helper(t):
            # A comment that stays.
            return partial(K.sum, axis=1)(t) * size

        class Base(layers.Layer):
            def __init__(self, units=2):
                super().__init__()
                self.units = units

        class Mine(Base):
            "What it does."
            def call(self, inputs):
                return helper(inputs) + weights[0] + loss(inputs, inputs) + table["a"][0]
        """,
        "Mine(units=5)(x)",
    )
    assert told == [OWN_CODE.format("Mine")]
    assert errors(project) == []
    assert texts(project)["Mine"] == (
        "layer",
        textwrap.dedent(
            """\
            from functools import partial
            from tensorflow.keras import backend as K

            size = 12
            table = {'a': [1, 2.5]}
            weights = np.array([1.0, 2.0])
            loss = keras.losses.MeanSquaredError(reduction="sum")


            def helper(t):
                # A comment that stays.
                return partial(K.sum, axis=1)(t) * size


            class Base(layers.Layer):
                def __init__(self, units=2, **kwargs):
                    super().__init__(**kwargs)
                    self.units = units


            class Mine(Base):
                "What it does."
                def call(self, inputs):
                    return helper(inputs) + weights[0] + loss(inputs, inputs) + table["a"][0]
            """
        ),
    )
    node = next(each for each in project.main.nodes.values() if each.type == "Mine")
    assert dict(node.params) == {"units": 5}


def test_what_two_pieces_need_stands_once() -> None:
    project, _ = read(
        """
        step = 2
        def helper(t):
            return t * step
        class One(layers.Layer):
            def call(self, inputs):
                return helper(inputs)
        class Two(layers.Layer):
            def call(self, inputs):
                return One()(inputs) + helper(inputs) + step
        """,
        "One()(Two()(x))",
    )
    assert errors(project) == []
    whole = "".join(source for _, source in texts(project).values())
    assert whole.count("def helper") == whole.count("step = 2") == whole.count("class One") == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (HALF.format("len(os.listdir(place))") + "place = os.getcwd()\n", "it needs place, which only running"),
        (HALF.format("data[0]") + "data = keras.datasets.mnist.load_data()\n", "it needs data, which only running"),
        (HALF.format("data") + "data = np.loadtxt('a.csv')\n", "it needs data, which only running"),
        (HALF.format("nothing_such"), "it needs nothing_such, which the script does not define"),
        (HALF.format("near()") + "from .near import near\n", "another file of the script's own"),
    ],
)  # fmt: skip
def test_what_only_running_would_tell_stays_grey_and_says_why(code: str, said: str) -> None:
    project, told = read(code, "Half()(x)")
    assert project.snippets == {}
    assert any("The code of Half stands in the script but did not come in" in each and said in each for each in told)
    assert [each for each in errors(project) if "Half" in each]


def test_functions_come_as_what_they_are_used_for() -> None:
    project, told = read(
        """
        def mish(t):
            return t * ops.tanh(t)
        def start(shape, dtype=None):
            return ops.ones(shape, dtype)
        def make(alpha, pair):
            def weighted(y_true, y_pred):
                '''Words.'''
                return alpha * mse(y_true, y_pred) + pair[1]
            return weighted
        mse = keras.losses.MeanSquaredError()
        near = lambda y_true, y_pred: ops.mean(y_true - y_pred)
        class Tell(keras.callbacks.Callback):
            def __init__(self, every):
                super().__init__()
                self.every = every
        class Slow(keras.optimizers.schedules.LearningRateSchedule):
            def __init__(self, rate=0.1):
                self.rate = rate
            def __call__(self, step):
                return self.rate
        """,
        "layers.Lambda(tf.nn.l2_normalize)(layers.Lambda(lambda t: t * 2, name='twice')("
        "layers.Dense(2, activation=mish, kernel_initializer=start)(x)))",
        """
        model.compile(keras.optimizers.SGD(Slow(0.2)), loss=make(0.3, (1, 2)), metrics=[near, "mae"])
        model.fit(0, 0, callbacks=[Tell(3)])
        """,
    )
    assert told[1:] == ["Called otherwise now, because its own name has another meaning here: own_mish (was mish)."]
    assert errors(project) == []
    found = texts(project)
    assert {name: kind for name, (kind, _) in found.items()} == {
        "own_mish": "activation", "start": "initializer", "twice": "function", "own_function": "function",
        "Slow": "schedule", "weighted": "loss", "near": "metric", "Tell": "callback",
    }  # fmt: skip
    assert "    '''Words.'''\n    alpha = 0.3\n    pair = (1, 2)\n" in found["weighted"][1]
    assert found["twice"][1] == "def twice(t):\n    return t * 2\n"
    assert found["own_function"][1] == "def own_function(inputs):\n    return tf.nn.l2_normalize(inputs)\n"
    assert found["near"][1] == "def near(y_true, y_pred):\n    return ops.mean(y_true - y_pred)\n"
    (output,) = project.training.outputs.values()
    assert output.loss is not None
    said = [output.loss.type, *(each.type for each in output.metrics or ())]
    assert said == [
        "weighted",
        "near",
        "MeanAbsoluteError",
    ]
    assert [each.params for each in project.training.callbacks] == [{"every": 3}]


def test_two_functions_of_one_name_are_two_pieces() -> None:
    project, _ = read(
        """
        def scaled(by):
            def scale(t):
                return t * by
            return layers.Lambda(scale)
        """,
        "scaled(3.0)(scaled(2.0)(x))",
    )
    assert {source.split("\n")[1].strip() for _, source in texts(project).values()} == {"by = 2.0", "by = 3.0"}
    assert errors(project) == []


def test_layers_take_and_give_as_many_tensors_as_in_the_script() -> None:
    project, _ = read(
        """
        class Both(layers.Layer):
            def call(self, inputs):
                return inputs[0] + inputs[1], inputs[0]
        class Apart(layers.Layer):
            def call(self, pair):
                one, other = pair
                return one - other
        class Wide(layers.Dense):
            pass
        """,
        "Apart()(list(Both()([x, Wide(4, activation='relu')(x)])))",
    )
    assert errors(project) == []
    assert "def call(self, inputs: list):" in texts(project)["Both"][1]
    assert len(project.main.edges) == 6


def test_a_model_of_its_own_class_is_a_layer_where_it_is_called() -> None:
    project, told = read(
        """
        class Encoder(keras.Model):
            def __init__(self, units):
                super().__init__()
                self.dense = layers.Dense(units)
            def call(self, inputs):
                return self.dense(inputs)
        encoder = Encoder(3)
        """,
        "encoder(encoder(x))",
    )
    assert told == [OWN_CODE.format("Encoder")]
    assert errors(project) == []
    first, second = [each for each in project.main.nodes.values() if each.type == "Encoder"]
    assert second.shares == first.id


def test_code_that_no_model_uses_stays_away() -> None:
    project, told = read(HALF.format(2) + "def unused(y, z): return y\n")
    assert project.snippets == {}
    assert told == []


@pytest.mark.parametrize(
    ("init", "mended"),
    [
        ("def __init__(self): super().__init__()", "def __init__(self, **kwargs): super().__init__(**kwargs)"),
        (
            "def __init__(self, a, *b, c={1: 2}): super(A, self).__init__(dtype='float32',)",
            "def __init__(self, a, *b, c={1: 2}, **kwargs): super(A, self).__init__(dtype='float32', **kwargs,)",
        ),
        (
            "def __init__(self, ä=1): super().__init__(name='ö')",
            "def __init__(self, ä=1, **kwargs): super().__init__(**{\"name\": 'ö', **kwargs})",
        ),
        (
            "def __init__(self, name): super().__init__(name=name)",
            "def __init__(self, name=None): super().__init__(name=name)",
        ),
        ("def __init__(self, name, units): super().__init__(name=name)", None),
        ("def __init__(self, **more): super().__init__(**more)", None),
        ("def __init__(self, a): self.a = a", None),
    ],
)  # fmt: skip
def test_layers_take_keywords_and_hand_them_on(init: str, mended: str | None) -> None:
    source = f"class A(layers.Layer):\n    {init}\n"
    assert with_keywords(source, "A") == (source if mended is None else f"class A(layers.Layer):\n    {mended}\n")
    assert with_many("class A:\n    def call(self, x, y: int): pass\n", "A", {"x", "y"}) == (
        "class A:\n    def call(self, x: list, y: int): pass\n"
    )


def test_pieces_that_need_each_other_share_what_they_need() -> None:
    project, _ = read(
        """
        def a(t):
            return b(t)
        def b(t):
            return a(t)
        class A(layers.Layer):
            def call(self, t):
                return B()(a(t))
        class B(layers.Layer):
            def call(self, t):
                return A()(b(t))
        """,
        "A()(B()(x))",
    )
    assert errors(project) == []
    assert "".join(source for _, source in texts(project).values()).count("def ") == 4
