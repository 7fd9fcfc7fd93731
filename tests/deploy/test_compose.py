"""The Compose files as Compose itself reads them: what they may, what they need, what they cost."""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.tools import run_tool
from tests.platform import ROOT

COMPOSE = ROOT / "infrastructure/compose"
FILES = ("replicas", "api", "database", "worker", "one-host")
EVERYTHING = ("one-host", "storage")
HOST_MB = 4096
SYSTEM_MB = 400
"""Of the machine itself: kernel, sshd, Docker."""
MONITORING = ROOT / "infrastructure/ansible/roles/monitoring/defaults/main.yml"
PRIVATE = ("127.0.0.1", "10.0.0.10", "10.0.0.20")
HOST_NETWORK = {"nginx", "balancer"}
"""They see who asks, and reach the replicas of both colors."""
ALLOWED = {
    "CL-0019": "digests are written by `make release-images`",
    "CL-0020": "CREDENTIALS_DIRECTORY is a folder",
    "CL-0008": f"{HOST_NETWORK}",
    "CL-0018": "balancer: the host's root changes the same files",
}
IMAGES = {
    "API_IMAGE": "ascension/api:1.2.3",
    "WORKER_IMAGE": "ascension/worker:1.2.3",
    "WORKER_CUDA_IMAGE": "ascension/worker:1.2.3-cuda",
    "POSTGRES_IMAGE": "ascension/postgres:1.2.3",
    "BACKUP_IMAGE": "ascension/backup:1.2.3",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The example's values, with a folder that holds every file it names."""
    folder = tmp_path_factory.mktemp("settings")
    for name in ("api.env", "worker.env", "backup.env"):
        (folder / name).touch()
    lines = (COMPOSE / "example.env").read_text().splitlines()
    told = dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")
    return {**told, **IMAGES, "SETTINGS": str(folder)}


def config(
    folder: Path, settings: Mapping[str, str], files: tuple[str, ...], *profiles: str
) -> tuple[int, str]:
    """Exit code and what Compose said."""
    shutil.copy(COMPOSE / "example.env", folder / "empty.env")
    (folder / "all.env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    done = run_tool(
        *("docker-compose", "--env-file", folder / "all.env"),
        *(part for file in files for part in ("-f", COMPOSE / f"{file}.yaml")),
        *(part for profile in profiles for part in ("--profile", profile)),
        *("config", "--format", "json"),
    )
    return done.returncode, done.stdout


def services(
    folder: Path, settings: Mapping[str, str], files: tuple[str, ...], *profiles: str
) -> dict[str, dict[str, Any]]:
    code, said = config(folder, settings, files, *profiles)
    assert code == 0, said
    return json.loads(said)["services"]


def memory_mb(found: Mapping[str, dict[str, Any]], *names: str) -> float:
    return sum(int(found[name]["deploy"]["resources"]["limits"]["memory"]) for name in names) / 2**20


@pytest.mark.parametrize("file", FILES)
def test_every_file_stands_alone(file: str, settings: dict[str, str], tmp_path: Path) -> None:
    assert services(tmp_path, settings, (file,), "*")


def test_what_is_missing_is_named(settings: dict[str, str], tmp_path: Path) -> None:
    """No variable has a value of its own in secret: an empty password or bind is fatal (flaw 34)."""
    text = "".join((COMPOSE / f"{file}.yaml").read_text() for file in (*FILES, "storage"))
    needed = set(re.findall(r"\$\{(\w+):\?\}", text))
    assert needed >= {
        "QUEUE_ADDRESS",
        "DATABASE_ADDRESS",
        "SETTINGS",
        "WORKER_MEMORY",
        *set(IMAGES) - {"WORKER_CUDA_IMAGE"},
    }
    for name in sorted(needed):
        without = {one: value for one, value in settings.items() if one != name}
        code, said = config(tmp_path, without, EVERYTHING, "*")
        assert code != 0, name
        assert f"required variable {name} is missing" in said, said


def test_every_service_is_contained(settings: dict[str, str], tmp_path: Path) -> None:
    found = services(tmp_path, settings, EVERYTHING, "*")
    assert {"api-0", "api-7", "worker-8", "redis", "postgres", "nginx", "balancer", "storage"} <= set(found)
    for name, service in found.items():
        is_job = name in ("migrate", "setup", "backup")
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
        assert "container_name" not in service, name
        assert "build" not in service, name
        assert service["restart"] == ("no" if is_job else "unless-stopped"), name
        assert is_job or service["healthcheck"]["test"], name
        assert service["logging"]["driver"] == "json-file", name
        assert service["logging"]["options"] == {"max-file": "5", "max-size": "10m"}, name
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory", "pids"} <= set(limits), name
        assert re.search(r":[\w.-]*\d", service["image"].rpartition("/")[2]), f"{name} names no version"
        assert (service.get("network_mode") == "host") == (name in HOST_NETWORK), name
        for port in service.get("ports", ()):
            assert port["host_ip"] in PRIVATE, f"{name} listens for everybody"
        for volume in service.get("volumes", ()):
            assert "docker.sock" not in volume.get("source", ""), name


def test_no_secret_stands_in_an_environment(settings: dict[str, str], tmp_path: Path) -> None:
    for name, service in services(tmp_path, settings, EVERYTHING, "*").items():
        environment: dict[str, str] = service.get("environment") or {}
        secret = [one for one in environment if re.search("PASSWORD|SECRET|TOKEN|_URL$", one)]
        assert not secret, f"{name}: {secret}"
        command = " ".join(service.get("command") or ())
        assert "requirepass" not in command, name


def test_replicas_and_workers_are_one_number(settings: dict[str, str], tmp_path: Path) -> None:
    for profiles, replicas, workers in ((("api-2", "worker-1"), 2, 1), (("api-8", "worker-3"), 8, 3)):
        named = services(tmp_path, {**settings, "COMPOSE_PROFILES": ""}, ("one-host",), *profiles)
        assert sorted(one for one in named if one.startswith("api-")) == [f"api-{n}" for n in range(replicas)]
        assert sorted(one for one in named if one.startswith("worker-")) == [
            f"worker-{n + 1}" for n in range(workers)
        ]
        ports = [named[f"api-{number}"]["ports"][0]["published"] for number in range(replicas)]
        assert ports == [str(8080 + number) for number in range(replicas)]


def test_a_host_is_large_enough(settings: dict[str, str], tmp_path: Path) -> None:
    """Two replicas, and the one that a release starts beside them."""
    api = services(tmp_path, settings, ("api",), "edge", "api-3")
    told = MONITORING.read_text().partition("\nmonitoring_memory:\n")[2].split("\n\n")[0]
    monitoring_mb = [int(limit) for limit in re.findall(r"^  [\w-]+: (\d+)M$", told, re.MULTILINE)]
    assert len(monitoring_mb) >= 10, "every program of it has a limit there"
    assert memory_mb(api, *api) + sum(monitoring_mb) + SYSTEM_MB <= HOST_MB
    database = services(tmp_path, settings, ("database",), "backup")
    assert memory_mb(database, *database) + SYSTEM_MB <= HOST_MB


def test_the_database_has_the_documented_settings() -> None:
    told = (ROOT / "infrastructure/postgres/ascension.conf").read_text()
    for line in ("max_connections = 200", "shared_buffers = 256MB", "effective_cache_size = 1GB", "ssl = on"):
        assert f"\n{line}\n" in told
    hba = (ROOT / "infrastructure/postgres/pg_hba.conf").read_text().splitlines()
    rules = [line.split()[0] for line in hba if line and line[0] != "#"]
    assert rules == ["local", "hostssl"], "nobody comes in without TLS"


def test_a_graphics_card_is_lent_on_top(settings: dict[str, str], tmp_path: Path) -> None:
    found = services(tmp_path, settings, ("worker", "gpu"), "worker-1")
    devices = found["worker-1"]["deploy"]["resources"]["reservations"]["devices"]
    assert devices[0]["capabilities"] == ["gpu"]
    assert found["worker-1"]["image"] == IMAGES["WORKER_CUDA_IMAGE"]
    assert found["worker-1"]["deploy"]["resources"]["limits"]["memory"]


def test_a_linter_finds_nothing_that_is_not_meant(settings: dict[str, str], tmp_path: Path) -> None:
    code, said = config(tmp_path, settings, EVERYTHING, "*")
    assert code == 0, said
    (tmp_path / "all.yaml").write_text(said)
    done = run_tool("compose-lint", "check", "--no-env", "--format", "json", tmp_path / "all.yaml")
    found = set(re.findall(r"CL-\d{4}", done.stdout))
    assert found <= set(ALLOWED), done.stdout


def test_who_asks_finds_database_and_queue_by_the_names_in_their_certificates(
    settings: dict[str, str], tmp_path: Path
) -> None:
    """Whatever leads there: the same URL holds on every host."""
    for name, service in services(tmp_path, settings, EVERYTHING, "*").items():
        is_asking = bool(re.match(r"(api|worker)-\d|migrate", name))
        known = dict(told.split("=", 1) for told in service.get("extra_hosts") or ())
        expected = {
            "database.ascension.internal": settings["DATABASE_ADDRESS"],
            "queue.ascension.internal": settings["QUEUE_ADDRESS"],
        }
        if is_asking:
            assert known == expected, name


def test_a_link_is_one_more_address_and_never_all_of_them(settings: dict[str, str], tmp_path: Path) -> None:
    for link, expected in ((None, "127.0.0.1"), ("10.0.1.20", "10.0.1.20")):
        told = {name: value for name, value in settings.items() if name != "LINK_ADDRESS"}
        told |= {"LINK_ADDRESS": link} if link else {}
        found = services(tmp_path, told, ("one-host",), "*")
        for name in ("postgres", "redis"):
            addresses = {port["host_ip"] for port in found[name]["ports"]}
            assert addresses == {
                settings["DATABASE_ADDRESS" if name == "postgres" else "QUEUE_ADDRESS"],
                expected,
            }
