"""Whatever stands in a request's head, the answer is no fault of ours; secrets stand in no command."""

import psutil
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.contract.test_attacks import sent
from tests.operations.test_replicas import known_secrets
from tests.platform import Programs

NAMES = st.sampled_from(
    [
        *("Authorization", "Cookie", "Host", "Origin", "X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"),
        *("Idempotency-Key", "If-None-Match", "Range", "Accept-Encoding", "Accept-Language", "Expect"),
        *("Content-Type", "User-Agent", "X-Request-ID", "Upgrade", "Connection", "X-Original-URL", "TE"),
    ]
)
# bytes that may stand in a field, as strangers send them: all but the ends of lines
VALUES = st.binary(max_size=60).map(lambda value: value.translate(None, b"\r\n"))
PATHS = ("/api/v1/users/me", "/api/v1/auth/sessions", "/health", "/api/v1/analyses?limit=1", "/", "/ws")
LIMITS = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.proves("M58")
@LIMITS
@given(heads=st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=4))
@example(heads=[("Cookie", b"ascension_refresh=" + b"\xff" * 50), ("Cookie", b"=;=;;ascension_refresh")])
@example(heads=[("Authorization", b"Bearer \xf0\x28\x8c\x28"), ("Authorization", b"Bearer x")])
@example(heads=[("Host", b"evil.example"), ("X-Forwarded-For", b"', ::1, 999.1.1.1")])
@example(heads=[("Idempotency-Key", b"\x00" * 8), ("Content-Type", b"application/json; charset=\xff")])
def test_no_head_is_a_fault(api_url: str, heads: list[tuple[str, bytes]]) -> None:
    fields = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in heads)
    for path in PATHS:
        for method in ("GET", "POST"):
            line = f"{method} {path} HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\nConnection: close\r\n"
            answered = sent(api_url, line.encode() + fields + b"\r\n")
            status = answered.split(b" ", 2)[1] if answered else b"no answer"
            assert not status.startswith(b"5"), f"{method} {path} {heads}: {answered[:300]!r}"
            assert b"Traceback" not in answered
            assert b"evil.example" not in answered, "nothing is built from what a stranger calls us"


@pytest.mark.proves("M55")
def test_no_secret_stands_in_a_command_or_in_what_children_inherit(programs: Programs) -> None:
    programs.nursery = None  # its programs have its command line
    api, _ = programs.api()
    worker = programs.worker()
    secrets = [secret for secret in known_secrets(programs) if len(secret) >= 16]
    assert len(secrets) >= 8
    # engines, API, worker and its child: what they were started with, everybody on the machine may read
    started = psutil.Process().children(recursive=True)
    assert {api.popen.pid, worker.popen.pid} <= {one.pid for one in started}
    assert len(started) >= 8
    for process in started:
        said = " ".join(_said(process))
        assert not [secret for secret in secrets if secret in said], said[:80]
    for child in psutil.Process(worker.popen.pid).children(recursive=True):
        inherited = " ".join(child.environ().values())
        assert not [secret for secret in secrets if secret in inherited]


def _said(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it ended meanwhile
        return []
