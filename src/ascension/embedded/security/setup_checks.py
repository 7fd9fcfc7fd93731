"""What the settings say: secrets, encrypted connections, cookies, origins, proxies, who may sign up."""

import asyncio
import ipaddress
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ascension.embedded.security.situation import Finding, Situation, Verdict, host_of, is_loopback
from ascension.errors.jobs import JobFailure
from ascension.errors.setup import SetupError
from ascension.infra.settings import (
    ApiSettings,
    RuntimeSettings,
    SignUpSettings,
    read,
    refuse_weak_secret,
)
from ascension.jobs import sandbox

SECRETS = ("JWT_SECRET", "ACCOUNT_SECRET", "UPLOAD_EVENT_SECRET")
ENCRYPTED: dict[str, tuple[str, ...]] = {
    "DATABASE_URL": (),  # by its sslmode
    "REDIS_URL": ("rediss://", "unix://"),
    "S3_ENDPOINT": ("https://",),
    "SMTP_URL": ("smtps://", "smtp://"),  # the sender insists on STARTTLS
}
OPTIONAL = frozenset({"UPLOAD_EVENT_SECRET"})
ENCRYPTED_DATABASE = frozenset({"require", "verify-ca", "verify-full"})
WIDEST_PREFIX = {4: 8, 6: 16}
"""Networks wider than these are not a proxy's."""


def secrets(situation: Situation) -> Finding:
    told: list[str] = []
    for name in SECRETS:
        secret = situation.variables.get(name, "")
        if not secret:
            told += [] if name in OPTIONAL else [f"{name} is not set"]
            continue
        try:
            refuse_weak_secret("production", name, secret)
        except SetupError:
            told.append(f"{name} is weak")
    asked = f"strength of {', '.join(SECRETS)}"
    if not situation.variables.get("JWT_SECRET") and not situation.is_strict:
        return situation.missing(asked)
    return situation.judge(
        holds=not told, asked=asked, answered="; ".join(told) or "at least 32 random characters"
    )


def connections(situation: Situation) -> Finding:
    """Database, queue, storage and mail: TLS, or not beyond this machine."""
    asked = "the schemes of DATABASE_URL, REDIS_URL, S3_ENDPOINT, SMTP_URL"
    plain: list[str] = []
    seen: list[str] = []
    for name, schemes in ENCRYPTED.items():
        if url := situation.variables.get(name):
            seen.append(name)
            is_encrypted = url.startswith(schemes) if schemes else _is_database_encrypted(url)
            if not is_encrypted and not is_loopback(host_of(url)):
                plain.append(name)
    if not seen:
        return situation.missing(asked)
    if plain:
        return situation.judge(holds=False, asked=asked, answered=f"not encrypted: {', '.join(plain)}")
    return situation.unseen(
        asked, f"encrypted, or on this machine: {', '.join(seen)}; at rest cannot be told from here"
    )


def _is_database_encrypted(url: str) -> bool:
    modes = parse_qs(urlsplit(url).query).get("sslmode", [])
    return bool(modes) and modes[-1] in ENCRYPTED_DATABASE


def cookies(situation: Situation) -> Finding:
    """Secure follows from ENVIRONMENT, unless told; without TLS a browser would not send it back."""
    asked, told = f"ENVIRONMENT={situation.environment}", read(ApiSettings).secure_cookies
    if told is False and situation.is_strict:
        return Finding(Verdict.FAIL, "SECURE_COOKIES=false", "a session would travel over plain http as well")
    if told or situation.is_strict:
        return Finding(Verdict.PASS, asked, "HttpOnly, SameSite=Strict, Secure")
    return Finding(Verdict.NOT_APPLICABLE, asked, "HttpOnly, SameSite=Strict; Secure from staging on")


def debugging(situation: Situation) -> Finding:
    level = read(RuntimeSettings).log_level
    return situation.judge(holds=level != "debug", asked="LOG_LEVEL", answered=level)


def origins(situation: Situation) -> Finding:
    """Whose pages may use the cookie, and call the API from a browser."""
    allowed = read(ApiSettings).web_origins
    wrong = [one for one in allowed if "*" in one or not one.startswith("https://")]
    return situation.judge(
        holds=not wrong,
        asked="WEB_ORIGINS: https, no wildcard",
        answered=f"not https: {', '.join(wrong)}" if wrong else ", ".join(allowed),
    )


def proxies(situation: Situation) -> Finding:
    """Whose word about a caller's address is taken."""
    asked = "TRUSTED_PROXIES"
    networks = [ipaddress.ip_network(str(one)) for one in read(ApiSettings).trusted_proxies]
    if wide := [str(one) for one in networks if one.prefixlen < WIDEST_PREFIX[one.version]]:
        return Finding(Verdict.FAIL, asked, f"anybody could forge an address: {', '.join(wide)}")
    if not networks:
        return situation.unseen(asked, "none: behind a balancer all clients would share its rates")
    return Finding(Verdict.PASS, asked, ", ".join(map(str, networks)))


def sign_up(situation: Situation) -> Finding:
    settings = read(SignUpSettings)
    verification = settings.email_verification or ("required" if situation.is_strict else "off")
    return situation.judge(
        holds=verification == "required" or settings.sign_up != "open",
        asked="SIGN_UP, EMAIL_VERIFICATION",
        answered=f"{settings.sign_up}, confirmation of e-mails {verification}",
    )


def rates(situation: Situation) -> Finding:
    factor = read(ApiSettings).rate_limit_factor
    return situation.judge(
        holds=factor <= 1, asked="RATE_LIMIT_FACTOR", answered=f"{factor:g} times the documented rates"
    )


def cage(situation: Situation) -> Finding:
    """A child tries to get out of it."""
    asked = "a compute child that tries to get out"
    try:
        found = asyncio.run(sandbox.gaps(Path(tempfile.gettempdir())))
    except JobFailure as failure:
        return situation.judge(holds=False, asked=asked, answered=failure.detail)
    said = sandbox.describe(found) if found else "it could not"
    return situation.judge(holds=not found, asked=asked, answered=said)
