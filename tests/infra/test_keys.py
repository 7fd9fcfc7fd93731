"""Names of objects are made in one place, of ids alone: what anybody sends becomes no part of one."""

import ast
import inspect
import re
from typing import get_type_hints
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ascension.infra.storage import keys, lifetimes
from tests.platform import ROOT, Climber

SOURCE = ROOT / "src" / "ascension"
PREFIXES = "|".join(prefix.rstrip("/") for prefix in lifetimes.PREFIXES)
MAKERS = [
    maker
    for name, maker in inspect.getmembers(keys, inspect.isfunction)
    if maker.__module__ == keys.__name__ and name != "ids_in"
]
ELSEWHERE = {
    "infra/storage/lifetimes.py": "the prefixes themselves",
    "exports/making.py": "names inside an archive, of ids as well",
    "retention/check_queries.py": "in SQL, compared with what storage lists",
    "videos/uploads/event_endpoints.py": "an example of an event",
}

NAMES = (
    "../../saved/other",
    "/etc/passwd",
    "a/b.mp4",
    "..",
    "%2e%2e%2f%2e%2e",
    "\u202egnp.4pm",
    "C:\\climb.mp4",
    "climb.mp4?partNumber=2&uploadId=x",
    "#",
    "\U0001f9d7 \u00e9t\u00e9",
    "x" * 255,
)


@given(user=some.uuids(), thing=some.uuids())
def test_a_key_is_its_prefix_and_ids(user: UUID, thing: UUID) -> None:
    made = [maker(user, thing) for maker in MAKERS]
    assert len(made) == len(set(made)) >= 6
    for key in made:
        assert re.fullmatch(rf"({PREFIXES})/{user}/{thing}(-clean|/|/wall(-covered)?\.webp)?", key)
        assert key.startswith(lifetimes.PREFIXES)


def test_makers_of_keys_take_nothing_but_ids() -> None:
    for maker in MAKERS:
        hints = get_type_hints(maker)
        assert hints.pop("return") is str
        assert set(hints.values()) == {UUID}, maker.__name__


def test_no_other_module_writes_the_beginning_of_a_key() -> None:
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                is_text = len(node.value.split("\n\n")) > 1 or node.value.count(" ") > 8
                begins = re.search(rf"(?<![\w/])({PREFIXES})/", node.value)
                if begins and not (is_text and "select" not in node.value):
                    found.add(str(path.relative_to(SOURCE)))
    assert found == set(ELSEWHERE)


@pytest.mark.proves("D05")
async def test_whatever_a_file_is_called_its_key_is_made_of_ids(climber: Climber) -> None:
    for name in NAMES:
        body = {"file_name": name, "content_type": "video/mp4", "size_bytes": 1000}
        opened = await climber.post("/api/v1/videos", body, Idempotency_Key=f"key-{NAMES.index(name)}/../x")
        assert opened.status_code == 201, opened.text
        video = opened.json()
        assert video["file_name"] == name
        digest = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        link = await climber.post(f"/api/v1/videos/{video['id']}/parts", {"part_number": 1, "sha256": digest})
        url: str = link.json()["url"]
        path = urlsplit(url).path
        assert path.split("/", 2)[2] == keys.upload_key(UUID(climber.user["id"]), UUID(video["id"]))
        assert (await climber.delete(f"/api/v1/videos/{video['id']}")).status_code == 204
