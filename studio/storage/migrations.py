"""Older formats -> the current one, one numbered step each, on plain dictionaries.

A step never sees our types: it must still work when they have changed. A format gets a new number only when an older
program would read the new file wrongly; keys that are merely new are kept by older programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from studio.storage.errors import ProjectFileError

FORMAT = 2
FIRST_FORMAT = 1
STEPS_FORMAT = 2
"""The first format in which a use of a block may be applied to every time step."""

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: Mapping[int, Migration] = {1: dict}
"""Format number n -> the step that makes format n + 1 of it."""


def migrate(
    plain: dict[str, Any], steps: Mapping[int, Migration] = MIGRATIONS, current: int = FORMAT
) -> dict[str, Any]:
    """``plain`` in the current format, without its key "format". ProjectFileError for a newer or unknown format."""
    number = plain.get("format")
    if type(number) is not int:
        raise ProjectFileError('The file is no project: its key "format" is missing or no whole number.')
    if number > current:
        raise ProjectFileError(
            f"The project was made by a newer version of Layer Studio (format {number}; this version reads up to "
            f"{current}). Install the newer version to open it."
        )
    while number < current:
        step = steps.get(number)
        if step is None:
            raise ProjectFileError(f"Format {number} of the project file is not known.")
        plain = step(plain)
        number += 1
    return {key: value for key, value in plain.items() if key != "format"}
