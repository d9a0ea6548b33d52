"""Long tests take a few samples every day and all of them where that is wished: ``HYPOTHESIS_PROFILE=thorough``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def sample(everything: Sequence[T], few: int) -> Sequence[T]:
    """The first few of them, or everything."""
    return everything if IS_THOROUGH else everything[:few]
