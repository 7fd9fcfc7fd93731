"""Backups of a real PostgreSQL 15 in a real storage with TLS: made, read back, damaged, and had back."""

import asyncio
import fcntl
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import argon2
import pytest

from tests.conftest import run_apart
from tests.deploy.keeping import Kept
from tests.platform import ACCEPTED, PASSWORD

PROBE = "probe@example.org"
ERASE = """
with gone as (delete from users where id = %(id)s)
insert into erasures (id, user_sha256, requested_at, finished_at)
values (gen_random_uuid(), sha256(%(id)s::text::bytea), now(), now())
"""


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """With a probe account that has an analysis, and one full backup."""
    with tempfile.TemporaryDirectory(prefix="asc-bk-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        kept = Kept(Path(folder))
        try:
            run_apart(fill(kept))
            assert kept.backup("run")["kind"] == "full"
            yield kept
        finally:
            kept.stop()


async def fill(kept: Kept) -> None:
    await kept.start()
    for name, value in {"probe_email": PROBE, "probe_password": PASSWORD}.items():
        (kept.folder / "credentials" / name).write_text(f"{value}\n")
    await register(kept, PROBE)
    await kept.sql(
        """
        with job as (
            insert into jobs (id, kind, subject_id, user_id, tier, state, created_at, started_at, finished_at)
            select gen_random_uuid(), 'analysis', gen_random_uuid(), id, 'free', 'done', now(), now(), now()
            from users returning *
        ), video as (
            insert into videos (id, user_id, state, file_name, content_type, size_bytes, part_size_bytes,
                                object_key, s3_upload_id, created_at, expires_at)
            select subject_id, user_id, 'expired', 'climb.mp4', 'video/mp4', 9, 9, 'uploads/' || id, '',
                   now(), now() from job
        )
        insert into analyses (id, user_id, video_id, job_id, completed_at, result, result_sha256, summary)
        select subject_id, user_id, subject_id, id, now(), 'a result', sha256('a result'),
               '{"frame_count": 9, "duration_s": 1, "width_px": 9, "height_px": 9}' from job
        """
    )


async def register(kept: Kept, email: str) -> UUID:
    user_id = uuid4()
    await kept.sql(
        """
        with made as (
            insert into users (id, email, display_name, password_hash)
            values (%s, %s, 'Mina', %s) returning id
        )
        insert into consents (user_id, document, version, how)
        select id, document, version, 'registration'
        from made, unnest(%s::text[], %s::text[]) as said (document, version)
        """,
        (user_id, email, argon2.PasswordHasher().hash(PASSWORD), list(ACCEPTED), list(ACCEPTED.values())),
    )
    return user_id


@pytest.mark.proves("M26")
def test_a_backup_is_made_read_back_and_told(kept: Kept) -> None:
    told = kept.backup("run")
    assert told["kind"] == "incr"
    figures = kept.figures()
    assert figures["repository_up"] == 1
    assert figures["backups"] >= 2
    assert time.time() - figures["newest_seconds"] < 60
    assert time.time() - figures["wal_archived_seconds"] < 60
    assert figures['failed{what="run"}'] == 0
    assert figures['last_success_seconds{what="verify"}'] > figures["newest_seconds"]
    kept.configure(**{"repo1-cipher-pass": "another one"})
    assert "closed with another passphrase than repo1-cipher-pass" in kept.failing("verify")
    kept.configure()


@pytest.mark.proves("M26")
async def test_what_is_damaged_is_found_and_nothing_older_goes(kept: Kept) -> None:
    before = kept.figures()["backups"]
    with (kept.folder / "state/database.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert kept.failing("run") == "backup: Another backup, restore or drill is under way here."
    await kept.flip("bundle/1")
    said = kept.failing("run")
    assert "The repository is damaged" in said
    assert "checksum invalid: 1" in said
    figures = kept.figures()
    assert figures["backups"] == before + 1, "the new one is there, and so are all before"
    assert figures['failed{what="run"}'] == 1
    await kept.flip("bundle/1")
    assert kept.backup("expire")["kept"]


@pytest.mark.proves("M43")
def test_somebody_logs_in_and_reads_on_a_server_that_is_gone_afterwards(kept: Kept) -> None:
    told = kept.backup("drill")
    assert told["rows"] > 0
    assert told["release"] == "0.1.0"
    assert not (kept.folder / "state/drill").exists()


@pytest.mark.proves("M28", "M43")
async def test_the_disk_is_lost_and_a_moment_comes_back_without_the_erased(kept: Kept) -> None:
    erased = await register(kept, "gone@example.org")
    await asyncio.sleep(1.1)
    moment = datetime.now(UTC).isoformat()
    await asyncio.sleep(0.1)
    await kept.sql("delete from users where email = %s", (PROBE,))
    await kept.sql(ERASE, {"id": erased})
    await kept.sql("select pg_switch_wal()")  # as archive_timeout does after a minute
    while kept.backup("status")["now"]["wal_archived_seconds"] < datetime.fromisoformat(moment).timestamp():
        await asyncio.sleep(0.1)
    kept.crash()
    assert "is not empty" in kept.failing("restore", "--to", moment)
    assert "no moment with its zone" in kept.failing("restore", "--to", "2026-11-23 14:05", "--replace")

    told = kept.backup("restore", "--to", moment, "--replace")
    assert told["erased_again"] == 1
    assert told["minutes"] < 2
    emails = [email for (email,) in await kept.sql("select email from users")]
    assert emails == [PROBE], "who was deleted by a mistake is there, who was erased is not"
    assert "A server runs on" in kept.failing("restore", "--to", "latest", "--replace")
    assert kept.backup("run")["kind"] == "incr", "the log goes on"


def test_storage_that_is_away_is_told_at_once(kept: Kept) -> None:
    kept.stop_storage()
    assert "cannot be read" in kept.failing("run")
    figures = kept.figures()
    assert (figures["repository_up"], figures['failed{what="run"}']) == (0, 1)
    kept.resume_storage()
