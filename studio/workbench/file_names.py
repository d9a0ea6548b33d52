"""Names that an exported file must not have, and the one that it gets from a project's title."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path

LONGEST_STEM = 100
"""Longer titles are cut: a file system takes 255 bytes, and the name of a part may follow."""

_USED = """
    keras numpy pandas tensorflow
    IPython PIL absl astunparse backports bottleneck brotli brotlicffi certifi chardet charset_normalizer
    cloud_tpu_client contourpy cv2 cycler dateutil dill flatbuffers fontTools gast google googleapiclient h5py
    huggingface_hub idna ipykernel jax jaxlib kiwisolver litert matplotlib ml_dtypes mpl_toolkits namex numexpr objgraph
    opt_einsum optree org packaging psutil pyarrow pydot pydot_ng pydotplus pyparsing python pytz ray requests rich
    scipy simplejson sitecustomize six sklearn socks tblib tensorboard termcolor torch tree typing_extensions tzdata
    urllib3 usercustomize wrapt
"""
USED_BY_EXPORTS = frozenset(_USED.split())
"""What a script imports, and what that asks for in its turn, whether it is installed or not: a test looks."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE | re.ASCII)


def file_stem(title: str) -> str:
    """A file name without suffix made from a project's title: "Two branches!" -> "two_branches"."""
    stem = re.sub(r"\W+", "_", title, flags=re.ASCII)[:LONGEST_STEM].strip("_").lower() or "network"
    return f"{stem}_model" if why_not_file_name(f"{stem}.py") else stem


def why_not_file_name(name: str) -> str:
    """Why a script must not have this file name, or "".

    A script ``code.py`` beside others would be imported instead of the module of that name, by Python itself or by
    Keras, and break in a way that nobody understands.
    """
    stem = Path(name).stem
    if stem in sys.stdlib_module_names or stem in USED_BY_EXPORTS:
        return f"“{name}” would stand in the way of the Python module “{stem}”. Choose another name."
    if _RESERVED.fullmatch(stem):
        return f"“{name}” is no file on Windows, where “{stem}” is a device. Choose another name."
    return ""


def why_not_path(path: Path) -> str:
    """Why no file or folder can have this path, or "": too long, say, or with a character that ends it."""
    found = _mode(path)
    return found if isinstance(found, str) else ""


def why_not_place(path: Path) -> str:
    """Why nothing can be written at a path, as far as one look tells, or "".

    A pipe or a device is not even read: that would wait for ever. What a link leads to must not shadow a module either.
    """
    mode = _mode(path)
    if isinstance(mode, str):
        return mode
    if stat.S_ISDIR(mode):
        return f"“{plain_name(path)}” is a folder. Choose another name."
    if not stat.S_ISREG(mode):
        return f"“{plain_name(path)}” is no ordinary file but a device or a pipe. Choose another name."
    return why_not_file_name(path.name) or why_not_file_name(Path(os.path.realpath(path)).name)


def _mode(path: Path) -> int | str:
    """What is at a path, an ordinary file where there is nothing yet, or why there can be none.

    What is wrong with the folder is told by whoever writes there.
    """
    try:
        return os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return stat.S_IFREG
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError:  # in other words in each Python
        reason = "it has a character that none may have"
    return f"“{plain_name(path)}” cannot be the name of a file: {reason[:1].lower()}{reason[1:]}."


def plain_name(path: Path) -> str:
    """The name of a file as it can stand in one line."""
    name = "".join([letter if letter.isprintable() else "?" for letter in path.name])
    return name if len(name) <= LONGEST_STEM else f"{name[:LONGEST_STEM]}..."
