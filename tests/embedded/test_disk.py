"""A disk that fills up is told in time, and logs stay small."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from ascension.embedded.disk import DiskWatch, end_stuck_storage, look_after, shorten_log, usage_by_part
from ascension.embedded.engines.seaweedfs import BUCKET
from ascension.embedded.layout import Home, engine_account
from ascension.embedded.stack import Stack
from ascension.infra.disk import Level, level_of
from tests.chaos.disks import Disk
from tests.conftest import new_home, remove_home
from tests.platform import Programs, new_climber

GB = 1_000_000_000
HUGE = 10**18


@pytest.mark.parametrize(
    ("free_gb", "total_gb", "kept_gb", "level"),
    [
        (100, 1000, 1, Level.OK),
        (5.1, 1000, 1, Level.OK),
        (4.9, 1000, 1, Level.LOW),
        (2.1, 20, 1, Level.OK),
        (1.9, 20, 1, Level.LOW),
        (0.9, 20, 1, Level.FULL),
        (19, 1000, 10, Level.LOW),
        (1.5, 8, 1, Level.LOW),
    ],
)
def test_a_disk_is_low_well_before_uploads_are_refused(
    free_gb: float, total_gb: float, kept_gb: float, level: Level
) -> None:
    assert level_of(free_gb * GB, int(total_gb * GB), int(kept_gb * GB)) is level


def test_a_change_is_told_once(tmp_path: Path) -> None:
    watch = DiskWatch(tmp_path, GB)
    told = [watch.look(int(free_gb * GB), 100 * GB) for free_gb in (50, 4.9, 4.8, 0.9, 1.05, 4, 5.2, 6, 7)]
    assert [index for index, sentence in enumerate(told) if sentence] == [1, 3, 5, 7]
    low, refusing, low_again, plenty = filter(None, told)
    assert "Only 4.9 GB are free" in low
    assert str(tmp_path) in low
    assert "new uploads are refused" in refusing
    assert "below 1.0 GB no uploads" in low_again
    assert plenty == f"Room again at {tmp_path}: 6.0 GB are free."


async def test_the_platform_is_looked_after(tmp_path: Path) -> None:
    home = Home(tmp_path, engine_account({}))
    home.logs.mkdir()
    log = home.logs / "api.log"
    log.write_bytes(b"x" * 30_000_000)
    said: list[str] = []
    watching = asyncio.create_task(look_after(home, HUGE, said.append))
    async with asyncio.timeout(20):
        while log.stat().st_size or not said:
            await asyncio.sleep(0.02)
    watching.cancel()
    assert (home.logs / "api.log.1").stat().st_size == 30_000_000


@pytest.mark.thorough
async def test_storage_takes_objects_again_once_a_full_disk_has_room() -> None:
    home = new_home()
    disk = Disk(home.path, size_mb=400)
    if said := disk.mount():
        remove_home(home)
        pytest.skip(f"needs the right to mount a small file system: {said}")
    stack = Stack(home, durable=False)
    said_of_it: list[str] = []
    try:
        await stack.start(migrating=False)
        storage = stack.engine("seaweedfs")

        async def on_room() -> None:
            await end_stuck_storage(storage, said_of_it.append)

        disk.fill()
        with pytest.raises(ClientError):
            await put_empty_objects(stack)
        watching = asyncio.create_task(look_after(home, 10_000_000, said_of_it.append, on_room, every_s=0.1))
        while not said_of_it:
            await asyncio.sleep(0.02)
        disk.free()
        assert not await storage.program.is_ready(), "room alone does not help it"
        async with asyncio.timeout(60):
            while storage.pid is not None:
                await asyncio.sleep(0.05)
        await storage.start()
        assert await storage.program.is_ready()
        watching.cancel()
        assert "refused" in said_of_it[0]
        assert "started again" in said_of_it[-1]
    finally:
        stack.kill()
        disk.unmount()
        remove_home(home)


async def put_empty_objects(stack: Stack) -> None:
    """Until one is refused: they have no bytes, so it is the metadata that finds no room."""
    async with stack.seaweedfs.client() as s3:
        for number in range(1000):
            await s3.put_object(Bucket=BUCKET, Key=f"{number}", Body=b"")


APPEND = """
import sys, time
with open(sys.argv[1], "ab", buffering=0) as log:
    for number in range(100_000):
        log.write(b"line %d\\n" % number)
        time.sleep(0.0002)
"""


@pytest.mark.proves("M52")
def test_a_log_is_cut_while_it_is_written(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    writer = subprocess.Popen([sys.executable, "-c", APPEND, str(log)])
    try:
        cuts = 0
        while cuts < 4:
            assert writer.poll() is None
            time.sleep(0.02)
            if log.exists():
                cuts += shorten_log(log, 20_000)
    finally:
        writer.kill()
        writer.wait(10)
    assert {file.name for file in tmp_path.iterdir()} == {"worker.log", "worker.log.1", "worker.log.2"}
    assert log.read_bytes().startswith(b"line ") or not log.read_bytes()  # no hole before the new lines
    assert (tmp_path / "worker.log.1").stat().st_mode & 0o777 == 0o600


def test_the_parts_of_a_state_are_measured(tmp_path: Path) -> None:
    home = Home(tmp_path, engine_account({}))
    (home.data("postgres") / "cluster").mkdir(parents=True)
    (home.data("postgres") / "cluster" / "rows").write_bytes(b"x" * 1_000_000)
    used = usage_by_part(home)
    assert 1_000_000 <= used["database"] < 1_100_000
    assert used["objects"] == 0


async def test_no_upload_is_taken_that_would_fill_the_disk(programs: Programs, tmp_path: Path) -> None:
    _, url = programs.api(UPLOAD_DISK=str(tmp_path), UPLOAD_DISK_KEPT_BYTES=str(HUGE))
    climber = await new_climber(url)
    try:
        body = {"file_name": "climb.mp4", "content_type": "video/mp4", "size_bytes": 1000}
        refused = await climber.post("/api/v1/videos", body)
        assert (refused.status_code, refused.json()["error"]) == (507, "storage_full")
        assert (await climber.get("/api/v1/analyses")).status_code == 200  # everything else goes on
        ready = await climber.http.get("/health/ready")
        assert (ready.status_code, ready.json()["disk"]["level"]) == (200, "full")
        assert "uploads are refused" in ready.json()["disk"]["detail"]
        figures = (await climber.http.get("/metrics")).text.splitlines()
        assert 'ascension_disk_level{level="full"} 1.0' in figures
        assert 'ascension_disk_level{level="ok"} 0.0' in figures
        (free,) = (line for line in figures if line.startswith("ascension_disk_free_bytes "))
        assert 0 < float(free.split()[1]) < HUGE
    finally:
        await climber.http.aclose()
