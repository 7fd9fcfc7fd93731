"""Files of the built client: the smallest form that is accepted; the worker's script as browsers want it."""

import gzip
import re
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.platform import Programs

SCRIPT = "/assets/app-1a2b3c.js"
FILES = {
    "index.html": b"<!doctype html>" + b" " * 500,
    "sw.js": b"self;" * 100,
    SCRIPT[1:]: b"export {};" * 100,
    "climb.links": f"<{SCRIPT}>; rel=modulepreload".encode(),
}


@pytest.fixture
def site(programs: Programs, tmp_path: Path) -> str:
    """An API that serves a client with both forms of every file; those of Brotli are only said to be so."""
    root = tmp_path / "dist"
    for name, content in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.with_name(file.name + ".gz").write_bytes(gzip.compress(content))
        file.with_name(file.name + ".br").write_bytes(b"as Brotli")
    (root / "manifest.webmanifest").write_text("{}")
    return programs.api(WEB_ROOT=str(root))[1]


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("", None),
        ("identity", None),
        ("brave, gzipped", None),
    ],
)
def test_the_smallest_form_that_is_accepted_is_sent(site: str, accepted: str, sent: str | None) -> None:
    sizes = {
        None: len(FILES[SCRIPT[1:]]),
        "gzip": len(gzip.compress(FILES[SCRIPT[1:]])),
        "br": len(b"as Brotli"),
    }
    with (
        httpx.Client(base_url=site) as http,
        http.stream("GET", SCRIPT, headers={"Accept-Encoding": accepted}) as answer,
    ):
        body = b"".join(answer.iter_raw())
        assert (answer.headers.get("content-encoding"), len(body)) == (sent, sizes[sent])
        assert answer.headers["content-length"] == str(sizes[sent])
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["vary"] == "Accept-Encoding"
        again = http.get(
            SCRIPT, headers={"Accept-Encoding": accepted, "If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
        other = "" if sent else "gzip"
        changed = http.get(
            SCRIPT, headers={"Accept-Encoding": other, "If-None-Match": answer.headers["etag"]}
        )
        assert changed.status_code == 200, "forms of one file have marks of their own"
        assert changed.content == FILES[SCRIPT[1:]]


def test_a_part_is_of_the_file_itself(site: str) -> None:
    with httpx.Client(base_url=site) as http:
        part = http.get(SCRIPT, headers={"Range": "bytes=0-5"})
    assert (part.status_code, part.content) == (206, b"export")
    assert "content-encoding" not in part.headers


def test_the_page_and_the_worker_are_asked_for_anew_each_time(site: str) -> None:
    with httpx.Client(base_url=site, headers={"Accept-Encoding": "gzip"}) as http:
        for path, kind in (
            ("/", "text/html; charset=utf-8"),
            ("/climbs/1", "text/html; charset=utf-8"),
            ("/sw.js", "text/javascript; charset=utf-8"),
            ("/manifest.webmanifest", "application/manifest+json"),
        ):
            answer = http.get(path)
            assert answer.headers["content-type"] == kind
            assert answer.headers["cache-control"] == "no-cache"
            assert "worker-src 'self'" in answer.headers["content-security-policy"]
            assert "trusted-types ascension-worker" in answer.headers["content-security-policy"]
        assert http.get("/").headers["content-encoding"] == "gzip"
        assert http.get("/").content == FILES["index.html"]


def test_a_climbs_page_says_what_it_is_about_to_need(site: str) -> None:
    with httpx.Client(base_url=site) as http:
        told = http.get("/climbs/1").headers["link"]
        storage = re.search(r"connect-src 'self' (\S+?);", http.get("/").headers["content-security-policy"])
        assert storage is not None
        assert told == f"<{storage[1]}>; rel=preconnect; crossorigin, {FILES['climb.links'].decode()}"
        assert "link" not in http.get("/").headers, "who comes there may have no account"
