"""The API's description, as in tests/contract."""

from tests.contract.conftest import document, routes

__all__ = ["document", "routes"]
