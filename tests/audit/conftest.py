"""A log of one test alone: it is only added to, and must not begin where another test's ended."""

from collections.abc import AsyncIterator

import pytest

from ascension.infra.database.primary import Database
from tests.conftest import Engines


@pytest.fixture
async def database(clean_database: Engines) -> AsyncIterator[Database]:
    """As the API connects."""
    async with Database(clean_database.api_url, pool_size=4, application="tests") as found:
        yield found
