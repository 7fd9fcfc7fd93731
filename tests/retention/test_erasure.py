"""An erased account leaves nothing in storage, in a table or in a key, and no worker adds to it."""

import asyncio
import secrets

import httpx2 as httpx
import pytest
import websockets

from tests.comparisons.seeds import compared_climbs
from tests.conftest import Engines
from tests.eventually import eventually
from tests.platform import ACCEPTED, EXAMPLE, PASSWORD, Climber, Programs, new_climber, until
from tests.retention.traces import keys_with, rows_with, versions

SWEEPING = {"HOUSEKEEPING_S": "0.2", "ERASURE_SETTLE_S": "2", "MOVED_OBJECT_GRACE_S": "600"}


async def erase(climber: Climber, password: str = PASSWORD) -> httpx.Response:
    return await climber.http.request(
        "DELETE", "/api/v1/users/me", json={"password": password}, headers=climber.headers
    )


async def live_a_little(engines: Engines, climber: Climber) -> list[str]:
    """One of everything that a user can leave; ids of the jobs."""
    await compared_climbs(engines, climber)
    saved, given_up = await climber.upload(b"s" * 1000), await climber.upload(b"g" * 1000)
    for video in (saved, given_up):
        assert (await climber.put(f"/api/v1/videos/{video['id']}/saved", None)).status_code == 200
    assert (await climber.delete(f"/api/v1/videos/{given_up['id']}/saved")).status_code == 200
    half = await climber.open_upload(2000)
    await climber.send_part(half, 1, b"h" * 2000)
    await climber.put("/api/v1/users/me/climber", {"body_height_m": 1.7})
    body = {"file_name": "a.mp4", "content_type": "video/mp4", "size_bytes": 10}
    await climber.post("/api/v1/videos", body, Idempotency_Key=secrets.token_hex(8))
    await climber.post("/api/v1/ws-tickets")
    return [
        (await climber.analyze(b"w" * 1000))["id"],
        (await climber.analyze(await asyncio.to_thread(EXAMPLE.read_bytes)))["id"],
    ]


async def close_code(socket: websockets.ClientConnection) -> int | None:
    """Read until the other side closes; with which code."""
    async with asyncio.timeout(20):
        try:
            while True:
                await socket.recv()
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


@pytest.mark.proves("M23")
async def test_an_erased_account_leaves_nothing_even_where_every_version_is_kept(
    own_stack: Engines, broken_programs: Programs
) -> None:
    async with own_stack.stack.seaweedfs.client() as s3:
        await s3.put_bucket_versioning(
            Bucket=own_stack.s3_bucket, VersioningConfiguration={"Status": "Enabled"}
        )
    process, url = broken_programs.api(**SWEEPING)
    climber, bystander = await new_climber(url), await new_climber(url)
    kept = await bystander.upload(b"k" * 1000)
    analyses = await live_a_little(own_stack, climber)
    worker = broken_programs.worker(JOB_HEARTBEAT_S="0.5")
    await climber.wait_for_child(analyses[1])
    await climber.post("/api/v1/ws-tickets")
    mine = (climber.user["id"], climber.email)
    assert len(await versions(own_stack, mine[0])) >= 8
    assert len(await rows_with(own_stack, *mine)) >= 8
    assert await keys_with(own_stack, *mine) != []

    async with climber.live():
        answer = await erase(climber)
        assert (answer.status_code, answer.json()["state"]) == (202, "erasing"), answer.text
        process.kill()  # what follows is carried on by another process
        _, other_url = broken_programs.api(**SWEEPING)
    climber.http.base_url = bystander.http.base_url = other_url
    # a process that hung writes once more
    async with own_stack.stack.seaweedfs.client() as s3:
        await s3.put_object(Bucket=own_stack.s3_bucket, Key=f"results/{mine[0]}/late/wall.webp", Body=b"w")
    path = answer.headers["location"]

    async def is_erased() -> bool:
        return (await climber.http.get(path)).json()["state"] == "erased"

    await eventually(is_erased, timeout_s=150)  # the lease of who was killed, on a full machine
    assert (await climber.http.get(path)).json()["objects_removed"] >= 8
    await until(lambda: "job_claim_lost" in worker.log(), timeout_s=150)
    assert await versions(own_stack, mine[0]) == []
    assert await rows_with(own_stack, *mine) == []
    assert await keys_with(own_stack, *mine, *analyses) == []
    playback = await bystander.get(f"/api/v1/videos/{kept['id']}/playback")
    assert playback.status_code == 200, "others keep what is theirs"
    for one in (climber, bystander):
        await one.http.aclose()


async def test_the_account_is_gone_with_the_answer(climber: Climber, stranger: Climber) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    for password in ("", "not the password"):
        refused = await erase(climber, password)
        assert (refused.status_code, refused.json()["error"]) == (403, "password_wrong")
    assert (await erase(stranger, PASSWORD)).status_code == 202
    assert (await climber.get(f"/api/v1/analyses/{analysis['id']}")).status_code == 200
    async with climber.live() as socket:
        answer = await erase(climber)
        assert await close_code(socket) == 4410
    assert "ascension_refresh=" in answer.headers["set-cookie"]
    for gone in (
        await climber.get("/api/v1/users/me"),
        await climber.get("/api/v1/analyses"),  # which does not ask whether the account is there
        await climber.get(f"/api/v1/analyses/{analysis['id']}"),
        await climber.post("/api/v1/ws-tickets"),
        await climber.http.post("/api/v1/auth/refresh"),
        await erase(climber),
        await climber.post(
            "/api/v1/videos", {"file_name": "a", "content_type": "video/mp4", "size_bytes": 1}
        ),
    ):
        assert (gone.status_code, gone.json()["error"]) == (401, "session_revoked"), gone.text
    login = {"email": climber.email, "password": PASSWORD}
    assert (await climber.http.post("/api/v1/auth/login", json=login)).status_code == 401
    state = await climber.http.get(answer.headers["location"])
    assert climber.user["id"] not in state.text, "who knows the erasure's id learns nothing of whose it was"
    again = {"email": climber.email, "password": "another long password", "accepted": ACCEPTED}
    assert (await climber.http.post("/api/v1/auth/register", json=again)).status_code == 201
