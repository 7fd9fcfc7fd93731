"""`ascension storage check`: what storage and database disagree on is found, told, and removed when asked."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ascension.infra.storage.lifetimes import bucket_rules
from tests.conftest import Engines
from tests.eventually import eventually
from tests.platform import ROOT, Programs, new_climber
from tests.retention.traces import versions
from tests.rows import sql
from tests.videos.objects import is_stored, open_uploads

ASCENSION = Path(sys.executable).with_name("ascension")


async def ascension(engines: Engines, *arguments: str) -> tuple[int, str]:
    """Run the program on the environment of these engines; exit code and what it printed."""
    ended = await asyncio.to_thread(
        subprocess.run,
        [ASCENSION, *arguments],
        env=engines.environment("api"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


async def counts(engines: Engines, *more: str) -> tuple[int, dict[str, int]]:
    code, printed = await ascension(engines, "storage", "check", "--older-than-h", "0", "--json", *more)
    return code, json.loads(printed)


NOTHING = {
    "object_without_row": 0,
    "row_without_object": 0,
    "unfinished_upload": 0,
    "overdue": 0,
    "removed": 0,
}


@pytest.mark.proves("M23")
@pytest.mark.thorough
async def test_what_does_not_match_is_found_and_removed_when_asked(
    own_stack: Engines, broken_programs: Programs
) -> None:
    _, url = broken_programs.api(HOUSEKEEPING_S="600")
    climber = await new_climber(url)
    whole, lost, saved = [await climber.upload(bytes([number]) * 1000) for number in range(3)]
    assert (await climber.put(f"/api/v1/videos/{saved['id']}/saved", None)).status_code == 200
    half = await climber.open_upload(2000)
    assert await counts(own_stack) == (0, NOTHING), "moved, half sent and waiting ones are all in order"

    mine = climber.user["id"]
    strangers = [f"uploads/{mine}/zzz", f"results/{mine}/x/wall.webp", "saved/nobody", "what-is-this"]
    async with own_stack.stack.seaweedfs.client() as s3:
        await s3.delete_object(Bucket=own_stack.s3_bucket, Key=f"uploads/{mine}/{lost['id']}")
        for key in strangers:
            await s3.put_object(Bucket=own_stack.s3_bucket, Key=key, Body=b"1")
        await s3.create_multipart_upload(Bucket=own_stack.s3_bucket, Key=f"uploads/{mine}/leftover")
    await sql(own_stack, "update object_deletions set not_before = now() - interval '3 h'")
    found = {
        **NOTHING,
        "object_without_row": 4,
        "row_without_object": 1,
        "unfinished_upload": 1,
        "overdue": 1,
    }
    assert await counts(own_stack) == (1, found)
    code, printed = await ascension(own_stack, "storage", "check", "--older-than-h", "1")
    assert (code, "row_without_object" in printed) == (1, True), (
        "young strangers are let be, a lost video is not"
    )
    assert [key for key in strangers if key in printed] == []
    assert "overdue" in printed

    assert await counts(own_stack, "--remove", "--yes") == (1, {**found, "removed": 5})
    assert await counts(own_stack) == (1, {**NOTHING, "row_without_object": 1, "overdue": 1})
    assert [await is_stored(own_stack, key) for key in strangers] == [False] * 4
    assert await open_uploads(own_stack, f"uploads/{mine}/{half['id']}") == 1
    for video in (whole, saved):
        assert (await climber.get(f"/api/v1/videos/{video['id']}/playback")).status_code == 200
    await climber.http.aclose()


@pytest.mark.proves("M20")
async def test_the_bucket_has_rules_of_its_own(engines: Engines) -> None:
    async with engines.stack.seaweedfs.client() as s3:
        stored = await s3.get_bucket_lifecycle_configuration(Bucket=engines.s3_bucket)
    rules = {rule.get("ID"): rule for rule in stored["Rules"]}
    assert rules.keys() == {rule.get("ID") for rule in bucket_rules(archive=False)}
    unsaved = rules["unsaved-videos"]
    assert (unsaved.get("Filter"), unsaved.get("Expiration"), unsaved.get("Status")) == (
        {"Prefix": "uploads/"},
        {"Days": 1},
        "Enabled",
    )
    code, printed = await ascension(engines, "storage", "rules", "--deep-archive")
    assert code == 0
    transitions = next(r for r in json.loads(printed)["Rules"] if r["ID"] == "saved-videos")["Transitions"]
    assert transitions == [
        {"Days": 30, "StorageClass": "GLACIER_IR"},
        {"Days": 90, "StorageClass": "DEEP_ARCHIVE"},
    ]


async def test_removing_a_video_takes_what_was_stored_under_any_name(
    engines: Engines, programs: Programs
) -> None:
    _, url = programs.api(HOUSEKEEPING_S="0.2")
    climber = await new_climber(url)
    analysis = await climber.analyze(b"v" * 1000)
    folder = f"results/{climber.user['id']}/{analysis['id']}/"
    async with engines.stack.seaweedfs.client() as s3:
        for name in ("wall.webp", "wall.jpg"):  # the second is what an earlier release wrote
            await s3.put_object(Bucket=engines.s3_bucket, Key=folder + name, Body=b"1")
    removed = await climber.delete(f"/api/v1/videos/{analysis['video']['id']}?for_good=true")
    assert removed.status_code == 204

    async def is_gone() -> bool:
        return await versions(engines, climber.user["id"]) == []

    await eventually(is_gone)
    await climber.http.aclose()
