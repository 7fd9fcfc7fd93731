"""ENTRY of a chaos run's compute child: cheap clips that say what to do, real ones through the real pipeline.

A cheap clip is a line of JSON: compute for `seconds`, then leave a valid result that carries `nonce`, so that
everybody can tell whose it is; or end the process, as a clip does that makes a decoder crash.
"""

import gzip
import hashlib
import json
import os
import random
import signal
import time
from functools import cache
from pathlib import Path
from typing import Any

from ascension.errors.jobs import NoPerson
from ascension.jobs.child import Report
from tests.like_a_clip import CLIP_HEAD

SAMPLE = Path(__file__).parents[1] / "analyses" / "data" / "sample.ascension.gz"
SUMMARY: dict[str, object] = {"frame_count": 24, "duration_s": 0.8}
MARK = CLIP_HEAD + b'{"chaos"'


def cheap_clip(does: str, *, seconds: float, nonce: int, padding_bytes: int = 0) -> bytes:
    """The file of a clip that `computes`, finds `nobody` in it, or `crashes`."""
    clip = {"chaos": does, "seconds": round(seconds, 3), "nonce": nonce}
    line = CLIP_HEAD + json.dumps(clip).encode() + b"\n"
    return line + random.Random(nonce).randbytes(padding_bytes)


@cache
def _plain() -> bytes:
    return gzip.decompress(SAMPLE.read_bytes())


def cheap_result(nonce: int) -> bytes:
    """The result of one cheap clip: a valid one, its nonce in the time of the gzip header."""
    return gzip.compress(_plain(), compresslevel=1, mtime=nonce)


def cheap_sha256(nonce: int) -> str:
    """What the result's ETag must say."""
    return hashlib.sha256(cheap_result(nonce)).hexdigest()


def run(request: dict[str, object], report_progress: Report) -> dict[str, object]:
    """Do what the clip says. Raises a JobFailure."""
    video = Path(str(request["video_path"]))
    with video.open("rb") as file:
        line = file.readline(200)
    if not line.startswith(MARK):
        # loads the models: a child that never sees a real clip stays small
        from ascension.coaching import compute_analysis  # noqa: PLC0415

        return compute_analysis.run(request, report_progress)
    clip: dict[str, Any] = json.loads(line[len(CLIP_HEAD) :])
    _compute(clip["seconds"], report_progress)
    if clip["chaos"] == "crashes":
        os.kill(os.getpid(), signal.SIGKILL)
    if clip["chaos"] == "nobody":
        raise NoPerson
    Path(str(request["result_path"])).write_bytes(cheap_result(clip["nonce"]))
    return {"summary": SUMMARY}


def _compute(seconds: float, report_progress: Report) -> None:
    """Mostly waiting: two cores carry a thousand of these beside the faults."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        report_progress("poses", int(100 * passed / seconds), {})
        time.sleep(0.05)
