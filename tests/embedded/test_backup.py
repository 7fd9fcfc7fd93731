"""Keep and move: a backup of a platform at work becomes the same platform in another place."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from ascension.embedded.archive import DATABASE, SECRETS, Writer, read_header
from ascension.embedded.backup import Source, back_up
from ascension.embedded.layout import Home
from ascension.embedded.seaweedfs import BUCKET
from ascension.embedded.stack import Stack
from ascension.embedded.swap import staging
from ascension.errors import SetupError
from tests.clips import short_climb
from tests.conftest import Engines, describe, new_home, remove_home, run_apart
from tests.platform import PASSWORD, Climber, Programs, new_climber
from tests.rows import sql

pytestmark = pytest.mark.engines
ASCENSION = Path(sys.executable).with_name("ascension")
TIMEOUT_S = 120


def start(home: Home, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [ASCENSION, *map(str, arguments)],
        env={**os.environ, "ASCENSION_HOME": str(home.path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def command(home: Home, *arguments: object) -> str:
    """Run a command that must succeed; what it printed."""
    process = start(home, *arguments)
    said, failed = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0, failed
    return said


def refused(home: Home, *arguments: object) -> str:
    """Run a command that must end with one sentence; the sentence."""
    process = start(home, *arguments)
    _, said = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 1, said
    assert said.startswith("ascension: ")
    assert said.count("\n") == 1
    return said


@pytest.fixture
def other_home() -> Iterator[Home]:
    home = new_home()
    try:
        yield home
    finally:
        remove_home(home)


async def at_work(programs: Programs) -> tuple[Climber, dict[str, str]]:
    """One analysis completed, one held in the middle of its work, one waiting; their ids."""
    _, url = programs.api()
    worker = programs.worker()
    climber = await new_climber(url)
    ids = {"done": (await climber.analyze(short_climb()))["id"]}
    await climber.wait(ids["done"], "completed")
    ids["working"] = (await climber.analyze(short_climb(60)))["id"]
    await climber.wait_for_child(ids["working"])
    worker.popen.send_signal(signal.SIGSTOP)
    ids["waiting"] = (await climber.analyze(short_climb()))["id"]
    return climber, ids


def end(programs: Programs, stack: Stack) -> None:
    for process in programs.processes:
        process.kill()
    stack.kill()


@pytest.mark.proves("M26", "M43")
async def test_a_backup_of_a_platform_at_work_goes_on_in_another_place(
    own_stack: Engines, broken_programs: Programs, other_home: Home, tmp_path: Path
) -> None:
    climber, ids = await at_work(broken_programs)
    result = (await climber.get(f"/api/v1/analyses/{ids['done']}/result")).content
    file = tmp_path / "gym.backup"
    await climber.http.aclose()
    said = await asyncio.to_thread(command, own_stack.stack.home, "backup", file)
    assert "1 accounts, 3 analyses, " in said
    assert file.stat().st_mode & 0o777 == 0o600
    end(broken_programs, own_stack.stack)
    await asyncio.to_thread(command, other_home, "restore", file)
    stack = Stack(other_home, durable=False)
    await stack.start()
    moved = Programs(describe(stack), tmp_path)
    try:
        jobs = await sql(moved.engines, "select state, attempt from jobs order by id")
        assert jobs == [("done", 1), ("queued", 1), ("queued", 0)]
        _, url = moved.api()
        moved.worker()
        async with httpx.AsyncClient(base_url=url, timeout=30) as http:
            again = Climber(http, climber.email, climber.token, climber.user)  # the session goes on
            assert (await again.get(f"/api/v1/analyses/{ids['done']}/result")).content == result
            who = {"email": climber.email, "password": PASSWORD}
            assert (await http.post("/api/v1/auth/login", json=who)).status_code == 200
            done = (await again.get(f"/api/v1/analyses/{ids['done']}")).json()
            link = (await again.get(f"/api/v1/videos/{done['video']['id']}/playback")).json()["url"]
            assert (await http.get(link)).content == short_climb()
            for name, attempt in (("working", 2), ("waiting", 1)):
                ended = await again.wait(ids[name])
                assert (ended["state"], ended["attempt"]) == ("completed", attempt)
    finally:
        end(moved, stack)


async def put(stack: Stack, key: str, size_bytes: int) -> bytes:
    content = os.urandom(size_bytes)
    async with stack.seaweedfs.client() as s3:
        await s3.put_object(Bucket=BUCKET, Key=key, Body=content, ContentType="video/mp4")
    return content


async def get(stack: Stack, key: str) -> tuple[bytes, str]:
    async with stack.seaweedfs.client() as s3:
        answer = await s3.get_object(Bucket=BUCKET, Key=key)
        return await answer["Body"].read(), answer["ContentType"]


def kill_when(process: subprocess.Popen[str], true: Callable[[], bool]) -> None:
    """Kill -9 in the middle."""
    while not true():
        assert process.poll() is None, "it ended too early for this test"
        time.sleep(0.005)
    process.kill()
    process.communicate(timeout=TIMEOUT_S)


def forged(file: Path, source: Path) -> None:
    """A file in which every digest is right and the database is none."""
    with source.open("rb") as whole, file.open("xb") as sink:
        writer = Writer(sink, read_header(whole))
        writer.add(SECRETS, b"{}")
        writer.add(DATABASE, b"PGDMP" + b"x" * 1000)
        writer.close()


@pytest.mark.proves("M26", "M43")
async def test_kill_9_and_bad_files_leave_no_half_file_and_no_half_platform(
    own_stack: Engines, other_home: Home, tmp_path: Path
) -> None:
    home = own_stack.stack.home
    await sql(
        own_stack,
        "insert into users (id, email, display_name, password_hash)"
        " values (gen_random_uuid(), 'a@example.org', 'A', 'x')",
    )
    video = await put(own_stack.stack, "saved/climb", 20_000_003)
    folder = tmp_path / "backups"
    folder.mkdir()
    file, rows, bad = (folder / f"{name}.backup" for name in ("gym", "rows", "bad"))
    begun = start(home, "backup", file)
    kill_when(begun, lambda: any(part.stat().st_size > 2**20 for part in folder.iterdir()))
    assert not file.exists()
    command(home, "backup", file)
    assert list(folder.iterdir()) == [file]
    command(home, "backup", rows, "--without-videos")
    own_stack.stack.kill()

    staged = staging(other_home)
    command(other_home, "restore", file)
    assert "There is a platform" in refused(other_home, "restore", file)
    forged(bad, file)
    assert "pg_restore failed" in refused(other_home, "restore", bad, "--replace")
    kill_when(start(other_home, "restore", file, "--replace"), (staged.data("postgres") / "cluster").exists)
    assert "those that were here before stay" in command(other_home, "restore", rows, "--replace")

    stack = Stack(other_home, durable=False)
    await stack.start()
    try:
        assert await sql(describe(stack), "select email from users") == [("a@example.org",)]
        assert await get(stack, "saved/climb") == (video, "video/mp4")
        assert not staged.path.exists()
    finally:
        stack.kill()


async def test_an_object_that_goes_while_the_backup_runs_is_named(engines: Engines, tmp_path: Path) -> None:
    stack = engines.stack
    await put(stack, "saved/0-stays", 1000)
    await put(stack, "saved/1-goes", 1000)

    async def remove() -> None:
        async with stack.seaweedfs.client() as s3:
            await s3.delete_object(Bucket=BUCKET, Key="saved/1-goes")

    class Removing:
        def begin(self, what: str, total_bytes: int) -> Callable[[int], object]:
            if what == "writing":
                run_apart(remove())
            return lambda done_bytes: (total_bytes, done_bytes)

    source = Source(stack.home, stack.postgres, stack.seaweedfs)
    contents = await back_up(tmp_path / "a.backup", source, Removing())
    assert contents.manifest.gone == ["saved/1-goes"]
    assert "saved/0-stays" in contents.objects
    with pytest.raises(SetupError, match="is there already"):
        await back_up(tmp_path / "a.backup", source, Removing())


@pytest.mark.proves("M26")
def test_older_backups_go_only_after_the_new_one_is_good(
    engines: Engines, other_home: Home, tmp_path: Path
) -> None:
    old = [tmp_path / f"ascension-2026010{day}T020000Z.backup" for day in (1, 2, 3)]
    for file in old:
        file.write_bytes(b"an older one")
    assert "There is no platform" in refused(other_home, "backup", tmp_path, "--keep", 2)
    assert sorted(tmp_path.iterdir()) == old
    command(engines.stack.home, "backup", tmp_path, "--keep", 2)
    kept, newest = sorted(tmp_path.iterdir())
    assert kept == old[-1]
    assert "is whole" in command(other_home, "verify-backup", newest)
    assert "--keep needs a directory" in refused(other_home, "backup", tmp_path / "x", "--keep", 2)
