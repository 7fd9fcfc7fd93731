"""The hosts of the rehearsal: each with systemd and sshd, as bare as a provider hands it over.

    python -m tests.rehearsal.hosts up      make networks and hosts, print how to reach them
    python -m tests.rehearsal.hosts down    end and remove them
    python -m tests.rehearsal.hosts ssh api

Two have Debian 12, the worker Ubuntu 24.04. A host is a container that boots systemd, with wires of our own
instead of Docker's networks. Needs root, and of Debian docker.io, debootstrap, apt-cacher-ng.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.house.tree import ROOT
from tests.rehearsal import wires
from tests.rehearsal.wires import Wire, run

PLACE = ROOT / "build/rehearsal"
SOCKET = PLACE / "docker.sock"
KEY = PLACE / "ssh/id_ed25519"
NAME = "staging.ascension.app"
STORAGE_NAME = "s3.example.net"
STORAGE_IP = "198.51.100.30"
PROXY = f"http://{wires.REGISTRY_IP}:3142"
WHEELS = "/var/cache/wheels"
"""Of uv, on every host: what one rehearsal fetched, the next has."""
GATEWAY = wires.REGISTRY_IP  # packages are all that it lets out
BOOT_WITHIN_S = 60
NEEDED = {
    "dockerd": "docker.io",
    "debootstrap": "debootstrap",
    "apt-cacher-ng": "apt-cacher-ng",
    "nft": "nftables",
    "nmap": "nmap",
    "ssh-keygen": "openssh-client",
}
PACKAGES = "systemd,systemd-sysv,dbus,udev,openssh-server,sudo,python3,iproute2,ca-certificates,procps,cron"
CAPABILITIES = (
    *(
        "SYS_ADMIN",
        "NET_ADMIN",
        "NET_RAW",
        "SYS_PTRACE",
        "DAC_READ_SEARCH",
        "SYS_CHROOT",
        "SYS_NICE",
        "SYS_TIME",
    ),
    *(
        "AUDIT_CONTROL",
        "AUDIT_WRITE",
        "MKNOD",
        "SYSLOG",
        "LINUX_IMMUTABLE",
        "IPC_LOCK",
        "SYS_BOOT",
        "MAC_ADMIN",
    ),
    "SETFCAP",
)


@dataclass(frozen=True)
class System:
    """A distribution's release."""

    name: str
    components: str
    script: str
    """Of debootstrap, which knows the archive: newer releases than it are made by that of their family."""

    @property
    def image(self) -> str:
        return f"asc-host-{self.name}"


DEBIAN = System("bookworm", "main", "sid")
UBUNTU = System("noble", "main,universe", "gutsy")


@dataclass(frozen=True)
class Machine:
    """A host: its wires, and the memory that the documents give it."""

    name: str
    wires: tuple[Wire, ...]
    memory: str
    system: System = DEBIAN

    @property
    def container(self) -> str:
        return f"asc-{self.name}"

    @property
    def address(self) -> str:
        """Where ssh finds it first: from the Internet, or at home."""
        return self.wires[0].address.partition("/")[0]

    def execute(self, *command: str, within_s: float = 120, check: bool = True) -> str:
        """As root on its console: what an operator does there, and no part of the product."""
        return docker("exec", self.container, *command, within_s=within_s, check=check)


API = Machine(
    "api",
    (Wire("internet", "eth0", "198.51.100.10/24", GATEWAY), Wire("private", "eth1", "10.0.0.10/24")),
    "4g",
)
DATABASE = Machine(
    "database",
    (Wire("internet", "eth0", "198.51.100.20/24", GATEWAY), Wire("private", "eth1", "10.0.0.20/24")),
    "4g",
)
WORKER = Machine("worker", (Wire("home", "eth0", "192.168.1.50/24", wires.HOME_GATEWAY_IP),), "8g", UBUNTU)
MACHINES = (API, DATABASE, WORKER)


def docker(*arguments: str, within_s: float = 120, check: bool = True) -> str:
    return run("docker", "-H", f"unix://{SOCKET}", *arguments, within_s=within_s, check=check)


def up(machines: Sequence[Machine] = MACHINES) -> None:
    """Networks, proxy, image and hosts; raises RuntimeError with the name of what is missing."""
    look_for_programs()
    down()
    (PLACE / "ssh/known_hosts").unlink(missing_ok=True)
    wires.lay()
    wires.name({NAME: API.address, STORAGE_NAME: STORAGE_IP})
    start_proxy()
    start_docker()
    make_key()
    for system in {machine.system for machine in machines}:
        make_image(system)
    for machine in machines:
        boot(machine)
    for machine in machines:
        wait_for_boot(machine)


def look_for_programs() -> None:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    missing = [package for program, package in NEEDED.items() if shutil.which(program, path=path) is None]
    if missing:
        raise RuntimeError(f"The rehearsal needs more programs: `apt-get install -y {' '.join(missing)}`.")
    if os.geteuid() != 0:
        raise RuntimeError("The rehearsal makes network namespaces and containers: run it as root.")


def start_proxy() -> None:
    """For packages alone: apt's are kept, all else is passed on to who asks for it with TLS."""
    folder = PLACE / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pid").unlink(missing_ok=True)
    run(
        *("apt-cacher-ng", f"CacheDir={folder}", f"LogDir={folder}", f"PidFile={folder}/pid"),
        *(f"BindAddress={wires.REGISTRY_IP}", "Port=3142", "PassThroughPattern:.*", "ConnectProto:v4"),
    )


def start_docker() -> None:
    """One of our own: it touches neither this machine's addresses nor its rules."""
    if is_docker_up():
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    with (PLACE / "dockerd.log").open("w") as log:
        subprocess.Popen(
            [
                *("dockerd", "--iptables=false", "--bridge=none", "-H", f"unix://{SOCKET}"),
                *("--data-root", PLACE / "docker", "--exec-root", "/run/asc-docker"),
                *("--pidfile", PLACE / "dockerd.pid"),
            ],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + BOOT_WITHIN_S
    while not is_docker_up():
        if time.monotonic() > deadline:
            raise RuntimeError((PLACE / "dockerd.log").read_text()[-2000:])
        time.sleep(0.2)


def is_docker_up() -> bool:
    return bool(docker("version", "--format", "{{.Server.Version}}", check=False).strip())


def make_key() -> None:
    """Of the administrator, whom every host knows."""
    if not KEY.exists():
        KEY.parent.mkdir(parents=True, exist_ok=True)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY)


def make_image(system: System) -> None:
    """As a provider installs it, with our key for its administrator; packages come by the proxy."""
    if docker("image", "inspect", system.image, check=False) not in ("", "[]\n"):
        return
    root = PLACE / "root"
    shutil.rmtree(root, ignore_errors=True)
    parts = f"--components={system.components}"
    bootstrap = ("debootstrap", "--variant=minbase", parts, f"--include={PACKAGES}", system.name, root)
    run("env", f"http_proxy={PROXY}", *bootstrap, "", system.script, within_s=900)
    furnish(root)
    with subprocess.Popen(["tar", "-C", root, "-c", "."], stdout=subprocess.PIPE) as tar:
        subprocess.run(
            ["docker", "-H", f"unix://{SOCKET}", "import", "-", system.image],
            stdin=tar.stdout,
            stdout=subprocess.DEVNULL,
            timeout=300,
            check=True,
        )
    shutil.rmtree(root)


def furnish(root: Path) -> None:
    """Whom it trusts, which proxy it asks, who may log in; and without what asks for a screen."""
    for certificate in Path("/usr/local/share/ca-certificates").glob("*.crt"):
        shutil.copy(certificate, root / "usr/local/share/ca-certificates")
    run("chroot", root, "update-ca-certificates")
    (root / "etc/apt/apt.conf.d/01proxy").write_text(f'Acquire::http::Proxy "{PROXY}";\n')
    (root / "etc/pip.conf").write_text(
        f"[global]\nproxy = {PROXY}\ncert = /etc/ssl/certs/ca-certificates.crt\n"
    )
    authorized = root / "root/.ssh/authorized_keys"
    authorized.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(KEY.with_suffix(".pub"), authorized)
    for unit in ("systemd-udevd", "systemd-udev-trigger", "getty@tty1", "console-getty"):
        (root / f"etc/systemd/system/{unit}.service").symlink_to("/dev/null")


def boot(machine: Machine) -> None:
    wheels = PLACE / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    docker(
        *("run", "-d", "--name", machine.container, "--hostname", machine.name, "--network", "none"),
        *(part for capability in CAPABILITIES for part in ("--cap-add", capability)),
        *("--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"),
        *("--cgroupns=host", "-v", "/sys/fs/cgroup:/sys/fs/cgroup:rw", "--device", "/dev/net/tun"),
        *("--ulimit", "nofile=20000", "--ulimit", "nproc=4000", "--memory", machine.memory),
        *("--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp"),
        *("-v", f"{wheels}:{WHEELS}", "-e", "container=docker", machine.system.image),
        *("sh", "-c", "mount --make-rshared / && exec /sbin/init"),
    )
    pid = docker("inspect", "-f", "{{.State.Pid}}", machine.container).strip()
    for wire in machine.wires:
        wires.connect(pid, wire)
    known = {NAME: API.address, STORAGE_NAME: STORAGE_IP}
    lines = "".join(f"{address} {host}\\n" for host, address in known.items())
    machine.execute("sh", "-c", f"printf '{lines}' >> /etc/hosts")


def wait_for_boot(machine: Machine) -> None:
    deadline = time.monotonic() + BOOT_WITHIN_S
    while "running" not in (told := machine.execute("systemctl", "is-system-running", check=False)):
        if time.monotonic() > deadline:
            if "degraded" in told:
                failed = machine.execute("systemctl", "--failed", "--plain", "--no-legend", check=False)
                raise RuntimeError(f"{machine.name} is degraded: {failed}")
            raise RuntimeError(f"{machine.name} did not boot: {told}")
        time.sleep(0.5)


def destroy(machine: Machine) -> None:
    """Power, disk and all; who knew its key is not to wonder at a new one."""
    for wire in machine.wires:
        wires.disconnect(wire)
    docker("rm", "-f", "-v", machine.container)
    (PLACE / "ssh/known_hosts").unlink(missing_ok=True)


def down() -> None:
    """Hosts, networks, proxy and dockerd; images and packages stay for the next time."""
    for machine in MACHINES:
        docker("rm", "-f", "-v", machine.container, check=False)
    for pid_file in (PLACE / "dockerd.pid", PLACE / "packages/pid"):
        if pid_file.exists() and (pid := pid_file.read_text().strip()):
            run("kill", pid, check=False)
            pid_file.unlink(missing_ok=True)
    wires.pull()


SSH_OPTIONS = (
    *("-i", str(KEY), "-o", "StrictHostKeyChecking=accept-new"),
    *("-o", f"UserKnownHostsFile={PLACE}/ssh/known_hosts"),
)


def ssh(machine: Machine) -> list[str]:
    """The command of the operator."""
    return ["ip", "netns", "exec", wires.INTERNET, "ssh", *SSH_OPTIONS, f"root@{machine.address}"]


def main(arguments: Sequence[str]) -> int:
    match arguments:
        case ["up"]:
            up()
            for machine in MACHINES:
                print(machine.name, machine.address, " ".join(ssh(machine)))
        case ["down"]:
            down()
        case ["ssh", name, *command]:
            [machine] = [one for one in MACHINES if one.name == name]
            os.execvp("ip", [*ssh(machine), *command])
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
