"""`ascension audit` on the environment's engines, as somebody types it."""

import json

import pytest

from ascension.audit.entries import Party, record
from ascension.infra.database.primary import Database
from tests.conftest import Engines
from tests.operations.test_job_commands import each
from tests.rows import sql

pytestmark = pytest.mark.proves("M57")
USER = "0190c1c5-0000-7000-8000-000000000001"
VIDEO = "0190c1c5-0000-7000-8000-000000000002"


async def test_the_log_is_listed_exported_and_verified(clean_database: Engines, database: Database) -> None:
    me = Party("account", USER)
    async with database.transaction() as tx:
        await record(tx.connection, "login.succeeded", me)
        await record(tx.connection, "video.deleted", me, Party("video", VIDEO), size_bytes=5)
    listed, found, exported, verified, wrong = await each(
        clean_database,
        "audit list",
        f"audit list --json --about video:{VIDEO} --by account:{USER.upper()}",
        "audit export --since 2020-01-01",
        "audit verify --json",
        "audit list --by someone:1",
    )
    assert [words for words in ("login.succeeded", "video.deleted", '{"size_bytes":5}') if words in listed[1]]
    assert listed[1].index("video.deleted") < listed[1].index("login.succeeded")
    (entry,) = json.loads(found[1])["entries"]
    assert (entry["action"], entry["position"], entry["details"]) == ("video.deleted", 2, {"size_bytes": 5})
    lines = [json.loads(line) for line in exported[1].splitlines()]
    assert [line.get("position") for line in lines] == [1, 2, None]
    assert lines[1]["prev_hash"] == lines[0]["hash"]
    head = json.loads(verified[1])["head"]
    assert (verified[0], head) == (0, lines[2]["head"])
    assert head == f"2:{lines[1]['hash']}"
    assert (wrong[0], "nobody's name" in wrong[2]) == (1, True)
    assert USER not in listed[1] + exported[1]
    await _cut_off(clean_database)
    alone, noted, none = await each(
        clean_database,
        "audit verify",
        f"audit verify --head {head}",
        "audit verify --head x",
    )
    assert alone[0] == 0, "nothing follows what was cut off"
    assert (noted[0], none[0]) == (1, 1)
    assert "entry 2 is missing" in noted[2]


async def _cut_off(engines: Engines) -> None:
    for statement in (
        "alter table audit_log disable trigger all",
        "delete from audit_log where position = 2",
        "alter table audit_log enable trigger all",
    ):
        await sql(engines, statement)


async def test_an_empty_log(clean_database: Engines) -> None:
    verified, exported = await each(clean_database, "audit verify", "audit export")
    assert verified[1].startswith("0 entries")
    assert json.loads(exported[1]) == {"head": None}
