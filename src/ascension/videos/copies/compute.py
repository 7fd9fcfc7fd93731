"""What the compute child does for a copy: the same pictures alone, or small ones, heads covered or not."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from ascension.vision import networks
from ascension.vision.blurring import write_blurred
from ascension.vision.cleaning import write_clean
from ascension.vision.networks import BackendChoice
from ascension.vision.small_clip import write_small

ReportProgress = Callable[[str, int, dict[str, float]], None]


def run(request: dict[str, object], report_progress: ReportProgress) -> dict[str, object]:
    """Copy `video_path` to `copy_path` for its `purpose`, by `threads` threads and `backend`.

    Returns {"content_type": ...}. Raises what `write_clean`, `write_small` and `write_blurred` raise.
    """
    source, target = Path(str(request["video_path"])), Path(str(request["copy_path"]))
    threads = int(str(request["threads"]))

    def on_share(share: float) -> None:
        report_progress("copying", int(100 * share), {})

    if request["purpose"] == "preview":
        write_small(source, target, threads=threads, on_share=on_share)
    elif request["purpose"] == "blurred":
        engine = networks.choose(cast("BackendChoice", request["backend"]))
        write_blurred(source, target, engine, threads=threads, on_share=on_share)
    else:
        return {"content_type": write_clean(source, target, on_share)}
    return {"content_type": "video/mp4"}
