"""The small language that ``lower`` speaks and ``emit`` writes: Python as far as an exported file needs it.

Text that comes from a person or a file enters an expression only through ``studio.codegen.literals``; ``Code`` is made
from words of our own and from identifiers that ``studio.core.naming.variable`` made safe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TypeAlias

from studio.immutable import immutable


@immutable
class Code:
    """An expression that is never broken into lines: a literal, a name, an attribute."""

    text: str


@immutable
class Argument:
    """One argument of a call, with its keyword or without; one item of a dictionary has its key as ``before``."""

    value: Expression
    before: str = ""
    text: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        self.text = self.before + self.value.text  # type: ignore[misc]  # once, when it is made


@immutable
class Call:
    """A call, or a subscript by its ``opening`` bracket. ``function`` is itself a call in ``layers.Dense(10)(x)``.

    ``after`` is what follows the closing bracket (``.codes``).
    """

    function: Code | Call
    arguments: tuple[Argument, ...] = ()
    after: str = ""
    opening: str = "("
    text: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        inside = ", ".join([argument.text for argument in self.arguments])
        closing = CLOSING[self.opening]
        self.text = f"{self.function.text}{self.opening}{inside}{closing}{self.after}"  # type: ignore[misc]  # once, when it is made


@immutable
class Items:
    """A list, a tuple or a dictionary, by its opening bracket."""

    opening: str
    items: tuple[Argument, ...] = ()
    text: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        inside = ", ".join([item.text for item in self.items])
        comma = "," if self.opening == "(" and len(self.items) == 1 else ""
        self.text = f"{self.opening}{inside}{comma}{CLOSING[self.opening]}"  # type: ignore[misc]  # once, when it is made


@immutable
class Infix:
    """``left operator right``, or an operator before ``right`` alone. Operands are names and numbers."""

    operator: str
    right: Code
    left: Code | None = None
    text: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if self.left is None:
            text = f"{self.operator}{self.right.text}"
        else:
            is_simple = not self.right.text.startswith("(") and not self.left.text.startswith("(")
            gap = "" if self.operator == "**" and is_simple else " "  # As ruff writes a power of simple things.
            text = f"{self.left.text}{gap}{self.operator}{gap}{self.right.text}"
        self.text = text  # type: ignore[misc]  # once, when it is made


CLOSING = {"(": ")", "[": "]", "{": "}"}

Expression: TypeAlias = Code | Call | Items | Infix


@immutable
class Assign:
    """``targets = value``; made for ``node`` and, in a return, for several."""

    targets: tuple[str, ...]
    made: Expression | Callable[[], Expression]
    node: str | None = None
    text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.text:
            self.text = f"{', '.join(self.targets)} = {self.value.text}"  # type: ignore[misc]  # once, when it is made

    @property
    def value(self) -> Expression:
        """What is assigned. A statement whose ``text`` is told can have a function that makes it.

        Nearly every statement fits on its line, where nobody asks for the parts of what it says.
        """
        return self.made() if callable(self.made) else self.made


@immutable
class Return:
    """``return values``."""

    values: tuple[Expression, ...]
    nodes: tuple[str, ...] = ()


@immutable
class Do:
    """An expression that stands alone; ``before`` is a keyword such as "raise"."""

    value: Expression
    before: str = ""


@immutable
class Comment:
    """A comment; it is wrapped, and whatever cannot be shown is left out of it."""

    text: str
    node: str | None = None


@immutable
class Lines:
    """Lines of our own that stand in a body as they are, relative to its indentation."""

    lines: tuple[str, ...]


@immutable
class Turned:
    """A statement in a loop: each turn is made for some of ``nodes``."""

    statement: Assign
    nodes: tuple[str, ...]


@immutable
class For:
    """``for targets in [rows]:``; the row of a turn is made for the nodes of this turn.

    Without targets there are no rows, and it counts. ``counts`` is what stands in the place of the rows.
    """

    targets: tuple[str, ...]
    rows: tuple[Expression, ...]
    body: tuple[Turned | For, ...]
    turns: tuple[tuple[str, ...], ...]
    counts: Code | None = None

    @property
    def nodes(self) -> tuple[str, ...]:
        """All nodes for which it is made."""
        return tuple([node for turn in self.turns for node in turn])

    def assignments(self) -> tuple[Assign, ...]:
        """All statements inside, those of inner loops too."""
        found: list[Assign] = []
        for each in self.body:
            found += each.assignments() if isinstance(each, For) else (each.statement,)
        return tuple(found)


@immutable
class Each:
    """``for targets in value:`` and what is done in every turn."""

    targets: str
    value: Expression
    body: tuple[Do, ...]


@immutable
class Element:
    """One line or more of a Listing, made for ``node``."""

    value: Expression
    node: str


@immutable
class Listing:
    """``return function([...])`` with one element to a line, and comments between them. The call is for ``nodes``."""

    function: str
    elements: tuple[Element | Comment, ...]
    nodes: tuple[str, ...] = ()


@immutable
class Blank:
    """An empty line."""


Statement: TypeAlias = Assign | Return | Do | Each | For | Comment | Lines | Listing | Blank


@immutable
class Function:
    """``def name(parameters):`` with a docstring. ``text`` takes the place of all of it: a resource of ours, or
    the code of the ``snippet`` with this id, which the ``nodes`` use."""

    name: str
    parameters: tuple[Argument, ...] = ()
    docstring: str = ""
    body: tuple[Statement, ...] = ()
    text: str = ""
    nodes: tuple[str, ...] = ()
    snippet: str = ""


@immutable
class Module:
    """A whole file. A script calls ``main``; other files are for taking functions from."""

    docstring: str
    imports: tuple[str, ...] = ()
    constants: tuple[Statement, ...] = ()
    functions: tuple[Function, ...] = ()
    is_script: bool = True


def keyword(name: str, value: Expression) -> Argument:
    """``name=value``."""
    return Argument(value, f"{name}=")


def call(function: str, *arguments: Expression | Argument) -> Call:
    """``function(arguments)``, where ``function`` is a word of ours."""
    return Call(Code(function), tuple(each if isinstance(each, Argument) else Argument(each) for each in arguments))


def items(opening: str, values: list[Expression]) -> Items:
    """A list or a tuple."""
    return Items(opening, tuple([Argument(value) for value in values]))
