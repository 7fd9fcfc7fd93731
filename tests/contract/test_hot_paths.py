"""What is answered ahead of the framework is answered as the framework does it."""

import pytest

from tests.platform import Climber

FRAMEWORKS = "?unknown=1"  # with a query a request goes the framework's way
SAME = (
    "content-type",
    "content-encoding",
    "cache-control",
    "vary",
    "etag",
    "www-authenticate",
    "x-frame-options",
)
NOBODYS = "0192f3c4-0000-7000-8000-000000000000"


@pytest.mark.proves("M06")
async def test_both_ways_answer_the_same(climber: Climber, stranger: Climber) -> None:
    analysis = await climber.analyze(b"x" * 1000)
    own = f"/api/v1/analyses/{analysis['id']}"
    statuses: set[int] = set()
    for asker in (climber, stranger):
        for path in ("/health", own, f"{own}/result", f"/api/v1/analyses/{NOBODYS}/result"):
            hot, framework = await asker.get(path), await asker.get(path + FRAMEWORKS)
            assert hot.status_code == framework.status_code, path
            assert hot.json() == framework.json(), path
            assert [hot.headers.get(one) for one in SAME] == [framework.headers.get(one) for one in SAME]
            statuses.add(hot.status_code)
    assert statuses == {200, 404}
    for token in ("", "Bearer", "Basic x", "Bearer x.y.z"):
        hot, framework = [
            await climber.http.get(path, headers={"Authorization": token}) for path in (own, own + FRAMEWORKS)
        ]
        assert (hot.status_code, hot.json()) == (framework.status_code, framework.json())
        assert hot.status_code == 401
