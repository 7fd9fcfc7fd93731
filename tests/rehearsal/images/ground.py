"""A machine for containers: Docker with a network of its own, and a registry that both it and we reach.

Images are built by the Docker of this machine (DOCKER_HOST), or by one of our own; what runs them is another
one, in a network namespace: its rules and addresses are not this machine's.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.platform import ROOT

NAMESPACE = "asc-images"
HERE, THERE = "10.99.0.1", "10.99.0.2"
REGISTRY_PORT = 5099
REGISTRY = f"127.0.0.1:{REGISTRY_PORT}"
BASE = "debian:bookworm-slim"
START_WITHIN_S = 60
NEEDED = {
    "docker": "docker.io",
    "dockerd": "docker.io",
    "docker-registry": "docker-registry",
    "debootstrap": "debootstrap",
    "nsenter": "util-linux",
    "ip": "iproute2",
    "iptables": "iptables",
    "apt-cacher-ng": "apt-cacher-ng",
    "dnsmasq": "dnsmasq-base",
}
IN_NAMESPACE = ("nsenter", f"--net=/run/netns/{NAMESPACE}")
"""`ip netns exec` would hide the control groups."""


@dataclass(frozen=True)
class Docker:
    """One daemon. `prefix`: what its host's programs are started with."""

    socket: str
    prefix: tuple[str, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        programs = f"{ROOT}/build/deploy/bin{os.pathsep}{os.environ['PATH']}{os.pathsep}/usr/sbin:/sbin"
        return {**os.environ, "PATH": programs, "DOCKER_HOST": self.socket, "DOCKER_BUILDKIT": "0"}

    def run(self, *command: str | Path, within_s: float = 300, check: bool = True) -> str:
        """A program of that host; what it said, and fails with the end of it."""
        done = subprocess.run(
            [*self.prefix, *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=within_s,
            check=False,
        )
        said = done.stdout
        assert done.returncode == 0 or not check, f"`{' '.join(map(str, command))}`: {said[-3000:]}"
        return said

    def docker(self, *arguments: str | Path, within_s: float = 300, check: bool = True) -> str:
        return self.run("docker", *arguments, within_s=within_s, check=check)

    @property
    def is_up(self) -> bool:
        return "Server" in self.docker("version", check=False) and not self._is_away

    @property
    def _is_away(self) -> bool:
        return "Cannot connect" in self.docker("info", check=False)


def look_for_programs() -> None:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    missing = {package for program, package in NEEDED.items() if shutil.which(program, path=path) is None}
    assert not missing, f"`apt-get install -y {' '.join(sorted(missing))}` first: images are run for real."
    assert os.geteuid() == 0, "Run it as root: it makes a network namespace and containers."


@contextmanager
def builder(place: Path) -> Generator[Docker]:
    """Who builds: this machine's Docker where it answers."""
    usual = Docker(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
    if usual.is_up:
        yield usual
        return
    with _daemon(place / "builder", "--iptables=false", "--bridge=none") as ours:
        yield ours


@contextmanager
def namespace() -> Generator[None]:
    """One wire leads there: 10.99.0.2."""
    _run("ip", "netns", "delete", NAMESPACE, check=False)
    _run("ip", "netns", "add", NAMESPACE)
    try:
        _run("ip", "link", "add", "asc-images", "type", "veth", "peer", "name", "eth0", "netns", NAMESPACE)
        _run("ip", "address", "add", f"{HERE}/24", "dev", "asc-images")
        _run("ip", "link", "set", "asc-images", "up")
        for command in (f"address add {THERE}/24 dev eth0", "link set eth0 up", "link set lo up"):
            _run("ip", "-n", NAMESPACE, *command.split())
        yield
    finally:
        _run("ip", "link", "delete", "asc-images", check=False)
        _run("ip", "netns", "delete", NAMESPACE, check=False)


@contextmanager
def host(place: Path) -> Generator[Docker]:
    """Who runs them, and a registry beside it."""
    with ExitStack() as stack:
        stack.enter_context(namespace())
        daemon = stack.enter_context(_daemon(place / "host", prefix=IN_NAMESPACE))
        stack.enter_context(registry(place, IN_NAMESPACE))
        yield daemon


@contextmanager
def registry(place: Path, prefix: Sequence[str] = ()) -> Generator[None]:
    """Debian's, on loopback; what was pushed stays in its folder."""
    (place / "registry").mkdir(parents=True, exist_ok=True)
    settings = place / "registry.yml"
    settings.write_text(
        f"version: 0.1\nlog: {{level: warn, accesslog: {{disabled: true}}}}\n"
        f"storage: {{filesystem: {{rootdirectory: {place / 'registry'}}}}}\n"
        f"http: {{addr: '{REGISTRY}'}}\n"
    )
    with program(place / "registry.log", *prefix, "docker-registry", "serve", settings):
        deadline = time.monotonic() + START_WITHIN_S
        probe = ("python3", "-c", f"import socket; socket.create_connection(('127.0.0.1', {REGISTRY_PORT}))")
        while subprocess.run([*prefix, *probe], capture_output=True, timeout=20, check=False).returncode:
            assert time.monotonic() < deadline, (place / "registry.log").read_text()[-2000:]
            time.sleep(0.2)
        yield


def make_base(docker: Docker, place: Path) -> None:
    """Debian: pulled, or made here with the certificates that this machine trusts."""
    if docker.docker("images", "--quiet", BASE).strip():
        return
    if "Downloaded" in docker.docker("pull", BASE, check=False):
        return
    root = place / "root"
    shutil.rmtree(root, ignore_errors=True)
    _run("debootstrap", "--variant=minbase", "bookworm", str(root), within_s=900)
    shutil.copytree("/etc/apt/sources.list.d", root / "etc/apt/sources.list.d", dirs_exist_ok=True)
    shutil.copytree(
        "/usr/local/share/ca-certificates", root / "usr/local/share/ca-certificates", dirs_exist_ok=True
    )
    (root / "etc/ssl/certs").mkdir(parents=True, exist_ok=True)
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "etc/ssl/certs")
    for kept in ("var/cache/apt", "var/lib/apt/lists"):  # an image of a registry has neither
        shutil.rmtree(root / kept)
        (root / kept / "partial").mkdir(parents=True)
    docker.run("sh", "-c", f"tar -C {root} -c . | docker import - {BASE}")
    shutil.rmtree(root)


@contextmanager
def _daemon(place: Path, *options: str, prefix: tuple[str, ...] = ()) -> Generator[Docker]:
    place.mkdir(parents=True, exist_ok=True)
    docker = Docker(f"unix://{place}/docker.sock", prefix)
    short = f"/run/asc-{place.name}"  # a socket's path may have 107 characters only
    command = ["dockerd", "--host", docker.socket, "--data-root", place / "data", "--exec-root", short]
    command += ["--pidfile", place / "pid", "--log-level", "warn", *options]
    with program(place / "log", *prefix, *command):
        deadline = time.monotonic() + START_WITHIN_S
        while not docker.is_up:
            assert time.monotonic() < deadline, (place / "log").read_text()[-2000:]
            time.sleep(0.5)
        yield docker


@contextmanager
def program(log: Path, *command: str | Path) -> Generator[None]:
    with log.open("w") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def _run(*command: str, check: bool = True, within_s: float = 60) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=within_s, check=False)
    assert done.returncode == 0 or not check, f"`{' '.join(command)}`: {done.stdout}{done.stderr}"
