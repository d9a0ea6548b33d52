"""Two files out of a ``.keras`` zip, by their names and within limits. Nothing is unpacked to the disk."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from studio.importing.errors import ModelFileError
from studio.importing.plain import MAX_BYTES, parse

MAX_DIRECTORY = 4 * 1024 * 1024
"""Bytes of the zip's list of contents. Keras writes a handful of files; a list of a million takes seconds to read."""
_TAIL = 22 + 65_535
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_archive(path: Path) -> dict[str, Any]:
    """The config of the model in a ``.keras`` file."""
    try:
        with path.open("rb") as file:
            _refuse_long_directory(file)
            with zipfile.ZipFile(file) as archive:
                text = _member(archive, "config.json")
                if "metadata.json" in archive.namelist():
                    parse(_member(archive, "metadata.json"))
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise ModelFileError("The .keras file is damaged or not complete.") from None
    return parse(text)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    found = [member for member in archive.infolist() if member.filename == name]
    if not found:
        raise ModelFileError(f"The file is a zip but no model of Keras: it has no {name}.")
    member = found[0]
    if len(found) > 1:
        raise ModelFileError(f"The .keras file has {name} twice, so it is not clear which one is meant.")
    if member.flag_bits & 1 or member.compress_type not in _PLAIN_METHODS:
        raise ModelFileError(f"{name} in the .keras file is encrypted or packed in a way that Keras does not use.")
    if member.file_size > MAX_BYTES:
        raise ModelFileError("The model's description is larger than 32 MB, which no network needs.")
    with archive.open(member) as file:
        # The header may lie about the size, so that the reading itself has to stop.
        text = file.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise ModelFileError("The model's description is larger than 32 MB, which no network needs.")
    return text


def _refuse_long_directory(file: BinaryIO) -> None:
    """Look at the end of the zip before ``zipfile`` reads the whole list of contents."""
    size = file.seek(0, 2)
    start = max(0, size - _TAIL - 20)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile
    length = struct.unpack_from("<L", tail, at + 12)[0]
    if length == 0xFFFFFFFF and at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        file.seek(struct.unpack_from("<Q", tail, at - 12)[0])
        record = file.read(56)
        if record[:4] != b"PK\x06\x06":
            raise zipfile.BadZipFile
        length = struct.unpack_from("<Q", record, 40)[0]
    if length > MAX_DIRECTORY:
        raise ModelFileError("The .keras file holds far more files than a model has.")
    file.seek(0)
