"""At 100,000 analyses no statement of the product reads a big table from end to end.

Real API and worker processes walk through everything; what they ran, and how, stands in the server's log.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.clips import short_climb
from tests.eventually import eventually
from tests.house import tree
from tests.infra.filling import fill
from tests.infra.plans import Plan, explain_everything, on_one_line, plans_in, statements_of
from tests.jobs.test_worker import QUICK
from tests.platform import PASSWORD, Climber, Programs, new_climber
from tests.rows import sql

BIG = {
    *("analyses", "jobs", "videos", "video_parts", "quota_uses", "refresh_tokens", "idempotency_keys"),
    *("registrations", "letters", "letter_tokens"),
}
MAX_BUFFERS = 400
PACE = {**QUICK, "JOB_SWEEP_S": "1"}  # every plan of every sweep is written down
# Their work is as large as what they were asked for, with the reason; still no big table is scanned.
LARGER = {
    "select day, route_id, route, attempts from (": (10_000, "progress looks at the latest 1,000 analyses"),
    "as first_video_id": (3_000, "a list of 100 comparisons looks both sides up"),
    "for update skip locked": (10_000, "a sweep writes each of the up to 500 rows that it moves"),
    "family_id is distinct from": (60_000, "ends each of the 1,000 sessions that this user is given"),
    "select family_id as id, device": (3_000, "lists them"),
    "from shares s join analyses a on": (10_000, "lists each of the links that this user is given"),
    "delete from allowance_uses where used_at": (3_000, "takes a day's uses of everybody away"),
    "select keep_clean_video(": (1_500, "a function: its buffers are those of its five statements"),
    "still.family_id = ended.family_id": (30_000, "looks at each of them, ended a moment ago"),
    "delete from letter_tokens where subject_id": (5_000, "a user with 200 links that were not opened"),
    "then 'owner' else 'coach' end": (1_500, "a list of 100 comparisons looks both sides up"),
    "lower(concat_ws(": (40_000, "a search looks at each of the user's climbs"),
    "unnest(a.tags)": (5_000, "each of the user's climbs may have tags"),
    "select route from analyses": (5_000, "each of the user's climbs may name a route"),
    "jsonb_path_query_array(a.summary": (10_000, "the latest 1,000 climbs of a route, or of two months"),
    "count(a.id) as climbs": (10_000, "counts the climbs of each of up to 500 routes"),
    "delete from videos where id": (600, "takes its analyses, and all that is about each, along"),
    "end as paid_until": (20_000, "each of 100 accounts is counted: this one, 100,000 analyses"),
    "order by a.id desc limit": (1_500, "a page of 100 looks each job and video up"),
}
# The paths that run with every request, every second or every heartbeat: each has to have been seen.
HOT = {
    "list page": "order by a.id desc limit",
    "result": "select result, result_sha256 from analyses",
    "result, known": "select from analyses where id",
    "one analysis": "where a.id = $1 and a.user_id = $2",
    "claim": "set state = 'processing', attempt = attempt + 1",
    "heartbeat": "progress_pct = greatest(progress_pct",
    "completion": "set state = 'done'",
    "sweep: leases": "lease_until < now()",
    "sweep: deliveries": "deliver_after <= now()",
    "sweep: admission": "not admitted",
    "quota": "select count(*) from quota_uses",
    "progress": "select day, route_id, route, attempts",
    "figures": "count(*) as jobs",
    "housekeeping: videos": "expires_at < now()",
    "housekeeping: objects": "from object_deletions",
    "housekeeping: tokens": "delete from refresh_tokens where expires_at",
    "housekeeping: keys": "delete from idempotency_keys",
    "shared, for an account": "select a.id as analysis_id, a.user_id as owner_id",
    "shared, for a guest": "from shares s join analyses a on a.id = s.analysis_id where s.id = $1",
    "letters: due": "order by due_at limit 1 for update skip locked",
    "letters: sent": "select count(*) from letters",
}
# Modules with SQL that this journey does not walk through, and why not.
LEFT_OUT = {
    "src/ascension/accounts/departures/queries.py": "rows by their key, of the few accounts that are to go",
    "src/ascension/accounts/invitations/queries.py": "for whoever runs the platform, and once per account",
    "src/ascension/audit/queries.py": "`ascension audit` reads the log from end to end",
    "src/ascension/embedded/engines/postgres.py": "roles and databases of the embedded server, at its start",
    "src/ascension/embedded/backups/backup.py": "once per backup",
    "src/ascension/embedded/backups/erasures.py": "once per restore",
    "src/ascension/embedded/connections.py": "a setting of the server",
    "src/ascension/embedded/upgrade.py": "once per upgrade",
    "src/ascension/embedded/resealing.py": "once per rotation of the secrets",
    "src/ascension/embedded/security/engine_checks.py": "`ascension doctor --security`",
    "src/ascension/embedded/security/keeping_checks.py": "`ascension doctor --security`",
    "src/ascension/exports/contents.py": "once per archive, and all that is of one user",
    "src/ascension/operations/storage/queries.py": "counts everything, when an admin asks for it",
    "src/ascension/retention/check_queries.py": "`ascension storage check` reads everything",
    "src/ascension/videos/archive/queries.py": "its sweep runs, begun by words of `queries.py`",
    "src/ascension/infra/database/roles.py": "when a server is set up",
    "src/ascension/infra/database/replica.py": "asks for positions in the log, of no table",
}


@pytest.mark.proves("M40")
@pytest.mark.thorough
async def test_no_statement_reads_a_big_table_from_end_to_end(
    broken_programs: Programs, mail_settings: dict[str, str]
) -> None:
    engines = broken_programs.engines
    _, url = broken_programs.api(**PACE, **mail_settings, HOUSEKEEPING_S="1")
    climber = await new_climber(url)
    await fill(engines.admin_url, climber.user["id"], summary='{"attempts": []}')
    broken_programs.worker(**PACE)
    await explain_everything(engines.admin_url)

    async def is_ready() -> bool:
        return (await climber.get("/api/v1/users/me")).status_code == 200

    await eventually(is_ready)  # its sessions were ended
    await sql(engines, "update users set role = 'admin' where id = %s", climber.user["id"])
    await _look_after_jobs(climber)
    await _walk_through(climber)
    await climber.http.aclose()
    plans = plans_in((engines.stack.home.logs / "postgres.log").read_text())
    assert not [name for name, words in HOT.items() if not any(words in plan.text for plan in plans)]
    slow = {plan.text[:300]: (plan.scanned & BIG, plan.buffers) for plan in plans if _is_slow(plan)}
    assert not slow
    assert not _unseen_modules(plans)


def _is_slow(plan: Plan) -> bool:
    limits = [limit for words, (limit, _) in LARGER.items() if words in plan.text]
    return bool(plan.scanned & BIG) or plan.buffers > max(limits, default=MAX_BUFFERS)


def _unseen_modules(plans: list[Plan]) -> list[str]:
    ran = {plan.text for plan in plans}
    return [
        path
        for path, source in tree.sources(".py", under=("src/",)).items()
        if (begins := statements_of(source))
        and path not in LEFT_OUT
        and not any(text.startswith(begin) for text in ran for begin in begins)
    ]


async def _walk_through(climber: Climber) -> None:
    done = await climber.wait((await climber.analyze(short_climb()))["id"], "completed")
    page = (await climber.get("/api/v1/analyses?limit=100")).json()
    again = await climber.get(f"/api/v1/analyses?limit=100&cursor={page['next_cursor']}")
    assert len(again.json()["items"]) == 100
    at = f"/api/v1/analyses/{done['id']}"
    for path in (at, f"{at}/result", f"{at}/coaching", f"{at}/corrections", "/api/v1/progress"):
        assert (await climber.get(path)).status_code == 200, path
    etag = (await climber.get(f"{at}/result")).headers["etag"]
    assert (await climber.get(f"{at}/result", headers={"If-None-Match": etag})).status_code == 304
    for path in (
        "/api/v1/users/me",
        "/api/v1/users/me/factors",
        "/api/v1/auth/sessions",
        "/api/v1/comparisons",
        "/api/v1/calendar?from=2026-11-01&until=2026-11-30&zone=Europe/Paris",
        f"/api/v1/videos/{done['video']['id']}",
        "/metrics",
        "/health/ready",
    ):
        assert (await climber.get(path)).status_code == 200, path
    await _share(climber, done["id"])
    await _log(climber, done["id"])
    async with climber.live() as socket:
        await socket.recv()
    video = f"/api/v1/videos/{done['video']['id']}"
    assert (await climber.put(f"{video}/saved", None)).status_code == 200
    assert (await climber.get(f"{video}/playback")).status_code == 200
    assert (await climber.put(f"{video}/preview", None)).status_code == 202
    assert (await climber.get(f"{video}/preview")).status_code == 200
    change = {"password": PASSWORD, "new_password": f"{PASSWORD} staple"}
    assert (await climber.post("/api/v1/auth/password", change)).status_code == 204
    forgotten = {"email": climber.email}
    assert (await climber.post("/api/v1/auth/password/letters", forgotten)).status_code == 202
    await _look_through_history(climber, done)
    await asyncio.sleep(2)  # sweeps and housekeeping come by themselves
    assert (await climber.delete(video)).status_code == 204


async def _look_through_history(climber: Climber, done: dict[str, Any]) -> None:
    """Find a climb among all, tag it, delete it and have it back, and look at the trash."""
    at = f"/api/v1/analyses/{done['id']}"
    assert (await climber.put(f"{at}/tags", {"tags": ["slab"]})).status_code == 200
    found = await climber.get("/api/v1/analyses?limit=100&text=Slab&tag=SLAB&state=done")
    assert [one["id"] for one in found.json()["items"]] == [done["id"]]
    assert (await climber.get("/api/v1/labels")).json()["tags"] == ["slab"]
    assert (await climber.delete(at)).status_code == 204
    assert len((await climber.get("/api/v1/trash")).json()["items"]) == 1
    assert (await climber.post(f"/api/v1/trash/{done['id']}/restore")).status_code == 200
    assert (await climber.delete(at)).status_code == 204
    assert (await climber.delete(f"/api/v1/trash/{done['id']}")).status_code == 204


async def _share(climber: Climber, analysis_id: str) -> None:
    """By a link, to a coach who never comes, and with a word of one's own."""
    made = (await climber.post(f"/api/v1/analyses/{analysis_id}/shares", {"with_video": True})).json()
    opened = (await climber.http.post("/api/v1/shares/open", json={"token": made["token"]})).json()
    shared, guest = f"/api/v1/shared/analyses/{analysis_id}", {"Authorization": f"Bearer {opened['ticket']}"}
    said = (await climber.post(f"{shared}/comments", {"at_s": 0.1, "text": "Feet!"})).json()
    for part in ("", "/result", "/comments"):
        assert (await climber.get(f"{shared}{part}")).status_code == 200, part
        assert (await climber.http.get(f"{shared}{part}", headers=guest)).status_code == 200, part
    invited = (await climber.post("/api/v1/coaches", {"email": "coach@example.org"})).json()
    for path in ("/api/v1/shares", "/api/v1/coaches", "/api/v1/climbers", "/api/v1/coached-comments"):
        assert (await climber.get(path)).status_code == 200, path
    for path in (
        f"{shared}/comments/{said['id']}",
        f"/api/v1/coaches/{invited['id']}",
        f"/api/v1/shares/{made['id']}",
    ):
        assert (await climber.delete(path)).status_code == 204, path


async def _log(climber: Climber, analysis_id: str) -> None:
    """A climb on a route, what was tried there, and whether it is on an earlier wall."""
    route = (await climber.get("/api/v1/routes")).json()["items"][0]
    at, climb = f"/api/v1/routes/{route['id']}", f"/api/v1/analyses/{analysis_id}"
    assert (await climber.put(f"{at}/climbs/{analysis_id}", None)).status_code == 200
    assert (await climber.put(at, {"name": route["name"], "grade": "6b"})).status_code == 200
    tried = {"day": "2026-11-20", "tries": 2, "is_sent": False}
    assert (await climber.post(f"{at}/tries", tried)).status_code == 201
    assert (await climber.get(at)).status_code == 200
    assert (await climber.put(f"{climb}/sends", {"attempt": 1, "is_sent": True})).status_code in (204, 404)
    assert (await climber.post(f"{climb}/recognition")).status_code == 202
    assert (await climber.delete(at)).status_code == 204
    removed = "/api/v1/removed-routes"
    assert (await climber.get(removed)).status_code == 200
    assert (await climber.post(f"{removed}/{route['id']}/restore")).status_code == 200
    assert (await climber.delete(at)).status_code == 204
    assert (await climber.delete(f"{removed}/{route['id']}")).status_code == 204


async def _look_after_jobs(climber: Climber) -> None:
    """What an operator asks and does, on whatever jobs there are."""
    at = "/api/v1/operator"
    for path in (
        f"{at}/queue",
        f"{at}/jobs?limit=100",
        f"{at}/jobs?limit=100&order=oldest",
        f"{at}/jobs?limit=100&state=failed",
        f"{at}/jobs?limit=100&state=queued&order=oldest",
        f"{at}/jobs?user_id={climber.user['id']}&limit=100",
        f"{at}/dead-jobs",
        f"{at}/users?limit=100&search=example",
    ):
        assert (await climber.get(path)).status_code == 200, path
    dead = (await climber.get(f"{at}/jobs?state=dead&limit=2")).json()["items"]
    one = f"{at}/jobs/{dead[0]['id']}"
    assert (await climber.get(one)).status_code == 200
    assert (await climber.post(f"{one}/retry")).json()["state"] == "queued"
    assert (await climber.post(f"{one}/cancel")).json()["state"] == "canceled"
    assert (await climber.post(f"{at}/dead-jobs/retry", {})).json()["retried"] == 49


def test_a_scan_in_the_log_is_found(tmp_path: Path) -> None:
    log = tmp_path / "postgres.log"
    log.write_text(
        "2026-11-22 10:00:00 UTC [1] LOG:  duration: 0.1 ms  plan:\n"
        '\t{\n\t  "Query Text": "select *\\n from jobs",\n\t  "Plan": {"Node Type": "Limit",'
        ' "Shared Hit Blocks": 3, "Shared Read Blocks": 4,\n\t'
        ' "Plans": [{"Node Type": "Seq Scan", "Relation Name": "jobs"}]}\n\t}\n'
        "2026-11-22 10:00:00 UTC [1] LOG:  something else\n"
    )
    (plan,) = plans_in(log.read_text())
    assert plan == Plan("select * from jobs", frozenset({"jobs"}), 7)
    assert _is_slow(plan)


def test_statements_are_found_in_a_module() -> None:
    source = (
        'A = "select 1"\nB = f"""\n  update jobs set {_A}"""\nC = "selected"\nD = "delete from a where %s"'
    )
    assert sorted(statements_of(source)) == ["delete from a where", "select 1", "update jobs set"]
    assert on_one_line("Select\n  1") == "select 1"
