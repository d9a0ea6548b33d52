"""What a person is told about a model that came in: what it is, what was replaced, what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from studio.core.project import Node
from studio.immutable import immutable
from studio.importing.plain import shown

_MOST_NAMES = 3
OTHERS = "The script has other models too"
"""How the sentence about them begins."""

OWN_CODE = "Code of the script's own came in, too, and runs only when you have read it and agree: {}."
"""What is said about classes and functions that became code of the project."""


OTHER_NAME = "Has another name now, since its own is none that Keras takes: {}."
"""What is said about layers, with a {} for what ``renamed`` gives."""


def renamed(now: str, before: str) -> str:
    """What has another name, in a sentence: "conv1_bn (was conv1/bn)"."""
    word = shown(before).strip()
    return f"{now} (was {word})" if word and word != now else now


def other_models(labels: Sequence[str]) -> str:
    """What is said about models of a script that did not come in; several may be called alike."""
    counts = dict(sorted(Counter(labels).items(), key=lambda each: each[1] > 1))
    words = [name if count == 1 else f"{count} called {name}" for name, count in counts.items()]
    return f"{OTHERS}, which did not come in: {listed(words)}."


def called_with_training(said: object) -> str:
    """What is said about a call with ``training``, with a {} for what is called.

    Keras hands what ``fit``, ``evaluate`` and ``predict`` say on to every layer of a functional model and drops what
    its call said.
    """
    return (
        f"Called with training={said}, which was left out, since fit, evaluate and predict tell every layer themselves"
        " whether it trains: {}."
    )


@immutable
class Report:
    """``came_in`` is one sentence; ``replaced`` and ``unknown`` have one sentence for each finding, often none.

    ``kept`` tells what stays in the file and is used from there.
    """

    came_in: str
    replaced: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def chosen(self) -> Report:
        """The same for somebody who has chosen the model, and knows that there are others."""
        return replace(self, replaced=tuple([each for each in self.replaced if not each.startswith(OTHERS)]))

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it, in reading order."""
        return (self.came_in, *self.kept, *self.replaced, *self.unknown)


@dataclass(slots=True)
class Findings:
    """What is found on the way. The same finding about several layers becomes one sentence."""

    _replaced: dict[str, list[str]] = field(default_factory=dict)
    _unknown: dict[str, list[str]] = field(default_factory=dict)

    def replace(self, sentence: str, name: str = "") -> None:
        """Something came in another way than it stood; ``sentence`` has a {} for the names of the layers."""
        self._replaced.setdefault(sentence, []).append(name)

    def miss(self, sentence: str, name: str = "") -> None:
        """Something did not come in, or nobody here knows it."""
        self._unknown.setdefault(sentence, []).append(name)

    @property
    def replaced(self) -> tuple[str, ...]:
        """The sentences about what came in another way."""
        return tuple(_filled(self._replaced))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The sentences about what did not come in."""
        return tuple(_filled(self._unknown))


def _filled(found: dict[str, list[str]]) -> Iterable[str]:
    for sentence, names in found.items():
        yield sentence.replace("{}", listed(list(dict.fromkeys(names))), 1)


def listed(names: list[str]) -> str:
    """Names in a sentence: "a, b and 7 others"."""
    if len(names) > _MOST_NAMES + 1:
        return f"{', '.join(names[:_MOST_NAMES])} and {len(names) - _MOST_NAMES} others"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def counted(number: int, what: str, many: str = "") -> str:
    """ "1 layer", "7 layers"."""
    return f"{number:,} {what if number == 1 else many or what + 's'}"


def drawn(layers: int, blocks: int, shared: int) -> str:
    """What came of a model, as part of a sentence: "12 layers, 2 blocks and 1 further call of shared layers"."""
    parts = [counted(layers, "layer")]
    if blocks:
        parts.append(counted(blocks, "block"))
    if shared:
        parts.append(counted(shared, "further call of shared layers", "further calls of shared layers"))
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def tell_other_names(findings: Findings, nodes: Mapping[str, Node], outputs: Mapping[str, str]) -> None:
    """A word about outputs with keys by which Inputs are called, too: such an Output has another name."""
    for key, node in outputs.items():
        if key and nodes[node].name != key:
            findings.replace("These outputs have other names in the drawing, since something else has their name: {}.",
                             renamed(shown(nodes[node].name), key))  # fmt: skip
