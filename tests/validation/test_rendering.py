"""The renderer makes the committed clips: a few frames, drawn anew."""

import ctypes.util
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from validation import truth as truths
from validation.filming import Take, frame_truth
from validation.listed import files_of, named
from validation.truth import Truth

pytestmark = pytest.mark.skipif(
    ctypes.util.find_library("EGL") is None, reason="needs Mesa's libEGL: `make validation-clips` installs it"
)
FRAMES = range(2, 100, 16)
DIFFERENT_COMPILER_PX = 0.05


@pytest.fixture(scope="module", params=["vertical", "bystander-crosses"])
def take(request: pytest.FixtureRequest) -> Iterator[Take]:
    made = Take(named(request.param))
    yield made
    made.renderer.release()


def known(take: Take) -> tuple[Path, Truth]:
    clip, facts = files_of(take.scene)
    return clip, truths.load(facts)


def pictures(clip: Path) -> list[NDArray[np.uint8]]:
    with av.open(clip) as container:
        return [frame.to_ndarray(format="rgb24").astype(np.uint8) for frame in container.decode(video=0)]


def test_frames_drawn_alone_are_those_of_the_clip(take: Take) -> None:
    clip, _ = known(take)
    filmed = pictures(clip)
    for frame in FRAMES:
        difference = np.abs(take.picture(frame).astype(float) - filmed[frame])
        assert difference.mean() < 6, frame


def test_their_truth_is_the_committed_one(take: Take) -> None:
    _, truth = known(take)
    for frame in FRAMES:
        found = frame_truth(take, frame)
        climber = found.sightings[0]
        assert np.abs(climber.landmarks_px - truth.landmarks_px[frame]).max() < DIFFERENT_COMPILER_PX
        assert (climber.visible == truth.visible[frame]).mean() > 0.9
        assert (found.labels == truth.labels[frame]).mean() > 0.99
        for number, bystander in enumerate(found.sightings[1:]):
            places = truth.bystanders_px[number, frame]
            assert np.abs(bystander.landmarks_px - places).max() < DIFFERENT_COMPILER_PX


def test_noise_belongs_to_the_frame_not_to_the_order_of_drawing(take: Take) -> None:
    first = take.picture(5)
    take.picture(9)
    assert np.array_equal(take.picture(5), first)
    assert not np.array_equal(take.picture(6), first)
