"""Code of a script's own that its network needs: classes and functions, which become code of the project.

They are found where the script uses them, and their text is taken as it stands (``own_texts``). None of it is run: who
opens the project is asked before that, as for any code that was not written here.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping, Sequence
from typing import cast

from studio.catalog import Catalog
from studio.catalog.spec import ObjectKind
from studio.catalog.values import KerasObject
from studio.core.naming import unused
from studio.core.project import BLOCK, INPUT, OUTPUT, Project, Snippet
from studio.core.snippets import AT_HAND, SCRIPT_NAMES, is_possible_name, with_snippets
from studio.importing.plain import shown
from studio.importing.script.own_layers import with_keywords, with_many, with_outputs
from studio.importing.script.own_pieces import LONGEST, Definition, Piece, Script
from studio.importing.script.own_texts import Texts
from studio.importing.script.things import NotPlain, OwnClass, Routine, Scope, Thing

_BASES: Mapping[str, str] = {
    "keras.layers": "layer", "keras.Layer": "layer", "keras.Model": "layer", "keras.Sequential": "layer",
    "keras.losses": "loss", "keras.Loss": "loss", "keras.metrics": "metric", "keras.Metric": "metric",
    "keras.callbacks": "callback", "keras.initializers": "initializer", "keras.Initializer": "initializer",
    "keras.regularizers": "regularizer", "keras.Regularizer": "regularizer", "keras.constraints": "constraint",
    "keras.optimizers": "optimizer", "keras.Optimizer": "optimizer", "keras.optimizers.schedules": "schedule",
}  # fmt: skip
"""What a class of a script is for, by the class or the module that it derives from."""
_MOST = 100
"""Pieces. A script with more is no network."""
_MOST_CHARACTERS = 300_000
"""Of all pieces: Python takes some seconds to understand them."""
_TAKEN = SCRIPT_NAMES | AT_HAND.keys() | frozenset(dir(builtins))


class OwnCode:
    """The pieces that a script uses, in the order in which they are met. ``catalog`` knows all of them.

    ``whole`` are the variables of the script, ``stars`` the modules of which it imports everything.
    """

    def __init__(self, catalog: Catalog, text: str, tree: ast.Module) -> None:
        self.catalog = catalog
        self.whole = Scope()
        self.stars: Sequence[str] = ()
        self.reasons: dict[str, str] = {}
        self.calls_of_libraries: dict[str, Routine] = {}
        """Functions that only call one of a library, by their text."""
        self._base = catalog
        self._pieces: list[Piece] = []
        self._known: dict[int, tuple[object, Snippet]] = {}
        self._script = Script(text, tree)
        self._length = 0

    def take_class(self, own: OwnClass, is_layer: bool = False) -> bool:
        """Let the catalog know a class of the script. False for one that is none of Keras's, or that it knows.

        A model of its own class is taken where it is called as a layer alone.
        """
        kind = kind_of_bases(own.bases)
        if kind is None or own.node is None or own.scope is None or (own.is_model and not is_layer):
            return False
        if self._is_known(own.name, own.node):
            return True
        own.name = self._take(own.node, kind, own.scope, own.name)
        return True

    def function(self, routine: Routine, kind: str, wanted: str = "own_function") -> KerasObject:
        """A function of the script as a value of a project. ``wanted`` is a name for one that has none."""
        wanted = routine.name if isinstance(routine.node, ast.FunctionDef) else routine.variable or wanted
        if not is_possible_name(wanted):
            raise NotPlain(routine.node.lineno, f"{shown(wanted)} is no name that code of a project can have.")
        if self._is_known(wanted, routine.node):
            return KerasObject(wanted)
        defaults = (*routine.defaults, *routine.keyword_defaults) if isinstance(routine.node, ast.Lambda) else ()
        return KerasObject(self._take(routine.node, kind, routine.scope, wanted, routine.variable, defaults))

    def let_take_many(self, type_name: str, port: str) -> bool:
        """Let an input of a layer take several tensors, as the script calls it; whether it is code of the script."""
        piece = next((each for each in self._pieces if each.name == type_name and each.kind == "layer"), None)
        if piece is None or isinstance(piece.node, ast.Lambda):
            return False
        piece.takes_many.add(port)
        self._learn()
        return True

    def forget(self) -> None:
        """Begin without any piece."""
        self._pieces = []
        self._learn()

    def let_give(self, type_name: str, count: int) -> bool:
        """Let a layer give several tensors, where its text does not tell how many; whether it is code of the script."""
        piece = next((each for each in self._pieces if each.name == type_name and each.kind == "layer"), None)
        if piece is None or isinstance(piece.node, ast.Lambda):
            return False
        piece.gives = count
        self._learn()
        return True

    @property
    def renamed(self) -> dict[str, str]:
        """Pieces that are not called as in the script, with their names there."""
        return {each.name: each.own_name for each in self._pieces if each.own_name not in ("", each.name)}

    def finish(self) -> tuple[Snippet, ...]:
        """The pieces with all that they need, with ids of their own. Those that cannot be taken have ``reasons``."""
        if not self._pieces:
            return ()
        texts = Texts(self._script, self.whole, self.stars, self._pieces)
        found = texts.all()
        self.reasons = texts.reasons
        self._pieces = [each for each in self._pieces if each.name in found]
        self._learn()
        return tuple(
            Snippet(f"s{at}", each.name, each.kind, _fitted(each, found[each.name]))
            for at, each in enumerate(self._pieces)
        )

    def _take(
        self, node: Definition, kind: str, scope: Scope, wanted: str, variable: str = "",
        defaults: tuple[Thing, ...] = (),
    ) -> str:  # fmt: skip
        for each in self._pieces:
            is_same = each.node is node and each.scope is scope and each.defaults == defaults
            if is_same and (each.kind == kind or "function" in (kind, each.kind)):
                each.kind = kind if each.kind == "function" else each.kind
                return each.name
        if len(self._pieces) >= _MOST:
            raise NotPlain(node.lineno, f"The script has more than {_MOST} pieces of code of its own.")
        self._length += (length := self._script.length(node))
        if length > LONGEST:
            raise NotPlain(node.lineno, f"{shown(wanted)} is longer than code of a project can be.")
        if self._length > _MOST_CHARACTERS:
            raise NotPlain(node.lineno, "The script has more code of its own than a network needs.")
        own_name = variable if isinstance(node, ast.Lambda) else node.name
        self._pieces.append(Piece(self._free_name(wanted, kind), own_name, kind, node, scope, defaults=defaults))
        self._learn()
        return self._pieces[-1].name

    def _is_known(self, name: str, node: Definition) -> bool:
        """Whether the catalog has this very piece as code of the project, whose own text this is."""
        return name in self._base.own and not isinstance(node, ast.Lambda)

    def _free_name(self, wanted: str, kind: str) -> str:
        taken = {each.name for each in self._pieces}
        if wanted in _TAKEN or self._is_of_keras(wanted, kind):
            wanted = f"Own{wanted}" if wanted[:1].isupper() else f"own_{wanted}"
        return unused(wanted, taken)

    def _is_of_keras(self, name: str, kind: str) -> bool:
        if kind == "layer":
            return self._base.inner_layer(name) is not None or name in (INPUT, OUTPUT, BLOCK)
        return kind != "function" and self._base.object(cast(ObjectKind, kind), name) is not None

    def _learn(self) -> None:
        """Let the catalog know the pieces by their own text alone, which tells parameters and inputs."""
        known = {f"s{at}": self._alone(f"s{at}", each) for at, each in enumerate(self._pieces)}
        self.catalog = with_snippets(self._base, Project(snippets=known))

    def _alone(self, key: str, piece: Piece) -> Snippet:
        """A piece by its own text, which is made once: a script may have hundreds."""
        mark = (piece.name, piece.kind, frozenset(piece.takes_many), piece.gives)
        found = self._known.get(id(piece))
        if found is None or found[0] != mark:
            found = (mark, Snippet(key, piece.name, piece.kind, _fitted(piece, self._script.alone(piece))))
            self._known[id(piece)] = found
        return found[1]


def kind_of_bases(bases: frozenset[str]) -> str | None:
    """What kind of code a class with these bases is, or None."""
    for base in sorted(bases):
        if found := _BASES.get(base) or _BASES.get(base.rpartition(".")[0]):
            return found
    return None


def _fitted(piece: Piece, source: str) -> str:
    """The text of a layer, so that each of its uses can have a name and take what it takes in the script."""
    if piece.kind != "layer":
        return source
    source = with_many(with_keywords(source, piece.name), piece.name, piece.takes_many)
    return with_outputs(source, piece.name, piece.gives)
