"""Alerts: each comes, goes, and stays away just below; what they ask for is what the parts tell."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Engines
from tests.deploy.edge import BALANCER, balancing, lay_out, running
from tests.deploy.faults import BEFORE_MIN, END_MIN, FAULTS, GOOD, QUIET, Series
from tests.deploy.monitored import MONITORING, Letters, monitoring, rendered
from tests.deploy.tools import run_tool
from tests.platform import ROOT, Programs
from tests.rows import sql

RULES = sorted((MONITORING / "rules").glob("*.yml"))
RUNBOOKS = "file:///opt/ascension/docs/runbooks/"
WINDOW_MIN = 7
"""Rates look back for five minutes."""
WORKER = "insert into workers (id, version, slots, running, figures) values ('a', '1', 1, 0, '{}')"


def alerts(*files: Path) -> dict[str, list[dict[str, Any]]]:
    """Every rule by the name of its alert."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in files or RULES:
        for group in yaml.safe_load(file.read_text())["groups"]:
            for rule in group["rules"]:
                found.setdefault(rule["alert"], []).append(rule)
    return found


def firing(alert: str, at_min: float, expected: int) -> dict[str, Any]:
    return {
        "expr": f'(count(ALERTS{{alertname="{alert}", alertstate="firing"}}) > bool 0) or vector(0)',
        "eval_time": f"{round(at_min * 60)}s",
        "exp_samples": [{"labels": "{}", "value": expected}],
    }


def case(name: str, series: list[Series], expected: list[dict[str, Any]]) -> dict[str, Any]:
    """One test of promtool; what the fault does not touch is well."""
    own = [one.name for one in series]
    well = [one for one in GOOD if not any(name.startswith(one.name.rstrip("}")) for name in own)]
    return {
        "name": name,
        "interval": "1m",
        "input_series": [{"series": one.name, "values": one.values} for one in (*series, *well)],
        "promql_expr_test": expected,
    }


@pytest.mark.proves("M49", "M50")
@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_every_alert_comes_and_goes_and_stays_away_just_below(file: Path, tmp_path: Path) -> None:
    cases = list[dict[str, Any]]()
    for name, rules in alerts(file).items():
        hold_min = int(rules[0]["for"].removesuffix("m"))
        late_min = BEFORE_MIN + hold_min + WINDOW_MIN
        times = [(BEFORE_MIN - 1, 0), (BEFORE_MIN + hold_min - 0.5, 0), (late_min, 1), (END_MIN - 1, 0)]
        assert FAULTS[name]
        cases += [case(name, way, [firing(name, *one) for one in times]) for way in FAULTS[name]]
        never = [firing(name, at_min, 0) for at_min in (BEFORE_MIN, late_min, END_MIN - 1)]
        cases += [case(name, QUIET[name], never)] if name in QUIET else []
    whole = {"rule_files": [str(file)], "evaluation_interval": "30s", "tests": cases}
    (tmp_path / "tests.json").write_text(json.dumps(whole))
    done = run_tool("promtool", "test", "rules", tmp_path / "tests.json")
    assert done.returncode == 0, done.stdout[-3000:]


def questions() -> list[str]:
    """Everything that rules and boards ask Prometheus."""
    board = json.loads((MONITORING / "grafana/overview.json").read_text())
    asked = [
        *(rule["expr"] for rules in alerts().values() for rule in rules),
        *(
            one["expr"]
            for panel in board["panels"]
            for one in panel.get("targets", [])
            if one["datasource"]["type"] == "prometheus"
        ),
        *(one["expr"] for one in board["annotations"]["list"]),
    ]
    return [one.replace("$__rate_interval", "1m") for one in asked]


def backup_figures() -> set[str]:
    """What backup.py writes for the node exporter."""
    said = subprocess.run(
        [sys.executable, "-c", "import records; print(*records.FIGURES)"],
        cwd=ROOT / "infrastructure/host",
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return {f"ascension_backup_{name}" for name in said.stdout.split()}


@pytest.mark.proves("M46", "M48", "M49")
async def test_a_fault_is_told_and_its_end(
    clean_database: Engines, programs: Programs, tmp_path: Path
) -> None:
    """And every figure that somebody asks for is one that a part tells."""
    (tmp_path / "edge").mkdir()
    edge, letters = lay_out(tmp_path / "edge", site="ascension.conf"), Letters()
    api, url = programs.api(S3_WRITE_TRIAL_S="1")
    port = int(url.rsplit(":", 1)[1])
    webhook = f"http://127.0.0.1:{letters.port}/"
    config = rendered(tmp_path, monitoring_mail_to="", monitoring_webhook_url=webhook)
    server = await asyncio.start_server(letters.take, "127.0.0.1", letters.port)
    told = ("--textfile", tmp_path / "replicas.prom", "--interval-s", 0.3)
    async with server:
        with (
            running(edge),
            balancing(edge, *told, log=tmp_path / "balancer.log"),
            monitoring(tmp_path, edge, clean_database, config) as watching,
        ):
            put = [
                sys.executable,
                str(BALANCER),
                "put",
                str(port),
                "--directory",
                str(edge.folder / "balancer"),
            ]
            await asyncio.to_thread(subprocess.run, put, check=True, timeout=30)
            await letters.until("NoWorker", "firing")
            await sql(clean_database, WORKER)
            await letters.until("NoWorker", "resolved")
            missing = await asyncio.to_thread(watching.missing, questions())
            assert not missing - backup_figures()
            api.kill()
            await letters.until("ApiDown", "firing")
            await asyncio.to_thread(programs.api_at, port)
            await letters.until("ApiDown", "resolved")


def test_every_alert_says_what_to_do() -> None:
    for name, rules in alerts().items():
        for rule in rules:
            assert rule["labels"]["severity"] in ("page", "ticket"), name
            link = rule["annotations"]["runbook_url"]
            assert link.startswith(RUNBOOKS), name
            page = ROOT / "docs/runbooks" / link.removeprefix(RUNBOOKS)
            assert f"`{name}`" in page.read_text(), f"{page} does not name {name}"
