"""Uploads are confirmed once, whatever is lost on the way: answers, processes, storage's own events."""

import asyncio
import base64
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import quote_plus
from uuid import UUID, uuid4

import httpx2 as httpx
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from ascension.embedded.stack import Stack
from ascension.errors.videos import VideoNotFound
from ascension.infra.database.primary import Database
from ascension.infra.settings import PlanSettings, RetentionSettings, UploadSettings
from ascension.infra.storage.objects import Storage
from ascension.plans.rights import Plans
from ascension.videos import service as videos
from ascension.videos.parts import VideoParts
from ascension.videos.uploads import service as upload_service
from tests.conftest import Engines, describe, new_home, remove_home, unused_port
from tests.eventually import eventually
from tests.like_a_clip import like_a_clip
from tests.nursery import Nursery
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql
from tests.videos.objects import is_stored, join_parts, open_uploads
from tests.videos.relay import relay
from tests.videos.test_uploads import digest_of

CONTENT = like_a_clip(b"v" * 1000)
SECRET = "of storage, and of nobody else: 0123456789"
EVENTS = "/api/v1/storage-events"


async def sent_upload(climber: Climber) -> dict[str, Any]:
    """An upload whose only part is there."""
    video = await climber.open_upload(len(CONTENT))
    assert (await climber.send_part(video, 1, CONTENT)).status_code == 200
    return video


async def joined_upload(climber: Climber, engines: Engines) -> dict[str, Any]:
    """An upload that storage has joined and that nobody has confirmed."""
    video = await sent_upload(climber)
    [(key, upload_id)] = await sql(
        engines, "select object_key, s3_upload_id from videos where id = %s", video["id"]
    )
    await join_parts(engines, key, upload_id, [digest_of(CONTENT)])
    return video


async def state_of(climber: Climber, video: dict[str, Any]) -> str:
    return str((await climber.get(f"/api/v1/videos/{video['id']}")).json()["state"])


async def outcomes(url: str) -> dict[str, int]:
    """What the API process has counted."""
    async with httpx.AsyncClient(timeout=30) as http:
        text = (await http.get(f"{url}/metrics")).text
    found = re.findall(r'^ascension_uploads_total{outcome="(\w+)"} (\S+)$', text, re.MULTILINE)
    return {outcome: int(float(count)) for outcome, count in found}


@pytest.fixture(scope="module")
def told_url(engines: Engines, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An API that takes storage's events."""
    programs = Programs(engines, tmp_path_factory.mktemp("told"), nursery)
    yield programs.api(UPLOAD_EVENT_SECRET=SECRET)[1]
    programs.end()


@pytest.mark.proves("M31", "D06")
async def test_a_lost_answer_and_many_calls_at_once_confirm_once(told_url: str) -> None:
    before = await outcomes(told_url)
    async with relay(told_url) as between:
        climber = await new_climber(between.url)
        video = await sent_upload(climber)
        between.loses_answers_to = re.compile(rb"POST [^ ]*/complete ")
        with pytest.raises(httpx.TransportError):
            await climber.post(f"/api/v1/videos/{video['id']}/complete")
        assert between.lost == 1
        between.loses_answers_to = None
        again = await asyncio.gather(
            *(climber.post(f"/api/v1/videos/{video['id']}/complete") for _ in range(6))
        )
        await climber.http.aclose()
    assert {(answer.status_code, answer.json()["state"]) for answer in again} == {(200, "uploaded")}
    after = await outcomes(told_url)
    assert {name for name in after if after[name] - before[name] == 1} == {"opened", "completed"}


@pytest.mark.proves("M31")
async def test_what_storage_joined_while_its_answers_were_lost_is_confirmed_without_the_client(
    programs: Programs, engines: Engines
) -> None:
    async with relay(engines.s3_endpoint) as between:
        _, url = programs.api(S3_ENDPOINT=between.url, HOUSEKEEPING_S="0.2")
        climber = await new_climber(url)
        video = await sent_upload(climber)
        between.loses_answers_to = re.compile(rb"POST [^ ]*/uploads/")  # that joins the parts
        lost = await climber.post(f"/api/v1/videos/{video['id']}/complete")
        assert (lost.status_code, lost.json()["error"]) == (503, "storage_unavailable")
        assert await is_stored(engines, f"uploads/{climber.user['id']}/{video['id']}")
        assert await state_of(climber, video) == "uploading"
        between.loses_answers_to = None
        await sql(
            engines,
            "update upload_completions set asked_at = now() - interval '61 s' where video_id = %s",
            video["id"],
        )

        async def is_confirmed() -> bool:
            return await state_of(climber, video) == "uploaded"

        await eventually(is_confirmed)
        assert (await outcomes(url))["confirmed_by_sweep"] == 1
        assert (await climber.post(f"/api/v1/videos/{video['id']}/complete")).status_code == 200
        await climber.http.aclose()
        for process in programs.processes:
            process.kill()
    left = await sql(engines, "select * from upload_completions where video_id = %s", video["id"])
    assert left == []


def _record(bucket: str, key: str) -> dict[str, Any]:
    return {
        "eventVersion": "2.3",
        "eventName": "ObjectCreated:CompleteMultipartUpload",
        "s3": {"bucket": {"name": bucket, "arn": "x"}, "object": {"key": quote_plus(key), "size": 1}},
    }


FORMS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "S3": lambda bucket, key: {"Records": [_record(bucket, key)]},
    "SNS": lambda bucket, key: {
        "Type": "Notification",
        "Message": json.dumps({"Records": [_record(bucket, key)]}),
        "Signature": "EXAMPLE",
    },
    "EventBridge": lambda bucket, key: {
        "version": "0",
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": bucket}, "object": {"key": key, "etag": "x"}, "reason": "PutObject"},
    },
    "SeaweedFS": lambda bucket, key: {
        "event_type": "create",
        "key": f"/buckets/{bucket}/{key}",
        "message": {"new_entry": {"name": "x", "chunks": [{"size": 1}]}, "signatures": [1]},
    },
}


@pytest.mark.proves("M31", "D06")
async def test_storage_tells_of_what_it_joined_and_is_never_believed(told_url: str, engines: Engines) -> None:
    before = await outcomes(told_url)
    climber = await new_climber(told_url)
    bearer = {"Authorization": f"Bearer {SECRET}"}
    basic = {"Authorization": "Basic " + base64.b64encode(f"sns:{SECRET}".encode()).decode()}

    async def tell(body: object, headers: dict[str, str] = bearer) -> int:
        answer = await climber.http.post(EVENTS, content=json.dumps(body), headers=headers)
        assert answer.status_code != 401 or answer.headers["www-authenticate"].startswith("Basic ")
        return answer.status_code

    prefix = f"uploads/{climber.user['id']}/"
    for name, form in FORMS.items():
        video = await joined_upload(climber, engines)
        event = form(engines.s3_bucket, prefix + video["id"])
        for wrong in ({}, {"Authorization": f"Bearer {SECRET}x"}, {"Authorization": f"Basic {SECRET}"}):
            assert await tell(event, wrong) == 401, name
        assert await tell(form("another-bucket", prefix + video["id"])) == 204
        assert await state_of(climber, video) == "uploading", name
        assert await tell(event, basic if name == "SNS" else bearer) == 204, name
        assert await state_of(climber, video) == "uploaded", name
        assert await tell(event) == 204, "a replay is harmless"
    after = await outcomes(told_url)
    assert after["confirmed_by_event"] - before["confirmed_by_event"] == len(FORMS)

    half = await sent_upload(climber)  # told of, and not there
    altered = await climber.open_upload(len(CONTENT))
    async with engines.stack.seaweedfs.client() as s3:
        await s3.put_object(
            Bucket=engines.s3_bucket, Key=prefix + altered["id"], Body=b"w" * 1000, ContentType="video/mp4"
        )
    for video in (half, altered):
        assert await tell(FORMS["S3"](engines.s3_bucket, prefix + video["id"])) == 204
        assert await state_of(climber, video) == "uploading"
    await climber.http.aclose()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"Event": "s3:TestEvent", "Bucket": "ascension"}, 204),
        ({"Type": "SubscriptionConfirmation", "TopicArn": "arn:aws:sns:x", "SubscribeURL": "http://h/"}, 204),
        ({"Records": []}, 204),
        ({"Records": [_record("ascension", "../../etc/passwd")]}, 204),
        ({"Records": [_record("ascension", f"uploads/{uuid4()}/{uuid4()}")]}, 204),
        ({"Records": [_record("ascension", "a")] * 101}, 422),
        ({"Records": "x"}, 422),
        ({"Type": "Notification", "Message": "no JSON"}, 422),
        ({"event_type": "create", "key": 3}, 422),
        ([], 422),
        (None, 422),
        ("[" * 5000, 422),
        ({"Records": ["x" * 65_536]}, 413),
    ],
)
async def test_strange_events_do_nothing(told_url: str, body: object, status: int) -> None:
    async with httpx.AsyncClient(timeout=30) as http:
        content = body if isinstance(body, str) else json.dumps(body)
        headers = {"Authorization": f"Bearer {SECRET}"}
        answer = await http.post(told_url + EVENTS, content=content, headers=headers)
    assert answer.status_code == status


async def test_no_events_are_taken_where_no_secret_is_set(climber: Climber) -> None:
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer x"}):
        answer = await climber.http.post(EVENTS, json={"Records": []}, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (404, "route_not_found")


@pytest.mark.proves("M31")
async def test_the_storage_of_make_up_tells_the_api_by_itself(tmp_path: Any) -> None:
    home, port = new_home(), unused_port()
    stack = Stack(home, durable=False, events_url=f"http://127.0.0.1:{port}{EVENTS}")
    await stack.start()
    programs = Programs(describe(stack), tmp_path)
    try:
        _, url = programs.api_at(port)
        climber = await new_climber(url)
        video = await joined_upload(climber, programs.engines)

        async def is_confirmed() -> bool:
            return await state_of(climber, video) == "uploaded"

        await eventually(is_confirmed)
        assert (await outcomes(url))["confirmed_by_event"] == 1
        await climber.http.aclose()
    finally:
        programs.end()
        stack.kill()
        remove_home(home)


async def test_uploads_that_nobody_finished_and_those_without_a_row_go(
    engines: Engines, programs: Programs, climber: Climber
) -> None:
    prefix = f"uploads/{climber.user['id']}/"
    two_days_ago = uuid7(nanoseconds=time.time_ns() - 2 * 24 * 3600 * 10**9)
    waiting, unfinished = await sent_upload(climber), await sent_upload(climber)
    async with engines.stack.seaweedfs.client() as s3:
        for key in (
            prefix + str(two_days_ago),
            prefix + str(uuid7()),
        ):  # of an API that died; of one just now
            await s3.create_multipart_upload(Bucket=engines.s3_bucket, Key=key, ContentType="video/mp4")
    assert await open_uploads(engines, prefix) == 4
    await sql(
        engines, "update videos set expires_at = now() - interval '1 s' where id = %s", unfinished["id"]
    )
    _, url = programs.api(HOUSEKEEPING_S="0.2")

    async def is_swept() -> bool:
        return await open_uploads(engines, prefix) == 2

    await eventually(is_swept)
    assert await open_uploads(engines, prefix + str(two_days_ago)) == 0
    assert await state_of(climber, unfinished) == "expired"
    counted = await outcomes(url)
    assert counted["abandoned"] == 1
    assert counted["expired"] <= 1, "the other API process may have been first"
    done = await climber.post(f"/api/v1/videos/{waiting['id']}/complete")
    assert (done.status_code, done.json()["state"]) == (200, "uploaded")


@pytest.mark.proves("D06")
async def test_a_bit_that_flipped_in_storage_is_a_reason_and_no_result(
    engines: Engines, programs: Programs, climber: Climber
) -> None:
    video = await climber.upload(CONTENT)
    async with engines.stack.seaweedfs.client() as s3:
        await s3.put_object(
            Bucket=engines.s3_bucket,
            Key=f"uploads/{climber.user['id']}/{video['id']}",
            Body=CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]),
            ContentType="video/mp4",
        )
    answer = await climber.post("/api/v1/analyses", {"video_id": video["id"]})
    programs.worker()
    ended = await climber.wait(answer.json()["id"])
    assert (ended["state"], ended["failure"]["error"]) == ("failed", "video_altered")


async def test_a_video_that_is_deleted_while_its_upload_is_completed_is_not_there(
    told_url: str, engines: Engines
) -> None:
    climber = await new_climber(told_url)
    video = await joined_upload(climber, engines)

    async def is_waiting() -> bool:
        return bool(await sql(engines, "select pid from pg_locks where not granted"))

    async with await psycopg.AsyncConnection.connect(engines.admin_url) as deleting:
        await deleting.execute("delete from videos where id = %s", (video["id"],))
        completing = asyncio.create_task(climber.post(f"/api/v1/videos/{video['id']}/complete"))
        await eventually(is_waiting)
    answer = await completing
    assert (answer.status_code, answer.json()["error"]) == (404, "video_not_found")
    await climber.http.aclose()


async def test_what_storage_joined_after_the_removal_of_its_video_goes_too(
    engines: Engines, climber: Climber
) -> None:
    video = await joined_upload(climber, engines)
    key_id, secret = engines.s3_keys("api")
    async with (
        Database(engines.api_url, pool_size=1, application="test") as database,
        Storage(
            endpoint=engines.s3_endpoint,
            public_endpoint=engines.s3_endpoint,
            region=engines.s3_region,
            bucket=engines.s3_bucket,
            key_id=key_id,
            secret=secret,
        ) as storage,
    ):
        async with database.transaction() as tx:
            found = await videos.get(tx.connection, UUID(video["id"]), UUID(climber.user["id"]))
        await sql(engines, "delete from videos where id = %s", video["id"])
        parts = VideoParts(database, storage, UploadSettings(), RetentionSettings(), Plans.of(PlanSettings()))
        digests = {1: base64.b64decode(digest_of(CONTENT))}
        with pytest.raises(VideoNotFound):
            await upload_service.finish(parts, found, digests, "completed")
        while await videos.sweep(database, storage):
            pass
    assert not await is_stored(engines, found.object_key)


HOSTILE = ("\x00", "%00", "%ff%fe", "../..", "/", "\\", "'", "\u202e", "%s", "+", "a" * 5000)
TEXTS = st.text() | st.sampled_from(HOSTILE)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def hostile_events(draw: st.DrawFn, bucket: str, key: str) -> bytes:
    """Bytes, JSON, or an event with the wrong thing in one place, of which some name what is there."""
    kind = draw(st.sampled_from(["bytes", "json", "deep", "event", "event", "event"]))
    if kind == "bytes":
        return draw(st.binary(max_size=200))
    if kind == "deep":
        return draw(st.sampled_from([b"[", b'{"Records":'])) * draw(st.integers(1, 4000))
    event: Any = draw(JSON)
    if kind == "event":
        form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
        named = draw(st.just(key) | TEXTS.map(lambda more: key + more) | TEXTS)
        event = form(draw(st.just(bucket) | TEXTS), named.encode(errors="replace").decode())
        place: dict[str, Any] = event
        while draw(st.booleans()):
            name = draw(st.sampled_from(sorted(place)))
            below = place[name]
            if draw(st.booleans()):
                place[name] = draw(JSON)
            if not isinstance(below, dict):
                break
            place = cast("dict[str, Any]", below)
    return json.dumps(event).encode()


def test_whoever_knows_the_secret_confirms_and_breaks_nothing(told_url: str, engines: Engines) -> None:
    async def begin() -> tuple[Climber, dict[str, Any]]:
        climber = await new_climber(told_url)
        video = await sent_upload(climber)
        await climber.http.aclose()
        return climber, video

    climber, video = asyncio.run(begin())
    told: set[int] = set()
    with httpx.Client(
        base_url=told_url, headers={"Authorization": f"Bearer {SECRET}"}, timeout=30
    ) as storage:

        @settings(max_examples=200, deadline=None)
        @given(hostile_events(engines.s3_bucket, f"uploads/{climber.user['id']}/{video['id']}"))
        def tell(body: bytes) -> None:
            answer = storage.post(EVENTS, content=body)
            told.add(answer.status_code)
            assert answer.status_code in {204, 422}, (answer.status_code, answer.text, body)
            assert answer.status_code == 204 or answer.json()["error"] == "malformed"

        tell()
        assert told == {204, 422}
        path = f"/api/v1/videos/{video['id']}"
        assert storage.get(path, headers=climber.headers).json()["state"] == "uploading"
