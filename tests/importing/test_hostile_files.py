"""Damaged and hostile files: one plain sentence within seconds, nothing run, nothing written."""

from __future__ import annotations

import io
import json
import os
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from studio import storage
from studio.importing import ModelFileError, from_config, h5, read
from studio.importing.plain import MAX_BYTES
from tests.importing.test_configs import functional, layer, old_model
from tests.importing.test_keras_2 import attention, decoder, digits, operations, towers
from tests.support.catalog import CATALOG
from tests.support.thorough import IS_THOROUGH, sample

DENSE = functional(
    layer("InputLayer", "a", [], batch_shape=[None, 4]),
    layer("Dense", "d", [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}],
                          "kwargs": {}}], units=2),
    outputs=[["d", 0, 0]],
)  # fmt: skip
LONGEST_S = 5.0


def packed(members: dict[str, bytes] | list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, text in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, text)
    return file.getvalue()


def refused(path: Path) -> str:
    """The sentence that the file is refused with."""
    start = time.process_time()
    with pytest.raises(ModelFileError) as caught:
        read(path, CATALOG)
    assert time.process_time() - start < LONGEST_S
    message = caught.value.message
    assert message.endswith(".")
    assert message.isprintable()
    assert "Traceback" not in message
    return message


def written(folder: Path, name: str, text: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_starting_points_are_fine(tmp_path: Path) -> None:
    text = json.dumps(DENSE)
    one = read(written(tmp_path, "m.json", text), CATALOG).project
    other = read(written(tmp_path, "m.keras", packed({"metadata.json": b"{}", "config.json": text.encode()})), CATALOG)
    assert one == other.project
    assert len(one.main.nodes) == 3


def test_every_truncation_of_json_is_refused(tmp_path: Path) -> None:
    text = json.dumps(DENSE).encode()
    for length in range(len(text)):
        refused(written(tmp_path, "m.json", text[:length]))


def test_every_truncation_of_a_keras_file_is_refused(tmp_path: Path) -> None:
    text = packed({"metadata.json": b"{}", "config.json": json.dumps(DENSE).encode(), "model.weights.h5": b"x" * 200})
    for length in range(len(text)):
        refused(written(tmp_path, "m.keras", text[:length]))


def test_changed_bytes_of_a_keras_file_are_read_or_refused(tmp_path: Path) -> None:
    text = packed({"metadata.json": b"{}", "config.json": json.dumps(DENSE).encode()})
    rng = random.Random(1)
    told: set[str] = set()
    for _ in range(20_000 if IS_THOROUGH else 2_000):
        changed = bytearray(text)
        for _ in range(rng.randint(1, 4)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        path = written(tmp_path, "m.keras", bytes(changed))
        try:
            read(path, CATALOG)
        except ModelFileError as error:
            told.add(error.message)
    assert len(told) > 3
    assert all(message.endswith(".") and message.isprintable() for message in told)


def test_changed_configs_are_read_or_refused() -> None:
    """Every place of a config in turn is replaced by every kind of JSON value."""
    values: list[Any] = [None, True, -1, 10**30, 1.5, float("nan"), "", "d", [], [[]], {}, {"class_name": "x"}, ["a"]]

    def places(plain: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        items = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
        return [way, *(found for key, item in items for found in places(item, (*way, key)))]

    told: set[str] = set()
    for model in (DENSE, old_model(), *sample([operations(), towers(), attention(), decoder(), digits()], 1)):
        plain = json.loads(json.dumps(model))
        for way in places(plain)[1:]:
            for value in values:
                copy = json.loads(json.dumps(plain))
                inner = copy
                for step in way[:-1]:
                    inner = inner[step]
                inner[way[-1]] = value
                try:
                    from_config(copy, CATALOG)
                except ModelFileError as error:
                    told.add(error.message)
    assert len(told) > 3
    assert all(message.endswith(".") and message.isprintable() for message in told)


@pytest.mark.parametrize(("class_name", "module"), [("Dense", "layers"), ("Add", "numpy"), ("Unstack", "core")])
def test_a_layer_that_is_called_thousands_of_times_is_read_within_seconds(class_name: str, module: str) -> None:
    made = layer(class_name, "d", [DENSE["config"]["layers"][1]["inbound_nodes"][0]] * 15_000)
    if module != "layers":
        made |= {"module": f"keras.src.ops.{module}", "registered_name": class_name, "config": {"name": "d"}}
    start = time.process_time()
    found = from_config(functional(DENSE["config"]["layers"][0], made, outputs=[["d", 0, 0]]), CATALOG)
    assert time.process_time() - start < LONGEST_S
    assert len(found.project.main.nodes) == 15_002


def test_a_number_that_no_project_can_hold_is_refused(tmp_path: Path) -> None:
    text = json.dumps(DENSE).replace('"units": 2', '"units": 3' + "0" * 380)
    assert "a whole number of 381 digits" in refused(written(tmp_path, "m.json", text))
    text = json.dumps(DENSE).replace('"units": 2', '"units": 3' + "0" * 350)
    project = read(written(tmp_path, "m.json", text), CATALOG).project
    assert storage.loads(storage.dumps(project)) == project


@pytest.mark.parametrize(
    "text",
    ["", "[]", "3", "null", '"text"', "{}", "\x00\x01", '{"a": 1, "a": 2}', "[" * 100_000, '{"a":' * 100_000,
     '{"layers": ' + "[" * 200 + "]" * 200 + "}", "9" * 1_000_000, '{"layers": ' + "9" * 5_000 + "}", "\ufeff{}",
     "NaN", '{"config": {"config": {"config": {"config": {"config": {}}}}}}', "print('hello')", "\ud800"],
)  # fmt: skip
def test_wrong_json_is_refused(tmp_path: Path, text: str) -> None:
    refused(written(tmp_path, "m.json", text.encode("utf-8", "surrogatepass")))
    refused(written(tmp_path, "m.keras", packed({"config.json": text.encode("utf-8", "surrogatepass")})))


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    bomb = packed({"config.json": b" " * (MAX_BYTES + 10)})
    assert len(bomb) < 100_000
    assert "larger than 32 MB" in refused(written(tmp_path, "m.keras", bomb))
    # The size in the headers is a lie, so that only reading can tell.
    lying = bomb.replace(struct.pack("<L", MAX_BYTES + 10), struct.pack("<L", 1_000))
    refused(written(tmp_path, "m.keras", lying))


def test_a_list_of_contents_without_end_is_refused(tmp_path: Path) -> None:
    many = packed([(f"{number:060}", b"") for number in range(60_000)], zipfile.ZIP_STORED)
    assert "far more files" in refused(written(tmp_path, "m.keras", many))


def test_names_that_lead_out_are_never_written(tmp_path: Path) -> None:
    text = json.dumps(DENSE).encode()
    inside = tmp_path / "inside"
    inside.mkdir()
    members = {"../evil.txt": b"x", "/tmp/layer_studio_evil.txt": b"x", "config.json": text}
    before = sorted(tmp_path.rglob("*"))
    path = written(inside, "m.keras", packed(members))
    assert len(read(path, CATALOG).project.main.nodes) == 3
    assert sorted(tmp_path.rglob("*")) == sorted([*before, path])
    assert not Path("/tmp/layer_studio_evil.txt").exists()
    refused(written(inside, "n.keras", packed({"../config.json": text})))
    refused(written(inside, "o.keras", packed({"folder/config.json": text})))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_config_that_stands_twice_is_refused(tmp_path: Path) -> None:
    text = json.dumps(DENSE).encode()
    assert "twice" in refused(written(tmp_path, "m.keras", packed([("config.json", text), ("config.json", b"{}")])))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_keras_does_not_use_are_refused(tmp_path: Path, method: int) -> None:
    refused(written(tmp_path, "m.keras", packed({"config.json": json.dumps(DENSE).encode()}, method)))


def test_code_in_a_config_is_never_run(tmp_path: Path) -> None:
    target = tmp_path / "touched"
    attack = f"__import__('pathlib').Path({str(target)!r}).touch()"
    for config in (
        {"class_name": "Lambda", "config": {"function": attack}},
        {"class_name": "os.system", "module": "os", "config": {"command": f"touch {target}"}},
        {"class_name": "__import__", "module": "builtins", "config": attack},
        {"class_name": "TFSMLayer", "module": "keras.layers", "config": {"filepath": str(target)}},
    ):
        hostile = {**config, "name": "d", "inbound_nodes": DENSE["config"]["layers"][1]["inbound_nodes"]}
        model = functional(DENSE["config"]["layers"][0], hostile, outputs=[["d", 0, 0]])
        assert from_config(model, CATALOG).report.unknown
    assert not target.exists()


def test_folders_pipes_and_what_is_not_there_are_refused(tmp_path: Path) -> None:
    refused(tmp_path)
    assert "There is no file" in refused(tmp_path / "nothing.keras")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.json")
        refused(tmp_path / "pipe.json")


def test_a_damaged_h5_is_refused(tmp_path: Path) -> None:
    assert "damaged" in refused(written(tmp_path, "m.h5", b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 8))


def test_an_h5_of_weights_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.h5"
    code = "import sys, h5py\nwith h5py.File(sys.argv[1], 'w') as file: file.attrs['layer_names'] = ['a']"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert "weights but no model" in refused(path)


def test_reading_an_h5_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = written(tmp_path, "child.py", "while True: pass")
    monkeypatch.setattr(h5, "_CHILD", child)
    with pytest.raises(ModelFileError, match="does not come to an end"):
        h5.read_h5(tmp_path / "m.h5", 0.5)


def test_importing_imports_no_keras_and_no_h5py() -> None:
    code = (
        "import sys, studio.importing, studio.workbench.opening_models\n"
        "print([name for name in ('keras', 'tensorflow', 'h5py', 'PySide6', 'numpy') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
