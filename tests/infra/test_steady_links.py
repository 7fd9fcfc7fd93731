"""Links that stay the same for a while: signed as the library signs, and taken by the storage."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import time_machine
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ascension.infra.storage.steady_links import LEAST_TTL_S, STEADY_S, SteadyLinks
from tests.conftest import Engines
from tests.platform import plain_http
from tests.videos.test_archive import storage_at

NOW = datetime(2026, 11, 23, 17, 59, 59, tzinfo=UTC)
LINKS = SteadyLinks("https://s3.example.org:8443", "eu-west-3", "clips", "AKIA1", "a/secret+key")
KEY = "thumbnails/01a20002/01a20003"


def test_it_is_signed_as_the_library_signs() -> None:
    ours = LINKS.to(KEY, NOW)
    base, _, _ = ours.partition("?")
    asked = {
        name: value
        for name, (value,) in parse_qs(urlsplit(ours).query).items()
        if name.startswith("response-")
    }
    request = AWSRequest("GET", base, params=asked)
    signer = S3SigV4QueryAuth(
        Credentials(LINKS.key_id, LINKS.secret), "s3", LINKS.region, expires=LEAST_TTL_S + STEADY_S
    )
    with time_machine.travel(NOW.replace(minute=30, second=0), tick=False):
        signer.add_auth(request)
    theirs = parse_qs(urlsplit(str(request.url)).query)
    assert parse_qs(urlsplit(ours).query) == theirs


def test_it_is_the_same_for_half_an_hour_and_works_for_an_hour_at_least() -> None:
    begin = NOW.replace(minute=30, second=0)
    same = {LINKS.to(KEY, begin + timedelta(seconds=after)) for after in (0, 1, STEADY_S - 1)}
    assert len(same) == 1
    assert LINKS.to(KEY, begin + timedelta(seconds=STEADY_S)) not in same
    assert LINKS.to(KEY + "x", begin) not in same


async def test_the_storage_takes_it_and_lets_the_browser_keep_what_it_sends(engines: Engines) -> None:
    async with storage_at(engines, engines.s3_endpoint) as storage:
        await storage.put(KEY, b"a climb", content_type="image/webp")
        link = storage.steady_links.to(KEY)
    async with plain_http() as http:
        answer = await http.get(link)
        other = await http.get(link.replace("01a20003", "01a20004"))
    assert (answer.status_code, answer.content, other.status_code) == (200, b"a climb", 403)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["cache-control"] == f"private, max-age={STEADY_S}"
