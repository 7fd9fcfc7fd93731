"""The upload contract: parts, resuming, completing, what is refused."""

import asyncio
import base64
import hashlib
import secrets
from typing import Any

import pytest

from tests.conftest import Engines
from tests.like_a_clip import like_a_clip
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql
from tests.videos.objects import join_parts, open_uploads
from tests.videos.relay import relay

PART_BYTES = 5 * 1024 * 1024
OPEN = {"file_name": "climb.mp4", "content_type": "video/mp4", "size_bytes": 1000}


def digest_of(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


async def object_key(engines: Engines, video: dict[str, Any]) -> str:
    return str((await sql(engines, "select object_key from videos where id = %s", video["id"]))[0][0])


@pytest.mark.proves("M06", "M19", "D06")
async def test_forty_megabytes_pass_the_api_by(api_url: str, engines: Engines) -> None:
    content = like_a_clip(secrets.token_bytes(40_000_000))
    async with relay(api_url) as counted:
        climber = await new_climber(counted.url)
        video = await climber.upload(content)
        await climber.http.aclose()
    assert (video["state"], video["size_bytes"], video["part_count"]) == ("uploaded", 40_000_000, 8)
    assert counted.sent_bytes < 16_000
    assert counted.received_bytes < 24_000
    key = await object_key(engines, video)
    assert key == f"uploads/{climber.user['id']}/{video['id']}"
    async with engines.stack.seaweedfs.client() as s3:
        stored = await s3.get_object(Bucket=engines.s3_bucket, Key=key)
        assert stored["ContentType"] == "video/mp4"
        assert hashlib.sha256(await stored["Body"].read()).digest() == hashlib.sha256(content).digest()


@pytest.mark.parametrize(
    ("size_bytes", "part_size_bytes", "part_count"),
    [
        (1, PART_BYTES, 1),
        (PART_BYTES, PART_BYTES, 1),
        (PART_BYTES + 1, PART_BYTES, 2),
        (160 * 2**20, PART_BYTES, 32),
        (160 * 2**20 + 1, 6 * 2**20, 27),
        (500_000_000, 15 * 2**20, 32),
    ],
)
async def test_a_file_is_cut_into_parts_by_its_size(
    climber: Climber, size_bytes: int, part_size_bytes: int, part_count: int
) -> None:
    video = await climber.open_upload(size_bytes)
    assert (video["part_size_bytes"], video["part_count"]) == (part_size_bytes, part_count)
    beyond = await climber.post(
        f"/api/v1/videos/{video['id']}/parts", {"part_number": part_count + 1, "sha256": digest_of(b"")}
    )
    assert beyond.status_code == 422
    assert f"parts 1 to {part_count}" in beyond.json()["detail"]


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"size_bytes": 500_000_001}, 413, "too_large"),
        ({"size_bytes": 2**53}, 413, "too_large"),
        ({"size_bytes": 0}, 422, "malformed"),
        ({"size_bytes": -1}, 422, "malformed"),
        ({"size_bytes": True}, 422, "malformed"),
        ({"size_bytes": "1000"}, 422, "malformed"),
        ({"size_bytes": 1.5}, 422, "malformed"),
        ({"content_type": "image/gif"}, 422, "malformed"),
        ({"content_type": "text/html"}, 422, "malformed"),
        ({"content_type": "video/mp4; codecs=avc1"}, 422, "malformed"),
        ({"file_name": ""}, 422, "malformed"),
        ({"file_name": "  "}, 422, "malformed"),
        ({"file_name": "x" * 256}, 422, "malformed"),
        ({"file_name": "climb\x00.mp4"}, 422, "malformed"),
        ({"file_name": "climb\r\nX-Evil: 1.mp4"}, 422, "malformed"),
    ],
)
async def test_what_is_no_video_is_refused_before_anything_is_sent(
    climber: Climber, fields: dict[str, object], status: int, error: str
) -> None:
    answer = await climber.post("/api/v1/videos", {**OPEN, **fields})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    if status == 413:
        assert "500 MB" in answer.json()["detail"]


@pytest.mark.proves("D05", "M19")
async def test_names_are_for_people_and_never_become_keys(climber: Climber, engines: Engines) -> None:
    names = [
        "../../etc/passwd",
        "/abs.mp4",
        "a/b\\c.mp4",
        "?uploadId=x&a=b#c.mp4",
        "登攀 🧗 é.mp4",
        "a.mp4",
        "a.mp4",
    ]
    videos = [await climber.open_upload(1000, file_name=name) for name in names]
    assert [video["file_name"] for video in videos] == names
    keys = [await object_key(engines, video) for video in videos]
    assert keys == [f"uploads/{climber.user['id']}/{video['id']}" for video in videos]
    for number, video in enumerate(videos[-2:]):
        content = like_a_clip(bytes([number]) * 1000)
        assert (await climber.send_part(video, 1, content)).status_code == 200
        assert (await climber.post(f"/api/v1/videos/{video['id']}/complete")).status_code == 200
        async with engines.stack.seaweedfs.client() as s3:
            stored = await s3.get_object(Bucket=engines.s3_bucket, Key=keys[number - 2])
            assert await stored["Body"].read() == content, "the same name overwrote another video"


@pytest.mark.proves("M31", "M11")
async def test_a_cut_upload_goes_on_through_another_process(climber: Climber, programs: Programs) -> None:
    content = like_a_clip(secrets.token_bytes(PART_BYTES + 1000))
    first, rest = content[:PART_BYTES], content[PART_BYTES:]
    video = await climber.open_upload(len(content))
    parts_path, complete_path = (f"/api/v1/videos/{video['id']}/{name}" for name in ("parts", "complete"))
    assert (await climber.get(parts_path)).json()["parts"] == []
    assert (await climber.send_part(video, 2, rest)).status_code == 200
    _, other_url = programs.api()
    climber.http.base_url = other_url
    known = (await climber.get(parts_path)).json()
    assert known["parts"] == [{"part_number": 2, "size_bytes": 1000, "sha256": digest_of(rest)}]
    early = await climber.post(complete_path)
    assert (early.status_code, early.json()["error"]) == (409, "upload_incomplete")
    assert "missing: 1." in early.json()["detail"]
    assert (await climber.send_part(video, 2, rest)).status_code == 200, "sending a part again is fine"
    assert (await climber.send_part(video, 1, first)).status_code == 200
    done = await climber.post(complete_path)
    assert done.json()["state"] == "uploaded"
    assert len((await climber.get(parts_path)).json()["parts"]) == 2
    closed = await climber.post(parts_path, {"part_number": 1, "sha256": digest_of(first)})
    assert (closed.status_code, closed.json()["error"]) == (409, "upload_finished")


@pytest.mark.proves("D06")
async def test_a_part_keeps_the_content_it_was_announced_with(climber: Climber) -> None:
    video = await climber.open_upload(1000)
    assert (await climber.send_part(video, 1, like_a_clip(b"a" * 1000))).status_code == 200
    path = f"/api/v1/videos/{video['id']}/parts"
    other = await climber.post(path, {"part_number": 1, "sha256": digest_of(like_a_clip(b"b" * 1000))})
    assert (other.status_code, other.json()["error"]) == (409, "upload_mismatch")
    assert (await climber.get(path)).json()["parts"][0]["sha256"] == digest_of(like_a_clip(b"a" * 1000))
    assert (await climber.post(f"/api/v1/videos/{video['id']}/complete")).status_code == 200


@pytest.mark.parametrize(
    "sha256", ["", "short", "not base64 " * 4, "A" * 44, "A" * 43 + "!", digest_of(b"") * 2]
)
async def test_a_digest_that_is_none_is_malformed(climber: Climber, sha256: str) -> None:
    video = await climber.open_upload(1000)
    answer = await climber.post(f"/api/v1/videos/{video['id']}/parts", {"part_number": 1, "sha256": sha256})
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")


async def test_completing_again_or_side_by_side_answers_the_same(climber: Climber) -> None:
    video = await climber.open_upload(1000)
    await climber.send_part(video, 1, like_a_clip(b"v" * 1000))
    path = f"/api/v1/videos/{video['id']}/complete"
    answers = await asyncio.gather(*(climber.post(path) for _ in range(4)))
    answers.append(await climber.post(path))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert {answer.text for answer in answers} == {answers[0].text}


@pytest.mark.proves("M31")
async def test_storage_joined_the_parts_but_the_answer_was_lost(climber: Climber, engines: Engines) -> None:
    video = await climber.open_upload(1000)
    await climber.send_part(video, 1, like_a_clip(b"v" * 1000))
    [(key, upload_id)] = await sql(
        engines, "select object_key, s3_upload_id from videos where id = %s", video["id"]
    )
    await join_parts(engines, key, upload_id, [digest_of(like_a_clip(b"v" * 1000))])
    answer = await climber.post(f"/api/v1/videos/{video['id']}/complete")
    assert (answer.status_code, answer.json()["state"]) == (200, "uploaded")


@pytest.mark.proves("D06")
async def test_an_object_that_is_not_what_was_announced_is_refused(
    climber: Climber, engines: Engines
) -> None:
    video = await climber.open_upload(1000)
    await climber.send_part(video, 1, like_a_clip(b"v" * 1000))
    [(key, upload_id)] = await sql(
        engines, "select object_key, s3_upload_id from videos where id = %s", video["id"]
    )
    async with engines.stack.seaweedfs.client() as s3:
        await s3.abort_multipart_upload(Bucket=engines.s3_bucket, Key=key, UploadId=upload_id)
        await s3.put_object(Bucket=engines.s3_bucket, Key=key, Body=b"w" * 999, ContentType="text/html")
    answer = await climber.post(f"/api/v1/videos/{video['id']}/complete")
    assert (answer.status_code, answer.json()["error"]) == (409, "upload_mismatch")
    assert "size, type, checksum" in answer.json()["detail"]
    assert (await climber.get(f"/api/v1/videos/{video['id']}")).json()["state"] == "uploading"


async def test_an_upload_that_storage_forgot_says_so(climber: Climber, engines: Engines) -> None:
    video = await climber.open_upload(1000)
    [(key, upload_id)] = await sql(
        engines, "select object_key, s3_upload_id from videos where id = %s", video["id"]
    )
    async with engines.stack.seaweedfs.client() as s3:
        await s3.abort_multipart_upload(Bucket=engines.s3_bucket, Key=key, UploadId=upload_id)
    parts = await climber.get(f"/api/v1/videos/{video['id']}/parts")
    assert (parts.status_code, parts.json()["error"]) == (409, "upload_expired")
    complete = await climber.post(f"/api/v1/videos/{video['id']}/complete")
    assert complete.status_code == 409


async def test_a_key_opens_one_upload_however_often_it_is_sent(climber: Climber, engines: Engines) -> None:
    key = secrets.token_hex(8)
    answers = await asyncio.gather(
        *(climber.post("/api/v1/videos", OPEN, Idempotency_Key=key) for _ in range(5))
    )
    answers.append(await climber.post("/api/v1/videos", OPEN, Idempotency_Key=key))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert answers[0].headers["location"] == f"/api/v1/videos/{answers[0].json()['id']}"
    assert await open_uploads(engines, f"uploads/{climber.user['id']}/") == 1
    for other in ({**OPEN, "size_bytes": 1001}, {**OPEN, "file_name": "b.mp4"}):
        reused = await climber.post("/api/v1/videos", other, Idempotency_Key=key)
        assert (reused.status_code, reused.json()["error"]) == (409, "idempotency_key_reused")
    elsewhere = await climber.post(
        "/api/v1/analyses", {"video_id": answers[0].json()["id"]}, Idempotency_Key=key
    )
    assert (elsewhere.status_code, elsewhere.json()["error"]) == (409, "idempotency_key_reused")


async def test_keys_of_two_climbers_do_not_meet(climber: Climber, stranger: Climber) -> None:
    key = secrets.token_hex(8)
    mine = await climber.post("/api/v1/videos", OPEN, Idempotency_Key=key)
    theirs = await stranger.post("/api/v1/videos", OPEN, Idempotency_Key=key)
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]
    for unusable in ("seven77", "with space in it", "x" * 201):
        refused = await climber.post("/api/v1/videos", OPEN, Idempotency_Key=unusable)
        assert refused.status_code == 422


async def test_a_repeated_request_says_that_its_upload_was_removed_since(climber: Climber) -> None:
    key = secrets.token_hex(8)
    opened = await climber.post("/api/v1/videos", OPEN, Idempotency_Key=key)
    await climber.delete(f"/api/v1/videos/{opened.json()['id']}")
    repeated = await climber.post("/api/v1/videos", OPEN, Idempotency_Key=key)
    assert (repeated.status_code, repeated.json()["error"]) == (404, "video_not_found")
    anew = await climber.post("/api/v1/videos", OPEN, Idempotency_Key=secrets.token_hex(8))
    assert anew.status_code == 201


async def test_an_account_cannot_fill_the_storage_with_uploads_it_never_completes(
    programs: Programs, engines: Engines
) -> None:
    _, url = programs.api(UPLOAD_MAX_UNSAVED="3", UPLOAD_MAX_UNSAVED_BYTES="10000")
    climber = await new_climber(url)
    opened = await asyncio.gather(*(climber.post("/api/v1/videos", OPEN) for _ in range(8)))
    assert sorted(answer.status_code for answer in opened) == [201] * 3 + [403] * 5
    refused = next(answer for answer in opened if answer.status_code == 403)
    assert refused.json()["error"] == "uploads_full"
    assert await open_uploads(engines, f"uploads/{climber.user['id']}/") == 3  # none without a row
    first = next(answer.json()["id"] for answer in opened if answer.status_code == 201)
    assert (await climber.delete(f"/api/v1/videos/{first}")).status_code == 204
    large = await climber.post("/api/v1/videos", OPEN | {"size_bytes": 8001})
    assert (large.status_code, large.json()["error"]) == (403, "uploads_full")
    assert (await climber.post("/api/v1/videos", OPEN | {"size_bytes": 8000})).status_code == 201
    stranger = await new_climber(url)
    assert (await stranger.post("/api/v1/videos", OPEN)).status_code == 201
    for one in (climber, stranger):
        await one.http.aclose()
