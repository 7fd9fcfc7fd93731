"""Admins read the audit log, take it along as a table, and have its chain computed anew."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from ascension.audit.chain import Entry
from ascension.operations.audit import service
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql

LOG = "/api/v1/operator/audit"


@pytest.fixture
async def admin(climber: Climber, engines: Engines) -> AsyncIterator[Climber]:
    await sql(engines, "update users set role = 'admin' where id = %s", climber.user["id"])
    yield climber
    await sql(engines, "update users set role = 'climber' where id = %s", climber.user["id"])


@pytest.mark.proves("D02")
async def test_the_log_is_read_in_pages_by_who_did_what_and_when(admin: Climber, stranger: Climber) -> None:
    for role in ("coach", "climber", "coach"):
        await admin.patch(f"/api/v1/operator/users/{stranger.user['id']}", {"role": role})
    about = {"subject": f"account:{stranger.user['id']}", "action": "account.role_changed"}
    first = (await admin.get(LOG, params={**about, "limit": 2})).json()
    rest = (await admin.get(LOG, params={**about, "cursor": first["next_cursor"], "days": 1})).json()
    items = [*first["items"], *rest["items"]]
    assert [one["details"]["role"] for one in items] == ["coach", "climber", "coach"]
    assert [one["position"] for one in items] == sorted((one["position"] for one in items), reverse=True)
    assert rest["next_cursor"] is None
    # the name that the log has for somebody finds the same as the id does
    by_name = await admin.get(LOG, params={**about, "actor": items[0]["actor"], "limit": 2})
    assert by_name.json() == first
    assert stranger.user["id"] not in str(first)
    assert stranger.email not in str(first)
    for mistake in ("action=account", "actor=nobody:1", "actor=%00", "days=0", "cursor=x", "limit=101"):
        assert (await admin.get(f"{LOG}?{mistake}")).status_code == 422, mistake


@pytest.mark.proves("D02", "M58")
async def test_the_table_holds_the_same_and_no_formula(admin: Climber) -> None:
    answer = await admin.get(f"{LOG}/file", params={"actor": f"account:{admin.user['id']}"})
    assert answer.headers["content-type"].startswith("text/csv")
    header, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    listed = (await admin.get(LOG, params={"actor": f"account:{admin.user['id']}"})).json()["items"]
    assert [row[header.index("position")] for row in rows] == [str(one["position"]) for one in listed]
    hostile = Entry(1, datetime.now(UTC), "=1+1", "+a", "@b", "-c", b"", b"")
    [_, cells] = csv.reader(io.StringIO(service.table_of([hostile]), newline=""))
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.usefixtures("clean_database")  # others spoil the chain on purpose
@pytest.mark.proves("D02")
async def test_the_chain_is_computed_anew_and_gone_on_with(admin: Climber, stranger: Climber) -> None:
    for role in ("coach", "climber"):
        await admin.patch(f"/api/v1/operator/users/{stranger.user['id']}", {"role": role})
    whole = (await admin.post(f"{LOG}/verification", {})).json()
    assert (whole["is_over"], whole["fault"]) == (True, None)
    assert whole["position"] == whole["last_position"]
    on = (await admin.post(f"{LOG}/verification", {"behind": whole["head"]})).json()
    assert (on["is_over"], on["fault"]) == (True, None)
    position, _, digest = whole["head"].partition(":")
    wrong = f"{int(position) - 1}:{digest}"
    found = (await admin.post(f"{LOG}/verification", {"behind": wrong})).json()
    assert "does not follow" in found["fault"], "what it goes on behind has to be what is there"
    assert (await admin.post(f"{LOG}/verification", {"behind": "x"})).status_code == 422
