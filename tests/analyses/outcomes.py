"""Jobs brought to a state as a worker would have brought them, without the computing."""

import gzip
import hashlib
from typing import Any

from psycopg.types.json import Jsonb

from tests.conftest import Engines
from tests.rows import sql

RESULT = gzip.compress(b"ASCN" + bytes(range(256)) * 20, mtime=0)
SUMMARY = {"frame_count": 240, "duration_s": 8.0}


async def complete(
    engines: Engines,
    analysis: dict[str, Any],
    result: bytes = RESULT,
    summary: dict[str, Any] = SUMMARY,
) -> None:
    """As a worker that finished."""
    await sql(
        engines,
        """
        with done as (
            update jobs set state = 'done', progress_pct = 100, attempt = 1, finished_at = now()
            where subject_id = %s returning subject_id
        )
        update analyses set result = %s, result_sha256 = %s, summary = %s from done where id = subject_id
        """,
        analysis["id"],
        result,
        hashlib.sha256(result).digest(),
        Jsonb(summary),
    )


async def start(engines: Engines, analysis: dict[str, Any]) -> None:
    """As a worker that is at it."""
    await sql(
        engines,
        """
        update jobs set state = 'processing', attempt = 1, started_at = now(), stage = 'poses',
            progress_pct = 42, claim_id = gen_random_uuid(), lease_until = now() + interval '1 h'
        where subject_id = %s
        """,
        analysis["id"],
    )


async def fail(engines: Engines, analysis: dict[str, Any], code: str = "no_person") -> None:
    """As a worker that found the input at fault; the use of the quota is given back, as it does."""
    await sql(
        engines,
        """
        with refund as (delete from quota_uses where subject_id = %s)
        update jobs set state = 'failed', failure_code = %s, attempt = 1, finished_at = now()
        where subject_id = %s
        """,
        analysis["id"],
        code,
        analysis["id"],
    )
