"""The proof of an export finds the drawing in what the file builds, and names what differs."""

from __future__ import annotations

import json
import os
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.codegen import STYLES, generate, generate_model
from studio.core import edits
from studio.core.project import Project
from studio.protocol import Call, Forget, Inferred, Prove, Proved, Tried, TryCalls, UpdateGraph
from studio.workbench.consent import Consent
from studio.workbench.examples import examples
from studio.workbench.inference import InferenceState
from studio.workbench.own_code import Gate
from studio.workbench.proof import question, verdict
from tests.codegen.exported import write
from tests.codegen.projects import CATALOG, PROJECTS, draw
from tests.codegen.test_same_losses import drawn
from tests.support.engine_client import EngineClient

pytestmark = pytest.mark.keras

EXAMPLES = {entry.name: entry for entry in examples()}


def proved(project: Project, path: Path) -> Proved:
    """As a proof goes, in one process."""
    from studio.engine import clean_run
    from studio.engine.checker import Checker

    checker = Checker()
    consent = Consent()
    consent.allow_once(snippet.source for snippet in project.snippets.values())
    update = InferenceState(Gate(consent)).update(project, CATALOG)
    assert isinstance(update, UpdateGraph)
    checker.update(update)
    checker.infer()
    module = types.ModuleType("exported")
    module.__file__ = str(path)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
    model, data = clean_run.made(module.__dict__)
    clean_run.write(model, None if data is None else data[0][0], path.parent)
    return _found(checker, question(project, CATALOG, path.parent, 7))


def _found(checker: Any, message: Prove) -> Proved:
    found = checker.proof(message)(lambda: False)
    assert isinstance(found, Proved)
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_what_its_file_builds(name: str, tmp_path: Path) -> None:
    project = EXAMPLES[name].project()
    style = "sequential" if sum(map(ord, name)) % 2 else "default"
    found = proved(project, write(tmp_path, name, generate(project, CATALOG, style=STYLES[style])))
    assert found.problem == ""
    assert (found.id, found.rows > 0, found.layers > 2) == (7, True, True)
    assert found.difference < 1e-4
    assert verdict(found, project, tmp_path).outcome == "agrees"


def test_inputs_that_go_in_as_a_list_are_compared_in_their_order(tmp_path: Path) -> None:
    project = PROJECTS["listed"]()  # the order of the names is another one
    assert proved(project, write(tmp_path, "listed", generate(project, CATALOG))).problem == ""
    assert proved(project, write(tmp_path, "listed_alone", generate_model(project, CATALOG))).problem == ""


def test_a_script_whose_data_is_still_to_be_written_is_compared_by_its_model(tmp_path: Path) -> None:
    project = draw("No data", "i:Input(shape=(3,)) -> normal:Normalization -> a:Dense(units=2) -> o:Output")
    found = proved(project, write(tmp_path, "no_data", generate(project, CATALOG)))
    assert (found.problem, found.rows > 0) == ("", True)


def test_the_model_alone_is_compared_on_rows_of_chance(tmp_path: Path) -> None:
    project = drawn("penguins")
    assert proved(project, write(tmp_path, "alone", generate_model(project, CATALOG))).problem == ""


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('padding="same"', 'padding="valid"', 'has padding = "valid" in the file, and "same" here.'),
        ("Conv2D(32, 3", "Conv2D(31, 3", "has filters = 31 in the file, and 32 here."),
        ("    x = layers.MaxPooling2D()(x)\n", "", "is a MaxPooling2D in the drawing, and the file has a Conv2D"),
        ("Rescaling(1 / 16)", "Rescaling(1 / 8)", "has scale = 0.125 in the file, and 0.0625 here."),
        ("return keras.Model(picture, digit)", "return keras.Model(picture, x)", "is a Dense in the drawing"),
    ],
)  # fmt: skip
def test_what_differs_is_named(before: str, after: str, sentence: str, tmp_path: Path) -> None:
    project = drawn("digits_cnn")
    path = write(tmp_path, "changed", generate(project, CATALOG))
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    found = proved(project, path)
    assert sentence in verdict(found, project, tmp_path).sentence
    assert verdict(found, project, tmp_path).outcome == "differs"


def test_a_swap_of_what_a_subtraction_takes_is_seen(tmp_path: Path) -> None:
    from tests.support.graphs import graph, node_id

    project = graph("x:Input(shape=(4,)) -> a:Dense(units=3) & b:Dense(units=3); a & b -> s:Subtract -> y:Output")
    for key in (node_id(project, "a"), node_id(project, "b")):
        project = edits.set_param(project, key, "activation", "relu" if key == node_id(project, "a") else "tanh")
    path = write(tmp_path, "swapped", generate_model(project, CATALOG))
    assert proved(project, path).problem == ""
    text = path.read_text(encoding="utf-8").replace("[a, b]", "[b, a]")
    assert "[b, a]" in text
    path.write_text(text, encoding="utf-8")
    assert proved(project, path).problem


def test_other_numbers_are_told_though_all_else_is_the_same(tmp_path: Path) -> None:
    import numpy as np

    project = drawn("xor")
    path = write(tmp_path, "xor", generate(project, CATALOG))
    assert proved(project, path).problem == ""
    arrays: dict[str, Any] = dict(np.load(tmp_path / "arrays.npz"))
    np.savez(tmp_path / "arrays.npz", **(arrays | {"output0": arrays["output0"] + 0.01}))
    from studio.engine.checker import Checker

    checker = Checker()
    update = InferenceState().update(project, CATALOG)
    assert update is not None
    checker.update(update)
    checker.infer()
    found = _found(checker, question(project, CATALOG, tmp_path, 1))
    assert "differ by up to 0.01" in found.problem
    told = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    (tmp_path / "found.json").write_text(json.dumps(told | {"parameters": 5}), encoding="utf-8")
    assert "5 parameters" in _found(checker, question(project, CATALOG, tmp_path, 1)).problem


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a proof is held up by a pipe with a name")
def test_the_drawing_is_checked_while_a_proof_goes_on_and_a_proof_can_be_ended(
    checker: EngineClient, tmp_path: Path
) -> None:
    picture = Call("n1", "input", "keras.Input(shape=(3,))")

    def dense(units: int) -> Call:
        return Call("n2", "layer", f"layers.Dense({units})", (("inputs", (("n1", 0),)),))

    for folder in ("ended", "done"):
        (tmp_path / folder).mkdir()
        os.mkfifo(tmp_path / folder / "found.json")
        np.savez(tmp_path / folder / "arrays.npz")
    found = json.dumps({"calls": [], "parameters": 0})
    checker.send(UpdateGraph(1, 1, True, (picture, dense(4))), Prove(2, str(tmp_path / "ended"), ("n1",), ("n2",)))
    with open(tmp_path / "ended" / "found.json", "w", encoding="utf-8") as pipe:  # waits until the proof reads from it
        checker.messages.clear()
        checker.send(UpdateGraph(3, 3, False, (dense(5),)))
        answer = checker.wait_for(Inferred, lambda found: found.id == 3 and found.is_last)
        assert answer.answers["n2"].outputs == (((None, 5), "float32"),)
        checker.send(Forget(2), Prove(4, str(tmp_path / "done"), ("n1",), ("n2",)), TryCalls(5, (dense(6),)))
        checker.wait_for(Tried, lambda tried: tried.id == 5)  # so it has forgotten
        pipe.write(found)
    (tmp_path / "done" / "found.json").write_text(found, encoding="utf-8")
    assert "The file has -1 layers" in checker.wait_for(Proved, lambda found: found.id == 4).problem
    assert [found.id for found in checker.of(Proved)] == [4]
