"""An access token that was found good is not checked anew, and ends when it says so all the same."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from ascension.errors.accounts import TokenExpired, TokenInvalid
from ascension.infra import security
from ascension.infra.security import TokenIssuer

SECRET = "a secret of thirty-two characters"


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
