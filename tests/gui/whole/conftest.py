"""The whole window with fake engines."""

from __future__ import annotations

from tests.journeys.fake_window import dialogs, faked_window, open_window  # noqa: F401
