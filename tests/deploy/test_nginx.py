"""The configuration of nginx on the API's host, on a real nginx: what goes through, what does not."""

import json
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.deploy.edge import NAME, Edge, Replica, client, lay_out, running
from tests.journey.proxy import nginx_program

HSTS = "max-age=63072000; includeSubDomains"


@pytest.fixture
async def replica() -> AsyncIterator[Replica]:
    replica = await Replica().start()
    yield replica
    await replica.stop()


@pytest.fixture
async def edge(tmp_path: Path, replica: Replica) -> AsyncIterator[Edge]:
    edge = lay_out(tmp_path, site="ascension.conf")
    (tmp_path / "balancer/servers.conf").write_text(f"server 127.0.0.1:{replica.port};\n")
    with running(edge):
        yield edge


@pytest.mark.proves("M12")
async def test_requests_go_through_with_the_callers_address(edge: Edge, replica: Replica) -> None:
    async with client(edge) as http:
        for path in ("/api/v1/analyses?limit=1", "/health", "/", "/assets/app.js"):
            answer = await http.get(
                path, headers={"X-Forwarded-For": "203.0.113.9", "X-Request-ID": "chosen"}
            )
            assert (answer.status_code, answer.text) == (200, str(replica.port)), path
            assert answer.headers.get_list("Strict-Transport-Security") == [
                "max-age=63072000; includeSubDomains"
            ]
            assert answer.headers["Server"] == "nginx", "without its version"
    head = replica.seen[0].lower()
    assert head.startswith("get /api/v1/analyses?limit=1 http/1.1"), "/api/ is not stripped"
    assert f"host: {NAME}\r\n" in head
    assert "x-forwarded-for: 203.0.113.9, 127.0.0.1\r\n" in head
    assert "x-real-ip: 127.0.0.1\r\n" in head
    assert "x-forwarded-proto: https\r\n" in head
    assert "x-request-id: chosen" not in head, "ids in the log are ours"


async def test_between_two_releases_a_page_gets_its_files_from_whoever_has_them(tmp_path: Path) -> None:
    last, following = Replica(lacks="of-the-next.js"), Replica(lacks="of-the-last.js")
    replicas = [await one.start() for one in (last, following)]
    edge = lay_out(tmp_path, site="ascension.conf")
    listed = "".join(f"server 127.0.0.1:{one.port};\n" for one in replicas)
    (tmp_path / "balancer/servers.conf").write_text(listed)
    with running(edge):
        async with client(edge) as http:
            for name in ("of-the-next.js", "of-the-last.js") * 3:
                assert (await http.get(f"/assets/{name}")).status_code == 200, name
            last.lacks = following.lacks = "gone.js"
            assert (await http.get("/assets/gone.js")).status_code == 404
    for one in replicas:
        await one.stop()


@pytest.mark.proves("M46")
async def test_figures_and_parts_stay_inside(edge: Edge, replica: Replica) -> None:
    async with client(edge) as http:
        for path in (
            *("/metrics", "/metrics/", "//metrics", "/api/../metrics", "/%6detrics", "/x/..//metrics"),
            *("/health/ready", "/health/", "/health//ready"),
        ):
            assert (await http.get(f"{edge.url}{path}")).status_code == 404, path
    assert replica.seen == []


@pytest.mark.proves("M12")
async def test_plain_http_is_sent_to_https_by_our_name(edge: Edge) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.get(
            f"http://127.0.0.1:{edge.http_port}/api/v1/x?y=1", headers={"Host": "evil.example"}
        )
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{NAME}/api/v1/x?y=1")


@pytest.mark.proves("M53")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_old_protocols_and_unknown_names_get_no_connection(edge: Edge) -> None:
    def shake(name: str, highest: ssl.TLSVersion, lowest: ssl.TLSVersion) -> str | None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = lowest, highest
        with (
            socket.create_connection(("127.0.0.1", edge.https_port), timeout=5) as line,
            context.wrap_socket(line, server_hostname=name) as secured,
        ):
            return secured.version()

    assert shake(NAME, ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    assert shake(NAME, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    for name, version in ((NAME, ssl.TLSVersion.TLSv1_1), ("other.example", ssl.TLSVersion.TLSv1_3)):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            shake(name, version, min(ssl.TLSVersion.TLSv1_2, version))


async def test_what_nginx_answers_itself_is_said_as_the_api_says_it(edge: Edge, replica: Replica) -> None:
    await replica.stop()
    async with client(edge) as http:
        away = await http.get("/api/v1/analyses")
        large = await http.post("/api/v1/videos", content=b"x" * 1_100_000)
    for answer, status, code in ((away, 503, "unavailable"), (large, 413, "too_large")):
        assert (answer.status_code, answer.json()["error"]) == (status, code)
        assert answer.json()["detail"].endswith(".")
        assert answer.headers["Content-Type"] == "application/json"
        assert "Strict-Transport-Security" in answer.headers
    assert away.headers["Retry-After"] == "5"


async def test_the_log_names_requests_without_their_queries(edge: Edge) -> None:
    async with client(edge) as http:
        await http.get("/ws?ticket=secret")
    lines = [json.loads(line) for line in (edge.folder / "access.log").read_text().splitlines()]
    assert [line["path"] for line in lines] == ["/ws"]
    assert "secret" not in (edge.folder / "access.log").read_text()


@pytest.mark.parametrize("site", ["ascension.conf", "bootstrap.conf"])
def test_nginx_takes_the_configuration(tmp_path: Path, site: str) -> None:
    edge = lay_out(tmp_path, site=site)
    if site == "bootstrap.conf":  # the point of it: there is no certificate yet
        (tmp_path / "privkey.pem").unlink()
    tried = subprocess.run(
        [nginx_program(), "-t", "-c", edge.folder / "nginx.conf", "-e", edge.folder / "error.log"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr
