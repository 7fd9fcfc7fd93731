"""The routes of the API as its own description names them, and calls on them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """One operation of the OpenAPI document."""

    method: str
    path: str
    operation: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def needs_token(self) -> bool:
        return bool(self.operation.get("security"))

    @property
    def path_names(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    def at(self, **ids: str) -> str:
        """The path with these ids in it."""
        return self.path.format(**ids)

    def body_schema(self, document: dict[str, Any]) -> dict[str, Any] | None:
        """The schema of its JSON body, if it takes one."""
        content = self.operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            return None
        schema: dict[str, Any] = content["schema"]
        return resolve(document, schema)

    def example_body(self, document: dict[str, Any]) -> dict[str, Any] | None:
        """The documented example of its body, if it takes one."""
        schema = self.body_schema(document)
        return None if schema is None else schema["examples"][0]


def resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference to a named schema; of a body that may be left out, to the schema it has else."""
    schema = next((choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"), schema)
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: dict[str, Any] = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return found


def routes_of(document: dict[str, Any]) -> Iterator[Route]:
    """Every operation."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                yield Route(method, path, operation)
