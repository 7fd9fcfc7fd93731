"""Sessions as their owner sees them: which devices, since when; one ended, all others, all."""

import httpx2 as httpx
import pytest

from tests.conftest import Engines
from tests.platform import PASSWORD, Climber, plain_http, seeded_climber
from tests.rows import sql

AUTH = "/api/v1/auth"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


async def log_in(url: str, email: str, device: str) -> tuple[httpx.AsyncClient, str]:
    """One more device of the account, and its access token."""
    http = plain_http(url)
    answer = await http.post(
        f"{AUTH}/login", json={"email": email, "password": PASSWORD}, headers={"User-Agent": device}
    )
    assert answer.status_code == 200, answer.text
    return http, answer.json()["access_token"]


async def test_each_device_is_told_by_name_and_this_one_is_marked(climber: Climber, api_url: str) -> None:
    phone, token = await log_in(api_url, climber.email, PHONE)
    laptop, _ = await log_in(api_url, climber.email, LAPTOP)
    found = await phone.get(f"{AUTH}/sessions", headers={"Authorization": f"Bearer {token}"})
    rows = found.json()["items"]
    assert {row["device"] for row in rows} == {"Mobile Safari, iOS", "Firefox, Linux", None}
    assert [row["device"] for row in rows if row["is_this"]] == ["Mobile Safari, iOS"]
    began = {row["id"]: row["began_at"] for row in rows}
    await laptop.post(f"{AUTH}/refresh", headers={"User-Agent": LAPTOP})
    again = (await climber.get(f"{AUTH}/sessions")).json()["items"]
    assert {row["id"]: row["began_at"] for row in again} == began, "a renewed session is the same one"
    used = next(row for row in again if row["device"] == "Firefox, Linux")
    assert used["used_at"] > used["began_at"]
    await phone.aclose()
    await laptop.aclose()


@pytest.mark.parametrize(
    "device",
    ["", "x" * 8000, "Mozilla/5.0 (" + "(" * 4000, "<script>alert(1)</script>", "-" * 3000 + "1.1.1" * 500],
)
async def test_whatever_a_browser_calls_itself_it_gets_in(
    climber: Climber, api_url: str, device: str
) -> None:
    http, _ = await log_in(api_url, climber.email, device)
    rows = (await climber.get(f"{AUTH}/sessions")).json()["items"]
    assert all(row["device"] is None or len(row["device"]) <= 80 for row in rows)
    await http.aclose()


async def test_one_session_is_ended_and_the_others_go_on(climber: Climber, api_url: str) -> None:
    phone, _ = await log_in(api_url, climber.email, PHONE)
    rows = (await climber.get(f"{AUTH}/sessions")).json()["items"]
    lost = next(row["id"] for row in rows if row["device"] == "Mobile Safari, iOS")
    assert (await climber.delete(f"{AUTH}/sessions/{lost}")).status_code == 204
    assert (await phone.post(f"{AUTH}/refresh")).status_code == 401
    assert (await climber.http.post(f"{AUTH}/refresh")).status_code == 200
    again = await climber.delete(f"{AUTH}/sessions/{lost}")
    assert (again.status_code, again.json()["error"]) == (404, "session_not_found")
    await phone.aclose()


async def test_nobody_ends_or_sees_the_sessions_of_others(climber: Climber, stranger: Climber) -> None:
    [own] = (await climber.get(f"{AUTH}/sessions")).json()["items"]
    refused = await stranger.delete(f"{AUTH}/sessions/{own['id']}")
    assert (refused.status_code, refused.json()["error"]) == (404, "session_not_found")
    stranger.http.cookies = climber.http.cookies  # a stolen cookie shows nothing of its owner
    [theirs] = (await stranger.get(f"{AUTH}/sessions")).json()["items"]
    assert (theirs["is_this"], theirs["id"] == own["id"]) == (False, False)
    assert (await climber.http.post(f"{AUTH}/refresh")).status_code == 200


@pytest.mark.parametrize("this_too", [False, True])
async def test_logging_out_everywhere(climber: Climber, api_url: str, *, this_too: bool) -> None:
    phone, _ = await log_in(api_url, climber.email, PHONE)
    answer = await climber.post(f"{AUTH}/logout-everywhere", {"this_too": this_too})
    assert answer.status_code == 204
    assert ("max-age=0" in answer.headers.get("set-cookie", "").lower()) is this_too
    assert (await phone.post(f"{AUTH}/refresh")).status_code == 401
    assert (await climber.http.post(f"{AUTH}/refresh")).status_code == (401 if this_too else 200)
    await phone.aclose()


async def test_without_its_cookie_no_session_can_be_the_one_that_stays(climber: Climber) -> None:
    climber.http.cookies.clear()
    refused = await climber.post(f"{AUTH}/logout-everywhere", {"this_too": False})
    assert (refused.status_code, refused.json()["error"]) == (401, "session_revoked")
    assert len((await climber.get(f"{AUTH}/sessions")).json()["items"]) == 1, "nothing was ended"


async def test_rows_of_the_release_before_are_sessions_too(engines: Engines, api_url: str) -> None:
    found = await seeded_climber(engines, api_url)
    await sql(
        engines,
        "update refresh_tokens set device = null, began_at = null where user_id = %s",
        found.user["id"],
    )
    [row] = (await found.get(f"{AUTH}/sessions")).json()["items"]
    assert (row["device"], row["began_at"]) == (None, row["used_at"])
    assert (await found.http.post(f"{AUTH}/refresh")).status_code == 200
    await found.http.aclose()
