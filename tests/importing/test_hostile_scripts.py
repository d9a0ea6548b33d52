"""Scripts that would take for ever, fill the memory or do harm: read, or one plain sentence within seconds."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio import storage
from studio.codegen import generate
from studio.core.naming import FreeNames, unused
from studio.core.snippets import with_snippets
from studio.importing import ModelFileError
from studio.importing.script import edited, read_script
from tests.support.catalog import CATALOG
from tests.support.graphs import graph

BEGIN = (
    "import itertools, keras, math, os\nimport numpy as np\nfrom keras import layers\n\ninputs = keras.Input((4,))\n"
)
END = "\nmodel = keras.Model(inputs, {})\n"
LONGEST_S = 5.0
MOST_BYTES = 300 * 2**20


@contextmanager
def little_memory() -> Iterator[None]:
    """MemoryError for whoever takes much more than there is now."""
    usual = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MOST_BYTES, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, usual)


def read(text: str) -> str:
    """What is wrong with a script, "" where it was read; a project that comes of it can be saved and written."""
    start = time.process_time()
    try:
        project = read_script(text, CATALOG).project
        assert storage.loads(storage.dumps(project)) == project
        generate(project, with_snippets(CATALOG, project))
        told = ""
    except ModelFileError as error:
        told = error.message
        assert told.endswith((".", "?"))
        assert told.isprintable()
        assert len(told) < 400
    drawn = graph("x:Input(shape=(4,)) -> hidden:Dense(units=3) -> y:Output")
    source = generate(drawn, CATALOG)
    found = edited(drawn, source.text, drawn, source.spans, text, CATALOG)
    assert all(each.reason.endswith((".", "?")) for each in found.complaints)
    assert time.process_time() - start < 2 * LONGEST_S
    return told


VALUES = [
    "range(10**9)", "range(10**30)", "len(range(10**30))", "reversed(range(10**30))", "list(zip(*[range(2000)]*2000))",
    "[0]*10**9", "'a'*10**30", "2**10**9", "1 << 10**10", "pow(2, 10**10, None)", "pow(base=2, exp=10**10)",
    "math.pow(2)", "round(5, -10**8)", "round(5, ndigits=-10**8)", "math.prod([2**4000]*20000)",
    "math.prod([[1]*20000, 20000])", "math.prod()",
    "f'{1:>999999999}'", "f'{1:²}'", "f'{[\"a\"*20000]*20000}'", "str(['a'*20000]*20000)",
    "'x'.join(['a'*20000]*20000)", "('a'*20000).join(['b']*20000)", "('a'*20000).replace('a', 'b'*20000, 20000)",
    "('{}'*9000).format(*['a'*20000]*9000)", "'a'.center(10**9)", "'%999999999d' % 1", "[1, 2][::0]", "'abc'[::0]",
    "{[1]: 2 for i in range(3)}", "{1: 2}[[1]]", "'a' in range(10**30)", "1.5 in range(10**9)", "0x1" + "0" * 5000,
    "[].extend(range(10**9))", "[1].insert(10**30, 0)", "[i for i in range(10**9)]",
    "(lambda f: f(f))(lambda f: f(f))", "np.zeros(10**12)", "1 / 0", "(-8)**0.5", "int(float('nan'))", "1e400",
    "np.zeros(5, dtype='S1000000000')", "np.full(5000, 'a' * 20000)", "np.eye(3, M=10**9)", "np.identity(n=10**6)",
    "np.arange(0, 3, 1e-9)", "np.linspace([0] * 10000, 1, 10000)", "np.diff([1, 2, 3], n=10**9)",
    "np.ones_like([1], shape=10**9)", "np.array([1] * 9999).astype('S1000000')", "np.power(np.array([2**999]), 2**99)",
    "itertools.product(*[[1, 2]] * 14, *[[1]] * 19000)",
]  # fmt: skip
PLACES = [
    "v = {0}\nx = layers.Dense(v)(inputs)", "x = inputs\nfor i in {0}:\n    x = layers.Dense(3)(x)",
    "x = layers.Dense(3, name={0}, activation={0})(inputs)", "x = keras.Input({0}, batch_size={0})", "x = inputs[{0}]",
    "a, b = {0}\nc, *d = {0}\nx = inputs", "def f(x, v={0}):\n    return layers.Dense(v)(x)\nx = f(f(inputs))",
    "x = layers.Dense(3)(inputs) if {0} else inputs", "t = [1]\nt[{0}] = {0}\nx = inputs",
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_a_value_without_measure_is_told_or_left(value: str) -> None:
    with little_memory():
        for place in PLACES:
            read(BEGIN + place.format(value) + END.format("x"))


def deep(count: int, begin: str, step: str) -> str:
    return BEGIN + begin + "".join(step.format(at, at + 1) for at in range(count)) + END


SCRIPTS = {
    "brackets": BEGIN + f"x = {'(' * 100_000}{')' * 100_000}" + END.format("x"),
    "signs": BEGIN + f"x = {'-' * 5_000}1" + END.format("inputs"),
    "attributes": BEGIN + f"x = keras{'.a' * 50_000}" + END.format("inputs"),
    "sum": BEGIN + f"x = inputs{' + inputs' * 5_000}" + END.format("x"),
    "branches": BEGIN + "if 0:\n    pass\n" + "elif 0:\n    pass\n" * 5_000 + END.format("inputs"),
    "fewer branches": BEGIN + "if 0:\n    pass\n" + "elif 0:\n    pass\n" * 1_500 + END.format("inputs"),
    "functions": deep(18, "def f0(x):\n    return layers.Dense(3)(x)\n",
                      "def f{1}(x):\n    return f{0}(f{0}(x))\n").format("f18(inputs)"),
    "models": deep(60, "m = keras.Model(inputs, layers.Dense(3)(inputs))\n",
                   "i = keras.Input((4,))\nm = keras.Model(i, m(m(i)))\n").format("m(inputs)"),
    "many models": deep(18, "m = keras.Model(inputs, layers.Dense(4)(inputs))\n",
                        "i = keras.Input((4,))\nm = keras.Model(i, m(m(i)))\n").format("m(inputs)"),
    "recursion": BEGIN + "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\n" + END.format("f(inputs)"),
    "twice": BEGIN + "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\nx = f(40)\n" + END.format("inputs"),
    "without end": BEGIN + "while True:\n    pass\n" + END.format("inputs"),
    "tables": BEGIN + "".join(f"v{at} = list(range(19_000))\n" for at in range(300)) + END.format("inputs"),
    "texts": BEGIN + "".join(f"v{at} = 'a' * 20_000\n" for at in range(7_000)) + END.format("inputs"),
    "a list in itself": BEGIN + "t = [1]\nt[0] = t\nt.append(t)\nt.extend(t)\nx = t == t\n" + END.format("inputs"),
    "one name": BEGIN + "x = inputs\nfor i in range(9_000):\n    x = layers.Dense(3, name='a')(x)\n" + END.format("x"),
    "one layer": BEGIN + "x = inputs\nd = layers.Dense(4)\nfor i in range(9_000):\n    x = d(x)\n" + END.format("x"),
    "one result": BEGIN + "def f(x):\n    return [layers.Dense(3)(x)] * 1_000\n" + END.format("f(f(inputs)[0])"),
    "a long comment": f"# {'a' * 100_000}\n{BEGIN}" + END.format("layers.Dense(3)(inputs)"),
    "a long class": BEGIN + "class Own(layers.Layer):\n    def call(self, x):\n" + "        x = x + 1\n" * 15_000
                    + "        return x\n" + END.format("Own()(inputs)"),
    "in each other": "import keras\ns = keras.Sequential()\nt = keras.Sequential([s])\ns.add(t)\n",
    "marks": BEGIN + "# \u202e\nx = '\ud800'\x0c\n" + END.format("inputs"),
    "words": "<html>keras</html>", "nothing": "", "NUL": BEGIN + "\0", "print 3": BEGIN + "print 3\n",
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_without_measure_is_read_or_refused(name: str) -> None:
    with little_memory():
        read(SCRIPTS[name])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("models", "The models of the script stand in each other more than 20 levels deep."),
        ("many models", "The models of the script multiply to more than 200,000 layers."),
        ("tables", "the script makes larger tables than any network needs."),
        ("a long class", "Own is longer than code of a project can be."),
    ],
)
def test_what_is_too_much_is_said(name: str, sentence: str) -> None:
    assert read(SCRIPTS[name]).endswith(sentence)


def test_a_comment_that_no_note_can_hold_is_left_out_of_a_script_and_marked_in_the_code_panel() -> None:
    drawn = graph("x:Input(shape=(4,)) -> hidden:Dense(units=3) -> y:Output")
    source = generate(drawn, CATALOG)
    (line,) = [line for line in source.text.splitlines() if "Dense" in line]
    typed = source.text.replace(line, f"    # {'a' * 70_000}\n{line}")
    (complaint,) = edited(drawn, source.text, drawn, source.spans, typed, CATALOG).complaints
    assert complaint.reason == "The comment here has more than 65,536 characters, which no note of a layer may have."
    assert typed.splitlines()[complaint.line - 1] == line
    assert all(not node.note for node in read_script(typed, CATALOG).project.main.nodes.values())


ATTACKS = (
    "exec({0!r})", "eval({0!r})", "__import__('os').system({1!r})", "os.system({1!r})", "getattr(os, 'system')({1!r})",
    "open({2!r}, 'w')", "print.__self__.__import__('os').system({1!r})", "().__class__.__base__.__subclasses__()",
    "def f(x=os.system({1!r})):\n    pass\nf()", "@os.system({1!r})\ndef f(x):\n    pass\nf(1)",
    "class A(metaclass=os.system({1!r})):\n    x = os.system({1!r})\nA()", "[os.system({1!r}) for i in range(3)]",
    "with open({2!r}, 'w') as file:\n    file.write('x')", "match os.system({1!r}):\n    case _:\n        pass",
    "layers.Lambda(lambda t: os.system({1!r}))(inputs)", "(y := os.system({1!r}))", "f'{{os.system({1!r})}}'",
    "async def f():\n    await os.system({1!r})\nf()", "np.load({2!r}, allow_pickle=True)",
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_reading_runs_nothing_and_writes_nothing(attack: str, tmp_path: Path) -> None:
    file = str(tmp_path / "touched")
    code = attack.format(f"import os; os.system('touch {file}')", f"touch {file}", file)
    read(BEGIN + code + END.format("layers.Dense(3)(inputs)"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "units"),
    [
        ("d = {'units': 3}\nd.update(units=4)\nu = d['units']", 4), ("u = int('a=7'.split(sep='=')[1])", 7),
        ("u = math.prod([2, 3])", 6), ("u = [1, 2, 3][::2][1]", 3), ("t = [1]\nt.extend(range(4))\nu = t[4]", 3),
        ("u = pow(2, 3)", 8), ("u = round(7.4)", 7), ("u = {n: n + 1 for n in range(9)}[4]", 5),
        ("u = 5 if 3 in range(4) else 6", 5), ("u = len(','.join(['a'] * 4))", 7),
    ],
)  # fmt: skip
def test_what_python_gives_is_known(line: str, units: int) -> None:
    project = read_script(BEGIN + line + END.format("layers.Dense(u)(inputs)"), CATALOG).project
    assert [node.params["units"] for node in project.main.nodes.values() if node.type == "Dense"] == [units]


def test_names_are_given_as_one_by_one() -> None:
    wishes = ["a", "a", "a_1", "b", "a_7", "a_7", "a", "b_1", "b", "a_1"] * 3
    names, taken = FreeNames(["b_2"]), {"b_2"}
    for wish in wishes:
        expected = unused(wish, taken)
        taken.add(expected)
        assert names.take(wish) == expected
    assert "a_7" in names
    assert FreeNames(["a"]).take("a", frozenset(["a_1", "a_2"])) == "a_3"
