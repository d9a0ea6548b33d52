"""Inspector and training plan over the accessibility bus, where there is one: names, values, marks and reasons."""

from __future__ import annotations

from pathlib import Path

from tests.support.at_spi import needs_the_bus, told_by


@needs_the_bus
def test_a_screen_reader_reads_and_unfolds_the_forms(root: Path) -> None:
    told = told_by(root, "tests", "gui", "whole", "on_at_spi.py")
    name, role, _, text = told["units"]
    assert (name, role, text) == ("Units", "text", "10")
    assert told["activation"] == ["relu", "combo box", "Activation"], "a choice is heard with what it chooses"
    assert told["style"][1:] == ["combo box", "Style of the code"]
    assert told["refused"] not in ("", told["units"][2]), "why a value cannot stand is not read"
    assert told["unfolded"], "a press over the bus did not unfold the form"
    name, role, said, text = told["epochs"]
    assert (name, role, text) == ("Epochs", "text", "20")
    assert "training rows" in said
    name, role, said = told["beta"]
    assert (name, role) == ("Beta 1", "text")
    assert "changed, the default is 0.9" in said
