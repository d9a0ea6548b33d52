"""The arguments of every verb, and from a command line to the function that does it."""

from __future__ import annotations

import argparse
import importlib
import keyword
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, get_args

import studio
from studio.cli.errors import CannotAsk
from studio.codegen.style import DEFAULT, STYLES
from studio.core.project import RunsOn
from studio.workbench.engine_client import EngineEnded

NOT_ASKED, INTERRUPTED = 2, 130
"""Exit codes beside those of the verbs (0: all is well, 1: what was asked about is wrong): it could not be asked; the
person stopped it."""

VERBS = ("new", "check", "export", "train", "import", "draw", "compare", "examples", "doctor")

_FIND_PARTS = "repeated parts become blocks: functions and loops in the code"

_BEYOND = """\
without a verb:
  layer-studio [FILE]  open the window
  layer-studio test    run the test suite (from a checkout)

The exit code is 0 when all is well, 1 when what was asked about is wrong, 2 when it could not be asked."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, like every other mistake."""
        raise CannotAsk(f"{message} ({self.prog} --help shows how)")


def run(arguments: Sequence[str]) -> int:
    """Do what the command line says and return the exit code. Mistakes are one line on stderr, never a traceback."""
    try:
        options = _parser().parse_args(list(arguments))
        # A word of Python cannot be the name of a module: "import" is in import_.py.
        name = f"{options.verb}_" if keyword.iskeyword(options.verb) else options.verb
        module = importlib.import_module(f"studio.cli.{name}")
        do: Callable[[argparse.Namespace], int] = module.do
        return do(options)
    except (CannotAsk, EngineEnded) as error:
        print(f"layer-studio: {error}", file=sys.stderr)
        return NOT_ASKED
    except KeyboardInterrupt:
        print("layer-studio: stopped.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="layer-studio",
        usage="layer-studio [FILE | VERB ...]",
        description="Draw neural networks, see their shapes, read their code, watch them learn.",
        epilog=_BEYOND,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Layer Studio {version()}")
    verbs = parser.add_subparsers(
        dest="verb", metavar="VERB", required=True, parser_class=_Parser, prog="layer-studio", title="verbs"
    )

    new = verbs.add_parser("new", help="an empty project, or a copy of a gallery example")
    new.add_argument("out", metavar="OUT.studio")
    new.add_argument("--example", metavar="NAME", help="a name that `layer-studio examples` lists")

    compare = verbs.add_parser("compare", help="what is different between two versions of a project")
    compare.add_argument("old", metavar="OLD")
    compare.add_argument("new", metavar="NEW")

    check = verbs.add_parser("check", help="shapes, parameters and problems of every node")
    check.add_argument("files", metavar="FILE", nargs="+")
    check.add_argument("--json", action="store_true", help="one line of JSON per file")

    _add_consent(check)

    export = verbs.add_parser("export", help="the project's Python, its data set beside it")
    export.add_argument("files", metavar="FILE", nargs="+")
    export.add_argument(
        "-o", "--out", metavar="OUT", help="a .py or .ipynb file, or a folder where there are several files"
    )
    export.add_argument(
        "--notebook", action="store_true", help="Jupyter notebooks, where OUT does not say so: of several files each"
    )
    export.add_argument("--find-parts", action="store_true", help=f"{_FIND_PARTS}; FILE stays as it is")
    export.add_argument(
        "--style",
        choices=tuple(STYLES),
        default=DEFAULT.name,
        help=(
            "how the code reads: as the guides of Keras write it, as the book does (with a variable per layer, or with"
            " x), from tensorflow import keras, or keras.Sequential where the network is a plain chain"
        ),
    )
    export.add_argument(
        "--scope",
        type=_part,
        default="script",
        metavar="script|model|block:NAME",
        help="all of it, or one part (script)",
    )
    export.add_argument("--force", action="store_true", help="write over files that were changed since the last export")
    export.add_argument(
        "--runs-on",
        choices=get_args(RunsOn),
        help="where the script trains, instead of where the project says: device (one), host (all devices of a"
        " computer), hosts (several computers), ray (started by Ray), jax; FILE stays as it is",
    )
    export.add_argument(
        "--prove", action="store_true", help="run the file in a clean process and compare its model with the drawing"
    )
    _add_consent(export)

    train = verbs.add_parser("train", help="train a project; everything goes into a run folder beside it")
    train.add_argument("file", metavar="FILE")
    train.add_argument("--epochs", type=_count, metavar="N", help="instead of the project's own number")
    train.add_argument("--json", action="store_true", help="one line of JSON per event")

    _add_consent(train)

    incoming = verbs.add_parser(
        "import", help="models of Keras (.keras, .h5, JSON, .py, .ipynb) become projects; nothing of it runs unasked"
    )
    incoming.add_argument("sources", metavar="SOURCE", nargs="+", help="a .keras, .h5, .json, .py or .ipynb file")
    incoming.add_argument(
        "-o", "--out", metavar="OUT", required=True, help="a .studio file, or a folder where there are several sources"
    )
    incoming.add_argument("--model", metavar="NAME", help="which model of a script; else the last one that is compiled")
    incoming.add_argument("--find-parts", action="store_true", help=_FIND_PARTS)
    _add_running(incoming)

    draw = verbs.add_parser("draw", help="a figure for a paper or a slide")
    draw.add_argument("file", metavar="FILE", help="a project, or a model as for import")
    draw.add_argument("-o", "--out", metavar="OUT", required=True, help="a .svg, .pdf or .png file")
    draw.add_argument("--theme", choices=("light", "dark", "paper", "plot_model"), default="light", help="how it looks")
    draw.add_argument("--show", metavar="LIST", help="shapes, parameters, dtypes, or none; several with commas")
    draw.add_argument("--transparent", action="store_true", help="nothing behind the drawing")
    draw.add_argument("--tidy", action="store_true", help="arrange the drawing first; FILE stays as it is")
    draw.add_argument("--fold", action="store_true", help="an encoder and a decoder as a U")
    draw.add_argument("--only", metavar="NAMES", help="these layers and what joins them; several with commas")
    draw.add_argument("--block", metavar="NAME", help="what is inside of this block")
    draw.add_argument("--model", metavar="NAME", help="which model of a script; else the last one that is compiled")
    draw.add_argument("--dpi", type=_count, default=192, metavar="N", help="pixels per inch of a .png (192)")

    _add_running(draw)

    verbs.add_parser("examples", help="the gallery")
    verbs.add_parser("doctor", help="what this machine has, and what is missing")
    return parser


def _add_consent(parser: argparse.ArgumentParser) -> None:
    """What to do about code that a project holds and that was not written here."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--trust-code", action="store_true", help="run code of the project this once, without asking")
    group.add_argument("--never-run-code", action="store_true", help="run no code of the project, whoever wrote it")


def _add_running(parser: argparse.ArgumentParser) -> None:
    """What to do about a script whose model only running it tells."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--run", action="store_true", dest="trust_code",
        help="run scripts that cannot be read as they stand, this once and without asking: they can do what you can",
    )  # fmt: skip
    group.add_argument("--never-run-code", action="store_true", help="run no script, whatever was trusted before")


def version() -> str:
    """The version of the program that runs; that of ``pyproject.toml`` in a checkout that was never installed."""
    import tomllib
    from importlib import metadata

    try:
        return metadata.version("layer-studio")
    except metadata.PackageNotFoundError:
        told = Path(studio.__file__).resolve().parent.parent / "pyproject.toml"
    try:
        return str(tomllib.loads(told.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, ValueError, KeyError):
        return "unknown"


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return number


def _part(text: str) -> str:
    if text not in ("script", "model") and not (text.startswith("block:") and text != "block:"):
        raise argparse.ArgumentTypeError(f"{text!r} is no part; say script, model or block:NAME")
    return text
