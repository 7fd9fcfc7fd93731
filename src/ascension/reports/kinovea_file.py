"""Keypoints as a Kinovea annotation file (KVA, XML, format 2.0).

Kinovea opens .kva files (its manual, "Annotation files"); the elements and the rule by which it moves times
from one video to another are those of its own reader (Kinovea.ScreenManager, MetadataSerializer and
DrawingTrack). Its TRC import is for Sports2D files only.
"""

import uuid
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np

from ascension.analyses.result import Result
from ascension.biomechanics.conventions import LANDMARK_NAMES, MAIN_JOINTS, Landmark
from ascension.biomechanics.poses import BoolArray, FloatArray, IntArray
from ascension.reports.markers import frame_rate_hz, seen

_TRACKED: Final = (
    Landmark.NOSE, *MAIN_JOINTS, Landmark.LEFT_INDEX, Landmark.RIGHT_INDEX, Landmark.LEFT_HEEL,
    Landmark.RIGHT_HEEL, Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX,
)  # fmt: skip
_TICKS_PER_FRAME: Final = 1000
"""Kinovea scales times of another time base by the mean length of a frame, so that any will do."""
_IDS: Final = uuid.UUID("b7ad1a41-6ff1-4b27-9ac6-2c1f2f9f4b55")
_FEWEST_POINTS: Final = 2


def kinovea_of(result: Result, video_name: str) -> bytes:
    """Trajectories of the joints, hands, feet and the center of mass in displayed-frame pixels.

    A track ends where a landmark is not seen and a new one begins after it, as Kinovea would draw a line
    across the gap; a landmark seen in one frame alone is left out. `video_name`: without extension, as
    Kinovea calls it.
    """
    video, rate_hz = result.facts.video, f"{frame_rate_hz(result):.6f}"
    root = ET.Element("KinoveaVideoAnalysis")
    for name, value in (
        ("FormatVersion", "2.0"),
        ("Producer", result.facts.producer),
        ("OriginalFilename", video_name),
        ("ImageSize", f"{video.width_px};{video.height_px}"),
        ("AverageTimeStampsPerFrame", str(_TICKS_PER_FRAME)),
        ("CaptureFramerate", rate_hz),
        ("UserFramerate", rate_hz),
        ("FirstTimeStamp", "0"),
        ("TimeOrigin", "0"),
    ):
        ET.SubElement(root, name).text = _allowed(value)
    tracks = [track for name, places in _places(result) for track in _tracks(name, places, _ticks(result))]
    if tracks:
        ET.SubElement(root, "Tracks").extend(tracks)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _places(result: Result) -> Iterator[tuple[str, FloatArray]]:
    visible = seen(result)
    for landmark in _TRACKED:
        shown: BoolArray = visible[:, landmark, None]
        yield LANDMARK_NAMES[landmark], np.where(shown, result.landmarks_px[:, landmark], np.nan)
    yield "center_of_mass", result.center_of_mass_px


def _ticks(result: Result) -> list[int]:
    time_s = result.time_s()
    frames = (time_s - time_s[0]) * frame_rate_hz(result)
    return [round(frame * _TICKS_PER_FRAME) for frame in frames.tolist()]


def _tracks(name: str, places_px: FloatArray, ticks: list[int]) -> Iterator[ET.Element]:
    known = np.flatnonzero(np.isfinite(places_px[:, 0]))
    runs: list[IntArray] = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1)
    for number, run in enumerate((run for run in runs if len(run) >= _FEWEST_POINTS), 1):
        title = name if number == 1 else f"{name} ({number})"
        track = ET.Element("Track", id=str(uuid.uuid5(_IDS, title)), name=title)
        ET.SubElement(track, "TimePosition").text = str(ticks[int(run[0])])
        points = ET.SubElement(track, "TrackPointList", Count=str(len(run)))
        for frame in map(int, run):
            x, y = places_px[frame].tolist()
            ET.SubElement(points, "TrackPoint").text = f"{x:.2f};{y:.2f};{ticks[frame]}"
        yield track


def _allowed(text: str) -> str:
    """XML has no place for control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
