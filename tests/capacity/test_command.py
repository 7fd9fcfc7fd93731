"""`ascension plan` as people call it."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ascension.capacity.chart import BLOCKS, nice_ceiling, sparkline
from ascension.cli import app

SMALL = ("--users", "2000", "--days", "2")


def plan(*words: str) -> Result:
    return CliRunner().invoke(app, ["plan", *words], env={"COLUMNS": "160", "NO_COLOR": "1"})


def document(*words: str) -> dict[str, Any]:
    found = plan(*SMALL, "--json", *words)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


@pytest.mark.proves("M34", "M75", "M76")
def test_it_prints_both_rules_waits_money_and_what_ifs() -> None:
    found = plan(*SMALL, "--fixed", "4", "--prices")
    assert found.exit_code == 0, found.output
    for words in (
        "documented",
        "ours",
        "fixed 4",
        "wait p50",
        "infinity p95",
        "free p99",
        "workers, mean / most",
        "spot (-70 %)",
        "reserved (-40 %)",
        "through the CDN",
        "$67",
        "$187",
        "$11,701",
        "NAT gateways, hours",
        "docs/guides/capacity.md",
    ):
        assert words in found.stdout, words


def test_the_same_figures_as_one_json_object() -> None:
    found = document("--fixed", "4")
    assert found["documented_usd"] == {"staging": 67, "staging-gpu": 187, "production": 11_701}
    assert [column["name"] for column in found["columns"]] == ["documented", "ours", "fixed 4"]
    for column in found["columns"]:
        assert (
            column["all"]["jobs"] == found["jobs"] == sum(one["jobs"] for one in column["by_tier"].values())
        )
        assert column["all"]["p50_s"] <= column["all"]["p95_s"] <= column["all"]["p99_s"]
        assert len(column["hourly"]) == 48
        assert sum(hour["asked_for"] for hour in column["hourly"]) == found["jobs"]
        assert column["platform_usd"] == pytest.approx(
            column["workers_usd"] + sum(price["usd"] for price in found["prices"])
        )
        assert column["usd_per_clip"] * 20_000 == pytest.approx(column["platform_usd"])


@pytest.mark.proves("M76")
def test_switches_change_the_money_and_nothing_else() -> None:
    plain, reserved, cdn = (
        document("--spot", "0"),
        document("--spot", "0", "--reserved", "2"),
        document("--cdn"),
    )
    spot = document("--spot", "1", "--interruptions", "0")
    ours = [one["columns"][1] for one in (plain, reserved, spot)]
    assert ours[0]["all"] == ours[1]["all"] == ours[2]["all"]
    assert ours[2]["workers_usd"] == pytest.approx(0.3 * ours[0]["workers_usd"])
    # two workers stay at work at all times: reserved, both cost 40 % less
    saved = ours[0]["workers_usd"] - ours[1]["workers_usd"]
    assert saved == pytest.approx(0.4 * 2 * 730 * 0.526, rel=0.01)
    transfer = [
        sum(price["usd"] for price in one["prices"] if price["what"].startswith("Data transfer"))
        for one in (plain, cdn)
    ]
    assert transfer[1] < transfer[0]


def test_fewer_slots_than_work_shows_as_waiting() -> None:
    drowned = document("--fixed", "1", "--frames-per-s", "10")["columns"]
    assert drowned[2]["all"]["p95_s"] > 10 * drowned[1]["all"]["p95_s"]
    assert drowned[2]["all"]["late_pct"] > 50


def test_visits_of_one_s_own(tmp_path: Path) -> None:
    told = tmp_path / "visits.json"
    told.write_text(json.dumps({"weekday": [0] * 9 + [1] + [0] * 14, "weekend": [0] * 24}))
    asked = [hour["asked_for"] for hour in document("--visits", str(told))["columns"][0]["hourly"]]
    assert max(asked) == asked[9]
    assert sum(asked[:9]) == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--users", "0"), "--users"),
        (("--clips", "-1"), "--clips"),
        (("--users", "90000000"), "too many to simulate"),
        (("--users", "1", "--clips", "0.01", "--days", "1"), "nobody asked for anything"),
        (("--clip-s", "100"), "--clip-p95-s"),
        (("--most", "1"), "--most"),
        (("--tiers", "gold=1"), "no share of a tier"),
        (("--tiers", "free=nan"), "no share of a tier"),
        (("--tiers", "free=0"), "above 0"),
        (("--spot", "1.5"), "--spot"),
        (("--frames-per-s", "nan"), "--frames-per-s"),
        (("--frames-per-s", "inf"), "--frames-per-s"),
        (("--overhead-s", "inf"), "--overhead-s"),
        (("--frames-per-s", "0.5"), "too few to show anything"),
        (("--chart", "plan.png"), "--chart"),
        (("--visits", "missing.json"), "cannot be read"),
    ],
)
def test_nonsense_is_refused_with_what_to_say_instead(words: tuple[str, ...], reason: str) -> None:
    found = plan(*words)
    assert found.exit_code == 2
    assert reason in found.stderr


@pytest.mark.parametrize("content", ["[]", "{", '{"weekday": [1], "weekend": [1]}', '{"weekday": 3}'])
def test_a_file_of_visits_that_is_none(tmp_path: Path, content: str) -> None:
    told = tmp_path / "visits.json"
    told.write_text(content)
    assert plan("--visits", str(told)).exit_code == 2


@pytest.mark.parametrize("name", ["plan.svg", "plan.html"])
def test_a_chart_is_a_whole_picture(tmp_path: Path, name: str) -> None:
    chart = tmp_path / name
    found = plan(*SMALL, "--chart", str(chart))
    assert found.exit_code == 0, found.output
    drawing = chart.read_text(encoding="utf-8")
    start, end = drawing.index("<svg"), drawing.index("</svg>") + len("</svg>")
    root = ET.fromstring(drawing[start:end])
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 5, "what is asked for, and workers and queue of two rules"
    assert all(len(line.attrib["points"].split()) == 48 for line in lines)
    shown = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"documented", "ours", "Mon", "Tue", "Workers that can work"} <= set(shown)


def test_a_chart_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = plan(*SMALL, "--chart", str(tmp_path / "file" / "plan.svg"))
    assert found.exit_code == 1
    assert "cannot_write" in found.stderr


def test_sparklines_show_zero_as_nothing_and_little_as_something() -> None:
    assert sparkline([0, 0.01, 5, 10], 10) == " " + BLOCKS[1] + BLOCKS[4] + BLOCKS[8]
    assert sparkline([0, 0], 0) == "  "


@pytest.mark.parametrize(("value", "ceiling"), [(0, 1), (1, 1), (3.1, 4), (10_001, 20_000), (70, 80)])
def test_axes_end_at_round_numbers(value: float, ceiling: float) -> None:
    assert nice_ceiling(value) == ceiling
