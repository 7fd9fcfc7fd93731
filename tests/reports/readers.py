"""Readers of exported files that share nothing with the writers: other libraries, or the tools' own rules."""

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import ezc3d  # pyright: ignore[reportMissingTypeStubs]
import numpy as np

from ascension.biomechanics.poses import FloatArray


@dataclass(frozen=True)
class Markers:
    """Marker tracks. places: (frames, markers, 3), NaN where missing."""

    names: tuple[str, ...]
    unit: str
    rate_hz: float
    time_s: FloatArray
    places: FloatArray


def with_trc_rules(data: bytes) -> Markers:
    """As Pose2Sim's `extract_trc_data` reads: names by thirds of line 4, numbers from line 6 on."""
    lines = data.decode().split("\n")
    names = lines[3].strip().split("\t")[2::3]
    head = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    body = io.StringIO("\n".join(line for line in lines[5:] if line))
    table = np.genfromtxt(body, delimiter="\t")
    places = table[:, 2:].reshape(len(table), -1, 3)
    assert int(head["NumFrames"]) == len(table)
    assert int(head["NumMarkers"]) == len(names) == places.shape[1]
    return Markers(tuple(names), head["Units"], float(head["DataRate"]), table[:, 1], places)


def with_ezc3d(data: bytes, folder: Path) -> tuple[Markers, FloatArray]:
    """Markers and residuals (frames, markers)."""
    path = folder / "made.c3d"
    path.write_bytes(data)
    found: dict[str, Any] = dict(ezc3d.c3d(str(path)))
    point = found["parameters"]["POINT"]
    places: FloatArray = np.asarray(found["data"]["points"])[:3].transpose(2, 1, 0)
    residuals: FloatArray = np.asarray(found["data"]["meta_points"]["residuals"])[0].T
    rate_hz, unit = float(point["RATE"]["value"][0]), str(point["UNITS"]["value"][0])
    names = tuple(map(str, point["LABELS"]["value"]))
    return Markers(names, unit, rate_hz, np.arange(len(places)) / rate_hz, places), residuals


def with_csv_rules(data: bytes) -> dict[str, list[float]]:
    """Columns by name; NaN where a cell is empty."""
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    return {name: [float(row[name]) if row[name] else math.nan for row in rows] for name in rows[0]}


@dataclass(frozen=True)
class KinoveaVideo:
    """What Kinovea knows of the video that is open."""

    ticks_per_second: float
    first_tick: int
    rate_hz: float = 30.0


def with_kinovea_rules(data: bytes, video: KinoveaVideo) -> dict[str, list[tuple[float, float, float]]]:
    """Tracks by name as (x, y, seconds from the first frame).

    Times are moved as MetadataSerializer.RemapTimestamp does it for another video (revision 8805906b,
    March 2026): to frames since the time origin, then to ticks of the open video by its own frame rate.
    """
    root = ET.fromstring(data)
    assert [root.tag, root[0].tag, root[0].text] == ["KinoveaVideoAnalysis", "FormatVersion", "2.0"]
    per_frame = int(root.findtext("AverageTimeStampsPerFrame", ""))
    origin = int(root.findtext("TimeOrigin", ""))
    frame_ticks = video.ticks_per_second / video.rate_hz
    found: dict[str, list[tuple[float, float, float]]] = {}
    for track in root.iterfind("Tracks/Track"):
        points: list[tuple[float, float, float]] = []
        for point in track.iterfind("TrackPointList/TrackPoint"):
            x, y, tick = (point.text or "").split(";")
            at = round((int(tick) - origin) / per_frame * frame_ticks) + video.first_tick
            points.append((float(x), float(y), (at - video.first_tick) / video.ticks_per_second))
        found[track.attrib["name"]] = points
    return found
