"""Files that are no climb, sent all the way through: each ends with its code, and nothing is lost."""

from collections.abc import Callable

import pytest

from tests.clips import empty_wall, short_climb, sound_only, truncated_climb
from tests.platform import Climber, Programs


@pytest.mark.proves("D11", "D12", "D13")
async def test_every_bad_file_fails_with_its_code_and_the_worker_goes_on(
    climber: Climber, programs: Programs
) -> None:
    worker = programs.worker()
    bad: dict[str, Callable[[], bytes]] = {
        "not_a_video": lambda: b"%PDF-1.7 this is a topo of the crag, not a video" * 50,
        "audio_only": sound_only,
        "video_truncated": truncated_climb,
        "no_person": empty_wall,
    }
    for code, make in bad.items():
        failed = await climber.wait((await climber.analyze(make()))["id"])
        assert failed["state"] == "failed"
        assert failed["attempt"] == 1, "a bad video is not tried again"
        assert failed["failure"]["error"] == code
        assert failed["failure"]["detail"].endswith(".")
        assert failed["video"]["state"] == "uploaded", "the video itself stays"
    good = await climber.wait((await climber.analyze(short_climb()))["id"])
    assert good["state"] == "completed"
    assert worker.popen.poll() is None
    quota = (await climber.get("/api/v1/users/me")).json()["quota"]
    assert quota["used"] == 1, "what ended without a result costs nothing"


async def test_an_empty_file_is_refused_before_any_upload(climber: Climber) -> None:
    answer = await climber.post(
        "/api/v1/videos", {"file_name": "climb.mp4", "content_type": "video/mp4", "size_bytes": 0}
    )
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")
    assert "size_bytes" in answer.json()["detail"]
