"""What somebody agrees to: at the registration, anew when it changes, taken back, written down."""

import hashlib
import re
import secrets
import tomllib
from importlib import resources
from typing import Any

import httpx2 as httpx
import pytest

from ascension.accounts.consents.texts import DOCUMENTS, Document, text_of, version_of
from ascension.infra.settings import PrivacySettings
from tests.conftest import Engines
from tests.platform import ACCEPTED, PASSWORD, Climber, plain_http
from tests.rows import sql

CONSENTS = "/api/v1/users/me/consents"
UPLOAD = {"file_name": "climb.mp4", "content_type": "video/mp4", "size_bytes": 10}


async def register(url: str, **more: Any) -> httpx.Response:
    body = {"email": f"{secrets.token_hex(6)}@example.org", "password": PASSWORD, **more}
    async with plain_http(url) as http:
        return await http.post("/api/v1/auth/register", json=body)


async def lines(engines: Engines, climber: Climber) -> list[tuple[str, str, str]]:
    """Document, version and how, oldest first."""
    return await sql(
        engines,
        "select document, version, how from consents where user_id = %s order by at, document",
        climber.user["id"],
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_language_says_as_much_with_the_same_figures(document: str) -> None:
    source = resources.files("ascension.accounts.consents") / "documents" / f"{document}.toml"
    told = tomllib.loads(source.read_text(encoding="utf-8"))
    shapes = [
        [(len(one["paragraphs"]), bool(one["heading"])) for one in told[language]["sections"]]
        for language in ("en", "fr")
    ]
    assert shapes[0] == shapes[1]
    blanks = [sorted(re.findall(r"{\w+}", str(told[language]))) for language in ("en", "fr")]
    assert blanks[0] == blanks[1]


AGREED_TO = {
    ("terms", "2026-11-22"): "1e569048ec591042876e27fa920096b111bed643627bc06c9b9924741715c20a",
    ("privacy", "2026-11-22"): "ce9c529e0858aab37328ac0ce84ceac0e5274beeb856dc93183c403c6dfb2a0a",
}
"""Each version that people may have agreed to, and its bytes. From the first release on, lines are added."""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_another_text_has_another_version(document: Document) -> None:
    source = resources.files("ascension.accounts.consents") / "documents" / f"{document}.toml"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    assert AGREED_TO.get((document, version_of(document))) == digest, (
        "a change of meaning needs a new version and a line above; a typing error, the new digest alone"
    )


def test_documents_name_what_the_installation_works_with() -> None:
    settings = PrivacySettings(
        operator_name="Bloc {n}", operator_contact="a@b.org", account_grace_s=86_401, digital_consent_age=15
    )
    for language in ("en", "fr"):
        said = str(
            [
                text_of(document, language, settings, upload_ttl_s=7200, trash_ttl_s=30)
                for document in DOCUMENTS
            ]
        )
        for part in ("Bloc {n}", "a@b.org", " 15 ", " 2 "):
            assert part in said, part
        at_once = settings.model_copy(update={"account_grace_s": 0, "operator_name": ""})
        said = str(
            [
                text_of(document, language, at_once, upload_ttl_s=7200, trash_ttl_s=30)
                for document in DOCUMENTS
            ]
        )
        assert "{" not in said.replace("{'", "")


async def test_documents_are_read_without_an_account(api_url: str) -> None:
    async with plain_http(api_url) as http:
        french = (await http.get("/api/v1/documents?language=fr")).json()["items"]
        assert [one["title"] for one in french] == ["Conditions d’utilisation", "Vie privée"]
        assert {one["document"]: one["version"] for one in french} == ACCEPTED
        assert (await http.get("/api/v1/auth/sign-up")).json()["accept"] == ACCEPTED


@pytest.mark.proves("D19")
async def test_nobody_gets_an_account_without_agreeing_to_what_is_in_force(
    api_url: str, engines: Engines
) -> None:
    for accepted, error in (
        (None, "malformed"),
        ({"terms": version_of("terms")}, "malformed"),
        ({**ACCEPTED, "privacy": "2001-01-01"}, "consent_outdated"),
    ):
        refused = await register(api_url, **({} if accepted is None else {"accepted": accepted}))
        assert (refused.status_code, refused.json()["error"]) == (422, error)
    made = await register(api_url, accepted=ACCEPTED)
    assert made.status_code == 201
    said = await sql(
        engines,
        "select document, version, how, at <= clock_timestamp() from consents where user_id = %s",
        made.json()["user"]["id"],
    )
    assert sorted(said) == sorted((name, version, "registration", True) for name, version in ACCEPTED.items())


async def test_an_older_version_is_asked_about_before_the_next_upload_and_nothing_else(
    climber: Climber, engines: Engines
) -> None:
    video = await climber.upload(b"v" * 100)
    await sql(
        engines,
        "update consents set version = '2001-01-01' where user_id = %s and document = 'terms'",
        climber.user["id"],
    )
    refused = await climber.post("/api/v1/videos", UPLOAD)
    assert (refused.status_code, refused.json()["error"]) == (403, "consent_needed")
    assert (await climber.get(CONSENTS)).json()["has_agreed"] is False
    assert (await climber.get(f"/api/v1/videos/{video['id']}")).status_code == 200
    assert (await climber.delete(f"/api/v1/videos/{video['id']}")).status_code == 204
    outdated = await climber.post(CONSENTS, {"accepted": {**ACCEPTED, "terms": "2001-01-01"}})
    assert (outdated.status_code, outdated.json()["error"]) == (422, "consent_outdated")
    agreed = await climber.post(CONSENTS, {"accepted": ACCEPTED})
    assert agreed.json()["has_agreed"] is True
    assert [one["how"] for one in agreed.json()["items"]] == [
        "later",
        "later",
        "registration",
        "registration",
    ]
    again = await climber.post(CONSENTS, {"accepted": ACCEPTED})
    assert again.json() == agreed.json(), "no line is added that says nothing new"
    assert (await climber.post("/api/v1/videos", UPLOAD)).status_code == 201


async def test_what_was_agreed_to_can_be_taken_back_and_stays_written_down(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    taken = await climber.delete(CONSENTS)
    assert taken.json()["has_agreed"] is False
    assert (await climber.delete(CONSENTS)).json()["items"] == taken.json()["items"], "once is enough"
    assert (await climber.post("/api/v1/videos", UPLOAD)).json()["error"] == "consent_needed"
    assert (await stranger.post("/api/v1/videos", UPLOAD)).status_code == 201
    assert [how for _, _, how in await lines(engines, climber)] == [*["registration"] * 2, *["withdrawn"] * 2]
    assert (await climber.post(CONSENTS, {"accepted": ACCEPTED})).json()["has_agreed"] is True
    actions = await sql(
        engines,
        "select action from audit_log where actor = audit_name('account', %s) order by position",
        climber.user["id"],
    )
    assert [action for (action,) in actions if action.startswith("consent.")] == [
        *["consent.withdrawn"] * 2,
        *["consent.given"] * 2,
    ]
