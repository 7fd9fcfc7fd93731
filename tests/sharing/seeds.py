"""Climbs that are shared, as a climber shares them."""

from dataclasses import replace
from functools import cache
from typing import Any

from ascension.analyses.choices import Choices
from ascension.analyses.deriving import with_climb
from ascension.analyses.result import Scale, decode, encode
from ascension.biomechanics.scale import scale_from_height
from tests.analyses import outcomes
from tests.comparisons.seeds import store_wall
from tests.conftest import Engines
from tests.platform import Climber
from tests.web.seeds import FPS, FRAMES, SIZE_PX, example_result

BODY = Choices.model_validate(
    {"body_height_m": 1.937, "body": {"mass_kg": 83.21, "injured": ["left_hand"]}, "overhang_deg": 12}
)
"""What the climber told of themselves, in numbers that stand nowhere else."""
SUMMARY: dict[str, Any] = {
    "frame_count": FRAMES,
    "duration_s": FRAMES / FPS,
    "width_px": SIZE_PX[0],
    "height_px": SIZE_PX[1],
    "attempts": [],
}


@cache
def told_result() -> bytes:
    return result_of(BODY)


def result_of(told: Choices) -> bytes:
    """The example with a climb as told; its meters come from the height."""
    read = decode(example_result(is_read=False))
    assert read.facts.wall is not None
    assert told.body_height_m is not None
    scale = scale_from_height(read.landmarks_wall_px(), read.visibility, told.body_height_m, max(SIZE_PX))
    listed = tuple(scale.wall_to_unit.ravel().tolist())
    wall = read.facts.wall.model_copy(
        update={"scale": Scale.model_validate({**vars(scale), "wall_to_unit": listed})}
    )
    return encode(with_climb(replace(read, facts=read.facts.model_copy(update={"wall": wall})), told))


async def told_climb(engines: Engines, climber: Climber) -> dict[str, Any]:
    """A finished analysis of somebody who told of their body; its wall picture is there, too."""
    analysis = await climber.analyze(b"v" * 1000)
    await outcomes.complete(engines, analysis, told_result(), SUMMARY)
    await store_wall(engines, climber, analysis["id"], b"a picture")
    return analysis


async def share(climber: Climber, analysis_id: str, **wish: object) -> dict[str, Any]:
    """A link of one's own."""
    answer = await climber.post(f"/api/v1/analyses/{analysis_id}/shares", wish)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def opened(climber: Climber, token: str, **more: str) -> dict[str, str]:
    """The headers of a guest who opened a link; `climber` lends only its connection."""
    answer = await climber.http.post("/api/v1/shares/open", json={"token": token, **more})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['ticket']}"}


async def coached(climber: Climber, coach: Climber, **wish: object) -> str:
    """The second may look at all climbs of the first; the id of that."""
    invited = await climber.post("/api/v1/coaches", {"email": coach.email, **wish})
    assert invited.status_code == 201, invited.text
    accepted = await coach.post("/api/v1/climbers", {"token": invited.json()["token"]})
    assert accepted.status_code == 201, accepted.text
    return accepted.json()["id"]


def shared_path(analysis_id: str, part: str = "") -> str:
    return f"/api/v1/shared/analyses/{analysis_id}{part}"
