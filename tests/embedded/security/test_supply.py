"""`make audit` and `make sbom`: the list is fetched whole or not at all, and says what it does not know."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ascension.embedded.security.packages import locked
from ascension.vision import weights
from tests.platform import ROOT

pytestmark = pytest.mark.proves("M59")


class Advisories(BaseHTTPRequestHandler):
    """The answers of OSV's `querybatch`, on the wire as it documents them."""

    affected = "preact"
    is_short = False

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        results = [
            {"vulns": [{"id": "GHSA-test", "modified": "2026-11-01T00:00:00Z"}]}
            if one["package"] == {"ecosystem": "npm", "name": self.affected}
            else {}
            for one in asked
        ]
        body = json.dumps({"results": results[1:] if self.is_short else results}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 (named by the library)
        """Not into the tests' output."""


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Advisories, "is_short", False)
    server = HTTPServer(("127.0.0.1", 0), Advisories)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _run(script: str, *words: str) -> tuple[int, str, str]:
    ended = subprocess.run(
        [sys.executable, ROOT / "scripts" / script, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def _new_list(path: Path, source: str, **accepted: str) -> str:
    path.write_text(json.dumps({"source": source, "fetched_on": None, "accepted": accepted, "answers": {}}))
    return str(path)


def test_what_was_never_fetched_is_not_called_good(tmp_path: Path) -> None:
    code, out, _ = _run("audit.py", "--list", _new_list(tmp_path / "list.json", "https://example.org"))
    assert (code, "nothing is known" in out, "0 looked up" in out) == (0, True, True)


def test_the_list_is_fetched_and_names_what_is_affected(source: str, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    code, out, _ = _run("audit.py", "--fetch", "--list", _new_list(path, source))
    assert (code, "AFFECTED npm:preact@" in out, "warning" in out) == (1, True, False)
    stored = json.loads(path.read_text())
    assert stored["fetched_on"] == datetime.now(UTC).date().isoformat()
    assert stored["answers"].keys() == {one.key for one in locked()}
    path.write_text(
        json.dumps({**stored, "accepted": {"GHSA-test": "not reachable"}, "fetched_on": "2020-01-01"})
    )
    code, out, _ = _run("audit.py", "--list", str(path))
    assert (code, "older than 30 days" in out) == (0, True)


def test_half_an_answer_changes_nothing(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Advisories, "is_short", True)
    path = tmp_path / "list.json"
    code, _, err = _run("audit.py", "--fetch", "--list", _new_list(path, source))
    assert (code, "stays as it is" in err) == (1, True)
    assert json.loads(path.read_text())["fetched_on"] is None


def test_the_bill_names_packages_engines_and_models(tmp_path: Path) -> None:
    code, _, err = _run("sbom.py", str(tmp_path / "sbom.json"))
    assert code == 0, err
    bill = json.loads((tmp_path / "sbom.json").read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    by_ref = {one["bom-ref"]: one for one in bill["components"]}
    assert len(by_ref) == len(bill["components"]), "a reference names one thing"
    assert by_ref.keys() >= {one.key for one in locked()}
    assert {"engine:PostgreSQL", "engine:Valkey", "engine:SeaweedFS", "engine:dbmate"} <= by_ref.keys()
    models = [one for one in bill["components"] if one["type"] == "machine-learning-model"]
    assert {one["hashes"][0]["content"] for one in models} == {one.onnx_sha256 for one in weights.ALL}
    unlicensed = {one["name"] for one in bill["components"] if "licenses" not in one}
    assert unlicensed <= {"async-timeout", "colorama", "tzdata"}, "of other systems: not installed here"
    aiohttp = next(one for one in bill["components"] if one["name"] == "aiohttp")
    assert aiohttp["purl"] == f"pkg:pypi/aiohttp@{aiohttp['version']}"
