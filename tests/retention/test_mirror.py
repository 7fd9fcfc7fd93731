"""`ascension storage copy` between two buckets of a real storage."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from ascension.cli import app
from ascension.embedded.engines import seaweedfs
from ascension.infra.storage import rights
from ascension.retention import mirror
from tests.conftest import Engines

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

FIRST, SECOND = "mirror-first", "mirror-second"
Told = tuple[int, dict[str, Any] | str]
Ask = Callable[..., Awaitable[Told]]


@pytest.fixture
async def s3(engines: Engines) -> "AsyncIterator[S3Client]":
    """With a first bucket that holds two saved videos, a picture, and an upload that goes by itself."""
    async with engines.stack.seaweedfs.client() as s3:
        await s3.create_bucket(Bucket=FIRST)
        for key in ("saved/a/1", "saved/b/2", "results/a/1/wall.webp", "uploads/a/3"):
            await s3.put_object(Bucket=FIRST, Key=key, Body=key.encode(), ContentType="video/mp4")
        yield s3


@pytest.fixture
def ask(engines: Engines) -> Ask:
    """A command and its exit code with what it says."""
    key_id, secret = engines.stack.seaweedfs.keys(seaweedfs.ADMIN)
    settings: Mapping[str, str] = {
        f"{before}{name}": value
        for before, bucket in (("", FIRST), ("BACKUP_", SECOND))
        for name, value in {
            "S3_ENDPOINT": engines.s3_endpoint,
            "S3_BUCKET": bucket,
            "AWS_ACCESS_KEY_ID": key_id,
            "AWS_SECRET_ACCESS_KEY": secret,
        }.items()
    }

    async def ask(*words: str, **changed: str) -> Told:
        done = await asyncio.to_thread(
            CliRunner().invoke, app, ["storage", *words], env={**settings, **changed}
        )
        return done.exit_code, json.loads(done.output) if done.output.startswith("{") else done.output

    return ask


@pytest.mark.proves("M23", "M43")
async def test_what_is_saved_is_there_twice_and_goes_from_both(
    ask: Ask, s3: "S3Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _ = await ask("setup", "--backup", S3_BUCKET=SECOND)
    assert code == 0
    code, told = await ask("copy", "--json")
    assert (code, told) == (0, {"kept": 3, "copied": 3, "added": 3, "removed": 0, "frozen": 0})

    async def change() -> None:
        await s3.delete_object(Bucket=FIRST, Key="saved/a/1")
        await s3.put_object(Bucket=FIRST, Key="saved/b/2", Body=b"another", ContentType="video/mp4")

    await change()
    monkeypatch.setattr(mirror, "FEW", 0)
    code, said = await ask("copy", "--json")
    assert code == 1
    assert "1 of 3 objects are gone from the first bucket" in str(said)
    code, told = await ask("copy", "--back", "--json")
    assert (code, told) == (0, {"kept": 3, "copied": 3, "added": 1, "removed": 0, "frozen": 0})
    await change()
    code, told = await ask("copy", "--allow-loss", "--json")
    assert (code, told) == (0, {"kept": 2, "copied": 2, "added": 1, "removed": 1, "frozen": 0})

    found = await s3.get_object(Bucket=SECOND, Key="saved/b/2")
    content, content_type = await found["Body"].read(), found["ContentType"]
    versions = {
        one.get("Key", "") for one in (await s3.list_object_versions(Bucket=SECOND)).get("Versions", [])
    }
    assert (content, content_type) == (b"another", "video/mp4")
    assert "saved/a/1" in versions, "a mistake can be taken back for a week"
    assert not any(key.startswith("uploads/") for key in versions)


async def test_the_key_of_backups_removes_no_version_and_changes_no_video(ask: Ask) -> None:
    code, told = await ask("policy", "backup", "--bucket", FIRST, "--backup-bucket", SECOND)
    assert code == 0
    assert isinstance(told, dict)
    assert told == rights.policy({FIRST: rights.BACKUP_SOURCE, SECOND: rights.BACKUP_TARGET})
    allowed = {(one["Resource"], action) for one in told["Statement"] for action in one["Action"]}
    assert {action for where, action in allowed if where == f"arn:aws:s3:::{FIRST}/*"} == {"s3:GetObject"}
    assert not any("Version" in action for _, action in allowed)
