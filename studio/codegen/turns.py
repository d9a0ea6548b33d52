"""What one turn of a loop says: a call of which some values change, and names of layers that count on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from studio.codegen.ir import Argument, Assign, Call, Code, Expression, keyword
from studio.immutable import immutable

LAYER_NAME = "name"
"""The argument of a block's function, and of a layer, after which layers are named."""

NUMBER = "number"
"""The variable of a loop over names that count on."""

Take = Callable[[str], str]
"""Gives a variable for a wanted name, the same one for the same wish."""


@immutable
class Use:
    """One statement ``variable = function(variable, ...)``, or ``variable = layer(...)(variable)``, by its values.

    ``defaults`` are the values that need not be said. Both have the names that the parameters have in the function.
    ``before`` is set for a layer only: what stands before each of its values.
    """

    function: str
    variable: str
    values: Mapping[str, Expression]
    defaults: Mapping[str, Expression]
    node: str
    positional: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    before: tuple[str, ...] | None = None

    @property
    def is_block(self) -> bool:
        """Whether it calls the function of a block."""
        return self.before is None

    @property
    def shape(self) -> tuple[object, ...]:
        """What two uses have in common that differ in values only."""
        return (self.function, self.before, None if self.before is None else tuple(self.values))

    def statement(self, others: Mapping[str, Expression]) -> Assign:
        """The statement with other values for some parameters, which are said in any case."""
        given = Argument(Code(self.variable))
        if self.before is not None:
            said = [Argument(others.get(name, value), before)
                    for (name, value), before in zip(self.values.items(), self.before, strict=True)]  # fmt: skip
            return Assign((self.variable,), Call(Call(Code(self.function), tuple(said)), (given,)))
        arguments = [given]
        for name, value in self.values.items():
            own = others.get(name, value)
            if name in self.positional:
                arguments.append(Argument(own))
            elif name in others or name in self.required or value.text != self.defaults[name].text:
                arguments.append(keyword(name, own))
        return Assign((self.variable,), Call(Code(self.function), tuple(arguments)))


LETTER = "letter"
"""The variable of a loop over names that go on by a letter: block4b, block4c."""

_NUMBER = re.compile(r"((?<![0-9])(?:[1-9][0-9]{0,5}|0)(?![0-9])|(?<=[0-9])[a-z](?![A-Za-z0-9]))")


@immutable
class Name:
    """A name as it is written, with quotes, cut at its numbers and at single letters behind numbers.

    Those are the parts with odd places.
    """

    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Name:
        """A name that cannot be cut is one part."""
        is_plain = text.isascii() and "\\" not in text and text[:1] in "\"'f"
        return cls(tuple(_NUMBER.split(text)) if is_plain else (text,))

    def text(self, variables: Mapping[int, str]) -> str:
        """The name with variables in the places of some of its numbers."""
        is_format = self.parts[0].startswith("f")
        found = []
        for at, part in enumerate(self.parts):
            if at in variables:
                found.append(f"{{{variables[at]}}}")
            else:
                found.append(part if is_format else part.replace("{", "{{").replace("}", "}}"))
        return "".join(found) if is_format else f"f{''.join(found)}"
