"""Readiness also says whether storage takes what is written: as last tried, never on the request's path."""

import httpx2 as httpx
import pytest

from ascension.infra.storage.writing import MARK
from tests.conftest import Engines
from tests.eventually import eventually
from tests.operations.scrape import figures_of, value
from tests.platform import Programs
from tests.videos.cold_storage import cold_storage


@pytest.mark.proves("M45")
async def test_it_says_whether_storage_can_be_written(engines: Engines, programs: Programs) -> None:
    async with cold_storage(engines) as cold:
        process, url = programs.api(S3_ENDPOINT=cold.url, S3_WRITE_TRIAL_S="0.2")
        async with httpx.AsyncClient(base_url=url, timeout=30) as http:
            for code, ok, detail in (
                (None, True, ""),
                ("InternalError", False, "InternalError"),  # as SeaweedFS answers with a full disk
                ("AccessDenied", None, f"The key may not write {MARK}, so nobody knows."),
                (None, True, ""),
            ):
                cold.refusals = {MARK: code} if code else {}

                async def is_said(ok: bool | None = ok, detail: str = detail) -> bool:
                    answer = await http.get("/health/ready")
                    assert answer.status_code == 200, "what is stored can be read"
                    said = answer.json()["storage_writes"]
                    return (said["ok"], said["detail"]) == (ok, detail) and said["age_s"] < 10

                await eventually(is_said)
                if ok is not None:
                    assert value(await figures_of(http), "ascension_storage_writable") == float(ok)
        told = [event["writable"] for event in process.events() if event["event"] == "storage_write_trial"]
        assert told == [True, False, None, True], "each change once"


async def test_where_writing_is_never_tried_it_says_why_nobody_knows(programs: Programs) -> None:
    process, url = programs.api(S3_WRITE_TRIAL_S="0")
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        said = (await http.get("/health/ready")).json()["storage_writes"]
        assert said == {"ok": None, "detail": "It is never tried: S3_WRITE_TRIAL_S is 0.", "age_s": None}
        assert "ascension_storage_writable" not in (await http.get("/metrics")).text
    assert not [event for event in process.events() if event["event"] == "storage_write_trial"]
