"""An earlier wall and its route are known again: the arithmetic, then over HTTP with a worker."""

import asyncio
from pathlib import Path

from ascension.routes.recognition import compute
from ascension.routes.recognition.files import RESULT_FILE, WALL_FILE
from tests.comparisons.seeds import filmed_climb
from tests.comparisons.walls import Filmed, first_clip, painted, second_clip, webp
from tests.conftest import Engines
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Programs


def silent(stage: str, progress_pct: int, figures: dict[str, float]) -> None:
    """Nobody listens."""


def lay(folder: Path, filmed: Filmed) -> None:
    folder.mkdir()
    (folder / RESULT_FILE).write_bytes(filmed.stored)
    (folder / WALL_FILE).write_bytes(filmed.wall)


def test_the_same_holds_on_the_same_wall_are_the_same_route(tmp_path: Path) -> None:
    lay(tmp_path / "new", second_clip())
    lay(tmp_path / "same", first_clip())
    lay(tmp_path / "elsewhere", Filmed(first_clip().stored, webp(painted(7))))
    lay(tmp_path / "broken", Filmed(b"no result", first_clip().wall))
    asked: dict[str, object] = {
        "folder": str(tmp_path),
        "climb": "new",
        "earlier": ["elsewhere", "broken", "same"],
    }
    found = compute.run(asked, silent)
    assert (found["like"], found["is_same_route"]) == ("same", True)
    assert compute.run({**asked, "earlier": ["elsewhere", "broken"]}, silent)["like"] is None
    assert compute.run({**asked, "climb": "broken"}, silent)["like"] is None


async def test_what_is_suggested_is_applied_when_the_climber_says_so_and_told_to_nobody_else(
    climber: Climber, stranger: Climber, engines: Engines, programs: Programs
) -> None:
    earlier = await filmed_climb(engines, climber, first_clip())
    new = await filmed_climb(engines, climber, second_clip())
    at = f"/api/v1/analyses/{new['id']}/recognition"
    nothing = {"state": "done", "suggestion": None, "answer": None}
    assert (await climber.post(at)).json() == nothing, "there is no route yet"
    named = await climber.put(f"/api/v1/analyses/{earlier['id']}/route", {"route": "Blue corner"})
    programs.worker(**QUICK)
    asked = await climber.post(at)
    assert (asked.status_code, asked.json()["state"]) == (202, "working")
    async with asyncio.timeout(90):
        while (found := (await climber.get(at)).json())["state"] == "working":
            await asyncio.sleep(0.1)
    suggestion = found["suggestion"]
    assert (suggestion["analysis_id"], suggestion["route"]) == (earlier["id"], "Blue corner")
    assert suggestion["is_same_route"] is True
    assert (await climber.get(f"/api/v1/analyses/{new['id']}")).json()["route"] is None, "not applied"
    for method in (stranger.get, stranger.post):
        assert (await method(at)).status_code == 404
    answered = await climber.put(f"{at}/answer", {"answer": "same"})
    assert answered.json()["answer"] == "same"
    now = (await climber.get(f"/api/v1/analyses/{new['id']}")).json()
    assert (now["route"], now["route_id"]) == ("Blue corner", named.json()["route_id"])
    assert (await climber.delete(f"/api/v1/analyses/{earlier['id']}")).status_code == 204
    assert (await climber.get(at)).json()["suggestion"] is None, "it is gone"
    refused = await climber.put(f"{at}/answer", {"answer": "no"})
    assert (refused.status_code, refused.json()["error"]) == (404, "suggestion_not_found")
