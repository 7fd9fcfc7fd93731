"""An access token that was found good is not checked anew, and ends when it says so all the same."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import argon2
import jwt
import pytest
import time_machine

from ascension.errors.accounts import TokenExpired, TokenInvalid
from ascension.infra import security
from ascension.infra.security import HASH_NICENESS, FormerKey, PasswordHasher, TokenIssuer

SECRET = "a secret of thirty-two characters"
NEW = "the next one, of thirty-two characters"


def test_a_remembered_token_expires_in_time() -> None:
    issuer, user_id = TokenIssuer(SECRET, 900), uuid4()
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        token = issuer.issue(user_id)
        assert issuer.user_of(token) == user_id
        clock.shift(timedelta(seconds=899))
        assert issuer.user_of(token) == user_id
        clock.shift(timedelta(seconds=1))
        for _ in range(2):
            with pytest.raises(TokenExpired):
                issuer.user_of(token)


def test_a_token_of_a_replica_whose_clock_is_ahead_is_good() -> None:
    """A second too early was enough to be told to log in again, at every other request."""
    user_id = uuid4()
    with time_machine.travel("2026-11-22T12:05:00Z", tick=False):
        token = TokenIssuer(SECRET, 900).issue(user_id)
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        assert TokenIssuer(SECRET, 900).user_of(token) == user_id
    with time_machine.travel("2026-11-22T11:00:00Z", tick=False), pytest.raises(TokenInvalid):
        TokenIssuer(SECRET, 900).user_of(token)


def test_only_good_tokens_are_remembered_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "MAX_REMEMBERED_TOKENS", 2)
    issuer = TokenIssuer(SECRET, 900)
    tokens = {issuer.issue(user_id): user_id for user_id in (uuid4(), uuid4(), uuid4())}
    for _ in range(2):
        assert {token: issuer.user_of(token) for token in tokens} == tokens
    good = next(iter(tokens))
    header, claims, _ = good.split(".")
    strange = TokenIssuer("another secret of 32 characters!", 900).issue(uuid4())
    for forged in (f"{header}.{claims}.AAAA", strange):
        for _ in range(2):
            with pytest.raises(TokenInvalid):
                issuer.user_of(forged)
    assert len(vars(issuer)["_good"]) == 2


@pytest.mark.proves("M55")
def test_a_rotation_ends_no_session_and_the_former_key_ends_in_time() -> None:
    user_id = uuid4()
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        until_s = time.time() + 600
        before, token = TokenIssuer(SECRET, 900), TokenIssuer(SECRET, 900).issue(user_id)
        after = TokenIssuer(NEW, 900, FormerKey(SECRET, until_s))
        assert after.user_of(token) == user_id
        announced = TokenIssuer(SECRET, 900, FormerKey(NEW))  # a replica that is not restarted yet
        assert announced.user_of(after.issue(user_id)) == user_id
        with pytest.raises(TokenInvalid):
            before.user_of(after.issue(user_id))
        clock.shift(timedelta(seconds=600))
        fresh = TokenIssuer(SECRET, 900).issue(user_id)
        for ended in (token, fresh):  # also what was remembered, and what a thief of the key signs now
            with pytest.raises(TokenInvalid):
                after.user_of(ended)


def test_a_token_of_the_release_before_is_good_and_of_another_issuer_is_not() -> None:
    now, user_id = int(time.time()), uuid4()
    plain = {"sub": str(user_id), "aud": "ascension-api", "iat": now, "exp": now + 900}
    issuer = TokenIssuer(SECRET, 900)
    assert issuer.user_of(jwt.encode(plain, SECRET)) == user_id
    with pytest.raises(TokenInvalid):
        issuer.user_of(jwt.encode({**plain, "iss": "somebody-else"}, SECRET))


def test_hashes_give_way_to_the_event_loop() -> None:
    threads: ThreadPoolExecutor = vars(PasswordHasher())["_threads"]
    asked = threads.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert asked.result(timeout=10) == min(19, own + HASH_NICENESS)


async def test_an_unknown_account_costs_as_much_arithmetic_as_a_known_one() -> None:
    hasher = PasswordHasher()
    nobody: str = vars(hasher)["_nobody"]
    assert argon2.extract_parameters(nobody) == argon2.extract_parameters(await hasher.hash("of somebody"))
    assert nobody != vars(PasswordHasher())["_nobody"]
    assert not await hasher.verify(None, "of somebody")
