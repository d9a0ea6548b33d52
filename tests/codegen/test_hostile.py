"""Whatever stands in a project, its code parses and is nothing but what was meant."""

from __future__ import annotations

import ast
import builtins
import json
import keyword
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value
from studio.codegen import STYLES, Style, flat_calls, generate, generate_block, generate_model, literal
from studio.codegen.literals import docstring_line
from studio.codegen.notebook import notebook
from studio.core.project import (
    Block,
    BlockParameter,
    Column,
    DataSource,
    Edge,
    Graph,
    Node,
    OutputPlan,
    PortRef,
    Project,
    TrainingPlan,
)  # fmt: skip
from tests.codegen.projects import CATALOG, PROJECTS

HOSTILE = [
    'a"; import os; os.system("x") #', "a\nimport os", "a\rimport os", "a\u2028import os", '"""', "\\", "'''\\", "{x}",
    "%s", "class", "print", "x", "keras", "layers", "np", "main", "load_data", "\ufb01ne", "fine", "K", "\u212a",
    "\xe9", "e\u0301", "", " ", "/", "1", "\x00", "\ud800", "\u202eabc", "名前", "²", "__import__", "_", "a" * 5000,
    "-*- coding: rot13 -*-", "noqa", "\t", "\x85", "\x0c", "evil (drawn with Layer Studio).\"\"\"\nimport os",
    "{__import__('os').system('x')}", "{name!r:>{10**9}}", "}{", "\\N{BULLET}", "\ufeff\u2066a\u2069", "fmt: off",
    "[picture]: data:text/html;base64,x", "%%bash\n!rm -rf ~", "__debug__", "\uff49\uff4d\uff50\uff4f\uff52\uff54",
    "\u017felf", "predictions", "b1", "TF_CONFIG='{\"", "\U000e0001",
]  # fmt: skip

texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
plain = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), texts, st.just(-(10**400)),
    st.builds(ParameterRef, texts),
)  # fmt: skip
values: st.SearchStrategy[Value] = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.builds(Dictionary, st.dictionaries(texts, inner, max_size=2)),
        st.builds(KerasObject, st.one_of(texts, st.sampled_from(["HeNormal", "L2", "LSTM", "Dense"])),
                  st.dictionaries(st.one_of(texts, st.sampled_from(["seed", "l2", "units"])), inner, max_size=2)),
    ),
    max_leaves=5,
)  # fmt: skip
TYPES = [
    "Input",
    "Output",
    "Dense",
    "Concatenate",
    "LSTM",
    "Conv2D",
    "Dropout",
    "Bidirectional",
    "block",
    "Strange",
    "Lambda",
]
PORTS = ["inputs", "output", "sequences", "initial_state", "state_h", "strange"]
PARAMETERS = ["units", "activation", "shape", "dtype", "rate", "layer", "name", "kernel_initializer", "batch_size"]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    ids = [f"n{number}" for number in range(1, draw(st.integers(0, 7)) + 1)]
    nodes = {
        key: Node(
            key,
            draw(st.one_of(st.sampled_from(TYPES), texts)),
            draw(texts),
            draw(st.dictionaries(st.one_of(st.sampled_from(PARAMETERS), texts), values, max_size=3)),
            note=draw(texts),
            shares=draw(st.sampled_from([None, None, *ids])),
            block=draw(st.sampled_from([None, "b1", "b2"])),
        )
        for key in ids
    }  # fmt: skip
    ends = st.builds(PortRef, st.sampled_from([*ids, "n99"]), st.sampled_from(PORTS))
    edges = draw(st.lists(st.builds(Edge, st.just("e"), ends, ends, st.integers(-1, 3)), max_size=10))
    return Graph(nodes, {f"e{number}": replace(edge, id=f"e{number}") for number, edge in enumerate(edges)})


@st.composite
def projects(draw: st.DrawFn) -> Project:
    columns = tuple(
        Column(
            name, draw(st.sampled_from(["number", "category", "image"])), (), tuple(draw(st.lists(texts, max_size=3)))
        )
        for name in draw(st.lists(texts, max_size=4, unique=True))
    )
    names = [column.name for column in columns]
    chosen = st.lists(st.sampled_from(names), unique=True).map(tuple) if names else st.just(())
    data = DataSource(
        draw(st.sampled_from(["none", "made", "bundled", "file"])),
        draw(st.one_of(texts, st.sampled_from(["moons", "iris"]))),
        draw(st.dictionaries(st.one_of(texts, st.sampled_from(["samples", "noise"])), plain, max_size=2)),
        10, columns, draw(chosen), draw(chosen),
    )  # fmt: skip
    objects = st.builds(
        KerasObject,
        st.one_of(texts, st.sampled_from(["Adam", "MeanSquaredError", "EarlyStopping"])),
        st.dictionaries(st.one_of(texts, st.sampled_from(["learning_rate", "monitor"])), values, max_size=2),
    )
    outputs = draw(
        st.dictionaries(st.sampled_from(["n1", "n2"]), st.builds(OutputPlan, objects, st.tuples(objects)), max_size=1)
    )
    plan = TrainingPlan(draw(objects), seed=draw(st.integers()), outputs=outputs, callbacks=(draw(objects),))
    blocks = {
        key: Block(
            key,
            draw(texts),
            draw(graphs()),
            tuple(draw(st.lists(st.builds(BlockParameter, texts, values), max_size=2))),
        )
        for key in ("b1", "b2")
    }
    return Project(draw(texts), draw(graphs()), blocks, data, plan)


TENSORFLOW = ("tensorflow.keras", "tensorflow.keras.layers")
ALLOWED = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.ClassDef, ast.If)


def check(text: str) -> ast.Module:
    tree = ast.parse(text)
    assert all(isinstance(statement, ALLOWED) for statement in tree.body)
    assert [statement for statement in tree.body if isinstance(statement, ast.Expr)] == tree.body[:1]
    imported = {
        alias.name if isinstance(each, ast.Import) else f"{each.module}.{alias.name}"
        for each in ast.walk(tree) if isinstance(each, ast.Import | ast.ImportFrom) for alias in each.names
    }  # fmt: skip
    known = {"math", "keras", "numpy", "pandas", "pathlib.Path", "keras.layers", "matplotlib.pyplot"}
    assert imported <= {*known, *TENSORFLOW}
    for each in tree.body:
        if isinstance(each, ast.Assign):
            assert not [
                name
                for name in ast.walk(each.value)
                if isinstance(name, ast.Name) and name.id not in ("Path", "__file__", "float")
            ]
    called = {each.func.id for each in ast.walk(tree) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
    assert not called & {"exec", "eval", "open", "__import__", "compile", "getattr"}
    assert not [each for each in ast.walk(tree) if isinstance(each, ast.Attribute) and each.attr in ("system", "popen")]
    return tree


@given(projects(), st.sampled_from(list(STYLES.values())))
def test_any_project_gives_text_that_parses_and_imports_nothing_else(project: Project, style: Style) -> None:
    source = generate(project, CATALOG, style=style)
    check(source.text)
    assert source.text.isprintable() or all(letter.isprintable() or letter == "\n" for letter in source.text)
    lines = source.text.count("\n")
    assert all(1 <= span.first_line <= span.last_line <= lines for span in source.spans)
    for call in flat_calls(project, CATALOG):
        if call.expression:
            assert isinstance(ast.parse(call.expression, mode="eval").body, ast.Call)


@given(values)
def test_a_value_that_no_code_can_say_leaves_out_the_use_of_a_block(value: Value) -> None:
    project = PROJECTS["stages"]()
    use = next(node for node in project.main.nodes.values() if node.name == "s2")
    nodes = {**project.main.nodes, use.id: replace(use, params={"units": value})}
    source = generate(replace(project, main=replace(project.main, nodes=nodes)), CATALOG)
    check(source.text)
    is_left_out = any(problem.code == "left_out" and problem.node == use.id for problem in source.problems)
    assert is_left_out or source.lines_of(use.id)


@given(projects(), st.sampled_from(list(STYLES.values())))
def test_so_does_every_part_of_it(project: Project, style: Style) -> None:
    check(generate_model(project, CATALOG, style=style).text)
    for block in (*project.blocks, "b7"):
        check(generate_block(project, CATALOG, block, style=style).text)
    made = notebook(project, CATALOG, style=style).text
    made.encode("utf-8")
    script = [ast.dump(each) for each in check(generate(project, CATALOG, style=style).text).body]
    for cell in json.loads(made)["cells"]:
        tree = ast.parse("".join(cell["source"])) if cell["cell_type"] == "code" else ast.Module([], [])
        for each in tree.body:
            if isinstance(each, ast.FunctionDef | ast.ClassDef):
                assert ast.dump(each) in script


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_everywhere_changes_no_statement(text: str) -> None:
    project = PROJECTS["two_branches"]()
    before = check(generate(project, CATALOG).text)
    nodes = {key: replace(node, name=f"{text}{key}", note=text) for key, node in project.main.nodes.items()}
    hostile = replace(project, title=text, main=replace(project.main, nodes=nodes))
    after = check(generate(hostile, CATALOG).text)

    def shape(tree: ast.Module) -> list[str]:
        return [type(each).__name__ for each in ast.walk(tree) if isinstance(each, ast.stmt | ast.Call)]

    assert shape(before) == shape(after)


@pytest.mark.parametrize("style", STYLES)
def test_a_hostile_text_in_a_block_stays_a_text_in_every_style_and_as_a_notebook(style: str) -> None:
    chosen = STYLES[style]
    count = len(check(generate(_with_blocks_named("harmless"), CATALOG, style=chosen).text).body)
    for text in HOSTILE[list(STYLES).index(style) % 2 :: 2]:
        hostile = _with_blocks_named(text)
        written = generate(hostile, CATALOG, style=chosen).text
        assert len(check(written).body) == count, text
        assert all(letter.isprintable() or letter == "\n" for letter in written), text
        for cell in json.loads(notebook(hostile, CATALOG, style=chosen).text)["cells"]:
            if cell["cell_type"] == "code":
                ast.parse("".join(cell["source"]))
                assert not [line for line in cell["source"] if line.lstrip().startswith(("%", "!"))]


def _with_blocks_named(text: str) -> Project:
    project = PROJECTS["residual_blocks"]()
    blocks = {
        key: replace(block, name=text, graph=_renamed(block.graph, text)) for key, block in project.blocks.items()
    }
    return replace(project, title=text, main=_renamed(project.main, text), blocks=blocks)


def _renamed(graph: Graph, text: str) -> Graph:
    nodes = {key: replace(node, name=f"{text}{key}", note=text) for key, node in graph.nodes.items()}
    return replace(graph, nodes=nodes)


@given(texts | st.text("\\\"'n \u202e"))
def test_a_docstring_is_read_back_as_the_text(text: str) -> None:
    line = docstring_line(text)
    assert line.isprintable()
    tree = ast.parse(f'"""{line}"""\n')
    assert len(tree.body) == 1
    assert ast.get_docstring(tree, clean=False) == text.strip()


@given(st.one_of(texts, st.integers(), st.floats(), st.booleans(), st.none()))
def test_a_literal_is_read_back_as_the_value(value: Value) -> None:
    tree = ast.parse(literal(value), mode="eval").body
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        assert literal(value) in ('float("nan")', 'float("inf")', 'float("-inf")')
    else:
        assert ast.literal_eval(tree) == value
        assert type(ast.literal_eval(tree)) is type(value)
    assert literal(value).isascii() or literal(value).isprintable()


@given(st.lists(texts, min_size=1, max_size=8))
def test_different_nodes_never_meet_in_one_variable(names: list[str]) -> None:
    """Parallel branches: every result is still there when they are put together."""
    nodes = {"n1": Node("n1", "Input", "in", {"shape": (2,)})}
    edges = {}
    for number, name in enumerate(names, start=2):
        nodes[f"n{number}"] = Node(f"n{number}", "Dense", name, {"units": number})
        edges[f"e{number}"] = Edge(f"e{number}", PortRef("n1", "output"), PortRef(f"n{number}", "inputs"))
        edges[f"f{number}"] = Edge(f"f{number}", PortRef(f"n{number}", "output"), PortRef("n90", "inputs"), number)
    nodes["n90"] = Node("n90", "Concatenate", "all")
    nodes["n91"] = Node("n91", "Output", "out")
    edges["e91"] = Edge("e91", PortRef("n90", "output"), PortRef("n91", "inputs"))
    text = generate(Project(main=Graph(nodes, edges)), CATALOG).text
    (built,) = [
        each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef) and each.name == "build_model"
    ]
    targets = [each.targets[0].id for each in built.body if isinstance(each, ast.Assign)]  # type: ignore[attr-defined]
    assert len(set(targets)) == len(targets)
    assert not any(keyword.iskeyword(name) or hasattr(builtins, name) for name in targets)


def test_a_number_too_long_for_decimal_is_written_in_hexadecimal() -> None:
    assert int(literal(10**5000), 16) == 10**5000


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_a_layer_that_nobody_knows_is_named_where_the_model_cannot_be_built(style: Style) -> None:
    kinds = {"n1": ("Input", "row"), "n2": ("Gate", 'the "gate"\n'), "n3": ("Output", "out")}
    nodes = {id: Node(id, type, name) for id, (type, name) in kinds.items()}
    edges = {
        "e1": Edge("e1", PortRef("n1", "output"), PortRef("n2", "inputs")),
        "e2": Edge("e2", PortRef("n2", "output"), PortRef("n3", "inputs")),
    }
    tree = ast.parse(generate(Project(main=Graph(nodes, edges)), CATALOG, style=style).text)
    (build,) = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "build_model"]
    (told,) = [each for each in build.body if isinstance(each, ast.Raise)]
    assert ast.literal_eval(told.exc.args[0]) == (  # type: ignore[union-attr]
        'The layer the "gate"\n is a Gate, which this Keras does not have.'
    )
