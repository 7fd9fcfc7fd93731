"""A clip read once, front to back, in constant memory: everyone's whereabouts, the climber's landmarks.

The light network follows people over key frames; between them regions are interpolated, so the frames of one
key step wait in a buffer. The landmarks of whoever leads are computed at once. When in the end another person
turns out to be the climber, or the climber was found late or lost for a while, those frames are read a second
time for their landmarks alone; where others hid the climber once more, with these painted over.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.vision.choosing import LIMBS, Box, Track, choose
from ascension.vision.frame import Frame
from ascension.vision.landmarks import Landmarks, stacked
from ascension.vision.losses import Losses
from ascension.vision.networks import Engine
from ascension.vision.people import Look, People
from ascension.vision.pose import KEEP_THRESHOLD, Pose, believed
from ascension.vision.region import Array32, Region, between
from ascension.vision.video import VideoInfo, VideoReader
from ascension.vision.weights import ModelName
from ascension.vision.whereabouts import bodies_in, own, regions_of

Observe = Callable[[Frame, list[Region]], None]
"""Sees every frame once, in order, with the regions of everyone in it."""
OnFrame = Callable[[VideoInfo, int, int], None]
"""The clip, ticks of the frame that was just read, and the number of frames so far."""

_Place = tuple[Region, list[NDArray[np.float64]]]
"""Where to look, and the bodies (33, 2) of those who are in the way."""

_KEY_STEP_S: Final = 1 / 6
_MOST_WAITING: Final = 12
_WAITING_BYTES: Final = 32 * 2**20
"""A key frame comes after this time, this many frames or so much memory, whichever is first."""


@dataclass(frozen=True)
class Reading:
    """What the frames gave, one row per frame.

    ticks: (frames,); person: (frames,) where a body is believed; landmarks_px: (frames, 33, 2) and evidence
    (frames, 33, 5), see pose.EVIDENCE, NaN where nobody was looked for; confidence: (frames,) 0-1
    tracks: everyone who was seen; climber: the ids that were taken for the climber
    losses: what the file lacks
    """

    info: VideoInfo
    ticks: NDArray[np.int64]
    person: NDArray[np.bool_]
    landmarks_px: NDArray[np.float64]
    evidence: Array32
    confidence: NDArray[np.float64]
    tracks: tuple[Track, ...]
    climber: tuple[int, ...]
    losses: Losses


@dataclass(frozen=True)
class _Stretch:
    """The frames from one key frame up to the next, without it."""

    before: Look
    after: Look
    frames: list[Frame]

    def numbered(self) -> Iterator[tuple[int, Frame]]:
        return enumerate(self.frames, start=self.before.frame)


def read_clip(
    video_path: Path,
    engine: Engine,
    model: ModelName,
    *,
    threads: int,
    pointed: Box | None = None,
    observe: Observe | None = None,
    on_frame: OnFrame | None = None,
) -> Reading:
    """Everything the networks see in the clip; `pointed`: the user's word on who climbs.

    Raises what VideoReader raises.
    """
    people = People(engine, pointed)
    looks: list[Look] = []
    leaders: list[int | None] = []
    ticks: list[int] = []
    with (
        Landmarks(engine, model, threads=threads) as landmarks,
        VideoReader(video_path, threads=threads) as video,
    ):
        for stretch in _stretches(video, people):
            looks.append(stretch.before)
            leader = people.leading((stretch.before, stretch.after), leaders[-1] if leaders else None)
            for number, frame in stretch.numbered():
                regions = _regions(stretch.before, stretch.after, number)
                if leader is not None:
                    landmarks.add(number, frame, regions[leader])
                if observe is not None:
                    observe(frame, list(regions.values()))
                leaders.append(leader)
                ticks.append(frame.ticks)
                if on_frame is not None:
                    on_frame(video.info, frame.ticks, len(ticks))
        poses = landmarks.collect()
        tracks = people.tracks(looks)
        climber = choose(tracks, pointed, _limbs_seen(poses, leaders))
        followed = [track for track in tracks if track.id in climber]
        others = [track for track in tracks if track.id not in climber]
        led = {number: pose for number, pose in poses.items() if leaders[number] in climber}
        regions = regions_of(followed, np.array(ticks) * float(video.info.time_base))
        look_again = partial(_read_again, video_path, landmarks, threads)
        found = _completed(led, regions, followed, others, look_again)
        landmarks_px, evidence, confidence = stacked(found, len(ticks))
        return Reading(
            info=video.info,
            ticks=np.array(ticks, np.int64),
            person=believed(confidence),
            landmarks_px=landmarks_px,
            evidence=evidence,
            confidence=confidence,
            tracks=tuple(tracks),
            climber=tuple(climber),
            losses=video.losses(),
        )


def _limbs_seen(poses: Mapping[int, Pose], leaders: list[int | None]) -> dict[int, float]:
    """By track, how well the landmark network sees its limbs in the frames for which it led."""
    seen: dict[int, list[float]] = {}
    for number, pose in poses.items():
        leader = leaders[number]
        if leader is not None:
            seen.setdefault(leader, []).append(float(pose.visibility[LIMBS].mean()))
    return {leader: float(np.median(values)) for leader, values in seen.items()}


def _stretches(video: VideoReader, people: People) -> Iterator[_Stretch]:
    time_base = float(video.info.time_base)
    before: Look | None = None
    key_ticks = 0
    waiting: list[Frame] = []
    number = -1
    for number, frame in enumerate(video):
        waiting.append(frame)
        passed_s = (frame.ticks - key_ticks) * time_base
        if before is not None and passed_s < _KEY_STEP_S and not _is_full(waiting):
            continue
        after = people.look(number, frame, frame.ticks * time_base)
        if before is not None:
            yield _Stretch(before, after, waiting[:-1])
        before, key_ticks, waiting = after, frame.ticks, [frame]
    if before is None:
        return
    if len(waiting) > 1:
        last = people.look(number, waiting[-1], waiting[-1].ticks * time_base)
        yield _Stretch(before, last, waiting[:-1])
        before = last
    yield _Stretch(before, before, waiting[-1:])


def _is_full(waiting: list[Frame]) -> bool:
    return len(waiting) > _MOST_WAITING or len(waiting) * waiting[0].y.nbytes * 3 // 2 > _WAITING_BYTES


def _regions(before: Look, after: Look, number: int) -> dict[int, Region]:
    """Where everyone is between two key frames. Who is seen in only one of them is taken to stay there."""
    share = (number - before.frame) / max(after.frame - before.frame, 1)
    found: dict[int, Region] = {}
    for track_id in {**before.people, **after.people}:
        one, other = before.region(track_id), after.region(track_id)
        if one is not None and other is not None:
            found[track_id] = between(one, other, share)
        elif (only := one or other) is not None:
            found[track_id] = only
    return found


def _completed(
    led: dict[int, Pose],
    regions: Mapping[int, Region],
    climber: list[Track],
    others: list[Track],
    look_again: Callable[[Mapping[int, _Place]], dict[int, Pose]],
) -> dict[int, Pose]:
    """The climber's poses: those of the first reading, of frames not read for them, and of hidden ones."""
    unread: dict[int, _Place] = {
        number: (region, []) for number, region in regions.items() if number not in led
    }
    found = _only_own(led | look_again(unread), climber, others)
    hidden = _hidden(regions, others, found)
    return found | _only_own(look_again(hidden), climber, others)


def _hidden(
    regions: Mapping[int, Region], others: list[Track], found: Mapping[int, Pose]
) -> dict[int, _Place]:
    """Where the climber was not found with others in the way: with these painted over they may be."""
    hidden: dict[int, _Place] = {}
    for number, region in regions.items():
        if number in found and found[number].confidence >= KEEP_THRESHOLD:
            continue
        if in_the_way := bodies_in(region, others, number):
            hidden[number] = region, in_the_way
    return hidden


def _only_own(poses: Mapping[int, Pose], climber: list[Track], others: list[Track]) -> dict[int, Pose]:
    """The poses that lie on the climber, not on somebody who stands in the way."""
    if not poses:
        return {}
    numbers = np.array(sorted(poses), np.int64)
    landmarks_px = np.stack([poses[number].landmarks_px for number in numbers.tolist()])
    kept = numbers[own(landmarks_px, numbers, climber, others)]
    return {number: poses[number] for number in kept.tolist()}


def _read_again(
    video_path: Path, landmarks: Landmarks, threads: int, wanted: Mapping[int, _Place]
) -> dict[int, Pose]:
    """The poses in the given places, by frame number."""
    if not wanted:
        return {}
    last = max(wanted)
    with VideoReader(video_path, threads=threads) as video:
        for number, frame in enumerate(video):
            if number in wanted:
                landmarks.add(number, frame, *wanted[number])
            if number == last:
                break
    return landmarks.collect()
