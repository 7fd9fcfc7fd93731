"""Phones in the local network: the real command and its proxy, TLS verified, on other loopback addresses."""

import base64
import hashlib
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ascension.embedded.lan.authority import authority_of, certificate_file, key_file
from ascension.embedded.lan.doors import Doors, Own, choose, for_phones
from ascension.errors.setup import SetupError
from tests.conftest import new_home, remove_home
from tests.installation import PARTS, STOP_S, Platform, installation, listening
from tests.like_a_clip import like_a_clip
from tests.platform import ACCEPTED, PASSWORD

HOST, ELSEWHERE = "127.0.0.2", "127.0.0.3"
PHONE, OTHER_PHONE = "127.0.0.12", "127.0.0.13"
ALL_PARTS = PARTS | {"caddy", "phone-api"}
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def three_free_ports() -> int:
    """The first of three next to each other that nobody listens on."""
    mine = 10_000 + os.getpid() % 70 * 300  # apart from tests beside these, below what connections are given
    for first in range(mine, mine + 300, 10):
        if not Doors(HOST, first).taken() and not Doors(ELSEWHERE, first).taken():
            return first
    raise AssertionError("no three free ports")


def trust(platform: Platform) -> ssl.SSLContext:
    """What a phone has that trusts this platform, and nobody else."""
    return ssl.create_default_context(cafile=certificate_file(platform.home))


def doors_of(platform: Platform) -> Doors:
    return Doors(platform.settings["LAN"], int(platform.settings["LAN_PORT"]))


def ask(
    platform: Platform,
    path: str,
    *,
    port: int | None = None,
    method: str = "GET",
    body: Any = None,
    phone: str = PHONE,
    **headers: str,
) -> tuple[HTTPResponse, bytes]:
    """One request of a phone, over TLS; `port`: the app's if none is given."""
    doors = doors_of(platform)
    connection = HTTPSConnection(
        doors.host, port or doors.port, context=trust(platform), source_address=(phone, 0), timeout=20
    )
    is_json = body is not None and not isinstance(body, bytes)
    told = {"Content-Type": "application/json"} if is_json else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, json.dumps(body) if is_json else body, told | named)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def ask_plainly(host: str, port: int, path: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(host, port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


@pytest.fixture(scope="module")
def phones() -> Iterator[tuple[Platform, str]]:
    """A platform that lets phones in, for tests that only ask it; and what it said."""
    settings = {"LAN": HOST, "LAN_PORT": str(three_free_ports()), "RATE_LIMIT_FACTOR": "0.1"}
    with installation(**settings) as platform:
        process, said = platform.up()
        yield platform, said + platform.read_until(process, "SHA-256 of") + platform.read_until(process, "  ")


@pytest.mark.engines
def test_phones_come_in_by_one_address_and_everything_else_stays_on_loopback(
    phones: tuple[Platform, str],
) -> None:
    platform, said = phones
    doors = doors_of(platform)
    answer, content = ask(platform, "/health")
    assert (answer.status, json.loads(content)["status"]) == (200, "ok")
    parts = platform.processes()
    assert set(parts) == ALL_PARTS
    assert listening(parts["caddy"]) == {HOST}
    assert all(listening(parts[name]) == {"127.0.0.1"} for name in ALL_PARTS - {"worker", "caddy"})
    for told in (said, platform.command("status").stdout, platform.command("doctor").stdout):
        assert doors.app_url in told
        assert doors.page_url in told
    assert "▀" in said
    assert authority_of(platform.home, datetime.now(UTC)).fingerprint in said


@pytest.mark.engines
def test_who_does_not_trust_it_is_not_let_in_unknowingly(phones: tuple[Platform, str]) -> None:
    doors = doors_of(phones[0])
    connection = HTTPSConnection(doors.host, doors.port, timeout=20, context=ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/health")


@pytest.mark.engines
def test_the_first_page_gives_the_certificate_and_nothing_else(phones: tuple[Platform, str]) -> None:
    platform, _ = phones
    doors = doors_of(platform)
    page, content = ask_plainly(doors.host, doors.page_port, "/")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for told in (doors.app_url, "Certificate Trust Settings", "certificat CA"):
        assert told in content.decode()
    certificate, content = ask_plainly(doors.host, doors.page_port, "/ascension-ca.crt")
    assert certificate.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert content == authority_of(platform.home, datetime.now(UTC)).der
    for path in (
        "/root.key",
        "/../root.key",
        "/Caddyfile",
        "/state",
        "/page.html",
        "/health",
        "/api/v1/auth/sign-up",
    ):
        assert ask_plainly(doors.host, doors.page_port, path)[0].status == 404, path


@pytest.mark.engines
def test_plain_http_on_the_https_port_is_sent_on(phones: tuple[Platform, str]) -> None:
    doors = doors_of(phones[0])
    answer, _ = ask_plainly(doors.host, doors.port, "/climbs/1")
    assert (answer.status, answer.headers["Location"]) == (308, f"{doors.app_url}/climbs/1")


@pytest.mark.engines
def test_storage_takes_what_browsers_send_and_only_in_its_bucket(phones: tuple[Platform, str]) -> None:
    platform, _ = phones
    port = doors_of(platform).storage_port
    asked = [
        ("GET", "/"),
        ("GET", "/ascension?list-type=2"),
        ("POST", "/ascension/a?uploads"),
        ("DELETE", "/ascension/a"),
    ]
    for method, path in (*asked, ("GET", "/ascension/uploads/a"), ("PUT", "/ascension/uploads/a")):
        answer, _ = ask(platform, path, port=port, method=method)
        assert answer.status == 403, f"{method} {path}"
    origin = doors_of(platform).app_url
    preflight = {"Origin": origin, "Access_Control_Request_Method": "PUT"}
    answer, _ = ask(platform, "/ascension/uploads/a", port=port, method="OPTIONS", **preflight)
    assert answer.headers["Access-Control-Allow-Origin"] == origin


@pytest.mark.engines
def test_letters_and_figures_are_not_for_the_network(phones: tuple[Platform, str]) -> None:
    platform, _ = phones
    assert ask(platform, "/metrics")[0].status == 404
    answer, shown = ask_plainly("127.0.0.1", platform.port, "/mails")
    assert answer.status == 200
    assert ask(platform, "/mails")[1] != shown


@pytest.mark.engines
def test_rates_count_each_phone_whatever_it_says_of_its_address(phones: tuple[Platform, str]) -> None:
    platform, _ = phones

    def log_in(phone: str, claimed: str) -> int:
        body = {"email": "nobody@example.org", "password": PASSWORD}
        answer, _ = ask(
            platform, "/api/v1/auth/login", method="POST", body=body, phone=phone, X_Forwarded_For=claimed
        )
        return answer.status

    answers = [log_in(PHONE, f"192.0.2.{number}") for number in range(4)]
    let_in = {401, 503}  # a busy machine may have no time for a password: that counts, too
    assert (set(answers[:3]) <= let_in, answers[3]) == (True, 429), answers
    assert log_in(OTHER_PHONE, PHONE) in let_in


@pytest.mark.engines
def test_a_session_of_a_phone_travels_over_https_only(phones: tuple[Platform, str]) -> None:
    platform, _ = phones
    body = {"email": "phone@example.org", "password": PASSWORD, "accepted": ACCEPTED}
    origin = doors_of(platform).app_url
    answer, content = ask(platform, "/api/v1/auth/register", method="POST", body=body, Origin=origin)
    assert answer.status == 201, content
    cookies = [cookie for cookie in answer.headers.get_all("Set-Cookie", []) if "Max-Age=0" not in cookie]
    assert cookies
    assert all(cookie.startswith("__Secure-") and "; Secure" in cookie for cookie in cookies)
    storage = doors_of(platform).storage_url
    policy, _ = ask(platform, "/")
    assert f"connect-src 'self' {storage};" in policy.headers["Content-Security-Policy"]


@pytest.mark.engines
def test_a_clip_goes_through_whole_and_comes_back_in_ranges(phones: tuple[Platform, str]) -> None:
    platform, _ = phones
    storage = doors_of(platform).storage_url
    body = {"email": "clip@example.org", "password": PASSWORD, "accepted": ACCEPTED}
    registered = ask(platform, "/api/v1/auth/register", method="POST", body=body, phone=OTHER_PHONE)[1]
    token = f"Bearer {json.loads(registered)['access_token']}"

    def call(path: str, method: str = "POST", body: object = None) -> dict[str, Any]:
        answer, content = ask(platform, f"/api/v1{path}", method=method, body=body, Authorization=token)
        assert answer.status < 300, content
        return json.loads(content)

    clip = like_a_clip(os.urandom(12_000_000))
    video = call("/videos", body={"file_name": "a.mp4", "content_type": "video/mp4", "size_bytes": len(clip)})
    step = video["part_size_bytes"]
    for number in range(1, video["part_count"] + 1):
        part = clip[(number - 1) * step : number * step]
        digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
        link = call(f"/videos/{video['id']}/parts", body={"part_number": number, "sha256": digest})
        assert link["url"].startswith(f"{storage}/")
        path, port = link["url"].removeprefix(storage), urlsplit(storage).port
        stored, said = ask(platform, path, port=port, method="PUT", body=part, **link["headers"])
        assert stored.status == 200, said
    call(f"/videos/{video['id']}/complete")
    path = call(f"/videos/{video['id']}/playback", "GET")["url"].removeprefix(storage)
    answer, content = ask(platform, path, port=urlsplit(storage).port, Range="bytes=6000000-6000999")
    assert (answer.status, content) == (206, clip[6_000_000:6_001_000])


@pytest.mark.engines
@pytest.mark.thorough
def test_what_dies_comes_back_and_another_address_keeps_the_trust() -> None:
    with installation(LAN=HOST, LAN_PORT=str(three_free_ports())) as platform:
        process, _ = platform.up()
        trusted = certificate_file(platform.home).read_bytes()
        for part in ("caddy", "phone-api"):
            platform.processes()[part].kill()
            platform.read_until(process, f"{part} is back")
        assert ask(platform, "/health")[0].status == 200
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=STOP_S)
        assert "killed" not in rest
        key = key_file(platform.home).stat()
        assert stat.S_IMODE(key.st_mode) == 0o600
        assert key.st_uid == platform.home.account.uid

        platform.settings["LAN"] = ELSEWHERE
        platform.up()
        assert certificate_file(platform.home).read_bytes() == trusted
        assert ask(platform, "/health")[0].status == 200
        platform.command("stop")
        platform.command("reset", "--yes")
        assert not key_file(platform.home).exists()


@pytest.mark.engines
def test_a_port_of_phones_that_is_taken_is_named() -> None:
    first = three_free_ports()
    with installation(LAN=HOST, LAN_PORT=str(first)) as platform, socket.socket() as other:
        other.bind((HOST, first + 1))
        other.listen()
        refused = platform.command("up")
        assert refused.returncode == 1
        assert f"Port {first + 1} of {HOST} is in use by " in refused.stderr
        assert f"(process {os.getpid()})" in refused.stderr
        assert f"LAN_PORT={first + 10} make up LAN=1" in refused.stderr
        assert platform.processes() == {}


def test_an_address_that_cannot_be_is_refused_in_one_sentence() -> None:
    for told, why in (
        ("8.8.8.8", "of the whole internet"),
        ("my-computer", "is no IPv4 address"),
        ("::1", "is no IPv4 address"),
        ("10.255.254.253", "is not an address of this machine"),
    ):
        with pytest.raises(SetupError, match=why):
            choose(told)
    assert choose(HOST) == (HOST, [])


def test_of_several_addresses_that_of_the_network_around_comes_first() -> None:
    home, office = Own("192.168.1.20", "en0"), Own("10.0.0.5", "en7")
    no_phones = [
        *(Own("127.0.0.1", "lo"), Own("172.17.0.1", "docker0"), Own("10.8.0.2", "utun3")),
        Own("93.184.216.34", "eth0"),
    ]
    assert for_phones([*no_phones, home, office], "192.168.1.20") == [home, office]
    assert for_phones([*no_phones, home, office], "10.0.0.5") == [office, home]
    assert for_phones([*no_phones, home], "10.8.0.2") == [home], "everything leaves through a tunnel"
    assert for_phones([*no_phones, home], None) == [home]
    assert for_phones(no_phones, "93.184.216.34") == []


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("IP:192.168.1.20", True),
        ("DNS:localhost", True),
        ("IP:93.184.216.34", False),
        ("DNS:bank.example", False),
    ],
)
def test_the_authority_can_vouch_for_local_addresses_alone(
    tmp_path: Path, name: str, *, is_taken: bool
) -> None:
    """As OpenSSL judges it, whoever got hold of the key."""
    home = new_home()
    try:
        home.create()
        authority_of(home, NOW)
        leaf = tmp_path / "leaf.pem"
        leaf.write_bytes(_signed_by(key_file(home), certificate_file(home), name))
        told = subprocess.run(
            [
                "openssl",
                "verify",
                "-CAfile",
                certificate_file(home),
                "-attime",
                str(int(NOW.timestamp())),
                leaf,
            ],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    finally:
        remove_home(home)
    assert (told.returncode == 0) is is_taken, told.stderr
    assert is_taken or "permitted subtree violation" in told.stderr


def _signed_by(key: Path, certificate: Path, name: str) -> bytes:
    signer = serialization.load_pem_private_key(key.read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    kind, _, value = name.partition(":")
    address = x509.IPAddress(ip_address(value)) if kind == "IP" else x509.DNSName(value)
    own = ec.generate_private_key(ec.SECP256R1())
    signed = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.load_pem_x509_certificate(certificate.read_bytes()).subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(hours=1))
        .not_valid_after(NOW + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=True)
        .sign(signer, hashes.SHA256())
    )
    return signed.public_bytes(serialization.Encoding.PEM)


def test_the_authority_is_kept_until_its_time_is_nearly_over() -> None:
    home = new_home()
    try:
        home.create()
        first = authority_of(home, NOW)
        assert authority_of(home, NOW + timedelta(days=4 * 365)) == first
        assert authority_of(home, NOW + timedelta(days=5 * 365)) != first
        key_file(home).unlink()
        assert authority_of(home, NOW) != first
    finally:
        remove_home(home)
