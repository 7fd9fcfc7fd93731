"""One climb through the whole platform: upload to storage, worker, live events, result."""

import asyncio
import gzip
import json

import pytest

from ascension.vision.thumbnail import MAX_BYTES
from tests.platform import EXAMPLE, Climber, Programs, plain_http


@pytest.mark.proves("M02", "M06", "M07")
async def test_a_climb_goes_in_and_a_skeleton_comes_out(climber: Climber, programs: Programs) -> None:
    programs.worker()
    async with climber.live() as socket:
        analysis = await climber.analyze(EXAMPLE.read_bytes())
        seen: list[str] = []
        while not seen or seen[-1] not in ("analysis.completed", "analysis.failed"):
            async with asyncio.timeout(60):
                message = json.loads(await socket.recv())
            if message.get("analysis_id", analysis["id"]) == analysis["id"]:
                seen.append(message["type"])
    assert seen[0] == "snapshot.end"
    assert [kind for kind in seen if kind != "analysis.progress"][1:] == [
        "analysis.queued",
        "analysis.started",
        "analysis.completed",
    ]
    assert seen.count("analysis.progress") >= 3
    done = await climber.wait(analysis["id"])
    assert done["state"] == "completed"
    assert done["progress_pct"] == 100
    assert done["summary"]["frame_count"] > 0
    async with plain_http() as storage:
        picture = await storage.get(done["thumbnail"]["url"])
    assert picture.content[8:12] == b"WEBP"
    assert len(picture.content) <= MAX_BYTES
    answer = await climber.get(f"/api/v1/analyses/{analysis['id']}/result")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content[:4] == b"ASCN"
    again = await climber.get(
        f"/api/v1/analyses/{analysis['id']}/result", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    assert len(gzip.compress(answer.content)) < 100_000
    (attempt,) = done["summary"]["attempts"]
    coaching = (await climber.get(f"/api/v1/analyses/{analysis['id']}/coaching")).json()
    (told,) = coaching["attempts"]
    technique = next(one["value"] for one in told["score"]["axes"] if one["axis"] == "technique")
    assert attempt["axes"]["technique"] == technique
    assert attempt["axes"]["score"] == told["score"]["value"], "the list and the page round one number"
    assert (await climber.get("/api/v1/progress")).json()["climbs"] == 1
