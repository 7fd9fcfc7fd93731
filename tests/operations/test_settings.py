"""What the environment says is checked at the start: one sentence, never a value."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from ascension.errors.setup import SetupError
from ascension.infra.settings import (
    Environment,
    QueueSettings,
    StorageSettings,
    read,
    refuse_weak_secret,
)
from tests.nursery import Nursery

STRONG = "q7Zr2LxV9mKp4TnB8sWd3FhJ6cYg5NaE"
COMPLETE = {
    "DATABASE_URL": "postgresql://ascension_api:hidden-in-the-address@127.0.0.1:1/ascension",
    "REDIS_URL": "redis://127.0.0.1:1",
    "S3_ENDPOINT": "http://127.0.0.1:1",
    "S3_BUCKET": "ascension",
    "AWS_ACCESS_KEY_ID": "ascension-api",
    "AWS_SECRET_ACCESS_KEY": "hidden-key",
    "JWT_SECRET": STRONG,
    "ACCOUNT_SECRET": STRONG[::-1],
    "API_PORT": "1",
}


@pytest.mark.proves("M55", "M63")
@pytest.mark.parametrize("environment", ["staging", "production"])
@pytest.mark.parametrize(
    "secret",
    ["", "short", STRONG[:31], "a" * 64, "abababab" * 8, "change-me-" + STRONG[:0] + "changeme" * 5,
     "my-jwt-secret-for-production-use-1234567", "password" + STRONG, STRONG.lower()[:8] * 4],
)  # fmt: skip
def test_a_weak_secret_stops_the_start_and_is_not_repeated(environment: Environment, secret: str) -> None:
    with pytest.raises(SetupError) as refused:
        refuse_weak_secret(environment, "JWT_SECRET", secret)
    assert "JWT_SECRET is weak" in refused.value.detail
    assert not secret or secret not in refused.value.detail
    refuse_weak_secret("development", "JWT_SECRET", secret)
    refuse_weak_secret("test", "JWT_SECRET", secret)


@pytest.mark.proves("M63")
def test_a_strong_secret_is_good_everywhere() -> None:
    for environment in ("development", "test", "staging", "production"):
        refuse_weak_secret(environment, "JWT_SECRET", STRONG)


@pytest.mark.parametrize(
    ("name", "value", "settings"),
    [
        ("REDIS_URL", "garbage", QueueSettings),
        ("REDIS_URL", "http://127.0.0.1:1", QueueSettings),
        ("S3_ENDPOINT", "storage:9000", StorageSettings),
        ("S3_PUBLIC_ENDPOINT", "ftp://storage", StorageSettings),
    ],
)
def test_an_address_of_another_sort_is_named_before_any_client_meets_it(
    name: str, value: str, settings: type[BaseSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, fine in COMPLETE.items():
        monkeypatch.setenv(variable, fine)
    read(settings)
    monkeypatch.setenv(name, value)
    with pytest.raises(SetupError, match=name):
        read(settings)


@dataclass(frozen=True)
class Ended:
    """How a start came to nothing."""

    status: int
    said: str


@pytest.fixture
def start(nursery: Nursery, tmp_path: Path) -> Callable[..., Ended]:
    """Start the API; None takes a variable away."""

    def begin(**changes: str | None) -> Ended:
        variables = {"PATH": os.environ["PATH"], **COMPLETE, **changes}
        log = tmp_path / "api.log"
        environment = {name: value for name, value in variables.items() if value is not None}
        status = nursery.start("ascension.api", (), environment, log).wait(60)
        return Ended(status, log.read_text())

    return begin


@pytest.mark.proves("M01", "M55", "M63", "D09")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"JWT_SECRET": None}, "These environment variables are missing or not usable: JWT_SECRET."),
        (
            {"DATABASE_URL": None, "S3_BUCKET": None, "REDIS_URL": None},
            "These environment variables are missing or not usable:",
        ),
        ({"API_PORT": "eighty"}, "These environment variables are missing or not usable: API_PORT."),
        ({"API_PORT": "70000"}, "These environment variables are missing or not usable: API_PORT."),
        ({"ENVIRONMENT": "prod"}, "These environment variables are missing or not usable: ENVIRONMENT."),
        ({"ENVIRONMENT": "production", "JWT_SECRET": "hidden-and-weak"}, "JWT_SECRET is weak"),
        ({"ENVIRONMENT": "staging", "ACCOUNT_SECRET": "hidden-and-weak"}, "ACCOUNT_SECRET is weak"),
        (
            {"ENVIRONMENT": "staging", "JWT_SECRET_PREVIOUS": "hidden-and-weak"},
            "JWT_SECRET_PREVIOUS is weak",
        ),
        ({"JWT_SECRET_PREVIOUS_UNTIL": "tomorrow"}, "not usable: JWT_SECRET_PREVIOUS_UNTIL."),
        (
            {"ENVIRONMENT": "production", "UPLOAD_EVENT_SECRET": "hidden-and-weak"},
            "UPLOAD_EVENT_SECRET is weak",
        ),
        ({"WEB_ORIGINS": "[]"}, "not usable: WEB_ORIGINS."),
        ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "not usable: TRUSTED_PROXIES."),
        ({"TRUSTED_PROXIES": "balancer"}, "not usable: TRUSTED_PROXIES."),
        ({"RATE_LIMIT_FACTOR": "0"}, "not usable: RATE_LIMIT_FACTOR."),
        ({"ACCESS_TOKEN_TTL_S": "0"}, "not usable: ACCESS_TOKEN_TTL_S."),
        (
            {"SMTP_URL": "smtp://user:hidden@mail.example.org", "MAIL_FROM": "@example.org"},
            "MAIL_FROM is not usable: write the one address",
        ),
    ],
)
def test_a_start_that_cannot_be_says_why_in_one_sentence(
    changes: dict[str, str | None], sentence: str, start: Callable[..., Ended]
) -> None:
    ended = start(**changes)
    assert ended.status == 1
    assert sentence in ended.said
    assert len(ended.said.strip().splitlines()) == 1
    assert "hidden" not in ended.said
    assert STRONG not in ended.said


@pytest.mark.proves("M01")
def test_a_port_that_is_taken_is_named(start: Callable[..., Ended]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = start(API_PORT=str(port))
    assert ended.status != 0
    assert str(port) in ended.said
    assert "address already in use" in ended.said
    assert "Traceback" not in ended.said
