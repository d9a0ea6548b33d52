"""Characters that make code of one's own read otherwise than it runs."""

from __future__ import annotations

import pytest

from studio import storage
from studio.core import edits
from studio.core.project import Project, Snippet
from studio.core.snippets import faults, read
from tests.support.catalog import CATALOG

TROJAN = "def bend(x):\n    who = 'user\u202e \u2066# for admins\u2069 \u2066'\n    return x\n"


def test_such_code_never_runs_and_is_told_with_its_line() -> None:
    assert read(TROJAN).fault is not None
    project = Project(snippets={"s1": Snippet("s1", "bend", "function", TROJAN)}, next_id=2)
    fault = faults(project, CATALOG)["s1"]
    assert (fault.line, fault.sentence) == (2, "the invisible character U+202E makes code look otherwise than it runs.")
    with pytest.raises(storage.ProjectFileError, match="line 2, holds the invisible character U\\+202E"):
        storage.dumps(project)


def test_what_a_person_pastes_is_written_out_and_means_the_same() -> None:
    project = edits.add_snippet(Project(), "function", "bend", TROJAN)
    (snippet,) = project.snippets.values()
    assert r"'user\u202e \u2066# for admins\u2069 \u2066'" in snippet.source
    assert not faults(project, CATALOG)
    assert storage.loads(storage.dumps(project)) == project
    meant: dict[str, object] = {}
    exec(snippet.source.replace("return x", "return who"), meant)
    assert meant["bend"](0) == "user\u202e \u2066# for admins\u2069 \u2066"  # type: ignore[operator]
    changed = edits.set_snippet_source(project, snippet.id, TROJAN + "# \u200e")
    assert changed.snippets[snippet.id].source.endswith(r"# \u200e")
