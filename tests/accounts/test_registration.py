"""Accounts: who gets one, what is stored of a password, what a body cannot decide."""

import asyncio
import secrets
import time
from uuid import uuid4

import httpx2 as httpx
import psycopg
import pytest
from psycopg import sql as statements

from tests.conftest import Engines
from tests.platform import ACCEPTED, PASSWORD, Climber
from tests.rows import sql

REGISTER, LOGIN = "/api/v1/auth/register", "/api/v1/auth/login"


def fresh_email() -> str:
    return f"{secrets.token_hex(6)}@example.org"


async def register(
    url: str, email: str, password: str = PASSWORD, more: dict[str, object] | None = None
) -> httpx.Response:
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        wish = {"email": email, "password": password, "accepted": ACCEPTED, **(more or {})}
        return await http.post(REGISTER, json=wish)


async def log_in(url: str, email: str, password: str = PASSWORD) -> httpx.Response:
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        return await http.post(LOGIN, json={"email": email, "password": password})


async def test_an_address_is_one_account_however_it_is_typed(api_url: str) -> None:
    email = fresh_email()
    first = await register(api_url, f"  {email.upper()}\t")
    assert first.status_code == 201
    assert first.json()["user"]["email"] == email
    assert first.json()["user"]["display_name"] == email.split("@")[0]
    entered = await log_in(api_url, f" {email.title()} ")
    assert entered.json()["user"]["id"] == first.json()["user"]["id"]
    taken = await register(api_url, email.capitalize())
    assert (taken.status_code, taken.json()["error"]) == (409, "email_taken")


async def test_of_registrations_side_by_side_one_wins(api_url: str) -> None:
    email = fresh_email()
    answers = await asyncio.gather(*(register(api_url, email) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_a_registration_repeated_with_its_key_finds_the_same_account(api_url: str) -> None:
    email, key = fresh_email(), secrets.token_hex(8)
    body = {"email": email, "password": PASSWORD, "accepted": ACCEPTED}
    async with httpx.AsyncClient(base_url=api_url, timeout=30) as http:
        first = await http.post(REGISTER, json=body, headers={"Idempotency-Key": key})
        again = await http.post(REGISTER, json=body, headers={"Idempotency-Key": key})
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json()["user"]["id"] == again.json()["user"]["id"]
        twin = {**body, "email": fresh_email()}
        side_by_side = await asyncio.gather(
            *(http.post(REGISTER, json=twin, headers={"Idempotency-Key": key}) for _ in range(2))
        )
        assert [answer.status_code for answer in side_by_side] == [201, 201]
        assert len({answer.json()["user"]["id"] for answer in side_by_side}) == 1
        guess = await http.post(
            REGISTER, json={**body, "password": "somebody else's guess"}, headers={"Idempotency-Key": key}
        )
        other_key = await http.post(REGISTER, json=body, headers={"Idempotency-Key": key + "x"})
    assert (guess.status_code, other_key.status_code) == (409, 409)


async def test_unknown_address_and_wrong_password_are_one_answer_in_one_time(climber: Climber) -> None:
    async def attempt(email: str) -> tuple[float, httpx.Response]:
        started_s = time.perf_counter()
        answer = await climber.http.post(LOGIN, json={"email": email, "password": "not the password"})
        return time.perf_counter() - started_s, answer

    known = [await attempt(climber.email) for _ in range(3)]
    unknown = [await attempt(fresh_email()) for _ in range(3)]
    bodies = {answer.text for _, answer in known + unknown}
    assert bodies == {known[0][1].text}
    assert {answer.status_code for _, answer in known + unknown} == {401}
    assert known[0][1].json()["error"] == "invalid_credentials"
    fastest_known_s, fastest_unknown_s = min(known)[0], min(unknown)[0]
    # without the hash an unknown address would answer in a twentieth of the time
    assert fastest_unknown_s > fastest_known_s / 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no-at-sign.example.org"),
        ("email", "two@at@example.org"),
        ("email", "a b@example.org"),
        ("email", "nodot@localhost"),
        ("email", "nul\x00@example.org"),
        ("email", "a@example.org\nBcc: b@example.org"),
        ("email", "x" * 250 + "@example.org"),
        ("password", "short"),
        ("password", "x" * 201),
        ("password", "with a \x00 inside"),
        ("display_name", "   "),
        ("display_name", "x" * 81),
        ("display_name", "line\nbreak"),
        ("email", None),
        ("password", 1234567890123),
    ],
)
async def test_what_cannot_be_an_account_is_refused_by_field(api_url: str, field: str, value: object) -> None:
    body = {"email": fresh_email(), "password": PASSWORD, "display_name": "Mina", field: value}
    async with httpx.AsyncClient(base_url=api_url, timeout=30) as http:
        answer = await http.post(REGISTER, json=body)
    assert answer.status_code == 422
    assert answer.json()["error"] == "malformed"
    assert answer.json()["detail"].startswith(f"{field}:")
    assert PASSWORD not in answer.text


@pytest.mark.proves("D02", "D04")
async def test_a_body_decides_neither_role_nor_tier_nor_owner_nor_id(
    api_url: str, engines: Engines, stranger: Climber
) -> None:
    wishes: dict[str, object] = {
        "id": stranger.user["id"],
        "user_id": stranger.user["id"],
        "owner_id": stranger.user["id"],
        "tier": "infinity",
        "role": "admin",
        "is_admin": True,
        "operator": True,
        "quota": {"limit": 10_000},
        "state": "uploaded",
        "object_key": "uploads/anyone/anything",
    }
    email = fresh_email()
    refused = await register(api_url, email, more=wishes)
    assert (refused.status_code, refused.json()["error"]) == (422, "malformed")
    assert await sql(engines, "select id from users where email = %s", email) == []
    user = (await register(api_url, email)).json()["user"]
    assert user["id"] != stranger.user["id"]
    assert (user["tier"], user["quota"]["limit"], user["role"]) == ("free", 10, "climber")


@pytest.mark.proves("D03", "D17")
async def test_no_column_of_any_table_holds_a_password_or_a_token(api_url: str, engines: Engines) -> None:
    marker = f"marker-{uuid4().hex}"
    answer = await register(api_url, fresh_email(), password=marker)
    refresh_token = answer.cookies["ascension_refresh"]
    columns = await sql(
        engines,
        """
        select table_name, column_name from information_schema.columns
        where table_schema = 'public' and table_name <> 'schema_migrations'
        """,
    )
    assert ("users", "password_hash") in columns
    async with await psycopg.AsyncConnection.connect(engines.admin_url) as connection:
        for table, column in columns:
            for secret in (marker, refresh_token, answer.json()["access_token"]):
                found = await connection.execute(
                    statements.SQL(
                        "select count(*) from {} where position(%(s)s in {}::text) > 0"
                        " or position(encode(%(s)s::bytea, 'hex') in {}::text) > 0"
                    ).format(*map(statements.Identifier, (table, column, column))),
                    {"s": secret},
                )
                assert await found.fetchone() == (0,), f"{table}.{column} holds a secret"
        stored = await connection.execute(
            "select password_hash from users where id = %s", (answer.json()["user"]["id"],)
        )
        row = await stored.fetchone()
    assert row is not None
    assert row[0].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
