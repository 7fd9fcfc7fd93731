"""Signed links: storage takes exactly what was announced, from whoever holds the link, for a while."""

import asyncio
import base64
import hashlib
import re
from typing import Any

import httpx2 as httpx
import pytest

from tests.conftest import Engines
from tests.like_a_clip import like_a_clip
from tests.platform import Climber

CONTENT = like_a_clip(b"v" * 1000)


@pytest.fixture
async def video(climber: Climber) -> dict[str, Any]:
    return await climber.open_upload(len(CONTENT))


@pytest.fixture
async def link(climber: Climber, video: dict[str, Any]) -> dict[str, Any]:
    """A signed link for the video's only part."""
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    answer = await climber.post(f"/api/v1/videos/{video['id']}/parts", {"part_number": 1, "sha256": digest})
    found: dict[str, Any] = answer.json()
    assert found["method"] == "PUT"
    return found


async def put(url: str, content: bytes, headers: dict[str, str], method: str = "PUT") -> int:
    async with httpx.AsyncClient(timeout=30) as storage:
        return (await storage.request(method, url, content=content, headers=headers)).status_code


@pytest.mark.proves("D06", "M24")
async def test_storage_takes_no_other_size_content_header_part_or_key(
    link: dict[str, Any], video: dict[str, Any], climber: Climber, engines: Engines
) -> None:
    url, headers = link["url"], link["headers"]
    other = base64.b64encode(hashlib.sha256(b"w" * 1000).digest()).decode()
    refused = {
        "larger": await put(url, CONTENT + b"v", headers),
        "smaller": await put(url, CONTENT[:-1], headers),
        "empty": await put(url, b"", headers),
        "other content": await put(url, b"w" * 1000, headers),
        "other content, its digest": await put(url, b"w" * 1000, {"x-amz-checksum-sha256": other}),
        "no digest": await put(url, CONTENT, {}),
        "made public": await put(url, CONTENT, {**headers, "x-amz-acl": "public-read"}),
        "GET": await put(url, b"", headers, "GET"),
        "DELETE": await put(url, b"", headers, "DELETE"),
        "other part": await put(url.replace("partNumber=1", "partNumber=2"), CONTENT, headers),
        "whole object": await put(url.split("?")[0], CONTENT, headers),
        "other key": await put(url.replace(video["id"], climber.user["id"]), CONTENT, headers),
        "longer life": await put(url.replace("Expires=900", "Expires=9000"), CONTENT, headers),
        "other bucket": await put(url.replace(f"/{engines.s3_bucket}/", "/another/"), CONTENT, headers),
        "a version": await put(f"{url}&versionId=null", CONTENT, headers),
        "a name for the answer": await put(f"{url}&response-content-type=text/html", CONTENT, headers),
        "other time": await put(re.sub(r"Date=\d{8}T", "Date=20200101T", url), CONTENT, headers),
        "other signature": await put(url[:-4] + "0000", CONTENT, headers),
    }
    assert {name: status for name, status in refused.items() if status not in (400, 403)} == {}
    parts = await climber.get(f"/api/v1/videos/{video['id']}/parts")
    assert parts.json()["parts"] == [], "something was stored"
    assert await put(url, CONTENT, headers) == 200
    assert link["expires_in_s"] == 900


@pytest.mark.proves("D06")
async def test_a_link_is_worth_nothing_once_the_upload_is_complete(
    link: dict[str, Any], video: dict[str, Any], climber: Climber
) -> None:
    assert await put(link["url"], CONTENT, link["headers"]) == 200
    assert (await climber.post(f"/api/v1/videos/{video['id']}/complete")).status_code == 200
    assert await put(link["url"], CONTENT, link["headers"]) in (403, 404)


@pytest.mark.proves("M24", "M05")
async def test_playback_is_by_a_link_that_reads_and_does_nothing_else(
    climber: Climber, engines: Engines
) -> None:
    content = like_a_clip(bytes(range(256)) * 8)
    video = await climber.upload(content)
    answer = (await climber.get(f"/api/v1/videos/{video['id']}/playback")).json()
    url: str = answer["url"]
    assert url.startswith(engines.s3_endpoint)
    assert answer["expires_in_s"] == 900
    async with httpx.AsyncClient(timeout=30) as storage:
        whole = await storage.get(url)
        assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
        assert whole.content == content
        part = await storage.get(url, headers={"Range": "bytes=256-511"})
        assert (part.status_code, part.content) == (206, bytes(range(256)))
        assert part.headers["content-range"] == "bytes 256-511/2048"
        assert (await storage.get(url, headers={"Range": "bytes=9999-"})).status_code == 416
        for name, refused in {
            "unsigned": await storage.get(url.split("?", maxsplit=1)[0]),
            "tampered": await storage.get(url[:-4] + "0000"),
            "other date": await storage.get(url.replace("X-Amz-Date=2", "X-Amz-Date=1")),
            "other video": await storage.get(url.replace(video["id"], climber.user["id"])),
            "overwrite": await storage.put(url, content=b"x"),
            "delete": await storage.delete(url),
            "list the bucket": await storage.get(f"{engines.s3_endpoint}/{engines.s3_bucket}"),
        }.items():
            assert refused.status_code == 403, name
        assert (await storage.get(url)).content == content


@pytest.mark.proves("M24")
async def test_a_link_ends_with_its_time(engines: Engines, climber: Climber) -> None:
    video = await climber.upload(CONTENT)
    key = f"uploads/{climber.user['id']}/{video['id']}"
    async with engines.stack.seaweedfs.client("ascension-api") as s3:
        link = await s3.generate_presigned_url(
            "get_object", Params={"Bucket": engines.s3_bucket, "Key": key}, ExpiresIn=1
        )
    async with httpx.AsyncClient(timeout=30) as storage:
        statuses = [(await storage.get(link)).status_code]
        while statuses[-1] == 200 and len(statuses) < 40:
            await asyncio.sleep(0.1)
            statuses.append((await storage.get(link)).status_code)
    assert statuses[-1] == 403
