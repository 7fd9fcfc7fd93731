"""Words of strangers on every screen: shown as they are written, and never made into a part of the page."""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2 as httpx
import pytest
from playwright.async_api import Browser, Dialog, Page
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from ascension.comparisons.compute import Side, side_by_side
from ascension.reports.comparison_page import comparison_page
from ascension.reports.content import Material, report_of
from ascension.reports.page import page_of
from tests.analyses.sample import build_sample
from tests.comparisons.seeds import filmed_climb, finished_comparison
from tests.comparisons.walls import first_clip, second_clip
from tests.conftest import Engines
from tests.contract.routes import resolve, routes_of
from tests.eventually import eventually
from tests.platform import ACCEPTED, Climber, Programs, seeded_climber
from tests.platform import PASSWORD as PASSPHRASE
from tests.rows import sql
from tests.sharing.seeds import coached, share, shared_path, told_climb
from tests.web.payloads import ALL

MARKUP = "<img x55 src=x onerror=alert(1)>"
ADDRESS = "<x55/onclick=alert(1)>@example.org"
COACH = f"coach{ADDRESS}"
TOLD_OF_ROUTES = ("<i x55>6b</i>", f"wall {MARKUP}", f"note {MARKUP}")
COMMENTED = {"climb", "guest", "coached climb", "climbers"}
# Where each text that the API takes from people is shown: the names of the tests of screens below.
SHOWN = {
    "POST /api/v1/analyses route": {"climbs", "climb", "choose", "progress", "compare"},
    "PUT /api/v1/analyses/{analysis_id}/route route": {"climbs", "climb", "choose", "progress", "compare"},
    "PUT /api/v1/routes/{route_id} name": {"climb", "progress", "route"},
    "PUT /api/v1/routes/{route_id} grade": {"route"},
    "PUT /api/v1/routes/{route_id} wall": {"route"},
    "POST /api/v1/routes/{route_id}/tries note": {"route"},
    "PUT /api/v1/analyses/{analysis_id}/tags tags[]": {"climbs", "climb"},
    "POST /api/v1/videos file_name": {"climbs", "climb", "choose", "compare", "report", "comparison report"},
    "POST /api/v1/auth/register display_name": {"account", "operator", "guest", "climbers", "their climbs"},
    "POST /api/v1/auth/register email": {"account", "operator", "letters"},
    "POST /api/v1/users/me/passkeys name": {"account"},
    "POST /api/v1/coaches email": {"account"},
    "POST /api/v1/shared/analyses/{analysis_id}/comments text": COMMENTED,
    "PUT /api/v1/shared/analyses/{analysis_id}/comments/{comment_id} text": COMMENTED,
    "PATCH /api/v1/operator/users/{user_id} reason": {"operator"},
}
# And those that nobody is shown.
PASSWORD = "hashed or compared, and gone"
SEARCHED = "looked for, and what is found is an account's address"
UNSHOWN = {
    "POST /api/v1/auth/login email": SEARCHED,
    "POST /api/v1/auth/password/letters email": SEARCHED,
    "POST /api/v1/auth/verification/letters email": SEARCHED,
    "POST /api/v1/auth/login password": PASSWORD,
    "POST /api/v1/auth/login/code challenge": "compared, and gone",
    "POST /api/v1/auth/login/code code": "compared, and gone",
    "POST /api/v1/auth/password new_password": PASSWORD,
    "POST /api/v1/auth/password password": PASSWORD,
    "POST /api/v1/auth/password/reset password": PASSWORD,
    "POST /api/v1/auth/register password": PASSWORD,
    "POST /api/v1/auth/verification password": PASSWORD,
    "POST /api/v1/analyses/{analysis_id}/corrections keypoints[].landmark": "one of 33 names, or refused",
    "POST /api/v1/analyses/{analysis_id}/shares password": PASSWORD,
    "POST /api/v1/shares/open password": PASSWORD,
    "POST /api/v1/shares/open ticket": "compared, and gone",
    "POST /api/v1/auth/keep keep_challenge": "compared, and gone",
    "POST /api/v1/auth/register guardian.email": "where a letter goes, which does not say it",
    "DELETE /api/v1/users/me password": PASSWORD,
    "POST /api/v1/users/me/passkey-options password": PASSWORD,
    "POST /api/v1/users/me/exports password": PASSWORD,
    "PUT /api/v1/users/me/plan password": PASSWORD,
    "POST /api/v1/users/me/plan/portal password": PASSWORD,
    "POST /api/v1/users/me/recovery-codes password": PASSWORD,
    "DELETE /api/v1/users/me/passkeys/{passkey_id} password": PASSWORD,
    "DELETE /api/v1/users/me/totp password": PASSWORD,
    "POST /api/v1/users/me/totp password": PASSWORD,
}
INTRUDERS = r"""() => [...document.querySelectorAll("*")].filter((element) =>
    element.localName === "x55" || element.hasAttribute("x55") || [...element.attributes].some(
        ({ name, value }) => name.startsWith("on") || (
            /^(href|src|srcdoc|action|formaction|data|style|xlink:href)$/.test(name)
            && /^(?!https:\/\/here\.example\/).*x55/.test(value)
        ),
    )).map((element) => element.outerHTML.slice(0, 200))"""
WORDS = """() => document.body.innerText + [...document.querySelectorAll("*")].flatMap(
    (element) => [element.value, element.placeholder, element.ariaLabel, element.textContent],
).filter((said) => typeof said === "string").join("\\n")"""


def texts_of(document: dict[str, Any], schema: dict[str, Any], name: str = "") -> Iterator[str]:
    """The names of the texts in a body that a tag could stand in."""
    for choice in schema.get("anyOf", schema.get("oneOf", [schema])):
        found = resolve(document, choice)
        if found.get("type") == "string" and not {"enum", "const", "format"} & found.keys():
            pattern = found.get("pattern", "")
            if re.search(pattern, MARKUP) or re.search(pattern, ADDRESS):
                yield name
        for inner, one in found.get("properties", {}).items():
            yield from texts_of(document, one, f"{name}.{inner}".removeprefix("."))
        if "items" in found:
            yield from texts_of(document, found["items"], f"{name}[]")


@pytest.mark.proves("M58")
def test_every_text_that_people_send_is_looked_at_or_has_a_reason(api_url: str) -> None:
    document: dict[str, Any] = httpx.get(f"{api_url}/api/v1/openapi.json", timeout=10).json()
    found = {
        f"{route} {name}"
        for route in routes_of(document)
        if (schema := route.body_schema(document)) is not None
        for name in texts_of(document, schema)
    }
    assert found == SHOWN.keys() | UNSHOWN.keys()
    shown = {screen for screens in SHOWN.values() for screen in screens}
    assert shown == {*SCREENS, "letters", "report", "comparison report"}


@pytest.mark.proves("M58")
async def test_the_api_takes_them_as_they_are(owner: Climber) -> None:
    email = f"{secrets.token_hex(4)}{ADDRESS}"
    wish = {"email": email, "password": PASSPHRASE, "display_name": MARKUP, "accepted": ACCEPTED}
    user = (await owner.post("/api/v1/auth/register", wish)).json()["user"]
    assert (user["email"], user["display_name"]) == (email, MARKUP)
    analysis = await owner.analyze(b"of a stranger")
    for payload in ALL:
        named = await owner.put(f"/api/v1/analyses/{analysis['id']}/route", {"route": payload})
        assert named.status_code == 200
        assert named.json()["route"].casefold() == payload.casefold()  # in any capitals it is one route
        body = {"file_name": payload, "content_type": "video/mp4", "size_bytes": 1}
        video = await owner.post("/api/v1/videos", body)
        assert (video.status_code, video.json()["file_name"]) == (201, payload)
        assert (await owner.delete(f"/api/v1/videos/{video.json()['id']}?for_good=true")).status_code == 204


@dataclass(frozen=True)
class Names:
    """What the screens are about."""

    climb: str
    comparison: str
    email: str
    token: str
    climber: str
    coached: str
    route: str


# path, what is there once it is drawn, what is said there
SCREENS: dict[str, tuple[str, str, Sequence[str]]] = {
    "climbs": ("/", "climb", ALL),
    "choose": ("/climbs/{0.climb}/compare", "candidate", ALL),
    "progress": ("/progress", "progress-routes", ALL),
    "climb": ("/climbs/{0.climb}", "comment", ALL),
    "route": ("/routes/{0.route}", "route-entry", (MARKUP, *TOLD_OF_ROUTES)),
    "guest": ("/shared#{0.token}", "comment", ALL),
    "climbers": ("/climbers", "climber", (MARKUP,)),
    "their climbs": ("/climbers/{0.climber}", "to-shared-climb", (MARKUP,)),
    "coached climb": ("/climbers/{0.climber}/climbs/{0.coached}", "comment", (MARKUP,)),
    "compare": ("/compare/{0.comparison}", "compare", (MARKUP,)),
    "account": ("/account", "coach", (*ALL, COACH)),
    "operator": ("/operator/accounts", "account-address", (MARKUP,)),
}


async def strange_names(engines: Engines, climber: Climber) -> Names:
    """A finished climb, a route and a passkey for each payload; all else of the account is a tag."""
    first = await filmed_climb(engines, climber, first_clip())
    second = await filmed_climb(engines, climber, second_clip(), b"w" * 1000)
    comparison = await finished_comparison(engines, climber, first["id"], second["id"])
    others = await coached_names(engines, climber)
    user_id, email = climber.user["id"], f"{secrets.token_hex(4)}{ADDRESS}"
    await sql(engines, "update videos set file_name = %s where user_id = %s", MARKUP, user_id)
    named = "update analyses set route = %s, tags = array[%s] where user_id = %s"
    await sql(engines, named, MARKUP, MARKUP, user_id)
    copies = Jsonb([{"said": one, "id": str(uuid7()), "video": str(uuid7())} for one in ALL])
    await copied(engines, first, copies)
    await sql(
        engines,
        """
        insert into passkeys (id, user_id, credential_id, public_key, sign_count, name)
        select id, %s, uuid_send(id), '', 0, said from jsonb_to_recordset(%s) n(said text, id uuid)
        """,
        *(user_id, copies),
    )
    await sql(
        engines,
        "update users set display_name = %s, email = %s, role = 'admin' where id = %s",
        *(MARKUP, email, user_id),
    )
    await sql(
        engines,
        """
        insert into comments (id, analysis_id, user_id, at_s, text)
        select id, %s, %s, 0, said from jsonb_to_recordset(%s) n(said text, id uuid)
        """,
        *(first["id"], user_id, copies),
    )
    change = {"tier": "premium", "reason": MARKUP}
    given = await climber.patch(f"/api/v1/operator/users/{user_id}", change)
    assert given.status_code == 200, given.text
    link = await share(climber, first["id"], with_name=True, with_comments=True)
    invited = await climber.post("/api/v1/coaches", {"email": COACH})
    assert invited.status_code == 201, invited.text
    return Names(first["id"], comparison, email, link["token"], *others, await strange_route(climber, first))


async def strange_route(climber: Climber, climb: dict[str, Any]) -> str:
    """The id of the climb's route, of which everything that is told is a tag."""
    route_id = (await climber.get(f"/api/v1/analyses/{climb['id']}")).json()["route_id"]
    grade, wall, note = TOLD_OF_ROUTES
    told = await climber.put(f"/api/v1/routes/{route_id}", {"name": MARKUP, "grade": grade, "wall": wall})
    assert told.status_code == 200, told.text
    tried = {"day": "2026-11-20", "tries": 1, "is_sent": True, "note": note}
    assert (await climber.post(f"/api/v1/routes/{route_id}/tries", tried)).status_code == 201
    return route_id


async def copied(engines: Engines, climb: dict[str, Any], copies: Jsonb) -> None:
    """The climb once more for each, its clip and its route named so."""
    await sql(
        engines,
        """
        insert into videos select (jsonb_populate_record(v, jsonb_build_object(
            'id', n.video, 'file_name', n.said, 'object_key', n.video))).*
        from videos v, jsonb_to_recordset(%s) n(said text, video uuid) where v.id = %s
        """,
        *(copies, climb["video"]["id"]),
    )
    await sql(
        engines,
        """
        with job as (
            insert into jobs select (jsonb_populate_record(j, jsonb_build_object(
                'id', gen_random_uuid(), 'subject_id', n.id))).*
            from jobs j, jsonb_to_recordset(%s) n(id uuid) where j.subject_id = %s returning id, subject_id
        )
        insert into analyses select (jsonb_populate_record(a, jsonb_build_object(
            'id', n.id, 'video_id', n.video, 'job_id', job.id, 'route', n.said,
            'tags', jsonb_build_array(n.said)))).*
        from job, analyses a, jsonb_to_recordset(%s) n(said text, id uuid, video uuid)
        where a.id = %s and n.id = subject_id
        """,
        *(copies, climb["id"], copies, climb["id"]),
    )


async def coached_names(engines: Engines, coach: Climber) -> tuple[str, str]:
    """Somebody whom this account coaches, of strange names; the ids of both."""
    other = await seeded_climber(engines, str(coach.http.base_url))
    climb = await told_climb(engines, other)
    await sql(engines, "update users set display_name = %s where id = %s", MARKUP, other.user["id"])
    await sql(engines, "update videos set file_name = %s where user_id = %s", MARKUP, other.user["id"])
    named = await other.put(f"/api/v1/analyses/{climb['id']}/route", {"route": MARKUP})
    assert named.status_code == 200, named.text
    climber_id = await coached(other, coach)
    said = {"at_s": 1.0, "text": MARKUP}
    assert (await other.post(shared_path(climb["id"], "/comments"), said)).status_code == 201
    await other.http.aclose()
    return climber_id, climb["id"]


async def all_drawn(page: Page, drawn: str) -> bool:
    """Whether there is one for each; asks for more."""
    await page.evaluate("""() => document.querySelector("[data-testid=more]:not([disabled])")?.click()""")
    return await page.get_by_test_id(drawn).count() >= len(ALL)


async def missing(page: Page, said: Sequence[str]) -> list[str]:
    """What is not on the page. A route is one in any capitals."""
    words = " ".join((await page.evaluate(WORDS)).casefold().split())
    return [one for one in said if " ".join(one.casefold().split()) not in words]


async def look(page: Page, place: str, said: Sequence[str]) -> None:
    """Each text is on the page, and nothing on the page is made of it."""

    async def drawn() -> bool:
        return not await missing(page, said)

    with suppress(AssertionError):
        await eventually(drawn)
    assert await missing(page, said) == [], f"{place} does not show them"
    assert await page.evaluate(INTRUDERS) == [], place


@pytest.mark.proves("M58")
async def test_no_screen_is_made_of_them(page: Page, web_url: str, owner: Climber, engines: Engines) -> None:
    dialogs = noted(page)
    names = await strange_names(engines, owner)
    for place, (path, drawn, said) in SCREENS.items():
        await page.goto(web_url + path.format(names))
        await page.get_by_test_id(drawn).first.wait_for()
        if place in ("climbs", "choose"):
            await eventually(partial(all_drawn, page, drawn), timeout_s=60)
        if place == "operator":
            address = page.get_by_test_id("account-address")
            await address.evaluate("field => { field.form.noValidate = true; }")  # browsers know such as none
            await address.fill(names.email)
            await address.press("Enter")
            await page.get_by_test_id("account-tier").wait_for()  # of the only one that is found
        await look(page, place, said)
    assert names.email in await page.evaluate(WORDS)
    assert dialogs == []


def noted(page: Page) -> list[str]:
    """What the page asks people from here on; nobody answers."""
    asked: list[str] = []

    async def note(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", note)
    return asked


@pytest.mark.proves("M58")
async def test_no_report_is_made_of_them(page: Page, tmp_path: Path) -> None:
    dialogs, said = noted(page), " | ".join(ALL)
    sides = [Side(one.result, 1, one.wall) for one in (first_clip(), second_clip())]
    pages = {
        "report": page_of(report_of(Material(build_sample(), said, said), "en")),
        "comparison report": comparison_page(side_by_side(*sides, same_analysis=False), (said, said)),
    }
    for place, content in pages.items():
        file = tmp_path / f"{place}.html"
        file.write_bytes(content)
        await page.goto(file.as_uri())
        await look(page, place, ALL)
    assert dialogs == []


@pytest.mark.proves("M58")
async def test_no_letter_is_made_of_them(page: Page, programs: Programs, tmp_path: Path) -> None:
    dialogs, folder = noted(page), tmp_path / "mails"
    folder.mkdir()
    letter = EmailMessage()
    letter["To"], letter["Date"], letter["Subject"] = f"'{ADDRESS}'", "today", " ".join(ALL[:6])
    letter.set_content("\n".join([*ALL, *(f"https://here.example/{one}" for one in ALL)]))
    name = str(uuid4())
    (folder / f"{name}.eml").write_bytes(letter.as_bytes())
    _, url = programs.api(ENVIRONMENT="development", MAILS_FOLDER=str(folder))
    for path, said in (("/mails", ALL[:6]), (f"/mails/{name}", ALL)):
        await page.goto(url + path)
        await look(page, path, said)
    assert dialogs == []


async def test_what_is_looked_for_would_be_found(browser: Browser) -> None:
    """On a page that takes them for its own, without any policy."""
    page = await browser.new_page()
    dialogs, found = noted(page), 0
    for payload in ALL:
        await page.set_content(f"<p>{payload}</p>")
        found += bool(await page.evaluate(INTRUDERS))
    await page.close()
    assert found >= 50
    assert len(dialogs) >= 10
