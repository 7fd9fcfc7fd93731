"""The API's description, as a running process gives it."""

from typing import Any

import httpx2 as httpx
import pytest

from tests.contract.routes import Route, routes_of


@pytest.fixture(scope="session")
def document(api_url: str) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = httpx.get(f"{api_url}/api/v1/openapi.json", timeout=10).json()
    return found


@pytest.fixture(scope="session")
def routes(document: dict[str, Any]) -> list[Route]:
    """Every operation of the API."""
    return list(routes_of(document))
