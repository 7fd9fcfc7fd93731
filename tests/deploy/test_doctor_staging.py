"""The checklist: what is well passes, what is not is named, what cannot be seen is somebody's."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ascension.staging.checklist import Item, examine
from ascension.staging.findings import Hosts, Probe, Target, Verdict
from tests.analyses.outcomes import complete
from tests.conftest import Engines, unused_port
from tests.deploy.edge import BALANCER, NAME, Edge, balancing, lay_out, running
from tests.platform import EXAMPLE, PASSWORD, ROOT, Programs, seeded_climber
from tests.rows import sql

LOOK = ROOT / "infrastructure/host/look.py"
WORKER = "insert into workers (id, version, slots, running, figures) values ('a', '1', 1, 0, '{}')"


@dataclass(frozen=True)
class Staging:
    """A small one on this machine: nginx with its certificate, balancer, API, engines, a host's folders."""

    edge: Edge
    target: Target
    folder: Path

    async def look(self, **changes: Any) -> dict[str, Item]:
        """Every item by its words."""
        return {item.what: item for item in await examine(replace(self.target, **changes))}


@pytest.fixture
async def staging(clean_database: Engines, programs: Programs, tmp_path: Path) -> AsyncIterator[Staging]:
    (tmp_path / "edge").mkdir()
    edge = lay_out(tmp_path / "edge", site="ascension.conf")
    origin = f'["https://{NAME}"]'
    (tmp_path / "web/assets").mkdir(parents=True)
    (tmp_path / "web/index.html").write_text("<!doctype html><title>Ascension</title>")
    _, url = programs.api(WEB_ROOT=str(tmp_path / "web"), WEB_ORIGINS=origin, TRUSTED_PROXIES="127.0.0.1/32")
    climber = await seeded_climber(clean_database, url)
    await sql(clean_database, WORKER)
    etc, state = tmp_path / "etc", tmp_path / "state"
    (etc / "credentials/api").mkdir(parents=True)
    (etc / "credentials/api/jwt_secret").write_text("not to be shown")
    (etc / "credentials/api/jwt_secret").chmod(0o400)
    (etc / "host.json").write_text(json.dumps({"role": "api", "count": 1, "run_with": "units"}))
    (state / "backup").mkdir(parents=True)
    (state / "balancer").symlink_to(edge.folder / "balancer")
    (state / "backup/backup.prom").write_text(f"ascension_backup_newest_seconds {time.time() - 3600}\n")
    # the last word is what ssh would run there
    (tmp_path / "ssh").write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    (tmp_path / "ssh").chmod(0o755)
    hosts = Hosts(
        {"api": ["127.0.0.1"], "database": ["127.0.0.1"]},
        ssh=(str(tmp_path / "ssh"),),
        program=(sys.executable, str(LOOK), "--etc", str(etc), "--state", str(state)),
    )
    target = Target(
        url=edge.url,
        clip=EXAMPLE,
        hosts=hosts,
        probe=Probe(climber.email, PASSWORD),
        authority=edge.authority,
        address="127.0.0.1",
        http_port=edge.http_port,
        closed_ports=(unused_port(), unused_port()),
    )
    with running(edge), balancing(edge, log=tmp_path / "balancer.log"):
        put = [
            sys.executable,
            BALANCER,
            "put",
            url.rsplit(":", 1)[1],
            "--directory",
            edge.folder / "balancer",
        ]
        process = await asyncio.create_subprocess_exec(*map(str, put))
        assert await process.wait() == 0
        yield Staging(edge, target, tmp_path)


@contextlib.asynccontextmanager
async def finishing(engines: Engines) -> AsyncGenerator[None]:
    """Whatever is asked for is analyzed."""

    async def finish() -> None:
        while True:
            for [analysis] in await sql(engines, "select subject_id from jobs where state = 'queued'"):
                await complete(engines, {"id": analysis})
            await asyncio.sleep(0.2)

    finisher = asyncio.create_task(finish())
    try:
        yield
    finally:
        finisher.cancel()


@pytest.mark.proves("M72")
async def test_what_is_well_passes_and_what_is_not_is_named(
    staging: Staging, clean_database: Engines
) -> None:
    async with finishing(clean_database):
        found = await staging.look()
    texts = "\n".join(one.text for item in found.values() for one in item.findings)
    assert len(found) == 14
    passing = {what for what, item in found.items() if item.verdict is Verdict.PASS}
    assert passing >= {
        "Configure firewalls",
        "Automated database backups",
        "Deploy the API",
        "AI workers",
        "nginx reverse proxy",
        "Client with this address",
        "Whole analysis of a video",
        "Credentials kept safely",
    }, texts
    assert "not to be shown" not in texts
    assert PASSWORD not in texts
    assert not await sql(clean_database, "select 1 from videos where trashed_at is null")
    # the certificate of a test is good for a day; nobody watches; its bucket knows another origin
    assert "0 days more" in texts
    failing = {what for what, item in found.items() if item.verdict is Verdict.FAIL}
    assert {"Certificate", "Monitoring and alerting"} <= failing

    (staging.folder / "etc/credentials/api/jwt_secret").chmod(0o644)
    (staging.folder / "state/backup/backup.prom").write_text("ascension_backup_newest_seconds 1\n")
    broken = await staging.look(closed_ports=(staging.edge.status_port,), version="9.9.9", probe=None)
    for what in (
        "Configure firewalls",
        "Automated database backups",
        "Deploy the API",
        "Credentials kept safely",
    ):
        assert broken[what].verdict is Verdict.FAIL, broken[what]
    assert broken["Whole analysis of a video"].verdict is Verdict.MANUAL


@pytest.mark.proves("M72")
async def test_who_does_not_answer_fails_and_hosts_that_nobody_named_are_manual() -> None:
    target = Target(
        url=f"https://127.0.0.1:{unused_port()}", clip=EXAMPLE, http_port=unused_port(), closed_ports=()
    )
    found = {item.what: item for item in await examine(target)}
    for what in ("Deploy the API", "nginx reverse proxy", "Certificate", "Client with this address"):
        assert found[what].verdict is Verdict.FAIL
    for what in (
        "Provision VPS instances",
        "AI workers",
        "Monitoring and alerting",
        "Credentials kept safely",
    ):
        assert found[what].verdict is Verdict.MANUAL
        assert "--inventory" in found[what].findings[0].text


@pytest.mark.proves("M72")
def test_the_command_tells_it_as_json_and_ends_with_one_where_an_item_fails(tmp_path: Path) -> None:
    (tmp_path / "probe").write_text("probe@example.org\nnot to be shown\n")
    (tmp_path / "probe").chmod(0o644)
    words = ("doctor", "--env", "staging", "--url", f"https://127.0.0.1:{unused_port()}", "--json")
    told = command(*words)
    found = json.loads(told.stdout)["items"]
    assert told.returncode == 1
    assert [item["number"] for item in found] == list(range(1, 15))
    assert {item["verdict"] for item in found} == {"pass", "fail", "manual"}
    refused = command(*words, "--probe", str(tmp_path / "probe"))
    assert refused.returncode == 1
    assert "may be read by others" in refused.stderr
    assert "not to be shown" not in refused.stderr


def command(*words: str) -> subprocess.CompletedProcess[str]:
    program = [str(Path(sys.executable).with_name("ascension")), *words]
    return subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)
