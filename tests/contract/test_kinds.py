"""JSON has kinds: a number is no yes or no, and the other way round. Every field of every body, by itself."""

from typing import Any
from uuid import uuid4

from tests.conftest import Engines
from tests.contract.routes import Route, resolve
from tests.contract.test_access import become
from tests.platform import Climber

OTHERS: dict[str, list[object]] = {
    "boolean": [0, 1, "true", "yes"],
    "number": [True, False, "1.5"],
    "integer": [True, False, "1"],
}


async def test_no_field_takes_another_kind_for_its_own(
    climber: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    await become(engines, climber, "admin")
    asked, taken = 0, list[str]()
    for route in routes:
        schema = route.body_schema(document)
        if schema is None or not route.needs_token:
            continue
        path = route.at(**{name: str(uuid4()) for name in route.path_names})
        refused = await climber.http.request(route.method.upper(), path, json=[], headers=climber.headers)
        if refused.status_code == 404:
            continue  # what it is about is looked for first: tests/sharing
        for name, field in schema.get("properties", {}).items():
            found = resolve(document, field)
            if "enum" in found:
                continue  # of a list of numbers, where True is 1
            for other in OTHERS.get(found.get("type", ""), []):
                body = {**(route.example_body(document) or {}), name: other}
                answer = await climber.http.request(
                    route.method.upper(), path, json=body, headers=climber.headers
                )
                asked += 1
                if answer.status_code != 422:
                    taken.append(f"{route} {name}: {other!r} was answered with {answer.status_code}")
    await become(engines, climber, "climber")
    assert asked > 25
    assert not taken, "\n".join(taken)
