"""What must hold at the end of a run, judged by triggers in the database, listings of storage, and logs.

A check is a function from what a run left behind to the ids or lines that offend; empty: it holds.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import redis.asyncio as redis

from ascension.errors import catalogue
from ascension.errors.jobs import JobFailure
from tests.chaos.compute import cheap_sha256
from tests.chaos.journeys import OURS, Owed
from tests.conftest import Engines
from tests.jobs.conftest import run_sql
from tests.rows import sql

CREATE = """
create table chaos_log (
    at timestamptz not null default clock_timestamp(), job_id uuid, subject_id uuid, before text, state text,
    attempt int, worker_id text, failure_code text, lease_before_s float, lease_s float, role text
);
create index on chaos_log (job_id, at);
create table chaos_results (
    at timestamptz not null default clock_timestamp(), analysis_id uuid, sha256 bytea
);
create function chaos_note() returns trigger language plpgsql security definer as $$
begin
    if tg_op = 'DELETE' then
        insert into public.chaos_log (job_id, subject_id, before, state, attempt, role)
            values (old.id, old.subject_id, old.state, 'deleted', old.attempt, session_user);
        return old;
    end if;
    if tg_op = 'INSERT' or new.state is distinct from old.state
        or new.claim_id is distinct from old.claim_id then
        insert into public.chaos_log values (
            clock_timestamp(), new.id, new.subject_id, case when tg_op = 'UPDATE' then old.state end,
            new.state, new.attempt, coalesce(new.worker_id, ''), new.failure_code,
            case when tg_op = 'UPDATE' then extract(epoch from old.lease_until - clock_timestamp()) end,
            extract(epoch from new.lease_until - now()), session_user);  -- from the claim's own moment
    end if;
    return new;
end $$;
create trigger chaos_note after insert or update or delete on jobs
    for each row execute function chaos_note();
create function chaos_note_result() returns trigger language plpgsql security definer as $$
begin
    if new.result_sha256 is distinct from old.result_sha256 then
        insert into public.chaos_results (analysis_id, sha256) values (new.id, new.result_sha256);
    end if;
    return new;
end $$;
create trigger chaos_note_result after update on analyses for each row execute function chaos_note_result();
"""
LEASE_ROUNDING_S = 0.1
SHOWN = 12

# Lines of logs at the level of an error that are the product's answer to a fault, by what they say.
KNOWN_ERRORS = ("job_crashed", "storage_write_trial")
# What libraries say when a connection breaks under them; each is followed by our own typed line.
KNOWN_LINES = re.compile(
    r"discarding closed connection|error connecting in 'pool-|consuming input failed|"
    r"closing returned connection|reconnection attempt in pool|error ignored in rollback|"
    r"rolling back returned"
)


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold."""

    check: str
    what: str


@dataclass(frozen=True)
class Left:
    """What a run left behind."""

    owed: Sequence[Owed]
    jobs: dict[str, dict[str, Any]]
    """By analysis: state, failure_code, attempt, crashes, sha256 of the result (hex or None), job_id."""
    log: Sequence[dict[str, Any]]
    results: Counter[str]
    """How often another result was stored, by analysis."""
    lease_s: float


async def install(engines: Engines) -> None:
    """The triggers."""
    await sql(engines, CREATE)


async def read(engines: Engines, owed: Sequence[Owed], lease_s: float) -> Left:
    """Everything that the checks of jobs look at."""
    rows = await _rows(
        engines,
        "select a.id::text as id, j.id::text as job_id, j.state, j.failure_code, j.attempt, j.crashes,"
        " encode(a.result_sha256, 'hex') as sha256 from analyses a join jobs j on j.id = a.job_id",
    )
    log = await _rows(
        engines,
        "select extract(epoch from at)::float as at, job_id::text, subject_id::text, before, state, attempt,"
        " worker_id, failure_code, lease_before_s, lease_s, role from chaos_log order by at",
    )
    stored = await sql(engines, "select analysis_id::text, count(*) from chaos_results group by 1")
    return Left(owed, {row["id"]: row for row in rows}, log, Counter(dict(stored)), lease_s)


async def _rows(engines: Engines, statement: LiteralString) -> list[dict[str, Any]]:
    return await asyncio.to_thread(run_sql, engines, statement)


def check_jobs(left: Left) -> list[Finding]:
    """Nothing lost, nothing twice, nothing stuck, every failure with a reason, each end the right one."""
    return [
        Finding(check, what)
        for check, offenders in (
            ("lost", _lost(left)),
            ("stuck", _stuck(left)),
            ("done twice", _done_twice(left)),
            ("results stored once", _results(left)),
            ("failures have a typed reason", _untyped(left)),
            ("each ends as it must", _wrong_ends(left)),
            ("no clip kills a third time", _third_kills(left)),
            ("results are their own", _wrong_results(left)),
            ("leases by the database's clock", _wrong_leases(left)),
        )
        for what in offenders
    ]


def _lost(left: Left) -> list[str]:
    return [one.analysis_id for one in left.owed if one.analysis_id not in left.jobs and not one.delete_asked]


def _stuck(left: Left) -> list[str]:
    return [found for found, job in left.jobs.items() if job["state"] in ("queued", "processing")]


def _done_twice(left: Left) -> list[str]:
    done = Counter(
        one["subject_id"] for one in left.log if one["state"] == "done" and one["before"] != "done"
    )
    return [found for found, times in done.items() if times > 1]


def _results(left: Left) -> list[str]:
    done = {one["subject_id"] for one in left.log if one["state"] == "done"}
    more = [f"{found} stored {times} times" for found, times in left.results.items() if times > 1]
    without = [f"{found} stored without an end" for found in left.results.keys() - done]
    missing = [
        f"{found} done without a result"
        for found, job in left.jobs.items()
        if job["state"] == "done" and job["sha256"] is None
    ]
    return [*more, *without, *missing]


def _untyped(left: Left) -> list[str]:
    known = {code for code, error in catalogue().items() if issubclass(error, JobFailure)}
    return [
        f"{found} {job['state']} with {job['failure_code']}"
        for found, job in left.jobs.items()
        if job["state"] in ("failed", "dead") and job["failure_code"] not in known
    ]


def _wrong_ends(left: Left) -> list[str]:
    """A clip at fault says so; an innocent one is done, unless its user stopped it or chaos hit it often."""
    wrong: list[str] = []
    for one in left.owed:
        job = left.jobs.get(one.analysis_id)
        if job is None:
            continue
        end = (job["state"], job["failure_code"])
        fine = {
            "cheap": end == ("done", None) or (one.cancel_asked and job["state"] == "canceled"),
            "real": end == ("done", None),
            "nobody": end == ("failed", "no_person"),
            "no video": end == ("failed", "not_a_video"),
            "crashes": job["state"] == "dead" and job["failure_code"] in OURS and job["crashes"] == 2,
        }[one.clip]
        if not fine:
            wrong.append(f"{one.analysis_id} ({one.clip}, asked again {one.retries} times) {end}")
    return wrong


def _third_kills(left: Left) -> list[str]:
    return [
        f"{found} crashed {job['crashes']} times" for found, job in left.jobs.items() if job["crashes"] > 2
    ]


def _wrong_results(left: Left) -> list[str]:
    return [
        f"{one.analysis_id} shows {one.etag}"
        for one in left.owed
        if one.clip == "cheap" and one.etag is not None and one.etag != cheap_sha256(one.nonce)
    ]


def _wrong_leases(left: Left) -> list[str]:
    """A claim gets a whole lease, and only its owner ends it before its time: whatever a clock says."""
    wrong: list[str] = []
    for one in left.log:
        if one["state"] == "processing" and abs((one["lease_s"] or 0) - left.lease_s) > LEASE_ROUNDING_S:
            wrong.append(f"{one['job_id']} claimed with {one['lease_s']:.1f} s")
        early = one["before"] == "processing" and (one["lease_before_s"] or 0) > 0.1
        taken = one["state"] == "processing" or (
            one["state"] in ("queued", "dead") and one["role"] == "ascension_api"
        )
        if early and taken:
            wrong.append(f"{one['job_id']} taken {one['lease_before_s']:.1f} s before its lease ended")
    return wrong


def history(left: Left, findings: Iterable[Finding]) -> list[str]:
    """What happened to the jobs that findings name, by the trigger."""
    named = " ".join(finding.what for finding in findings)
    return [
        f"{one['at']:.2f} {one['subject_id']} {one['before']} -> {one['state']}"
        f" attempt {one['attempt']} {one['worker_id']} {one['failure_code'] or ''} by {one['role']}"
        for one in left.log
        if str(one["subject_id"]) in named or str(one["job_id"]) in named
    ]


async def check_quota(engines: Engines, owed: Sequence[Owed], erased: Sequence[str]) -> list[Finding]:
    """Every use belongs to an analysis that completed; what was deleted before its end may count or not."""
    # the rule that accounts read by, so that what is judged is the rows
    rows = await sql(
        engines,
        "select q.user_id, count(*) from quota_uses q where not exists (select from jobs j"
        " where j.subject_id = q.subject_id and j.kind <> 'derivation'"
        " and j.state in ('failed', 'dead', 'canceled')) group by 1",
    )
    used = {str(user_id): count for user_id, count in rows}
    completed = Counter(one.user_id for one in owed if one.state == "completed")
    gone = Counter(one.user_id for one in owed if one.state == "gone")
    return [
        Finding("quota", f"user {user}: {used.get(user, 0)} used, {completed[user]} completed")
        for user in {one.user_id for one in owed} - set(erased)
        if not completed[user] <= used.get(user, 0) <= completed[user] + gone[user]
    ]


async def check_storage(engines: Engines) -> tuple[list[Finding], Counter[str]]:
    """Every object has its row and every row its object; and what is left on purpose, counted.

    What dies half-way leaves what `ascension storage check` or the bucket's rule removes: the copy of a move
    that no row names, an upload opened for nobody or joined already. An erasure whose process died goes on
    when its pass' lease ends.
    """
    async with engines.stack.seaweedfs.client() as s3:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=engines.s3_bucket)
        stored = {item.get("Key", "") async for page in pages for item in page.get("Contents", [])}
        multiparts = s3.get_paginator("list_multipart_uploads").paginate(Bucket=engines.s3_bucket)
        opened = {item.get("Key", "") async for page in multiparts for item in page.get("Uploads", [])}
    videos = await sql(engines, "select object_key, state, id::text from videos")
    pictures = "select unnest(array[wall_object_key, covered_wall_object_key]) from analyses"
    small = "select 'thumbnails/' || user_id || '/' || id from analyses where thumbnail_width_px is not null"
    walls = {key for (key,) in await sql(engines, f"{pictures} union all {small}")} - {None}
    deletions = await sql(engines, "select object_key, not_before <= now() from object_deletions")
    due, read = ({key for key, is_due in deletions if is_due is wanted} for wanted in (True, False))
    erasing = await sql(engines, "select user_id::text from erasures where finished_at is null")
    keys = {key for key, _, _ in videos}
    uploaded = {key for key, state, _ in videos if state == "uploaded"}
    uploading = {key for key, state, _ in videos if state == "uploading"}
    alone = {key for key in stored - keys - walls - due - read if not key.startswith(".")}
    moved = {key for key in alone if key.rpartition("/")[2] in {video_id for _, _, video_id in videos}}
    erased = {key for key in alone if any(user and f"/{user}/" in key for (user,) in erasing)}
    explained = Counter(
        {
            "copies of a move that died, for storage check": len(moved),
            "objects of an erasure under way": len(erased),
            "objects that may still be read where they were": len(read & stored),
            "open uploads of nobody, for the bucket's rule": len(opened - keys),
            "open uploads of joined videos, for the bucket's rule": len(opened & uploaded),
        }
    )
    return [
        *(Finding("no object without a row", key) for key in alone - moved - erased),
        *(Finding("no row without its object", key) for key in (uploaded | walls) - stored),
        *(Finding("removals are done", key) for key in due),
        *(Finding("no lost upload", key) for key in uploading - opened),
    ], explained


async def check_erased(engines: Engines, users: Sequence[str]) -> list[Finding]:
    """Who asked to be erased has no row in any table that names users."""
    named = await sql(
        engines,
        "select table_name from information_schema.columns"
        " where table_schema = 'public' and column_name = 'user_id' and table_name <> 'erasures'",
    )
    found: list[Finding] = []
    for table in ("users", *(name for (name,) in named)):
        column = "id" if table == "users" else "user_id"
        statement = f"select {column}::text from {table} where {column}::text = any(%s)"
        rows = await asyncio.to_thread(run_sql, engines, statement, list(users))
        found += [Finding("nothing is left of erased accounts", f"{table} {row[column]}") for row in rows]
    return found


async def check_streams(engines: Engines, silent_s: float) -> list[Finding]:
    """Nothing waits for jobs that have ended, and a consumer of a dead worker holds nothing and goes in time.

    silent_s: how long the name of a silent consumer may stay
    """
    library: Any = redis  # partly without types
    client = library.Redis.from_url(engines.redis_admin_url, decode_responses=True)
    found: list[Finding] = []
    try:
        for key in [key async for key in client.scan_iter("jobs:*")]:
            waiting = await client.xlen(key)
            if waiting:
                found.append(Finding("streams are empty", f"{key} holds {waiting}"))
            for group in await client.xinfo_groups(key):
                if group["pending"]:
                    found.append(Finding("streams are empty", f"{key} has {group['pending']} pending"))
                found += [
                    Finding("no consumers of dead workers", f"{key} knows {one['name']}")
                    for one in await client.xinfo_consumers(key, group["name"])
                    if one["idle"] > 1000 * silent_s
                ]
    finally:
        await client.aclose()
    return found


def check_logs(logs: Iterable[Path]) -> tuple[list[Finding], Counter[str]]:
    """Lines that no code of ours meant to write, and how often each known warning or error was written."""
    found: list[Finding] = []
    told: Counter[str] = Counter()
    for path in logs:
        for line in path.read_text(errors="replace").splitlines():
            unexpected = _judge(line, told)
            if unexpected:
                found.append(Finding("unexpected errors", f"{path.name}: {unexpected[:600]}"))
    return found, told


def _judge(line: str, told: Counter[str]) -> str:
    """The line where it is unexpected, else empty."""
    if not line.startswith("{"):
        return line if line.strip() else ""
    try:
        event: dict[str, Any] = json.loads(line)
    except ValueError:
        return ""  # cut off by a kill -9
    if event.get("level") in ("debug", "info"):
        return ""
    name = str(event.get("event", ""))
    if KNOWN_LINES.search(name):
        told["a library's word on a broken connection"] += 1
        return ""
    told[name.partition("\n")[0][:60]] += 1
    if "exception" in event or (event["level"] in ("error", "critical") and name not in KNOWN_ERRORS):
        return line
    return ""
