"""Random projects that can be saved: every field is used, names and values are as odd as a file may hold."""

from __future__ import annotations

import keyword
from typing import Any, get_args

from hypothesis import strategies as st

from studio.catalog.values import Dictionary, KerasObject, ParameterRef
from studio.core.naming import TURNING
from studio.core.project import (
    BLOCK,
    Block,
    BlockParameter,
    Column,
    DataSource,
    Edge,
    Frame,
    FrameColour,
    Graph,
    Node,
    Note,
    OutputPlan,
    PortRef,
    Project,
    Snippet,
    Split,
    TrainingPlan,
    WeightsFile,
)
from studio.storage.errors import ProjectFileError
from studio.storage.fields import check_name


def _is_name(text: str) -> bool:
    try:
        check_name(text, "it")
    except ProjectFileError:
        return False
    return True


texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20)
names = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12).filter(_is_name)
code_names = names.filter(lambda name: not keyword.iskeyword(name))
codes = texts.filter(lambda text: not TURNING.search(text))
finite = st.floats(allow_nan=False, allow_infinity=False)
sizes = st.floats(0.001, 1e6)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | finite | st.just(float("inf")) | texts,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.builds(KerasObject, names, st.dictionaries(names, inner, max_size=2))
        | st.builds(ParameterRef, names)
        | st.builds(Dictionary, st.dictionaries(names, inner, max_size=2))
    ),
    max_leaves=6,
)
params = st.dictionaries(names, values, max_size=3)
objects = st.builds(KerasObject, names, params)
plain = st.recursive(st.none() | st.booleans() | st.integers(0, 9) | texts, lambda inner: st.lists(inner, max_size=2))
# Keys that no version uses, so that they stay what they are: unknown.
extras = st.dictionaries(names.map("x-".__add__), plain, max_size=2)
columns = st.builds(
    Column,
    name=texts,
    kind=st.sampled_from(["number", "category", "image", "text"]),
    shape=st.lists(st.integers(0, 99), max_size=3).map(tuple),
    classes=st.lists(texts, max_size=3).map(tuple),
    gaps=st.integers(0, 9),
    low=st.none() | finite | st.just(float("-inf")),
    high=st.none() | finite,
    is_integer=st.booleans(),
)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    counter = iter(range(1, 1000))

    def graph(uses: list[str]) -> Graph:
        nodes: dict[str, Node] = {}
        for _ in range(draw(st.integers(0, 4))):
            use = draw(st.sampled_from([None, *uses]))
            node = Node(
                id=f"n{next(counter)}",
                type=BLOCK if use else draw(names),
                name=draw(names),
                params=draw(params),
                x=draw(finite),
                y=draw(finite),
                note=draw(texts),
                shares=draw(st.sampled_from([None, *nodes])),
                block=use,
                extra=draw(extras),
                is_bypassed=draw(st.booleans()),
                is_folded=draw(st.booleans()),
                is_marked=draw(st.booleans()),
            )
            nodes[node.id] = node
        edges: dict[str, Edge] = {}
        if nodes:
            for _ in range(draw(st.integers(0, 3))):
                ends = [PortRef(draw(st.sampled_from(sorted(nodes))), draw(names)) for _ in range(2)]
                route = tuple(draw(st.lists(st.tuples(finite, finite), max_size=2)))
                edge = Edge(f"e{next(counter)}", ends[0], ends[1], draw(st.integers(0, 5)), route)
                edges[edge.id] = edge
        notes = {
            note.id: note
            for note in (
                Note(
                    f"t{next(counter)}", draw(texts), draw(finite), draw(finite), draw(sizes), draw(sizes),
                    draw(st.sampled_from(get_args(FrameColour))),
                )
                for _ in range(draw(st.integers(0, 2)))
            )
        }  # fmt: skip
        frames: dict[str, Frame] = {}
        free = list(nodes)
        while free and draw(st.booleans()):
            size = draw(st.integers(1, len(free)))
            colour = draw(st.sampled_from(get_args(FrameColour)))
            held = tuple(notes) if not frames and draw(st.booleans()) else ()
            frame = Frame(f"f{next(counter)}", draw(names), tuple(free[:size]), colour, held)
            frames[frame.id], free = frame, free[size:]
        return Graph(nodes, edges, frames, notes)

    blocks: dict[str, Block] = {}
    for _ in range(draw(st.integers(0, 2))):
        parameters = tuple(draw(st.lists(st.builds(BlockParameter, names, values), max_size=2)))
        inner = graph(sorted(blocks))
        unnamed = frozenset(draw(st.lists(st.sampled_from(sorted(inner.nodes)), max_size=2)) if inner.nodes else ())
        block = Block(f"b{next(counter)}", draw(names), inner, parameters, draw(st.booleans()), unnamed)
        blocks[block.id] = block
    main = graph(sorted(blocks))
    snippets = {
        f"s{number}": Snippet(f"s{number}", draw(code_names), draw(names), draw(codes))
        for number in [next(counter) for _ in range(draw(st.integers(0, 2)))]
    }
    data = draw(
        st.builds(
            DataSource,
            kind=st.sampled_from(["none", "made", "bundled"]),
            name=names,
            params=params,
            rows=st.integers(0, 10_000),
            columns=st.lists(columns, max_size=3).map(tuple),
            features=st.lists(texts, max_size=3).map(tuple),
            targets=st.lists(texts, max_size=3).map(tuple),
            bindings=st.dictionaries(names, st.lists(texts, max_size=2).map(tuple), max_size=2),
            split=st.builds(
                Split, st.floats(0, 0.5), st.floats(0, 0.4), st.integers(0, 99), st.booleans(), st.booleans()
            ),
            gaps=st.sampled_from(["refuse", "drop", "mean"]),
            sample_weights=st.none() | texts,
        )
    )
    plan = st.builds(
        OutputPlan,
        st.none() | objects,
        st.none() | st.lists(objects, max_size=2).map(tuple),
        st.floats(0, 9),
        st.lists(objects, max_size=2).map(tuple),
    )
    training = draw(
        st.builds(
            TrainingPlan,
            objects,
            st.integers(1, 999),
            st.integers(1, 999),
            st.integers(0, 999),
            st.dictionaries(names, plan, max_size=2),
            st.lists(objects, max_size=2).map(tuple),
            st.sampled_from(["auto", True, False]),
            st.integers(1, 99),
            st.booleans(),
            st.none() | st.just("balanced") | st.lists(finite, max_size=3).map(tuple),
            st.sampled_from(["float32", "mixed_float16", "mixed_bfloat16"]),
            st.sampled_from(["device", "host", "hosts", "ray", "jax"]),
            st.none() | st.builds(WeightsFile, texts, names),
            st.booleans(),
        )
    )
    return Project(
        title=draw(st.just("") | names),
        main=main,
        blocks=blocks,
        data=data,
        training=training,
        snippets=snippets,
        next_id=next(counter),
        direction=draw(st.sampled_from(["down", "right"])),
        lesson=draw(st.none() | names),
        extra=draw(extras),
    )
