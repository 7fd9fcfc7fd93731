"""Keep and move: a backup of a platform at work becomes the same platform in another place."""

import asyncio
import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx2 as httpx
import pytest
from typer.testing import CliRunner, Result

from ascension.cli import app
from ascension.embedded.backups.archive import DATABASE, SECRETS, Writer, read_header
from ascension.embedded.backups.backup import Source, back_up
from ascension.embedded.engines.seaweedfs import BUCKET
from ascension.embedded.layout import Home
from ascension.embedded.record import passing_holder
from ascension.embedded.stack import Stack
from ascension.embedded.swap import is_filled, staging
from ascension.errors.setup import SetupError
from tests.clips import short_climb
from tests.conftest import Engines, describe, new_home, remove_home, run_apart
from tests.eventually import eventually
from tests.platform import PASSWORD, Climber, Programs, new_climber
from tests.rows import sql

pytestmark = pytest.mark.engines
ASCENSION = Path(sys.executable).with_name("ascension")
TIMEOUT_S = 120
RESULT = b"what was found"


def start(home: Home, *arguments: object) -> subprocess.Popen[str]:
    """The program itself, to be killed."""
    return subprocess.Popen(
        [ASCENSION, *map(str, arguments)],
        env={**os.environ, "ASCENSION_HOME": str(home.path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(home: Home, *arguments: object) -> Result:
    return CliRunner().invoke(app, [str(part) for part in arguments], env={"ASCENSION_HOME": str(home.path)})


def command(home: Home, *arguments: object) -> str:
    """Run a command that must succeed; what it printed."""
    ran = run(home, *arguments)
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout


def refused(home: Home, *arguments: object) -> str:
    """Run a command that must end with one sentence; the sentence."""
    ran = run(home, *arguments)
    assert ran.exit_code == 1, ran.output
    assert ran.stderr.startswith("ascension: ")
    assert ran.stderr.count("\n") == 1
    return ran.stderr


def small_disk(_path: Path) -> SimpleNamespace:
    """What `shutil.disk_usage` would say of a disk on which 1 MB is left."""
    return SimpleNamespace(total=2_000_000, used=1_000_000, free=1_000_000)


@pytest.fixture
def other_home() -> Iterator[Home]:
    home = new_home()
    try:
        yield home
    finally:
        remove_home(home)


async def at_work(engines: Engines, url: str) -> tuple[Climber, dict[str, str]]:
    """One analysis completed, one at work, one waiting, as workers leave them; their ids."""
    climber = await new_climber(url)
    ids = {name: (await climber.analyze(short_climb()))["id"] for name in ("done", "working", "waiting")}
    await sql(
        engines,
        "update jobs set state = 'processing', attempt = 1, claim_id = gen_random_uuid(), started_at = now(),"
        " lease_until = now() + interval '1 hour', stage = 'poses' where subject_id = any(%s::uuid[])",
        [ids["done"], ids["working"]],
    )
    await sql(
        engines,
        "update jobs set state = 'done', finished_at = now(), claim_id = null where subject_id = %s",
        ids["done"],
    )
    await sql(
        engines,
        "update analyses set result = %s, result_sha256 = sha256('x'), completed_at = now() where id = %s",
        gzip.compress(RESULT),
        ids["done"],
    )
    return climber, ids


def end(programs: Programs, stack: Stack) -> None:
    for process in programs.processes:
        process.kill()
    stack.kill()


async def leaves(http: httpx.AsyncClient, leaver: Climber) -> None:
    """Erase the account, until nothing is left of it."""
    erasing = await http.request(
        "DELETE", "/api/v1/users/me", headers=leaver.headers, json={"password": PASSWORD}
    )
    assert erasing.status_code == 202, erasing.text

    async def is_erased() -> bool:
        return (await http.get(erasing.headers["Location"])).json()["state"] == "erased"

    await eventually(is_erased)


@pytest.mark.proves("M26", "M43")
@pytest.mark.thorough
async def test_a_backup_of_a_platform_at_work_goes_on_in_another_place(
    own_stack: Engines, broken_programs: Programs, other_home: Home, tmp_path: Path
) -> None:
    source = own_stack.stack
    folder = tmp_path / "backups"
    folder.mkdir()
    file, rows, bad = (folder / f"{name}.backup" for name in ("gym", "rows", "bad"))
    _, url = broken_programs.api()
    climber, ids = await at_work(own_stack, url)
    leaver = await new_climber(url)
    for person in (climber, leaver):
        await person.http.aclose()
    saved = await put(source, "saved/climb", 20_000_003)

    def keep() -> None:
        begun = start(source.home, "backup", file)
        kill_when(begun, lambda: any(part.stat().st_size > 2**20 for part in folder.iterdir()))
        assert not file.exists()
        assert "2 accounts, 3 analyses, " in command(source.home, "backup", file)
        assert list(folder.iterdir()) == [file], "the killed one left nothing"
        assert file.stat().st_mode & 0o777 == 0o600
        command(source.home, "backup", rows, "--without-videos")

    await asyncio.to_thread(keep)
    end(broken_programs, source)
    await asyncio.to_thread(command, other_home, "restore", file)
    await goes_on(other_home, climber, ids, leaver, tmp_path)

    def break_it() -> None:
        staged = staging(other_home)
        stopped = start(other_home, "backup", folder / "stopped.backup", "--without-videos")
        assert "is being written (process" in held_up(other_home, stopped)
        _, failed = stopped.communicate(timeout=TIMEOUT_S)
        assert stopped.returncode == 0, failed
        assert "There is a platform" in refused(other_home, "restore", file)
        forged(bad, file)
        assert "pg_restore failed" in refused(other_home, "restore", bad, "--replace")
        restoring = start(other_home, "restore", file, "--replace")
        assert "is being restored" in held_up(other_home, restoring)
        kill_when(restoring, (staged.data("postgres") / "cluster").exists)
        said = command(other_home, "restore", rows, "--replace")
        assert "those that were here before stay" in said
        assert "erased after the backup was written are erased again: 1." in said
        assert not staged.path.exists()

    await asyncio.to_thread(break_it)
    stack = Stack(other_home, durable=False)
    await stack.start()
    try:
        assert await sql(describe(stack), "select email from users") == [(climber.email,)]
        assert await get(stack, "saved/climb") == (saved, "video/mp4")
    finally:
        stack.kill()


async def goes_on(home: Home, climber: Climber, ids: dict[str, str], leaver: Climber, folder: Path) -> None:
    """The restored platform: nobody logs in anew, nothing is missing, all jobs end; then one leaves."""
    stack = Stack(home, durable=False)
    await stack.start()
    moved = Programs(describe(stack), folder)
    try:
        jobs = await sql(moved.engines, "select state, attempt from jobs order by id")
        assert jobs == [("done", 1), ("queued", 1), ("queued", 0)]
        _, url = moved.api(ERASURE_SETTLE_S="0", HOUSEKEEPING_S="0.5")
        moved.worker()
        async with httpx.AsyncClient(base_url=url, timeout=30) as http:
            again = Climber(http, climber.email, climber.token, climber.user)  # the session goes on
            assert (await again.get(f"/api/v1/analyses/{ids['done']}/result")).content == RESULT
            who = {"email": climber.email, "password": PASSWORD}
            assert (await http.post("/api/v1/auth/login", json=who)).status_code == 200
            done = (await again.get(f"/api/v1/analyses/{ids['done']}")).json()
            link = (await again.get(f"/api/v1/videos/{done['video']['id']}/playback")).json()["url"]
            assert (await http.get(link)).content == short_climb()
            for name, attempt in (("working", 2), ("waiting", 1)):
                ended = await again.wait(ids[name])
                assert (ended["state"], ended["attempt"]) == ("completed", attempt)
            await leaves(http, leaver)
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


def until(process: subprocess.Popen[str], true: Callable[[], bool]) -> None:
    while not true():
        assert process.poll() is None, "it ended too early for this test"
        time.sleep(0.005)


def kill_when(process: subprocess.Popen[str], true: Callable[[], bool]) -> None:
    """Kill -9 in the middle."""
    until(process, true)
    process.kill()
    process.communicate(timeout=TIMEOUT_S)


def held_up(home: Home, process: subprocess.Popen[str]) -> str:
    """What a start is told while this process holds the home; then it goes on."""
    until(process, lambda: bool(passing_holder(home)))
    process.send_signal(signal.SIGSTOP)
    try:
        refusal = start(home, "up")
        _, said = refusal.communicate(timeout=TIMEOUT_S)
        assert refusal.returncode == 1, said
    finally:
        process.send_signal(signal.SIGCONT)
    return said


def forged(file: Path, source: Path) -> None:
    """A file in which every digest is right and the database is none."""
    with source.open("rb") as whole, file.open("xb") as sink:
        writer = Writer(sink, read_header(whole))
        writer.add(SECRETS, b"{}")
        writer.add(DATABASE, b"PGDMP" + b"x" * 1000)
        writer.close()


@pytest.mark.thorough
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
@pytest.mark.thorough
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


@pytest.mark.proves("M26")
def test_a_disk_that_is_too_small_is_said_before_anything_is_written(
    engines: Engines, other_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, second = tmp_path / "rows.backup", tmp_path / "second.backup"
    command(engines.stack.home, "backup", file, "--without-videos")
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", small_disk)
        said = refused(engines.stack.home, "backup", second)
        assert "The backup may need" in said
        assert "1 MB are free" in said
        assert "1 MB are free" in refused(other_home, "restore", file)
    assert list(tmp_path.iterdir()) == [file]
    assert not is_filled(other_home)
    assert not staging(other_home).path.exists()
