"""A release is rolled over the replicas of a host while requests go on, and what fails goes back."""

import asyncio
import fcntl
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import unused_port
from tests.deploy.edge import Edge, balancing, client, lay_out, load, running
from tests.platform import ROOT

HOST = ROOT / "infrastructure/host"
RELEASES = ("0.1.0", "0.2.0", "0.3.0-bad", "0.4.0-dead")
REPLICAS = 2


class Machine:
    """A host with two replicas of 0.1.0, nginx and a balancer."""

    def __init__(self, edge: Edge, run_with: str) -> None:
        self.edge, self.home = edge, edge.folder / "home"
        for version in RELEASES:
            (self.home / "releases" / version / "bin").mkdir(parents=True)
            (self.home / "releases" / version / "bin/ascension").touch()
        programs = edge.folder / "programs"
        programs.mkdir()
        for program in ("systemctl", "docker"):
            (programs / program).symlink_to(Path(__file__).with_name(f"{program}.py"))
        self.environment = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "SYSTEMCTL_STATE": str(edge.folder),
        }
        first = {"blue": unused_ten(), "green": unused_ten()}
        settings = {
            "role": "api",
            "count": REPLICAS,
            "lock": "api",
            "run_with": run_with,
            "python": sys.executable,
            "home": str(self.home),
            "balancer": str(edge.folder / "balancer"),
            "first_ports": first,
            "ready_within_s": 3,
            "drain_s": 0.5,
        }
        (edge.folder / "host.json").write_text(json.dumps(settings))

    async def release(self, *arguments: object) -> tuple[int, list[str], str]:
        """Exit code, the events that were told, the complaint."""
        command = [sys.executable, HOST / "release.py", "--host", self.edge.folder / "host.json", *arguments]
        process = await asyncio.create_subprocess_exec(
            *map(str, command), env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, complaint = await process.communicate()
        assert process.returncode is not None
        lines = out.decode().splitlines()
        told = [json.loads(line)["event"] if line.startswith("{") else line for line in lines]
        return process.returncode, told, complaint.decode()

    async def versions(self) -> set[str]:
        """What those who are asked tell, as seen from outside."""
        async with client(self.edge) as http:
            return {(await http.get("/")).json()["version"] for _ in range(6)}

    def stop(self) -> None:
        for file in self.edge.folder.glob("*.pid"):
            if file.name.startswith("ascension-"):
                subprocess.run(
                    [self.environment["PATH"].split(":")[0] + "/systemctl", "disable", file.stem],
                    env=self.environment,
                    check=True,
                    timeout=20,
                )


def unused_ten() -> int:
    """The first of ten ports, of which two are free: the last figure is the replica's, as on a host."""
    while True:
        first = unused_port() // 10 * 10
        with suppress(OSError), socket.create_server(("", first)), socket.create_server(("", first + 1)):
            return first


@pytest.fixture
async def machine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Machine]:
    """With units; where a test says so, with containers."""
    edge = lay_out(tmp_path, site="ascension.conf")
    machine = Machine(edge, getattr(request, "param", "units"))
    with running(edge), balancing(edge, "--interval-s", 0.5, log=tmp_path / "balancer.log"):
        try:
            code, _, complaint = await machine.release("roll", "0.1.0")
            assert code == 0, complaint
            yield machine
        finally:
            machine.stop()


@pytest.mark.proves("M36", "M65")
@pytest.mark.parametrize("machine", ["units", "containers"], indirect=True)
async def test_a_release_and_the_way_back_cost_no_request(machine: Machine) -> None:
    async with load(machine.edge) as seen:
        code, told, complaint = await machine.release("roll", "0.2.0")
        assert (code, complaint) == (0, "")
        assert told == ["rolling", *(["started", "stopped"] * REPLICAS), "rolled"], "one after the other"
        assert await machine.versions() == {"0.2.0"}
        assert (await machine.release("back"))[0] == 0
        assert await machine.versions() == {"0.1.0"}
    assert set(seen) == {200}


@pytest.mark.proves("M65")
@pytest.mark.parametrize("version", ["0.3.0-bad", "0.4.0-dead"])
async def test_a_release_that_does_not_become_ready_is_taken_back(machine: Machine, version: str) -> None:
    async with load(machine.edge) as seen:
        code, told, complaint = await machine.release("roll", version)
    assert code == 1
    assert complaint.startswith(f"release: {version} was taken back, 0.1.0 runs: ")
    assert told[-1] == "taken_back"
    assert await machine.versions() == {"0.1.0"}
    assert set(seen) == {200}


@pytest.mark.proves("M68")
async def test_blue_and_green_are_flipped_and_flipped_back(machine: Machine) -> None:
    assert (await machine.release("start", "0.2.0"))[0] == 0
    assert await machine.versions() == {"0.1.0"}, "nobody asks the other color yet"
    async with load(machine.edge) as seen:
        for version in ("0.2.0", "0.1.0"):
            began = asyncio.get_running_loop().time()
            assert (await machine.release("flip"))[0] == 0
            await asyncio.sleep(0.5)
            assert await machine.versions() == {version}
            assert asyncio.get_running_loop().time() - began < 60
    assert set(seen) == {200}


async def test_one_that_was_broken_off_in_the_middle_goes_on(machine: Machine) -> None:
    rolling = asyncio.create_task(machine.release("roll", "0.2.0"))
    while len(json.loads((machine.edge.folder / "balancer/wanted.json").read_text())["ports"]) < 3:
        await asyncio.sleep(0.05)
    rolling.cancel()
    _kill(str(machine.edge.folder / "host.json"))
    code, _, complaint = await machine.release("roll", "0.2.0")
    assert (code, complaint) == (0, "")
    assert await machine.versions() == {"0.2.0"}


def _kill(named: str) -> None:
    """Every process whose command names this."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if named in (process / "cmdline").read_text():
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue


async def test_what_cannot_be_done_is_said(machine: Machine) -> None:
    for arguments, complaint in (
        (("roll", "9.9.9"), "9.9.9 is not installed here: `release.py install` first."),
        (("flip",), "No green replica runs: `release.py start VERSION` first."),
        (("back",), "No release of before is installed here."),
    ):
        assert await machine.release(*arguments) == (1, [], f"release: {complaint}\n")
    with (machine.home / ".release.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        said = "release: Another release is under way on this host.\n"
        assert await machine.release("roll", "0.1.0") == (1, [], said)
    assert (await machine.release("roll", "0.1.0"))[1] == ["nothing_to_do"]
    (machine.edge.folder / "api.env").write_text("LOG_LEVEL=debug\n")
    code, told, _ = await machine.release("roll", "0.1.0")
    assert (code, told[-1]) == (0, "rolled"), "what replicas are told has changed"
    assert (await machine.release("roll", "0.1.0"))[1] == ["nothing_to_do"]


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd"])
async def test_an_archive_that_is_no_bundle_is_refused(machine: Machine, name: str, tmp_path: Path) -> None:
    archive = tmp_path / "ascension-0.5.0.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo(f"ascension-0.5.0/{name}" if name[0] == "." else name), io.BytesIO())
    digest = sha256(archive.read_bytes()).hexdigest()
    for told, complaint in ((digest, "is no bundle"), ("0" * 64, "it is not what was released")):
        code, _, said = await machine.release("install", archive, "--sha256", told)
        assert code == 1
        assert complaint in said
    assert sorted(path.name for path in (machine.home / "releases").iterdir()) == sorted(RELEASES)
