"""During a deploy two releases meet one database: old code on the new schema, new code on the old one."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from ascension.embedded.migrations import MIGRATIONS, migrate
from ascension.infra.database.roles import API
from tests.clips import short_climb
from tests.jobs.test_worker import QUICK
from tests.platform import ROOT, Programs, new_climber

GIT_TIMEOUT_S = 60
MODELS = "src/ascension/vision/models"
AGO = sum(path.name > "20261122000014" for path in MIGRATIONS.glob("[0-9]*.sql"))
"""Migrations that the older schema lacks: from that of the roles on, which every account is read with."""


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=GIT_TIMEOUT_S,
    ).stdout.strip()


def _commit_before_newest_migration() -> str | None:
    """None: this clone has no history that goes so far back."""
    newest = max(MIGRATIONS.glob("[0-9]*.sql")).relative_to(ROOT)
    try:
        added = _git("log", "--diff-filter=A", "--format=%H", "-1", "--", str(newest))
        return _git("rev-parse", "--verify", f"{added}^") if added else None
    except subprocess.CalledProcessError:
        return None


@pytest.fixture
def old_python(tmp_path: Path) -> str:
    """A Python whose `ascension` is the code from before the newest migration, and says so as its version."""
    commit = _commit_before_newest_migration()
    if commit is None:
        pytest.skip("there is no git history that reaches to before the newest migration")
    archive = tmp_path / "old.tar"
    _git("archive", f"--output={archive}", commit, "src", "migrations", "pyproject.toml")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "old", filter="data")
    source = tmp_path / "old/src"
    (source / "ascension/__init__.py").write_text('"""The release before."""\n\n__version__ = "0.0.old"\n')
    for model in (ROOT / MODELS).glob("*.onnx"):
        shutil.copy(model, source.parent / MODELS)
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(tmp_path / "venv")],
        check=True,
        timeout=60,
    )
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    libraries = Path(pytest.__file__).parents[1]
    (packages / "old.pth").write_text(f"{source}\n{libraries}\n")
    return str(tmp_path / "venv/bin/python")


@pytest.mark.proves("M66")
async def test_the_release_before_works_on_the_new_schema(programs: Programs, old_python: str) -> None:
    programs.python = old_python
    _, url = programs.api(**QUICK)
    worker = programs.worker(**QUICK)
    climber = await new_climber(url)
    assert (await climber.http.get("/health")).json()["version"] == "0.0.old"
    assert all(event["version"] == "0.0.old" for event in worker.events())
    done = await climber.wait((await climber.analyze(short_climb()))["id"])
    assert done["state"] == "completed"
    assert (await climber.get(f"/api/v1/analyses/{done['id']}/result")).status_code == 200
    assert [item["id"] for item in (await climber.get("/api/v1/analyses")).json()["items"]] == [done["id"]]
    assert (await climber.delete(f"/api/v1/videos/{done['video']['id']}")).status_code == 204
    await climber.http.aclose()


@pytest.mark.proves("M66")
async def test_the_new_release_says_that_the_schema_is_older_and_goes_on_once_it_is_not(
    programs: Programs, migrated: str
) -> None:
    name = urlsplit(migrated).path[1:]
    _, url = programs.api(DATABASE_URL=programs.engines.stack.postgres.url(API, name))
    climber = await new_climber(url)
    for _ in range(AGO):
        await migrate(migrated, command="rollback")
    readiness = await climber.http.get("/health/ready")
    assert readiness.status_code == 503
    assert readiness.json()["parts"]["database"] == {"ok": False, "detail": "SchemaOutdated"}
    refused = await climber.get("/api/v1/users/me")
    assert (refused.status_code, refused.json()["error"]) == (503, "schema_outdated")
    assert "ascension migrate" in refused.json()["detail"]
    assert "Retry-After" in refused.headers
    await migrate(migrated)
    for path in ("/health/ready", "/api/v1/users/me"):
        answer: httpx.Response = await climber.get(path)
        assert answer.status_code == 200, answer.text
    await climber.http.aclose()
