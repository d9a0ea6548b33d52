"""Random edits of the text of our own exports: the drawing follows, or the text is marked with a reason."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable

import pytest

from studio import storage
from studio.codegen import STYLES, generate
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.importing.script import edited, read_script
from tests.codegen.projects import PROJECTS
from tests.support.catalog import CATALOG
from tests.support.structure import structure
from tests.support.thorough import IS_THOROUGH

EDITS = 40 if IS_THOROUGH else 3
"""Of each drawing in each style."""
LONGEST_S = 5.0
_OTHERS = r"def (load_data|compile_model|train|main|show_predictions|plot_curves|split\w*|take|balanced_weights)\b"
NUMBERS = ("7", "0", "1", "128", "2.5", "-3", "10**9", "None", "3 + 4")
WORDS = ("'tanh'", '"selu"', '"hidden"', '"same"', '""', '"a b"', "None")
NAMES = ("other", "x", "branch_9", "größe", "dense", "y")
LAYERS = (
    "layers.Dense(7)({0})", 'layers.Dropout(0.5, name="extra")({0})', "{0} + {0}", "layers.Add()([{0}, {0}])",
    "layers.Foo(3)({0})", "keras.ops.relu({0})", "layers.LSTM(3, return_sequences=True)({0})",
    "layers.Dense(units=7, activation='relu', use_bias=False)({0})",
)  # fmt: skip
COMMENTS = ("# A note.", "# Branch 1", "#", "#!x", "# Output: y", "# Input 2: z")
STATEMENTS = (
    "pass", "x = 3", "import os", "print('x')", "assert x is not None", "return x", "del x", "x += 1", "lambda: 0",
    "for i in range(3): pass", "raise ValueError", "keras.Input((3,))", "x: int = 3", "model = None",
)  # fmt: skip

Lines = list[str]
Edit = Callable[[random.Random, Lines, list[int]], None]


def of_network(lines: Lines) -> list[int]:
    """The lines of the functions that build the network."""
    found, is_inside = [], False
    for number, line in enumerate(lines):
        if line.startswith("def "):
            is_inside = re.match(_OTHERS, line) is None
        elif line and not line.startswith((" ", ")")):
            is_inside = False
        elif is_inside and line.strip():
            found.append(number)
    return found


def _instead(pattern: str, words: tuple[str, ...]) -> Edit:
    """Something else in the place of one match."""

    def edit(rng: random.Random, lines: Lines, own: list[int]) -> None:
        spots = [(at, match) for at in own for match in re.finditer(pattern, lines[at])]
        if spots:
            at, match = rng.choice(spots)
            lines[at] = lines[at][: match.start()] + rng.choice(words) + lines[at][match.end() :]

    return edit


def _line(words: tuple[str, ...]) -> Edit:
    def edit(rng: random.Random, lines: Lines, own: list[int]) -> None:
        at = rng.choice(own)
        lines.insert(at, lines[at][: len(lines[at]) - len(lines[at].lstrip())] + rng.choice(words))

    return edit


def _move(rng: random.Random, lines: Lines, own: list[int]) -> None:
    lines.insert(rng.choice(own), lines.pop(rng.choice(own)))


def _delete(rng: random.Random, lines: Lines, own: list[int]) -> None:
    del lines[rng.choice(own)]


def _double(rng: random.Random, lines: Lines, own: list[int]) -> None:
    at = rng.choice(own)
    if "Input(" not in lines[at]:  # Of two Inputs one has the shape of the data, which the text does not say.
        lines.insert(at, lines[at])


def _rename(rng: random.Random, lines: Lines, own: list[int]) -> None:
    names = sorted({name for at in own for name in re.findall(r"^\s+(\w+) = ", lines[at])})
    if names:
        old, new = rng.choice(names), rng.choice(NAMES)
        for at in own:
            lines[at] = re.sub(rf'(?<![\w."]){old}\b(?!=[^=])', new, lines[at])


def _add(rng: random.Random, lines: Lines, own: list[int]) -> None:
    at = rng.choice(own)
    match = re.match(r"^(\s+)(\w+) = .*\)$", lines[at])
    if match is not None:
        lines.insert(at + 1, f"{match[1]}{rng.choice((match[2], 'z'))} = {rng.choice(LAYERS).format(match[2])}")


def _wrap(rng: random.Random, lines: Lines, own: list[int]) -> None:
    at = rng.choice(own)
    if lines[at].endswith(("(", "[", ",")) and at + 1 < len(lines):
        lines[at] += lines.pop(at + 1).strip()
    elif "(" in lines[at]:
        lines[at] = lines[at].replace(", ", ",\n            ", 1)


def _type(rng: random.Random, lines: Lines, own: list[int]) -> None:
    at = rng.choice(own)
    place = rng.randrange(len(lines[at]))
    lines[at] = lines[at][:place] + rng.choice("()[],=.\"'#x1 ") + lines[at][place + rng.randrange(2) :]


EVERY: dict[str, Edit] = {
    "number": _instead(r"(?<![\w.\"'])\d+(\.\d+)?\b", NUMBERS), "word": _instead(r"\"\w+\"", WORDS),
    "argument": _instead(r", \w+=[\w.\"]+|\w+=[\w.\"]+, ", ("",)), "line": _line(STATEMENTS),
    "comment": _line(COMMENTS), "blank": _line(("",)), "trailing": _instead(r"$", ("  # why",)), "move": _move,
    "delete": _delete, "double": _double, "rename": _rename, "add": _add, "wrap": _wrap, "type": _type,
}  # fmt: skip
KEEPS_ALL = frozenset({"number", "word", "argument", "trailing", "wrap", "blank"})
"""After one of these each layer is the one that it was."""


def meaning(project: Project) -> Counter[str]:
    """A drawing but for the names of its ends."""
    return Counter([re.sub(r"^\S+ (?=[0-9a-f]{64})", "an end: ", each) for each in structure(project).elements()])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", PROJECTS)
def test_the_drawing_follows_or_the_text_is_marked(name: str, style: str) -> None:
    drawn = PROJECTS[name]()
    catalog = with_snippets(CATALOG, drawn)
    source = generate(drawn, catalog, style=STYLES[style])
    rng = random.Random(f"{name} {style}")
    for _ in range(EDITS):
        lines, kinds = source.text.split("\n"), rng.choices(sorted(EVERY), k=rng.choice((1, 1, 1, 2, 3)))
        for kind in kinds:
            EVERY[kind](rng, lines, of_network(lines))
        text = "\n".join(lines).replace("layers.", "L.") if STYLES[style].layers == "L" else "\n".join(lines)
        start = time.process_time()
        found = edited(drawn, source.text, drawn, source.spans, text, catalog)
        assert time.process_time() - start < LONGEST_S
        for complaint in found.complaints:
            assert 1 <= complaint.line <= text.count("\n") + 2, text
            assert complaint.reason.endswith((".", "?")), text
        if found.complaints:
            assert found.project is drawn, text
            continue
        made = found.project
        assert storage.loads(storage.dumps(made)) == made, text
        whole = generate(made, with_snippets(CATALOG, made), style=STYLES[style])
        if {problem.code for problem in whole.problems} <= {"no_data"}:
            assert meaning(made) == meaning(read_script(text, CATALOG).project), text
        if set(kinds) <= KEEPS_ALL and "range(" not in text:
            assert drawn.main.nodes.keys() <= made.main.nodes.keys(), text
        for id in drawn.main.nodes.keys() & made.main.nodes.keys():
            was, now = drawn.main.nodes[id], made.main.nodes[id]
            assert (was.x, was.y) == (now.x, now.y), text
