"""Guessing passwords: it ends for those who guess, and for nobody else.

Callers have addresses of their own: all of 127.0.0.0/8 is this machine.
"""

import secrets
from collections import Counter
from collections.abc import AsyncIterator

import httpx2 as httpx
import pytest

from ascension.accounts.lockout import (
    ONE_ACCOUNT,
    ONE_ADDRESS,
    STRANGERS_FREE,
    CountsHere,
    Lockout,
)
from ascension.accounts.sealing import AccountKeys
from ascension.errors.accounts import AccountLocked
from ascension.infra.http.addresses import address_block
from ascension.infra.streams import Streams
from tests.conftest import Engines, flush_all
from tests.mailbox import Mailbox, token_in
from tests.platform import PASSWORD, Climber, Programs, new_climber, seeded_climber

LOGIN = "/api/v1/auth/login"
NEW_PASSWORD = "three unlinked words: otter, lamp, tide"


def from_address(url: str, address: str) -> httpx.AsyncClient:
    """Somebody who asks from there."""
    transport = httpx.AsyncHTTPTransport(local_address=address, verify=False)
    return httpx.AsyncClient(base_url=url, transport=transport, timeout=30)


def some_address() -> str:
    return "127." + ".".join(str(1 + number % 250) for number in secrets.token_bytes(3))


async def attempt(http: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    return await http.post(LOGIN, json={"email": email, "password": password})


@pytest.fixture
def lockout() -> Lockout:
    """Counters of this process alone: what each rule does, without a password being computed."""
    return Lockout(CountsHere(), AccountKeys(secrets.token_hex(32)))


@pytest.fixture
async def guesser(api_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with from_address(api_url, some_address()) as http:
        yield http


@pytest.mark.parametrize("known", [True, False])
async def test_brute_force_comes_to_a_stop_whether_or_not_the_account_exists(
    climber: Climber, guesser: httpx.AsyncClient, *, known: bool
) -> None:
    email = climber.email if known else f"{secrets.token_hex(6)}@example.org"
    answers = [await attempt(guesser, email, f"guess number {number}") for number in range(9)]
    expected = [(401, "invalid_credentials")] * (ONE_ACCOUNT.free + 1) + [(423, "account_locked")] * 2
    assert [(answer.status_code, answer.json()["error"]) for answer in answers[:8]] == expected
    assert 0 < int(answers[8].headers["retry-after"]) <= ONE_ACCOUNT.first_s
    right = await attempt(guesser, email, PASSWORD)
    assert right.status_code == 423, "while it lasts the right password is not looked at either"


async def test_many_guesses_at_once_are_no_more_than_one_after_the_other(lockout: Lockout) -> None:
    admitted = 0
    for _ in range(50):  # none of them has failed yet
        try:
            await lockout.begin("mina@example.org", address="192.0.2.1", device_token=None)
            admitted += 1
        except AccountLocked:
            pass
    assert admitted == ONE_ACCOUNT.free + 1


async def test_credential_stuffing_from_one_address_slows_down(lockout: Lockout) -> None:
    admitted = 0
    for number in range(200):
        try:
            await lockout.begin(f"{number}@example.org", address="192.0.2.1", device_token=None)
            admitted += 1
        except AccountLocked:
            pass
    assert admitted == ONE_ADDRESS.free + 1


async def test_credential_stuffing_from_many_addresses_holds_up_no_account(
    climber: Climber, api_url: str
) -> None:
    """Four addresses, each tries stolen passwords at other accounts and one at this: its owner gets in."""
    codes: Counter[int] = Counter()
    for _ in range(4):
        async with from_address(api_url, some_address()) as http:
            for email in (f"{secrets.token_hex(6)}@example.org", climber.email):
                codes[(await attempt(http, email, "a stolen password")).status_code] += 1
    assert codes == {401: 8}
    async with from_address(api_url, some_address()) as owner:
        assert (await attempt(owner, climber.email, PASSWORD)).status_code == 200


async def test_a_victim_logs_in_while_under_attack(api_url: str) -> None:
    """On a browser it used before, even from the attacker's own address; elsewhere from another address."""
    victim = await new_climber(api_url)
    address = some_address()
    async with from_address(api_url, address) as attacker:
        guesses = [
            await attempt(attacker, victim.email, "a wrong guess") for _ in range(ONE_ACCOUNT.free + 2)
        ]
        assert guesses[-1].status_code == 423
        device = {"Cookie": f"ascension_device={victim.http.cookies['ascension_device']}"}
        known = await attacker.post(LOGIN, json={"email": victim.email, "password": PASSWORD}, headers=device)
        assert known.status_code == 200, "a browser that is known is not held up by strangers"
    async with from_address(api_url, address) as attacker:
        assert (await attempt(attacker, victim.email, "again")).status_code == 423, "nor does it free them"
    async with from_address(api_url, some_address()) as elsewhere:
        assert (await attempt(elsewhere, victim.email, PASSWORD)).status_code == 200
    await victim.http.aclose()


async def test_a_known_browser_may_not_guess_without_end_either(lockout: Lockout) -> None:
    token = lockout.device_token("mina@example.org")
    for _ in range(ONE_ACCOUNT.free + 1):
        await lockout.begin("mina@example.org", address="192.0.2.1", device_token=token)
    with pytest.raises(AccountLocked):
        await lockout.begin("mina@example.org", address="192.0.2.2", device_token=token)


async def test_what_says_that_a_browser_is_known_is_for_one_account_and_cannot_be_made(
    lockout: Lockout,
) -> None:
    token = lockout.device_token("mina@example.org")
    other = Lockout(CountsHere(), AccountKeys(secrets.token_hex(32)))
    assert lockout.knows(token, "mina@example.org")
    assert not lockout.knows(token, "noor@example.org")
    for forged in (other.device_token("mina@example.org"), "", ".", "x.y", token[:-1], "é.ü", None):
        assert not lockout.knows(forged, "mina@example.org"), forged


def test_pauses_grow_and_end() -> None:
    pauses = [ONE_ACCOUNT.pause_s(tries) for tries in range(6, 13)]
    assert pauses == [30, 60, 120, 240, 480, 900, 900]


async def test_a_right_password_forgets_what_this_one_counted(lockout: Lockout) -> None:
    for _ in range(3 * ONE_ADDRESS.free):
        made = await lockout.begin("mina@example.org", address="192.0.2.1", device_token=None)
        await lockout.succeeded(made)


async def test_what_was_not_looked_at_counts_for_nobody(lockout: Lockout) -> None:
    for _ in range(3 * ONE_ADDRESS.free):
        made = await lockout.begin("mina@example.org", address="192.0.2.1", device_token=None)
        await lockout.withdraw(made)
    for _ in range(ONE_ACCOUNT.free):
        made = await lockout.begin("mina@example.org", address="192.0.2.1", device_token=None)
    for _ in range(3):
        made = await lockout.begin("mina@example.org", address="192.0.2.1", device_token=None)
        assert made.opens_pause
        await lockout.withdraw(made)


async def test_beyond_all_measure_strangers_are_told_apart(lockout: Lockout) -> None:
    """No lock: whoever comes from an address that did not guess may still show a password."""
    for number in range(STRANGERS_FREE):
        made = await lockout.begin("mina@example.org", address=f"2001:db8:{number:x}::1", device_token=None)
        assert not made.is_under_attack
    made = await lockout.begin("mina@example.org", address="192.0.2.1", device_token=None)
    assert made.is_under_attack
    token = lockout.device_token("mina@example.org")
    own = await lockout.begin("mina@example.org", address="192.0.2.1", device_token=token)
    assert not own.is_under_attack


async def test_counters_of_one_process_are_bounded() -> None:
    counts = CountsHere()
    for number in range(21_000):
        await counts.count(str(number), ttl_s=60)
    assert await counts.count("20999", ttl_s=60) == 2
    assert await counts.count("0", ttl_s=60) == 1, "the oldest is forgotten"


def test_one_customer_is_one_block() -> None:
    assert address_block("2001:db8:1:2:aaaa::1") == address_block("2001:db8:1:2:ffff::9")
    assert address_block("2001:db8:1:2::1") != address_block("2001:db8:1:3::1")
    assert address_block("::ffff:192.0.2.1") == address_block("192.0.2.1")


async def test_with_valkey_away_guesses_end_all_the_same_and_the_owner_gets_in(
    broken_programs: Programs,
) -> None:
    _, url = broken_programs.api()
    owner = await seeded_climber(broken_programs.engines, url)
    broken_programs.engines.stack.engine("valkey").kill()
    async with from_address(url, some_address()) as guesser:
        codes = [(await attempt(guesser, owner.email, "a guess")).status_code for _ in range(8)]
    assert codes == [401] * (ONE_ACCOUNT.free + 1) + [423] * 2
    async with from_address(url, some_address()) as elsewhere:
        assert (await attempt(elsewhere, owner.email, PASSWORD)).status_code == 200
    await owner.http.aclose()


async def test_a_valkey_that_lost_everything_locks_nobody_out(
    climber: Climber, engines: Engines, guesser: httpx.AsyncClient
) -> None:
    for _ in range(ONE_ACCOUNT.free + 2):
        await attempt(guesser, climber.email, "a guess")
    await flush_all(engines.stack)
    assert (await attempt(guesser, climber.email, PASSWORD)).status_code == 200


async def test_beyond_all_measure_a_letter_is_asked_for_and_lets_its_owner_in(
    engines: Engines, letters_url: str, mailbox: Mailbox
) -> None:
    """Guesses from ever new addresses: the right password, a wrong one and no account get one answer."""
    owner = await seeded_climber(engines, letters_url)
    nobody = f"{secrets.token_hex(6)}@example.org"
    streams = Streams(engines.redis_url)
    strangers = Lockout(streams, AccountKeys(engines.stack.home.secrets().account))
    for email in (owner.email, nobody):
        for number in range(STRANGERS_FREE):
            await strangers.begin(email, address=f"2001:db8:{number:x}::1", device_token=None)
    await streams.close()
    async with from_address(letters_url, some_address()) as http:
        answers = [
            await attempt(http, email, password)
            for email, password in ((owner.email, PASSWORD), (owner.email, "a guess"), (nobody, "a guess"))
        ]
        assert {(answer.status_code, answer.json()["error"]) for answer in answers} == {
            (403, "letter_needed")
        }
        await http.post("/api/v1/auth/password/letters", json={"email": owner.email})
        chosen = {"token": token_in(await mailbox.letter(owner.email)), "password": NEW_PASSWORD}
        assert (await http.post("/api/v1/auth/password/reset", json=chosen)).status_code == 204
        assert (await attempt(http, owner.email, NEW_PASSWORD)).status_code == 200
    await owner.http.aclose()
