"""Attacks on what lets people in: forged tokens, tricked paths, smuggled requests."""

import base64
import json
import socket
import time
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ascension.infra.security import ALGORITHM, key_id_of
from tests.conftest import Engines
from tests.platform import Climber, Programs

ME = "/api/v1/users/me"
AUTH_HEADER = {"alg": ALGORITHM, "typ": "JWT"}


def b64(data: bytes | str) -> str:
    raw = data if isinstance(data, bytes) else data.encode(errors="surrogateescape")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def claims_of(user_id: str, **changes: object) -> dict[str, Any]:
    now = int(time.time())
    good = {"iss": "ascension", "sub": user_id, "aud": "ascension-api", "iat": now, "exp": now + 900}
    return good | changes


def by_hand(header: str, claims: str, key: bytes = b"") -> str:
    """A token of exactly these texts, signed with HMAC."""
    signed = f"{b64(header)}.{b64(claims)}"
    return f"{signed}.{b64(jwt.get_algorithm_by_name(ALGORITHM).sign(signed.encode(), key))}"


def tokens_without_a_key(user_id: str, public_key: bytes, listening: str) -> dict[str, str]:
    """What can be made by somebody who knows everything but the secret."""
    claims = json.dumps(claims_of(user_id))
    found = {
        f"algorithm {name}": f"{b64(json.dumps({'alg': name}))}.{b64(claims)}."
        for name in ("none", "None", "NONE", "nOnE", "", "HS256 ")
    }
    kids: list[object] = [
        "../../../../dev/null", "/proc/sys/kernel/randomize_va_space", "' union select 'x' --", "", "0",
        "a" * 1500, 1, True, None, ["x"], {"x": 1},
    ]  # fmt: skip
    for kid in kids:
        for key in (b"", b"x", b"\x00", b"2\n"):
            header = json.dumps({**AUTH_HEADER, "kid": kid})
            found[f"kid {str(kid)[:30]!r} with {key!r}"] = by_hand(header, claims, key)
    jwk = {"kty": "oct", "k": b64(b"x" * 32)}
    for name, value in (("jwk", jwk), ("jku", listening), ("x5u", listening), ("x5c", [b64(public_key)])):
        found[f"key in {name}"] = by_hand(json.dumps({**AUTH_HEADER, name: value}), claims, b"x" * 32)
    found["public key as secret"] = by_hand(json.dumps(AUTH_HEADER), claims, public_key)
    headers = {
        "two algorithms": '{"alg":"HS256","alg":"none"}',
        "two algorithms, turned": '{"alg":"none","alg":"HS256"}',
        "nested header": "[" * 500,
        "huge number": '{"alg":' + "9" * 5000 + "}",
        "no text": "\udcff",
    }
    for name, header in headers.items():
        found[name] = f"{b64(header)}.{b64(claims)}.AAAA"
    found["encrypted"] = ".".join([b64('{"alg":"dir","enc":"A256GCM"}'), "", "AAAA", "AAAA", "AAAA"])
    return found


def tokens_of_a_thief_of_nothing(climber: Climber) -> dict[str, str]:
    """A good token, bent."""
    header, claims, signature = climber.token.split(".")
    other, none = b64(json.dumps(claims_of(str(uuid4())))), b64('{"alg":"none"}')
    return {
        "somebody else's claims": f"{header}.{other}.{signature}",
        "no signature": f"{header}.{claims}.",
        "two parts": f"{header}.{claims}",
        "half a signature": f"{header}.{claims}.{signature[:20]}",
        "signature twice": f"{header}.{claims}.{signature}.{signature}",
        "oversized": f"{climber.token}{'A' * 40_000}",
        "header of none": f"{none}.{claims}.{signature}",
    }


def tokens_signed_well_that_say_too_much(user_id: str, secret: str) -> dict[str, str]:
    """What must not work even if the signature is right: a key may be used by another program, too."""
    now = int(time.time())
    wrong: dict[str, dict[str, object]] = {
        "other audience": {"aud": "another-api"},
        "several audiences, not ours": {"aud": ["another-api", "third"]},
        "audience of letters": {"aud": list("ascension-api")},
        "other issuer": {"iss": "another"},
        "issuer of none": {"iss": None},
        "not yet": {"nbf": now + 3600},
        "from the future": {"iat": now + 3600},
        "no number": {"exp": "soon"},
        "endless": {"exp": 1e400},
        "subject of another sort": {"sub": ["x"]},
        "subject is a path": {"sub": "../admin"},
    }
    found = {
        name: by_hand(json.dumps(AUTH_HEADER), json.dumps(claims_of(user_id, **changes)), secret.encode())
        for name, changes in wrong.items()
    }
    good = json.dumps(claims_of(user_id))
    for name, header in {
        "unknown kid": {"kid": key_id_of("another")},
        "critical": {"crit": ["exp"], "exp": 1},
        "not encoded": {"b64": False, "crit": ["b64"]},
    }.items():
        found[name] = by_hand(json.dumps({**AUTH_HEADER, **header}), good, secret.encode())
    for algorithm in ("HS384", "HS512"):
        found[algorithm] = jwt.encode(claims_of(user_id), secret * 2, algorithm=algorithm)
    return found


@pytest.mark.proves("D01", "M58")
async def test_no_forged_token_opens_anything(climber: Climber, engines: Engines) -> None:
    secret, user_id = engines.environment("api")["JWT_SECRET"], climber.user["id"]
    private = rsa.generate_private_key(65537, 2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/keys"
        forged = {
            **tokens_without_a_key(user_id, public, url),
            **tokens_of_a_thief_of_nothing(climber),
            **tokens_signed_well_that_say_too_much(user_id, secret),
            "signed with RSA": jwt.encode(claims_of(user_id), private, algorithm="RS256"),
        }
        for name, token in forged.items():
            answer = await climber.http.get(ME, headers={"Authorization": f"Bearer {token}"})
            assert (answer.status_code, answer.json()["error"]) == (401, "token_invalid"), name
        with pytest.raises(BlockingIOError):
            listening.accept()  # no token made the API fetch a key
    assert (await climber.get(ME)).status_code == 200


async def test_what_is_said_twice_is_no_way_around_a_check(climber: Climber, engines: Engines) -> None:
    """Parsers differ about which of two counts: here the last, of the same text that was signed."""
    secret, now = engines.environment("api")["JWT_SECRET"].encode(), int(time.time())
    rest = f'"sub":"{climber.user["id"]}","aud":"ascension-api","iat":{now}'
    for claims, status in {
        f'{{"exp":{now + 900},{rest},"exp":{now - 1}}}': 401,
        f'{{"exp":{now - 1},{rest},"exp":{now + 900}}}': 200,
    }.items():
        token = by_hand(json.dumps(AUTH_HEADER), claims, secret)
        assert (
            await climber.http.get(ME, headers={"Authorization": f"Bearer {token}"})
        ).status_code == status
        broken = f"{token[:-6]}AAAAAA"
        answer = await climber.http.get(ME, headers={"Authorization": f"Bearer {broken}"})
        assert answer.json()["error"] == "token_invalid"


@pytest.mark.proves("M55")
async def test_a_rotated_key_keeps_who_is_logged_in(
    climber: Climber, engines: Engines, programs: Programs
) -> None:
    old = engines.environment("api")["JWT_SECRET"]
    _, url = programs.api(JWT_SECRET="5b" * 24, JWT_SECRET_PREVIOUS=old)
    _, too_late = programs.api(
        JWT_SECRET="5b" * 24, JWT_SECRET_PREVIOUS=old, JWT_SECRET_PREVIOUS_UNTIL="2020-01-01T00:00:00Z"
    )
    told = {
        place: (await climber.http.get(f"{place}{ME}", headers=climber.headers)).status_code
        for place in (url, too_late)
    }
    assert list(told.values()) == [200, 401]
    renewed = await climber.http.post(f"{too_late}/api/v1/auth/refresh")
    assert renewed.status_code == 200, "the session outlives even a rotation without grace"
