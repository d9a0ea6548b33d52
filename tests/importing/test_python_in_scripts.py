"""Plain Python in a script: what is read off it is what running it gives."""

from __future__ import annotations

from typing import Any

import pytest

from studio.importing import NeedsRunning
from studio.importing.script import read_script
from tests.support.catalog import CATALOG

HEAD = """
import functools, itertools, math
import numpy as np
import keras
from keras import layers
"""
TAIL = """
begin = x = keras.Input((4,))
for size in units:
    x = layers.Dense(int(size))(x)
for name in names:
    x = layers.ReLU(name=name)(x)
model = keras.Model(begin, x)
"""
TEXTS = {
    "a set has each thing once": "units = [len(set(['a', 'b', 'a'])), len({1, 2, 2}), len({n % 3 for n in range(9)})]",
    "del": "units = [1, 2, 3, 4]\ndel units[0], units[-1]\nd = {'a': 1, 'b': 2}\ndel d['a']\nunits += [len(d)]",
    "del of a slice": "units = [1, 2, 3, 4]\ndel units[1:3]",
    "sort": "units = [3, 1, 2]\nunits.sort()\nmore = [5, 9, 7]\nmore.sort(reverse=True)\nunits += more",
    "remove and clear": "units = [3, 1, 2]\nunits.remove(1)\nrest = [1]\nrest.clear()\nunits.append(len(rest) + 1)",
    "popitem": "d = {'a': 4, 'b': 5}\nd.popitem()\nunits = list(d.values())",
    "update by keywords": "d = dict(a=1)\nd.update(a=7, b=2)\nunits = list(d.values())",
    "or of dictionaries": "d = {'a': 1}\nsame = d\nd |= {'a': 7, 'b': 2}\nunits = list(same.values())",
    "a list grows where it is": "units = [1]\nsame = units\nsame += [2, 3]",
    "a list grows in a function": "def more(many):\n    many += [2]\nunits = [1]\nmore(units)",
    "another list": "units = [1]\nsame = units\nsame = same + [2]",
    "a counter of the whole script":
        "n = 0\ndef count():\n    global n\n    n += 1\n    return n\nunits = [count(), count(), count() + n]",
    "a counter in a function":
        "def counter():\n    n = 0\n    def count():\n        nonlocal n\n        n += 2\n        return n\n"
        "    return count\ncount = counter()\nunits = [count(), count()]",
    "an object that counts":
        "class Namer:\n    total = 0\n    def __init__(self, start=1):\n        self.at = start\n"
        "    def next(self, by=1):\n        self.at += by\n        return self.at\n"
        "    @property\n    def twice(self):\n        return self.at * 2\n"
        "    @staticmethod\n    def three():\n        return 3\n"
        "    @classmethod\n    def made(cls, start):\n        return cls(start)\n"
        "    def __call__(self, n):\n        return n + self.at\n"
        "namer = Namer()\nother = Namer.made(10)\n"
        "units = [namer.next(), namer.next(by=5), other.next(), namer.twice, Namer.three(), other.three(), namer(100)]",
    "an object of a class below another":
        "class Base:\n    def size(self):\n        return self.factor() * 2\n    def factor(self):\n        return 3\n"
        "class Wide(Base):\n    def factor(self):\n        return 5\nunits = [Base().size(), Wide().size()]",
    "tuples with names":
        "from collections import namedtuple\nS = namedtuple('S', 'a b')\ns = S(3, b=4)\na, b = s\n"
        "units = [s.a, s[1], a, b]",
    "a class of tuples":
        "from typing import NamedTuple\nclass S(NamedTuple):\n    a: int\n    b: int = 7\nunits = [*S(3), S(1, 2).b]",
    "members of an Enum":
        "from enum import Enum\nclass K(Enum):\n    A = 4\n    B = 5\nk = K.B\n"
        "units = [K.A.value, 1 if k == K.A else 2, 3 if k is K.B else 4]\nnames = [k.name]",
    "dictionaries that make entries":
        "from collections import defaultdict, OrderedDict\nd = defaultdict(list)\nd['a'].append(3)\nd['a'].append(4)\n"
        "o = OrderedDict(x=5)\no['y'] = len(d['none']) + 1\nunits = d['a'] + list(o.values()) + [len(d)]",
    "fields of a dataclass":
        "from dataclasses import dataclass, field\n@dataclass\nclass C:\n    a: int\n"
        "    b: list = field(default_factory=lambda: [2, 3])\n    c: int = field(default=4)\n"
        "    def __post_init__(self):\n        self.d = self.a * 2\n        self.c += 1\n"
        "c = C(5)\nunits = [c.a, *c.b, c.c, c.d]",
    "match":
        "def size(kind):\n    match kind:\n        case 'a' | 'b':\n            return 1\n        case None:\n"
        "            return 2\n        case other:\n"
        "            return len(other)\n    return 9\nunits = [size('b'), size(None), size('long')]",
    "an array times a number": "units = np.array([1, 2, 3]) * 2",
    "arrays are added": "units = np.array([1, 2]) + np.array([3, 4])",
    "a list and an array": "units = [1, 2] + np.array([3, 4])",
    "an array to a power": "units = 2 ** np.arange(3, 6)",
    "parts of an array": "units = (np.array([1, 2, 3, 4])[1:] * 2)[:2]",
    "rows": "units = (np.ones((2, 3)) * 4).sum(axis=1)",
    "sizes": "a = np.zeros((3, 5))\nunits = [a.shape[0], a.shape[-1], a.ndim, a.size, len(a), a.T.shape[0]]",
    "numbers in steps": "units = np.linspace(8, 32, 4).astype(int).tolist()",
    "the unit matrix": "units = np.eye(2).flatten() + 1",
    "products":
        "units = [np.prod((2, 3, 4)), int(np.sqrt(16)), int(np.ceil(2.5))]\n"
        "units += [np.max([3, 9]), sum(np.array([1, 2]))]",
    "map and filter": "units = list(map(lambda n: n * 2, filter(lambda n: n % 2, range(1, 6))))",
    "map of two": "units = list(map(max, [1, 5], [4, 2]))",
    "reduce": "units = [functools.reduce(lambda a, b: a * b, [2, 3, 4])]",
    "every pair": "units = [a * b for a, b in itertools.product([1, 2], repeat=2)] + list(itertools.chain([1], (2,)))",
    "texts with %": "units = []\nnames = ['conv%d' % 3, '%s_%02d' % ('a', 7), '%(n)s' % {'n': 'b'}, '%.1f%%' % 0.25]",
    "texts by format":
        "units = []\nnames = ['a{}'.format(1), '{0}_{1}{0}'.format('b', 2), '{n:03d}-{m!r}'.format(n=4, m='c')]",
    "texts are split": "units = []\nnames = 'a_b_c'.split(sep='_', maxsplit=1) + 'd,e'.split(',')",
    "zip": "units = [a + b for (a, b) in zip([1, 2], (3, 4))]\nfirst, *rest = units\nunits = [*rest, first]",
}  # fmt: skip


def ran(text: str) -> tuple[list[int], list[str]]:
    scope: dict[str, Any] = {}
    exec(HEAD.replace("import keras\n", "").replace("from keras import layers\n", "") + "names = []\n" + text, scope)
    return [int(each) for each in scope["units"]], list(scope["names"])


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_read_is_what_running_gives(text: str) -> None:
    units, names = ran(text)
    project = read_script(f"{HEAD}names = []\n{text}\n{TAIL}", CATALOG).project
    nodes = list(project.main.nodes.values())
    assert [node.params["units"] for node in nodes if node.type == "Dense"] == units
    assert [node.name for node in nodes if node.type == "ReLU"] == names


UNKNOWN = {
    "an array that is written to": "units = np.array([1, 2])\nunits[0] = 5",
    "an attribute that cannot be told":
        "class A:\n    def __init__(self):\n        self.n = 1\n    def load(self):\n        self.n = int(input())\n"
        "a = A()\na.load()\nunits = [a.n]",
    "a way of sorting": "units = ['b', 'aa']\nunits.sort(key=len)\nunits = [len(units[0])]",
    "a text as wide as memory": "units = [1]\nnames = ['%999999999d' % 3]",
    "a field that reaches in": "units = [1]\nnames = ['{0.real}'.format(3)]",
    "two arrays that do not fit": "units = np.array([1, 2]) + np.array([1, 2, 3])",
    "an array that is too large": "units = np.zeros((9999, 9999))[0]",
    "many arrays": "a = np.zeros(20000)\nunits = np.concatenate([a] * 9999)",
}  # fmt: skip


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_only_running_tells_is_not_guessed(text: str) -> None:
    with pytest.raises(NeedsRunning):
        read_script(f"{HEAD}names = []\n{text}\n{TAIL}", CATALOG)
