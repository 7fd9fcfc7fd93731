"""The cage of the compute child: a hostile one gets nowhere, and one that computes notices nothing."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from ascension.errors.jobs import (
    ComputeCrashed,
    ComputeMemoryLimit,
    ComputeOutputLimit,
    JobFailure,
    NoPerson,
)
from ascension.errors.setup import SandboxIncomplete
from ascension.jobs import sandbox
from ascension.jobs.cage import trial
from ascension.jobs.cage.entering import MAX_FILE_BYTES
from ascension.jobs.compute import Child, Limits
from ascension.jobs.scratch import read_left
from tests.clips import wall_only, write_clip
from tests.conftest import Engines
from tests.jobs.stub_escape import ATTEMPTS
from tests.jobs.stubs import ROOT

pytestmark = [
    pytest.mark.proves("S01"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these parts"),
]

LIMITS = Limits(time_s=60, memory_bytes=1 << 30, threads=1)


def ignore(_stage: str, _progress_pct: int, _figures: dict[str, float]) -> None:
    """A listener that does nothing."""


@pytest.fixture
async def hostile(tmp_path: Path, stub_program: None) -> AsyncIterator[Child]:  # noqa: ARG001
    folder = tmp_path / "child"
    folder.mkdir()
    found = Child("tests.jobs.stub_escape:entrypoint", LIMITS, folder)
    yield found
    await found.kill()


@pytest.fixture
def told(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> dict[str, object]:
    """What a hostile child may know."""
    secret = tmp_path_factory.mktemp("scratch") / "job-of-another"
    secret.write_bytes(b"theirs")
    port = int(engines.redis_url.rpartition(":")[2].partition("/")[0])
    return {"then": "try", "secret": str(secret), "parent": os.getpid(), "port": port}


@pytest.fixture
def helper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user, in the parent's place."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, cwd=tmp_path) as process:
        yield process
        process.kill()


async def test_no_way_leads_out(hostile: Child, told: dict[str, object]) -> None:
    said = await hostile.run(told, ignore)
    assert said == dict.fromkeys(ATTEMPTS, "refused")
    assert await asyncio.to_thread(Path(str(told["secret"])).read_bytes) == b"theirs"


def test_outside_of_the_cage_the_same_ways_are_open(
    told: dict[str, object], helper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    # these would end or change the process that tries the others
    harmless = ATTEMPTS.keys() - {"become a shell", "be two by clone", "have users of its own"}
    program = (
        "import json, sys; from tests.jobs import stub_escape as stub\n"
        "told, names = json.loads(sys.argv[1])\n"
        "said = {name: stub.said_of(lambda: stub.ATTEMPTS[name](told)) for name in names}\n"
        "print(json.dumps(said))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, json.dumps([told | {"parent": helper.pid}, sorted(harmless)])],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=True,
    )
    refused = {name for name, said in json.loads(ran.stdout).items() if said == "refused"}
    # not the parent of this one, and so no ordinary user's to trace on some machines
    assert refused <= {"trace its parent", "read its parent's memory"}


async def test_every_call_of_the_list_is_refused_and_newer_ones_are_unknown(hostile: Child) -> None:
    said = await hostile.run({"then": "call"}, ignore)
    unknown = {name: said.pop(name) for name in ("newer", "clone3", "x32")}
    assert set(said.values()) == {"refused"}
    assert set(unknown.values()) == {"ENOSYS"}


async def test_what_computing_needs_goes_on(hostile: Child) -> None:
    assert await hostile.run({"then": "compute"}, ignore) == {"ran": 1, "limit": 0, "rights": 0}


@pytest.mark.parametrize(
    ("then", "limits", "expected"),
    [
        ("write a large file", LIMITS, ComputeOutputLimit),
        ("write many files", LIMITS, ComputeOutputLimit),
        ("write much", LIMITS, ComputeOutputLimit),
        ("take memory", Limits(60, 200 << 20, 1), ComputeMemoryLimit),
        ("start threads", Limits(60, 200 << 20, 1), JobFailure),
        ("report", LIMITS, ComputeCrashed),
        ("speak 32 bits", LIMITS, ComputeCrashed),
    ],
)
async def test_excess_ends_the_child_with_a_code(
    hostile: Child, then: str, limits: Limits, expected: type[JobFailure]
) -> None:
    greedy = Child("tests.jobs.stub_escape:entrypoint", limits, hostile.folder)
    try:
        with pytest.raises(expected):
            await greedy.run({"then": then}, ignore)
        assert await greedy.run({"then": "compute"}, ignore)
    finally:
        await greedy.kill()


async def test_nothing_is_missing_on_this_machine(tmp_path: Path) -> None:
    assert await sandbox.gaps(tmp_path) == {}
    assert os.listdir(tmp_path) == []  # noqa: PTH208 (a blocking call of pathlib)


async def test_a_worker_that_must_have_a_sandbox_does_not_start_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sandbox.require("auto", "production", tmp_path)
    # a program in Python's place that goes into no cage, as on a kernel that has none
    program = tmp_path / "python"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys; sys.argv = ['child', sys.argv[-1]]\n"
        "from ascension.jobs import child\n"
        "child.enter = lambda *_, **__: None\n"
        "child.main()\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    found = await sandbox.gaps(tmp_path)
    assert found.keys() >= {
        "open a socket",
        "start a process",
        "read files of others",
        "change files of others",
    }
    assert set(found.values()) == {trial.LANDLOCK, trial.SECCOMP, trial.LIMITS}
    await sandbox.require("auto", "development", tmp_path)
    await sandbox.require("available", "production", tmp_path)
    for rule, environment in (("auto", "staging"), ("required", "development")):
        with pytest.raises(SandboxIncomplete, match="open a socket"):
            await sandbox.require(rule, environment, tmp_path)  # pyright: ignore[reportArgumentType]


def test_a_parent_that_proc_hides_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As systemd's ProtectProc= has it: what a child may not trace is not there."""
    monkeypatch.setattr(os, "getppid", lambda: 2**22 + 1)
    with pytest.raises(PermissionError):
        trial._read_environment_of_parent()  # pyright: ignore[reportPrivateUsage]


async def test_a_trial_that_something_else_ends_is_made_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, tries = tmp_path / "python", tmp_path / "tries"
    for dying in (1, 2):
        tries.write_text("")
        program.write_text(
            f"#!/bin/sh\necho >> {tries}\n"
            f'[ $(wc -l < {tries}) -le {dying} ] && kill -9 $$\nexec {sys.executable} "$@"\n'
        )
        program.chmod(0o755)
        with monkeypatch.context() as patched:
            patched.setattr(sys, "executable", str(program))
            if dying == 1:
                await sandbox.require("required", "production", tmp_path)
                continue
            with pytest.raises(SandboxIncomplete, match="does not start"):
                await sandbox.require("required", "production", tmp_path)
    assert tries.read_text() == "\n\n"


def test_only_a_plain_file_is_taken_from_a_child(tmp_path: Path) -> None:
    left = tmp_path / "result"
    assert read_left(left) is None
    left.write_bytes(b"result")
    assert read_left(left) == b"result"
    (tmp_path / "link").symlink_to(left)
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    for name in ("link", "pipe", "large", "."):
        with pytest.raises(ComputeCrashed, match="something else"):
            read_left(tmp_path / name)


async def test_another_backend_runs_in_its_cage_too_and_complains_of_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The fastest one runs in it in tests/analyses/test_bad_clips.py."""
    child = Child("ascension.coaching.compute_analysis:run", LIMITS, tmp_path)
    clip = write_clip(tmp_path / "wall.mp4", wall_only(12))
    request: dict[str, Any] = {
        "video_path": str(clip),
        "result_path": "result",
        "threads": 2,
        "backend": "onnx-cpu",
    }
    try:
        with pytest.raises(NoPerson):
            await child.run(request, ignore)
    finally:
        await child.kill()
    assert "denied" not in capfd.readouterr().out
