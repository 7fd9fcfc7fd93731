"""The archive of everything: by password, begun anew where its maker died, gone after a week."""

import io
import json
import secrets
import zipfile
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest

from ascension.accounts.mail.service import Post
from ascension.audit.entries import COMMAND, account, record
from ascension.errors.http import StorageUnavailable
from ascension.exports.making import make_next, sweep
from ascension.exports.parts import ExportParts
from ascension.infra.database.primary import Database
from ascension.infra.storage.keys import thumbnail_key
from ascension.infra.storage.objects import Storage
from tests.comparisons.seeds import compared_climbs
from tests.conftest import Engines, unused_port
from tests.eventually import eventually
from tests.platform import PASSWORD, Climber, Programs, new_climber, plain_http
from tests.retention.traces import versions
from tests.rows import sql

EXPORTS = "/api/v1/users/me/exports"


async def ask(climber: Climber, password: str | None = PASSWORD) -> httpx.Response:
    return await climber.post(EXPORTS, {"password": password})


async def ready(climber: Climber) -> dict[str, Any]:
    """The latest, once it is."""

    async def is_ready() -> bool:
        return (await climber.get(EXPORTS)).json()["items"][0]["state"] == "ready"

    await eventually(is_ready, timeout_s=60)
    return (await climber.get(EXPORTS)).json()["items"][0]


async def fetch(climber: Climber, export_id: str) -> zipfile.ZipFile:
    link = (await climber.get(f"{EXPORTS}/{export_id}/link")).json()
    assert link["expires_in_s"] <= 900
    async with plain_http() as storage:
        answer = await storage.get(link["url"])
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="ascension-')
    return zipfile.ZipFile(io.BytesIO(answer.content))


async def with_pictures(engines: Engines, climber: Climber) -> str:
    """One of the climber's analyses, which has them now."""
    [(analysis_id, key)] = await sql(
        engines,
        """
        update analyses set wall_object_key = 'results/' || user_id || '/' || id || '/wall.webp',
            thumbnail_width_px = 9, thumbnail_height_px = 16
        where id = (select id from analyses where user_id = %s and result is not null order by id limit 1)
        returning id::text, wall_object_key
        """,
        climber.user["id"],
    )
    async with engines.stack.seaweedfs.client() as s3:
        await s3.put_object(Bucket=engines.s3_bucket, Key=key, Body=b"a wall")
        small = thumbnail_key(UUID(climber.user["id"]), UUID(analysis_id))
        await s3.put_object(Bucket=engines.s3_bucket, Key=small, Body=b"a climb")
    return analysis_id


@pytest.mark.proves("D19")
async def test_the_archive_holds_everything_and_nothing_of_others(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    await compared_climbs(engines, climber)
    clip = secrets.token_bytes(9 * 2**20)  # more than a part of the archive
    video = await climber.upload(clip)
    await climber.put("/api/v1/users/me/climber", {"height_m": 1.74})
    await stranger.upload(b"somebody else's")
    assert (await climber.put("/api/v1/users/me/language", {"language": "fr"})).status_code == 204
    wall_of = await with_pictures(engines, climber)
    await sql(
        engines,
        """
        insert into coach_grants (id, user_id, coach_id, email, with_past, accepted_at, expires_at)
        values (gen_random_uuid(), %s, %s, %s, true, now(), now() + interval '1 day')
        """,
        stranger.user["id"],
        climber.user["id"],
        climber.email,
    )
    opened = Database(engines.api_url, pool_size=1, application="tests")
    async with opened as database, database.transaction() as tx:
        await record(tx.connection, "factor.removed", COMMAND, account(UUID(climber.user["id"])))
    asked = await ask(climber)
    assert asked.status_code == 201, asked.text
    export = await ready(climber)
    archive = await fetch(climber, export["id"])
    assert archive.testzip() is None
    names = archive.namelist()
    assert all("/" not in name.removeprefix("videos/").removeprefix("results/") for name in names)
    assert archive.read(f"videos/{video['id']}.mp4").endswith(clip[-1000:])
    [account_file] = json.loads(archive.read("account.json"))
    assert (account_file["email"], account_file["climber"]["height_m"]) == (climber.email, 1.74)
    told = {name: json.loads(archive.read(name)) for name in names if name.endswith(".json")}
    assert {one["document"] for one in told["consents.json"]} == {"terms", "privacy"}
    assert len(told["comparisons.json"]) == 1
    assert len(told["analyses.json"]) == len([name for name in names if name.endswith(".csv")]) >= 2
    acts = {(one["action"], one["by_you"]) for one in told["audit.json"]}
    assert {("export.asked", True), ("factor.removed", False)} <= acts
    assert account_file["language"] == "fr"
    assert [one["climber"] for one in told["coaching.json"]] == [stranger.user["display_name"]]
    assert archive.read(f"results/{wall_of}.webp") == b"a wall"
    assert archive.read(f"results/{wall_of}-climb.webp") == b"a climb"
    whole = b"".join(archive.read(name) for name in names if not name.startswith("videos/"))
    for secret in (stranger.user["id"], stranger.email, "$argon2id$"):
        assert secret.encode() not in whole


async def test_it_is_asked_for_by_its_owner_and_a_few_times_a_day(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    refused = await ask(climber, "not the password")
    assert (refused.status_code, refused.json()["error"]) == (403, "password_wrong")
    [(under_way,)] = await sql(
        engines,
        """
        insert into exports (id, user_id, language, state, lease_until)
        values (gen_random_uuid(), %s, 'en', 'making', now() + interval '1 hour') returning id::text
        """,
        climber.user["id"],
    )
    again = await ask(climber)
    assert (again.status_code, again.json()["error"]) == (409, "export_under_way")
    assert (await climber.delete(f"{EXPORTS}/{under_way}")).status_code == 204
    made = [await ask(climber)]
    assert (await climber.delete(f"{EXPORTS}/{made[0].json()['id']}")).status_code == 204
    made.append(await ask(climber))
    assert [one.status_code for one in made] == [201] * 2
    for path in (f"{EXPORTS}/{made[-1].json()['id']}/link", f"{EXPORTS}/{made[-1].json()['id']}"):
        other = await (stranger.get if path.endswith("link") else stranger.delete)(path)
        assert (other.status_code, other.json()["error"]) == (404, "export_not_found")
    assert (await climber.delete(f"{EXPORTS}/{made[-1].json()['id']}")).status_code == 204
    often = await ask(climber)
    assert (often.status_code, often.json()["error"]) == (429, "exported_too_often")
    assert int(often.headers["retry-after"]) > 80_000
    await sql(
        engines,
        "update exports set asked_at = asked_at - interval '1 day' where user_id = %s",
        climber.user["id"],
    )
    assert (await ask(climber)).status_code == 201


@pytest.mark.thorough
async def test_one_whose_maker_was_killed_is_made_by_another_and_goes_after_its_week(
    own_stack: Engines, broken_programs: Programs
) -> None:
    process, url = broken_programs.api()
    climber = await new_climber(url)
    for _ in range(6):
        await climber.upload(secrets.token_bytes(9 * 2**20))
    export_id = (await ask(climber)).json()["id"]

    async def has_begun() -> bool:
        found = await sql(own_stack, "select s3_upload_id is not null from exports where id = %s", export_id)
        return found == [(True,)]

    await eventually(has_begun)
    process.kill()
    await sql(
        own_stack,
        """
        update exports set state = 'making', lease_until = now() - interval '1 s', attempts = 4 where id = %s
        """,
        export_id,
    )
    await without_storage(own_stack, climber, export_id)
    _, other_url = broken_programs.api(HOUSEKEEPING_S="0.2")
    climber.http.base_url = other_url
    await ready(climber)
    assert len((await fetch(climber, export_id)).namelist()) >= 20
    key = f"exports/{climber.user['id']}/{export_id}"
    assert await versions(own_stack, key) == [key], "the half of the one that died is dropped"
    await sql(own_stack, "update exports set expires_at = now() where id = %s", export_id)

    async def is_gone() -> bool:
        return await versions(own_stack, key) == []

    await eventually(is_gone)
    assert (await climber.get(EXPORTS)).json()["items"] == []
    await climber.http.aclose()


async def without_storage(engines: Engines, climber: Climber, export_id: str) -> None:
    """Nothing is lost or given up while storage is away; an account that is to go gets no archive."""
    user_id = climber.user["id"]
    [(expired,)] = await sql(
        engines,
        """
        insert into exports (id, user_id, language, state, expires_at)
        values (gen_random_uuid(), %s, 'en', 'ready', now()) returning id
        """,
        user_id,
    )
    nowhere = Storage(
        endpoint=f"http://127.0.0.1:{unused_port()}",
        public_endpoint="http://127.0.0.1:1",
        region="us-east-1",
        bucket="none",
        key_id="none",
        secret="none",
    )
    async with Database(engines.api_url, pool_size=1, application="tests") as database, nowhere as storage:
        parts = ExportParts(database, storage, Post(is_on=False), per_day=1)
        leaving = (
            "insert into departures (user_id, erase_at, language) values (%s, now() + interval '1 d', 'en')"
        )
        await sql(engines, leaving, user_id)
        assert await make_next(parts) is False
        await sql(engines, "delete from departures where user_id = %s", user_id)
        for step in (make_next, sweep):
            with pytest.raises(StorageUnavailable):
                await step(parts)
    await sql(engines, "update exports set lease_until = now() where id = %s", export_id)
    left = await sql(engines, "select id::text, state, attempts from exports where user_id = %s", user_id)
    assert sorted(left) == sorted([(export_id, "making", 4), (str(expired), "removed", 0)])


async def test_a_video_that_cannot_be_read_is_named(climber: Climber, engines: Engines) -> None:
    video = await climber.upload(b"v" * 1000)
    async with engines.stack.seaweedfs.client() as s3:
        await s3.delete_object(Bucket=engines.s3_bucket, Key=f"uploads/{climber.user['id']}/{video['id']}")
    await ask(climber)
    archive = await fetch(climber, (await ready(climber))["id"])
    assert json.loads(archive.read("not-included.json")) == {
        f"videos/{video['id']}.mp4": "it is not stored any more"
    }
