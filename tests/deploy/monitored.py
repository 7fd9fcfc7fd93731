"""Prometheus, Alertmanager and the exporters as on a host, on ports and with patience of a test."""

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import yaml

from tests.conftest import Engines, unused_port
from tests.deploy.edge import NAME, Edge
from tests.deploy.tools import run_tool, tool
from tests.platform import ROOT

MONITORING = ROOT / "infrastructure/monitoring"
START_S = 30
FIGURE = re.compile(r"\b(?:ascension|node|pg|redis|nginx|probe|prometheus|alertmanager)_\w+\b")


@dataclass
class Letters:
    """Where Alertmanager sends what it has to say."""

    port: int = field(default_factory=unused_port)
    heard: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Name of the alert, firing or resolved."""

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = re.search(r"content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        for alert in json.loads(body)["alerts"]:
            self.heard.append((alert["labels"]["alertname"], alert["status"]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def until(self, alert: str, status: str, within_s: float = 30) -> None:
        async with asyncio.timeout(within_s):
            while (alert, status) not in self.heard:
                await asyncio.sleep(0.1)


@dataclass(frozen=True)
class Monitoring:
    """What runs, and where it is asked."""

    url: str

    def get(self, path: str, **parameters: str) -> Any:
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def missing(self, questions: Sequence[str]) -> set[str]:
        """Figures that are asked for and that nobody tells. What cannot be asked at all fails."""
        known = {*self.get("label/__name__/values"), *self.get("metadata")}
        names = set[str]()
        for question in questions:
            self.get("query", query=question)
            names |= set(FIGURE.findall(question))
        assert names
        return {name for name in names if not {name, name.removesuffix("_bucket")} & known}


def hasty(text: str) -> str:
    """The same configuration for who has no minutes."""
    return re.sub(
        r"(for|scrape_interval|evaluation_interval|refresh_interval|group_wait|group_interval): \w+",
        r"\1: 1s",
        text,
    )


def rendered(folder: Path, **variables: object) -> str:
    """Alertmanager's configuration as Ansible writes it."""
    template = ROOT / "infrastructure/ansible/roles/monitoring/templates/alertmanager.yml.j2"
    target = folder / "rendered.yml"
    done = run_tool(
        "ansible",
        *("localhost", "--connection", "local", "--module-name", "ansible.builtin.template"),
        *("--args", f"src={template} dest={target}", "--extra-vars", json.dumps(variables)),
    )
    assert done.returncode == 0, done.stdout
    return target.read_text()


@contextmanager
def monitoring(folder: Path, edge: Edge, engines: Engines, alertmanager: str) -> Generator[Monitoring]:
    """All that watches this edge and what is behind it, with every rule."""
    ports = {port: unused_port() for port in (9090, 9093, 9100, 9113, 9115, 9121, 9187)}
    (folder / "rules").mkdir()
    for file in (MONITORING / "rules").glob("*.yml"):
        (folder / "rules" / file.name).write_text(hasty(file.read_text()))
    targets = {
        "site": [{"targets": [f"https://127.0.0.1:{edge.https_port}/health"]}],
        "node": [{"targets": [f"127.0.0.1:{ports[9100]}"], "labels": {"host": "database"}}],
        "postgres": [{"targets": [f"127.0.0.1:{ports[9187]}"]}],
    }
    for name, found in targets.items():
        (folder / f"{name}.json").write_text(json.dumps(found))
    text = hasty((MONITORING / "prometheus.yml").read_text())
    places = {
        "/etc/prometheus/rules/": f"{folder}/rules/",
        "/etc/prometheus/targets/": f"{folder}/",
        "/var/lib/ascension/balancer/": f"{edge.folder}/balancer/",
    }
    for before, after in places.items():
        assert before in text
        text = text.replace(before, after)
    for before, port in ports.items():
        text = text.replace(f"127.0.0.1:{before}", f"127.0.0.1:{port}")
    (folder / "prometheus.yml").write_text(text)
    (folder / "alertmanager.yml").write_text(hasty(alertmanager))
    # of a test's own authority, and at an address instead of its name
    tls = {"ca_file": str(edge.authority), "server_name": NAME}
    probe = yaml.safe_load((MONITORING / "blackbox.yml").read_text())
    probe["modules"]["site"]["http"] |= {"tls_config": tls, "headers": {"Host": NAME}}
    (folder / "blackbox.json").write_text(json.dumps(probe))
    with started(folder, *programs(folder, edge, engines, ports)):
        url = f"http://127.0.0.1:{ports[9090]}"
        wait_for(f"{url}/-/ready")
        yield Monitoring(url)


def programs(folder: Path, edge: Edge, engines: Engines, ports: Mapping[int, int]) -> list[list[str]]:
    """As their units start them."""
    redis = urlsplit(engines.redis_admin_url)
    (folder / "redis.json").write_text(json.dumps({f"redis://{redis.hostname}:{redis.port}": redis.password}))
    at = {port: f"127.0.0.1:{ours}" for port, ours in ports.items()}
    return [
        [
            tool("prometheus-node-exporter"),
            f"--web.listen-address={at[9100]}",
            f"--collector.textfile.directory={folder}",
        ],
        [
            tool("prometheus-nginx-exporter"),
            f"-web.listen-address={at[9113]}",
            f"-nginx.scrape-uri=http://127.0.0.1:{edge.status_port}/status",
        ],
        [
            tool("prometheus-blackbox-exporter"),
            f"--web.listen-address={at[9115]}",
            f"--config.file={folder}/blackbox.json",
        ],
        [
            tool("prometheus-redis-exporter"),
            f"-web.listen-address={at[9121]}",
            f"-redis.addr=redis://{redis.hostname}:{redis.port}",
            f"-redis.user={redis.username}",
            f"-redis.password-file={folder}/redis.json",
        ],
        [
            "env",
            f"DATA_SOURCE_NAME={engines.admin_url}?sslmode=disable",
            tool("prometheus-postgres-exporter"),
            f"--web.listen-address={at[9187]}",
        ],
        [
            tool("prometheus-alertmanager"),
            f"--config.file={folder}/alertmanager.yml",
            f"--storage.path={folder}/alertmanager",
            f"--web.listen-address={at[9093]}",
            "--cluster.listen-address=",
        ],
        [
            tool("prometheus"),
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/prometheus",
            f"--web.listen-address={at[9090]}",
        ],
    ]


@contextmanager
def started(folder: Path, *commands: list[str]) -> Generator[None]:
    """Programs, until their end."""
    processes = list[subprocess.Popen[bytes]]()
    try:
        for command in commands:
            with (folder / "monitoring.log").open("ab") as log:
                processes.append(subprocess.Popen(command, stdout=log, stderr=log))
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(15)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline, f"{url} does not answer"
        time.sleep(0.05)
