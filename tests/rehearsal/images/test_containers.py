"""Images are built, pushed, pulled by digest, run on one host, rolled over and back, with the real programs.

Each test goes on from where the one before it ended: run all of them, in their order.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from ascension.embedded.engines import seaweedfs
from tests.clips import short_climb
from tests.platform import ACCEPTED, PASSWORD, ROOT, Climber
from tests.rehearsal import crowd
from tests.rehearsal.images import ground
from tests.rehearsal.images.conftest import NEW, OLD, PLACE, THIRD
from tests.rehearsal.images.ground import REGISTRY, THERE, Docker
from tests.rehearsal.images.installation import BACKUP_BUCKET, BUCKET, DATABASE, NAME, Installation

pytestmark = [pytest.mark.rehearsal, pytest.mark.engines]
LIMIT_MB = {"api": 700, "worker": 1400, "postgres": 700, "backup": 1300}
ABSENT = ("curl", "wget", "gcc", "cc", "make", "git", "pip", "pip3", "uv", "ssh", "nc")
STANZA = "--stanza=ascension"
RESTORE = ("restore", "--to", "latest")


@dataclass
class Site:
    """One host, as an operator has it."""

    docker: Docker
    installation: Installation

    def compose(self, *arguments: str | Path, within_s: float = 300, check: bool = True) -> str:
        folder = self.installation.home / f"releases/{OLD}/infrastructure/compose"
        return self.docker.run(
            *("docker-compose", "--project-name", "ascension"),
            *("--env-file", self.installation.compose_settings),
            *("--env-file", self.installation.home / f"releases/{OLD}/images.env"),
            *("-f", folder / "one-host.yaml", "-f", folder / "storage.yaml", *arguments),
            within_s=within_s,
            check=check,
        )

    def release(self, role: str, *arguments: str | Path) -> str:
        host = self.installation.settings / f"{role}.json"
        program = self.installation.home / "host/release.py"
        return self.docker.run("python3", program, "--host", host, *arguments, within_s=900)

    def containers(self) -> dict[str, str]:
        """Service to what Docker says of it."""
        lines = self.docker.docker(
            "ps", "--format", '{{.Label "com.docker.compose.service"}}|{{.Status}}|{{.ID}}'
        ).splitlines()
        return {line.split("|")[0]: line for line in lines}

    def inside(self, service: str, *command: str) -> str:
        """What a program says that runs in a container."""
        return self.docker.docker("exec", self.containers()[service].split("|")[2], *command)

    def set_up_bucket(self, bucket: str, option: str) -> None:
        """As an operator does, with the key that may."""
        secret = (self.installation.settings / "credentials/storage/admin").read_text().strip()
        told = {"AWS_ACCESS_KEY_ID": seaweedfs.ADMIN, "AWS_SECRET_ACCESS_KEY": secret, "S3_BUCKET": bucket}
        environment = [part for name, value in told.items() for part in ("-e", f"{name}={value}")]
        command = ("migrate", "ascension", "storage", "setup", option)
        self.compose("run", "--rm", "--no-deps", *environment, *command)

    def rows(self) -> dict[str, str]:
        """How many there are of what climbers made."""
        counted = {table: f"select count(*) from {table}" for table in ("users", "analyses", "jobs")}
        asked = ("psql", "-h", "/run/postgresql", "-U", "ascension_admin", DATABASE, "-Atc")
        return {table: self.inside("postgres", *asked, query).strip() for table, query in counted.items()}

    def peak_mb(self, service: str) -> float:
        """The most memory that its group of processes has had, page cache included."""
        files = "/sys/fs/cgroup/memory/memory.max_usage_in_bytes /sys/fs/cgroup/memory.peak"
        return int(self.inside(service, "sh", "-c", f"cat {files} 2>/dev/null; true").split()[0]) / 1e6


class There(httpx.AsyncHTTPTransport):
    """Every name is that host; certificates are looked at as usual."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = request.url.host
        request.url = request.url.copy_with(host=THERE)
        return await super().handle_async_request(request)


@pytest.fixture(scope="module")
def site(pushed: dict[str, Path]) -> Iterator[Site]:  # noqa: ARG001 (what it pulls)
    """A host with Docker, its settings and secrets, both releases; nothing runs."""
    installation = Installation(PLACE / "installation")
    with ground.host(PLACE) as docker:
        clear(docker)  # first: what starts again makes the folders that it lacks
        shutil.rmtree(PLACE / "installation", ignore_errors=True)
        installation.write()
        for tag in THIRD.values():
            docker.docker("pull", "--quiet", f"{REGISTRY}/{tag}", within_s=600)
            docker.docker("tag", f"{REGISTRY}/{tag}", tag)
        found = Site(docker, installation)
        docker.docker("network", "create", "--subnet", "10.0.2.0/24", "ascension", check=False)
        for role in ("api", "worker"):
            installation.write_host(role)
        try:
            yield found
        finally:
            clear(docker)


def clear(docker: Docker) -> None:
    """Also what a run that was killed has left; images stay."""
    for what, listed in (("rm", ("ps", "--all", "--quiet")), ("volume rm", ("volume", "ls", "--quiet"))):
        if found := docker.docker(*listed).split():
            docker.docker(*what.split(), "--force", *found)


def install(site: Site, version: str, images: Path) -> None:
    archive = ROOT / f"build/release/ascension-{version}.tar.gz"
    digest = subprocess.run(["sha256sum", archive], capture_output=True, text=True, check=True, timeout=60)
    site.release("api", "install", archive, "--sha256", digest.stdout.split()[0], "--images", images)


@asynccontextmanager
async def visitor(site: Site) -> AsyncGenerator[Climber]:
    """Somebody on the Internet who has just registered."""
    trusted = site.installation.authority
    context = httpx.create_ssl_context()
    trusted.configure_trust(context)
    async with httpx.AsyncClient(
        base_url=f"https://{NAME}", transport=There(verify=context), timeout=30
    ) as http:
        email = f"{time.time_ns()}@example.org"
        body = {"email": email, "password": PASSWORD, "accepted": ACCEPTED}
        answer = await http.post("/api/v1/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        yield Climber(http, email, answer.json()["access_token"], answer.json()["user"])


async def routes_of(climber: Climber) -> list[str]:
    """Routes to write tries on: enough for a release that takes long."""
    analysis = await climber.analyze(short_climb())
    ids: list[str] = []
    for color in ("blue", "green"):
        name = f"The {color} slab {analysis['id'][-6:]}"  # others each time: a route takes 500 tries
        named = await climber.put(f"/api/v1/analyses/{analysis['id']}/route", {"route": name})
        assert named.status_code == 200, named.text
        ids.append(named.json()["route_id"])
    return ids


def test_images_hold_what_they_need_and_no_more(builder: Docker) -> None:
    for name, most_mb in LIMIT_MB.items():
        tag = f"ascension/{name}:{OLD}"
        told = json.loads(builder.docker("image", "inspect", tag))[0]
        assert told["Size"] / 1e6 < most_mb, name
        assert int(told["Config"]["User"].split(":")[0]) > 0, name
        labels = told["Config"]["Labels"]
        assert labels["org.opencontainers.image.version"] == OLD
        assert re.fullmatch("[0-9a-f]{40}", labels["org.opencontainers.image.revision"])
        asked = "; ".join(f"command -v {program}" for program in ABSENT)
        confined = ("--rm", "--network=none", "--read-only", "--cap-drop=ALL", "--memory=256m")
        found = builder.docker("run", *confined, "--entrypoint=sh", tag, "-c", f"{asked}; true")
        assert found.strip() == "", name
        listing = json.loads((ROOT / f"build/release/ascension-{OLD}-{name}.cdx.json").read_text())
        kinds = {one.get("purl", one["bom-ref"]).partition("/")[0] for one in listing["components"]}
        assert "pkg:deb" in kinds
        assert ("pkg:pypi" in kinds) == (name != "postgres")
        if name != "postgres":
            said = builder.docker("run", *confined, "--entrypoint=ascension", tag, "--version")
            assert said.split()[-1] == OLD
        uid = {"postgres": "10002", "backup": "10002"}.get(name, "10001")
        assert builder.docker("run", *confined, "--entrypoint=id", tag, "-u").strip() == uid


def test_what_was_released_is_pulled_by_its_digest(site: Site, pushed: dict[str, Path]) -> None:
    for version, images in pushed.items():
        assert (
            len(re.findall(r"=127\.0\.0\.1:\d+/ascension/\w+@sha256:[0-9a-f]{64}\n", images.read_text())) == 4
        )
        install(site, version, images)
    assert OLD in site.release("api", "show")


async def test_one_host_comes_up_and_a_climb_goes_through(site: Site) -> None:
    began = time.monotonic()
    site.compose("up", "--detach", "--wait", "postgres", "redis", "storage")
    print(site.compose("run", "--rm", "setup"))
    site.compose("run", "--rm", "migrate")
    site.set_up_bucket(BUCKET, "--no-archive")
    site.compose(
        "--profile", "edge", "--profile", "api-2", "--profile", "worker-1", "up", "--detach", "--wait"
    )
    print(f"healthy after {time.monotonic() - began:.0f} s")
    async with visitor(site) as climber:
        assert (await climber.http.get("/health")).json()["version"] == OLD
        analysis = await climber.analyze(short_climb())
        done = await climber.wait(analysis["id"], timeout_s=300)
        assert done["state"] == "completed", done
        assert (await climber.get(f"/api/v1/analyses/{analysis['id']}/result")).status_code == 200
        site.installation.write_probe(climber.email, PASSWORD)
    log = site.compose("logs", "--no-log-prefix", "worker-1")
    assert {json.loads(line)["version"] for line in log.splitlines() if "worker_ready" in line} == {OLD}
    print({name: f"{site.peak_mb(name):.0f} MB" for name in site.containers()})


def test_database_and_queue_are_as_documented(site: Site) -> None:
    """What the queue was told outlives it: its file is replayed as the default user (flaw 46)."""
    for name, value in (
        ("max_connections", "200"),
        ("shared_buffers", "256MB"),
        ("effective_cache_size", "1GB"),
    ):
        asked = ("psql", "-h", "/run/postgresql", "-U", "ascension_admin", "postgres", "-Atc", f"show {name}")
        assert site.inside("postgres", *asked).strip() == value
    url = urlsplit((site.installation.settings / "credentials/api/redis_url").read_text())
    asked = (
        "redis-cli",
        "--tls",
        "--insecure",
        "--no-auth-warning",
        "--user",
        url.username or "",
        "-a",
        url.password or "",
    )
    assert (
        site.inside("redis", *asked, "eval", "return redis.call('set', 'kept', 'yes')", "0").strip() == "OK"
    )
    site.compose("restart", "redis")
    site.compose("up", "--detach", "--wait", "redis")
    assert site.inside("redis", *asked, "get", "kept").strip() == "yes"
    assert site.inside("redis", *asked, "config", "get", "maxmemory").startswith("NOPERM")


def test_the_database_is_had_back_after_its_disk_is_lost(site: Site) -> None:
    """Every word of a backup's program, in the container that has what it needs."""
    site.set_up_bucket(BACKUP_BUCKET, "--backup")
    site.compose("run", "--rm", "--no-deps", "--entrypoint=pgbackrest", "backup", STANZA, "stanza-create")
    shutil.copy(ROOT / "infrastructure/backup/zz-archiving.conf", site.installation.settings / "postgres")
    site.compose("restart", "postgres")
    site.compose("up", "--detach", "--wait", "--no-recreate", "postgres")
    for word in ("run", "drill", "objects", "status"):
        print(site.compose("run", "--rm", "--no-deps", "backup", word, within_s=600).splitlines()[-1][:600])
    before = site.rows()
    refused = site.compose("run", "--rm", "--no-deps", "backup", *RESTORE, check=False)
    assert "A server runs on" in refused

    site.compose("rm", "--stop", "--force", "postgres")
    site.docker.docker("volume", "rm", "ascension_postgres")
    began = time.monotonic()
    print(site.compose("run", "--rm", "--no-deps", "backup", *RESTORE, within_s=600).splitlines()[-1])
    site.compose("up", "--detach", "--wait", "postgres")
    print(f"had back in {time.monotonic() - began:.0f} s: {before}")
    assert site.rows() == before


def test_replicas_are_reached_by_the_host_alone(site: Site) -> None:
    for port in (8080, 8081, 8090):
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((THERE, port), timeout=5)
    for port in (80, 443):
        socket.create_connection((THERE, port), timeout=5).close()
    assert site.containers().keys() >= {"api-0", "api-1"}


async def test_a_replica_that_is_killed_comes_back(site: Site) -> None:
    container = site.containers()["api-0"].split("|")[2]
    told = ("inspect", "--format", "{{.RestartCount}} {{.State.Health.Status}}", container)
    async with visitor(site) as climber:
        # as a crash does it: `docker kill` would be an operator's wish
        pid = site.docker.docker("inspect", "--format", "{{.State.Pid}}", container)
        os.kill(int(pid), signal.SIGKILL)
        assert (await climber.get("/api/v1/users/me")).status_code == 200
        deadline = time.monotonic() + 90
        while (now := site.docker.docker(*told).split()) != ["1", "healthy"]:
            assert time.monotonic() < deadline, now
            assert (await climber.get("/api/v1/users/me")).status_code == 200
            await asyncio.sleep(1)


async def test_a_release_of_containers_and_the_way_back_cost_no_request(site: Site) -> None:
    site.compose("rm", "--stop", "--force", "--volumes", "api-0", "api-1", "worker-1")
    for role in ("api", "worker"):
        print(site.release(role, "roll", OLD))
    async with visitor(site) as climber:
        for arguments, version in ((("roll", NEW), NEW), (("back",), OLD)):
            began = time.monotonic()
            async with crowd.at_work(climber, await routes_of(climber)) as seen:
                await asyncio.to_thread(site.release, "api", *arguments)
                assert (await climber.http.get("/health")).json()["version"] == version
            print(f"{' '.join(arguments)}: {time.monotonic() - began:.0f} s, {seen}")
            assert not seen.failed_reads
            site.release("worker", *arguments)
            analysis = await climber.analyze(short_climb())
            assert (await climber.wait(analysis["id"], timeout_s=300))["state"] == "completed"
