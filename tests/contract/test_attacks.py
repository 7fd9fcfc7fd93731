"""Attacks on what lets people in: forged tokens, tricked paths, smuggled requests."""

import base64
import json
import socket
import time
from pathlib import Path
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
SECRETS = ("not for the web", "root:", "WEAK_SECRET_WORDS", "[tool.pytest")
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


def site(programs: Programs, folder: Path) -> str:
    """An API that serves a client, beside files that nobody is to see."""
    root, examples = folder / "site" / "dist", folder / "site" / "examples"
    for file in (root / "index.html", root / "assets" / "app-1a2b3c.js", examples / "a.txt"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("of the client")
    (folder / "site" / "secret.txt").write_text("not for the web")
    (root / "link.txt").symlink_to(folder / "site" / "secret.txt")
    (root / "assets" / "link.js").symlink_to(folder / "site" / "secret.txt")
    return programs.api(WEB_ROOT=str(root), EXAMPLES_ROOT=str(examples))[1]


def sent(url: str, *pieces: bytes) -> bytes:
    """All that comes back for these bytes until the server ends the connection."""
    host, port = url.removeprefix("http://").split(":")
    answered = b""
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        for piece in pieces:
            connection.sendall(piece)
        try:
            while chunk := connection.recv(65_536):
                answered += chunk
        except ConnectionResetError:
            pass
    return answered


@pytest.mark.proves("M58")
def test_no_path_leads_out_of_what_is_served(programs: Programs, tmp_path: Path) -> None:
    url = site(programs, tmp_path)
    ups = [
        "..",
        "%2e%2e",
        "%252e%252e",
        ".%2e",
        "..%00",
        "..;",
        "..%5c",
        "%c0%ae%c0%ae",
        "....",
        "%uff0e%uff0e",
    ]
    between = ["/", "%2f", "%252f", "\\", "%5c", "//", "/./", "%c0%af"]
    ends = ["secret.txt", "etc/passwd", "pyproject.toml"]
    places = ["/", "/assets/", "/examples/", "/api/v1/", "//", "/assets//"]
    paths = [
        f"{place}{middle.join([up] * depth)}{middle}{end}"
        for place in places
        for up in ups
        for middle in between
        for depth, end in zip((1, 8, 3), ends, strict=True)
    ]
    paths += [
        "/link.txt",
        "/assets/link.js",
        "/assets/",
        "/examples/",
        "/assets",
        "http://evil.example/secret.txt",
    ]
    paths += [
        f"/assets/app-1a2b3c.js{tail}" for tail in ("/..", "%00.txt", "::$DATA", "/../../../secret.txt")
    ]
    request = b"".join(b"GET %s HTTP/1.1\r\nHost: here\r\n\r\n" % path.encode() for path in paths)
    last = b"GET /health HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    answered = sent(url, request, last)
    assert answered.count(b"HTTP/1.1 ") == len(paths) + 1
    assert b" 500 " not in answered
    for secret in SECRETS:
        assert secret.encode() not in answered
    assert b"Location" not in answered, "nobody is sent anywhere"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_another_spelling_of_a_path_is_no_way_past_the_token(climber: Climber, method: str) -> None:
    url = str(climber.http.base_url)
    spelled = [
        "/api/v1/users/me/",
        "//api/v1/users/me",
        "/api/v1//users/me",
        "/api/v1/users/%6de",
        "/API/v1/users/me",
        "/api/v1/users/me;x=1",
        "/api/v1/./users/me",
        "/api/v1/auth/../users/me",
        "/health/../api/v1/users/me",
        "/api/v1/users/me%00",
        "/api/v1/users/me%20",
        "/api/v1/users/me?x=1",
        "/api/v1/users/me%2f",
    ]
    for path in spelled:
        answered = sent(url, f"{method} {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n".encode())
        assert answered.split(b" ", 2)[1] in (b"401", b"404", b"405"), path
    assert (await climber.get(ME)).status_code == 200


BODY = b"GET /health HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
SMUGGLED = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + BODY,
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + BODY,
    "two lengths": LENGTH + b"Content-Length: 0\r\n\r\n" + BODY,
    "a list of lengths": b"Content-Length: 0, %d\r\n\r\n" % len(BODY) + BODY,
    "a signed length": b"Content-Length: +4\r\n\r\n" + BODY,
    "a negative length": b"Content-Length: -1\r\n\r\n" + BODY,
    "a length in hex": b"Content-Length: 0x4\r\n\r\n" + BODY,
    "unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + BODY,
    "coding after chunked": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + BODY,
    "space before the colon": b"Content-Length : 4\r\n\r\n" + BODY,
    "folded header": b"X-One: a\r\n Content-Length: 4\r\n\r\n" + BODY,
    "NUL in a header": b"X-One: a\x00b\r\n\r\n" + BODY,
    "a bad size of a chunk": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + BODY,
}


@pytest.mark.proves("M58")
@pytest.mark.parametrize("name", SMUGGLED)
def test_a_request_whose_end_is_in_doubt_is_refused_and_nothing_behind_it_is_read(
    api_url: str, name: str
) -> None:
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: here\r\n"
    well = sent(api_url, head + b"Content-Length: 0\r\n\r\n" + BODY)
    assert (well.count(b"HTTP/1.1 "), well.count(b'"status":"ok"')) == (2, 1), well
    answered = sent(api_url, head + SMUGGLED[name])
    assert answered.startswith(b"HTTP/1.1 400"), answered
    assert answered.count(b"HTTP/1.1 ") == 1, answered
