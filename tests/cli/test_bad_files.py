"""Bad files on the command line: an exit code and one line on stderr, whatever is wrong."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from studio.cli import run
from tests.support.bad_projects import chain, odd, refused, with_data, with_params
from tests.support.thorough import IS_THOROUGH

REFUSED, ODD = refused(), odd()
HEAD = "A,B,C,any,at_least_two\n"
GAPS = HEAD + "0,1,1,1,1\n1,,0,1,0\n" * 8


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """The only line on stderr, and nothing on stdout that looks like a traceback."""
    told = capsys.readouterr()
    (line,) = told.err.splitlines()
    assert line.startswith("layer-studio: ")
    assert "Traceback" not in told.out
    assert line.isprintable()
    return line


@pytest.mark.parametrize("verb", ["check", "export", "train"])
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: str, kind: str) -> None:
    path = tmp_path / "bad.studio"
    path.write_bytes(REFUSED[kind])
    assert run([verb, str(path)]) == 2
    assert "bad.studio" in complaint(capsys)
    assert [entry.name for entry in tmp_path.iterdir()] == ["bad.studio"]


@pytest.mark.parametrize("kind", ODD)
def test_export_of_what_is_odd(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    path = tmp_path / "odd.studio"
    path.write_bytes(ODD[kind])
    code = run(["export", str(path)])
    if code == 0:
        ast.parse((tmp_path / "odd.py").read_text(encoding="utf-8"))
        assert capsys.readouterr().err == ""
    else:
        assert code == 1
        assert "odd.studio was not exported" in complaint(capsys)
        assert [entry.name for entry in tmp_path.iterdir()] == ["odd.studio"]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (None, "is not there"),
        ("", "empty"),
        (HEAD, "no rows"),
        (GAPS, "rows have gaps"),
        (HEAD + "0,many,1,1,1\n" + "0,1,1,1,1\n" * 20, "“many”"),
        (GAPS.replace(",,", ","), "Row 3"),
        ("\x89PNG\r\n\x1a\n\0", "NUL"),
        ("x,y\n1,2\n", "gone from the data"),
    ],
)
@pytest.mark.parametrize("verb", ["export", "train"])
def test_data_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, part: str, verb: str
) -> None:
    path = tmp_path / "p.studio"
    path.write_bytes(with_data(kind="file", name="t.csv", gaps="refuse"))
    if content is not None:
        (tmp_path / "t.csv").write_text(content)
    assert run([verb, str(path)]) == 1
    assert part in complaint(capsys)
    assert not list(tmp_path.glob("*.runs")) + list(tmp_path.glob("*.py"))


@pytest.mark.keras
@pytest.mark.journey
class TestWithKeras:
    """One engine for all that ``check`` is asked."""

    def test_check_of_everything_odd_in_one_go(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        files = []
        for number, content in enumerate(ODD.values()):
            files.append(tmp_path / f"{number:03d}.studio")
            files[-1].write_bytes(content)
        assert run(["check", "--json", *map(str, files)]) == 1
        told = capsys.readouterr()
        assert told.err == ""
        reports = dict(zip(ODD, map(json.loads, told.out.splitlines()), strict=True))
        for kind in ("10**12 units", "units beyond 2**63"):
            units = 10**12 if kind.startswith("10") else 10**30
            assert reports[kind]["nodes"]["hidden"]["parameters"] == 4 * units, kind
            assert reports[kind]["total_parameters"] == 4 * units + 2 * (units + 1), kind
        for kind, report in reports.items():
            for problem in report["problems"]:
                assert "Traceback" not in problem["message"], kind
                assert "\n" not in problem["message"], kind

    def test_a_network_beyond_all_memory_is_refused_before_it_is_built(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "huge.studio"
        path.write_bytes(with_params(units=10**12))
        assert run(["train", str(path)]) == 1
        line = complaint(capsys)
        assert "6,000,000,000,002 parameters" in line
        assert "memory" in line

    def test_a_chain_of_1500_layers(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "deep.studio"
        path.write_bytes(chain(1_500))
        assert run(["check", "--json", str(path)]) == 0
        report = json.loads(capsys.readouterr().out)
        assert report["total_parameters"] == 8 + 1_499 * 6
        assert run(["export", str(path)]) == 0
        capsys.readouterr()
        if not IS_THOROUGH:
            return  # it trains in journeys.test_too_large; TensorFlow needs most of a minute for its graph
        code = run(["train", "--epochs", "1", str(path)])
        told = capsys.readouterr()
        print(f"a chain of 1,500 layers: train ends with {code}: {told.err}")
        assert code == 0 or "deep" in told.err
