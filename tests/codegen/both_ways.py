"""What holds of every drawing's code: it builds what is drawn, and comes back as it was."""

from __future__ import annotations

from pathlib import Path

from studio.codegen import STYLES, Style, generate, generate_model
from studio.core import rules
from studio.core.project import Project
from studio.importing.script import read_script
from tests.codegen.projects import CATALOG
from tests.engine.test_proving import proved


def assert_built_as_drawn(project: Project, folder: Path) -> None:
    """The same calls of the same layers with the same weights, and the same predictions, in two styles."""
    assert [each.message for each in rules.problems(project, CATALOG) if each.severity == "error"] == []
    for style in (STYLES["default"], STYLES["book"]):
        own = folder / style.name
        own.mkdir()
        path = own / "model.py"
        path.write_text(generate_model(project, CATALOG, style=style).text, encoding="utf-8")
        found = proved(project, path)
        assert found.problem == ""
        assert found.layers > 0


def read_back(project: Project, style: Style) -> Project:
    """The project that the code of a drawing is, which has the same text again."""
    text = generate(project, CATALOG, style=style).text
    back = read_script(text, CATALOG).project
    assert generate(back, CATALOG, style=style).text == text
    return back
