"""A bare host for the playbook: a container that boots systemd, in which Docker runs, and what it reaches.

One wire leads there. On our end of it lie a proxy for packages, storage with TLS, and the names that the
Internet knows.
"""

import json
import secrets
import shutil
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme

from ascension.embedded.engines import seaweedfs
from tests import provider
from tests.platform import ROOT
from tests.rehearsal.hosts import CAPABILITIES
from tests.rehearsal.images import ground
from tests.rehearsal.images.ground import Docker
from tests.rehearsal.images.installation import BACKUP, BACKUP_BUCKET, BUCKET, GRANTED, NAME

IMAGE, CONTAINER = "ascension-machine", "asc-machine"
US, ADDRESS = "10.99.1.1", "10.99.1.10"
PROXY_PORT, STORAGE_PORT = 3143, 8433
STORAGE_NAME = "s3.example.net"
PLAYBOOKS = ROOT / "infrastructure/ansible"
PROGRAMS = ROOT / "build/deploy/bin"
AUTHORITY = "/etc/ascension/ca/internet.pem"
BOOT_WITHIN_S = 90
INSTALL_WITHIN_S = 1800


@dataclass(frozen=True)
class Machine:
    """The host, and what its operator has."""

    docker: Docker
    """Whose container it is."""
    place: Path
    authority: trustme.CA

    @property
    def inventory(self) -> Path:
        return self.place / "inventory"

    @property
    def key(self) -> Path:
        return self.place / "ssh/id_ed25519"

    def execute(self, *command: str, within_s: float = 300, check: bool = True) -> str:
        """As root on its console."""
        return self.docker.docker("exec", CONTAINER, *command, within_s=within_s, check=check)

    def install(self, images: Path, version: str) -> str:
        """The playbook; what it printed."""
        return self.docker.run(
            *("env", f"ANSIBLE_CONFIG={PLAYBOOKS}/ansible.cfg", PROGRAMS / "ansible-playbook"),
            *(PLAYBOOKS / "site.yml", "-i", self.inventory / "hosts.yml"),
            *("--vault-password-file", self.inventory / "vault-password"),
            *("-e", f"version={version}", "-e", f"images={images}"),
            within_s=INSTALL_WITHIN_S,
        )

    def write_inventory(self, key_of: Mapping[str, tuple[str, str]]) -> None:
        """Database, queue and API on one host, all of it in containers."""
        self.docker.run(PROGRAMS / "python", PLAYBOOKS / "vault.py", self.inventory)
        issued = self.authority.issue_cert(NAME)
        issued.private_key_pem.write_to_path(self.inventory / "site.key")
        for pem in issued.cert_chain_pems:
            pem.write_to_path(self.inventory / "site.pem", append=True)
        host = {"vps-1": {"ansible_host": ADDRESS, "private_address": ADDRESS, "link_address": "10.0.1.10"}}
        groups = {group: {"hosts": host} for group in ("api", "database")}
        _write(self.inventory / "hosts.yml", {"staging": {"children": groups}})
        options = f"-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i {self.key}"
        settings = {
            "run_with": "containers",
            "ansible_user": "root",
            "ansible_ssh_common_args": options,
            "admin_addresses": [US],
            "admin_keys": [self.key.with_suffix(".pub").read_text().strip()],
            "domain": NAME,
            "certificate": "given",
            "certificate_file": str(self.inventory / "site.pem"),
            "certificate_key_file": str(self.inventory / "site.key"),
            "api_settings": {"EMAIL_VERIFICATION": "off", "SIGN_UP": "open", "AWS_CA_BUNDLE": AUTHORITY},
            "has_monitoring": False,
            "package_environment": {"HTTPS_PROXY": f"http://{US}:{PROXY_PORT}"},
            "s3_endpoint": f"https://{STORAGE_NAME}:{STORAGE_PORT}",
            "s3_bucket": BUCKET,
            "backup_bucket": BACKUP_BUCKET,
            "backup_authority": AUTHORITY,
        }
        for who, name in (("api", seaweedfs.API), ("worker", seaweedfs.WORKER), ("backup", BACKUP)):
            settings |= {f"s3_key_id_{who}": key_of[name][0], f"s3_secret_{who}": key_of[name][1]}
        _write(self.inventory / "group_vars/staging/settings.yml", settings)


def _write(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2))


@contextmanager
def bare(docker: Docker, place: Path) -> Generator[Machine]:
    """It has booted; its registry, storage and packages are within its reach."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    machine = Machine(docker, place, trustme.CA())
    (place / "ssh").mkdir()
    docker.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", machine.key)
    with ExitStack() as stack:
        stack.callback(_remove, docker)
        _remove(docker)
        _boot(machine)
        stack.enter_context(_packages(place.parent / "packages"))
        stack.enter_context(_names(place))
        machine.write_inventory(stack.enter_context(_storage(machine)))
        stack.enter_context(ground.registry(place.parent, ("nsenter", "-t", _pid(docker), "-n")))
        yield machine


def _remove(docker: Docker) -> None:
    docker.docker("rm", "--force", "--volumes", CONTAINER, check=False)
    docker.run("ip", "link", "delete", CONTAINER, check=False)


def _pid(docker: Docker) -> str:
    return docker.docker("inspect", "--format", "{{.State.Pid}}", CONTAINER).strip()


def _boot(machine: Machine) -> None:
    docker = machine.docker
    docker.docker(
        *("run", "--detach", "--name", CONTAINER, "--hostname", "vps-1", "--network", "none"),
        *(part for capability in CAPABILITIES for part in ("--cap-add", capability)),
        *("--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"),
        *("--security-opt", "systempaths=unconfined", "--ulimit", "nofile=20000", "--memory", "6g"),
        *("--cgroupns=host", "-v", "/sys/fs/cgroup:/sys/fs/cgroup:rw", "-v", "/var/lib/docker"),
        *("--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp", "-e", "container=docker", IMAGE),
    )
    pid = _pid(docker)
    docker.run("ip", "link", "add", CONTAINER, "type", "veth", "peer", "name", "eth0", "netns", pid)
    docker.run("ip", "address", "add", f"{US}/24", "dev", CONTAINER)
    docker.run("ip", "link", "set", CONTAINER, "up")
    for command in (f"address add {ADDRESS}/24 dev eth0", "link set eth0 up", f"route add default via {US}"):
        docker.run("nsenter", "-t", pid, "-n", "ip", *command.split())
    pip = f"[global]\nproxy = http://{US}:{PROXY_PORT}\ncert = /etc/ssl/certs/ca-certificates.crt\n"
    files = {
        "/etc/apt/apt.conf.d/01proxy": f'Acquire::http::Proxy "http://{US}:{PROXY_PORT}";\n',
        "/etc/pip.conf": pip,
        "/etc/resolv.conf": f"nameserver {US}\n",
        "~root/.ssh/authorized_keys": machine.key.with_suffix(".pub").read_text(),
        AUTHORITY: machine.authority.cert_pem.bytes().decode(),
    }
    for name, content in files.items():
        folder = Path(name).parent
        machine.execute("sh", "-c", f"mkdir -p {folder} && printf '%s' \"$1\" > {name}", "sh", content)
    deadline = time.monotonic() + BOOT_WITHIN_S
    while "running" not in (told := machine.execute("systemctl", "is-system-running", check=False)):
        assert time.monotonic() < deadline, told + machine.execute("systemctl", "--failed", check=False)
        time.sleep(0.5)


@contextmanager
def _packages(folder: Path) -> Generator[None]:
    """Apt's are kept, all else is passed on to who asks for it with TLS."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ("apt-cacher-ng", "ForeGround=1", f"CacheDir={folder}", f"LogDir={folder}")
    place = (f"BindAddress={US}", f"Port={PROXY_PORT}", "PassThroughPattern:.*", "ConnectProto:v4")
    with ground.program(folder / "log", *command, *place):
        yield


@contextmanager
def _names(place: Path) -> Generator[None]:
    """What public DNS would say."""
    command = ("dnsmasq", "--keep-in-foreground", "--conf-file", "--no-resolv", "--no-hosts")
    known = ("--bind-interfaces", f"--listen-address={US}", f"--address=/{STORAGE_NAME}/{US}")
    with ground.program(place / "names.log", *command, *known):
        yield


@contextmanager
def _storage(machine: Machine) -> Generator[dict[str, tuple[str, str]]]:
    """With its buckets; the key of each who uses it."""
    folder, key_of = machine.place / "storage", {seaweedfs.ADMIN: (seaweedfs.ADMIN, secrets.token_hex(16))}
    key_of |= {name: (name, secrets.token_hex(16)) for name in GRANTED}
    provider.lay_out(folder, machine.authority.issue_cert(STORAGE_NAME, US), key_of, GRANTED)
    process = provider.start(folder, {"ip": US, "ip.bind": US, "s3.port": STORAGE_PORT})
    try:
        machine.authority.cert_pem.write_to_path(machine.place / "authority.pem")
        told = {
            "S3_ENDPOINT": f"https://{US}:{STORAGE_PORT}",
            "AWS_CA_BUNDLE": machine.place / "authority.pem",
            "AWS_ACCESS_KEY_ID": seaweedfs.ADMIN,
            "AWS_SECRET_ACCESS_KEY": key_of[seaweedfs.ADMIN][1],
            "WEB_ORIGINS": json.dumps([f"https://{NAME}"]),
        }
        for bucket, option in ((BUCKET, "--no-archive"), (BACKUP_BUCKET, "--backup")):
            command = ["env", *(f"{name}={value}" for name, value in told.items()), f"S3_BUCKET={bucket}"]
            command += [ROOT / ".venv/bin/ascension", "storage", "setup", option]
            deadline = time.monotonic() + BOOT_WITHIN_S
            while "does not answer" in (said := machine.docker.run(*command, check=False)):
                assert time.monotonic() < deadline, said
                time.sleep(1)
        yield key_of
    finally:
        process.terminate()
        process.wait(30)
