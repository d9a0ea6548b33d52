"""The catalog that the program ships, loaded once for all tests."""

from __future__ import annotations

from studio import catalog

CATALOG = catalog.load()
