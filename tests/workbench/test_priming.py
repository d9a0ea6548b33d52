"""What a thread derives first is found again by who asks later."""

from __future__ import annotations

from studio import catalog as catalogs
from studio import storage
from studio.codegen.flat import flat_calls
from studio.core.meaning import Meaning
from studio.workbench.priming import primed
from tests.support.large import large_project


def test_the_calls_of_an_opened_project_are_those_that_the_thread_made() -> None:
    catalog = catalogs.load()
    project = primed(storage.loads(storage.dumps(large_project())), catalog)
    made = {call.id: call for call in flat_calls(project, catalog)}

    later = flat_calls(Meaning().of(project), catalog)

    assert Meaning().of(project).main is project.main
    layers = [call for call in later if call.kind == "layer"]
    assert len(layers) > 900
    assert all(call is made[call.id] for call in layers)
