"""One real trainer and one real checker for all tests that talk to a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studio import protocol
from tests.support.engine_client import EngineClient


@pytest.fixture(scope="session")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineClient]:
    with EngineClient("trainer", tmp_path_factory.mktemp("trainer")) as client:
        client.wait_for(protocol.Ready, timeout=120)
        yield client


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineClient]:
    with EngineClient("checker", tmp_path_factory.mktemp("checker")) as client:
        client.wait_for(protocol.Ready, timeout=120)
        yield client
