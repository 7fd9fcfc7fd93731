"""One id from the request to the last word of the child: API log, row, worker log."""

import asyncio

import pytest

from tests.clips import short_climb
from tests.jobs.conftest import Query
from tests.jobs.stubs import Fleet, stub_task
from tests.jobs.test_worker import QUICK
from tests.platform import Programs, new_climber


@pytest.mark.proves("M47")
async def test_one_id_follows_a_job_from_the_request_to_the_worker(programs: Programs, query: Query) -> None:
    api, url = programs.api()
    climber = await new_climber(url)
    worker = programs.worker(**QUICK)
    video = await climber.upload(short_climb())
    asked = await climber.post("/api/v1/analyses", {"video_id": video["id"]})
    request_id = asked.headers["X-Request-ID"]
    await climber.wait(asked.json()["id"])
    (row,) = query("select id, request_id from jobs where subject_id = %s", asked.json()["id"])
    assert row["request_id"] == request_id
    said = [event for event in worker.events() if event.get("request_id") == request_id]
    assert {"job_started", "job_done"} <= {event["event"] for event in said}
    assert {(event["job_id"], event["subject_id"]) for event in said} == {
        (str(row["id"]), asked.json()["id"])
    }
    assert any(event.get("request_id") == request_id for event in api.events())
    await climber.http.aclose()


@pytest.mark.usefixtures("stub_program")
async def test_what_a_child_prints_is_logged_with_the_ids_of_its_job(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    (job_id,) = await fleet.enqueue()
    async with fleet.worker(stub_task({"say": "the decoder complains"})):
        await fleet.ended([job_id])
        await asyncio.sleep(0.2)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "the decoder complains" in line]
    assert str(job_id) in line
