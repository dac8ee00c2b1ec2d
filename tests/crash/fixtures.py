"""The zygote, for every test that starts desks as processes."""

from collections.abc import AsyncIterator

import pytest

from tests.crash.desks import Zygote, zygote


@pytest.fixture(scope="session")
async def desks(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Zygote]:
    """One zygote for all tests of a process: it imports the product once."""
    async with zygote(tmp_path_factory.mktemp("desks")) as running:
        yield running
