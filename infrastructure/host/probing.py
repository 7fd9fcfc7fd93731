"""A release's API on a restored server: somebody logs in and reads an analysis, as its user would."""

import http.client
import json
import secrets
import socket
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from programs import FailedError
from repository import Server

API = "/api/v1"
READY_WITHIN_S = 120
NOBODY = "127.0.0.1:9"
"""Where nothing answers."""


def newest_release(server: Server) -> Path:
    """The one that was installed last. Raises FailedError: none is."""
    found = sorted(server.releases.glob("[0-9]*"), key=lambda release: release.stat().st_mtime)
    if not found:
        raise FailedError(f"No release is installed in {server.releases}: `release.py install` first.")
    return found[-1]


def read_as_user(scratch: Server, release: Path) -> str:
    """Log in with the account that was made for this, and read the newest analysis that is done; its id.

    Raises:
        FailedError: what could not be done.
    """
    try:
        email, password = (
            (scratch.credentials / f"probe_{name}").read_text().strip() for name in ("email", "password")
        )
    except OSError as error:
        raise FailedError(f"{error.filename} is missing: who is to log in?") from None
    with _api(scratch, release) as port:
        session = _ask(port, "POST", "/auth/login", body={"email": email, "password": password})
        token = str(session["access_token"])
        page = _ask(port, "GET", "/analyses?state=done&limit=1", token=token)
        if not page["items"]:
            raise FailedError("The probe account has no analysis that is done: analyze one clip with it.")
        analysis_id = str(page["items"][0]["id"])
        _ask(port, "GET", f"/analyses/{analysis_id}", token=token)
        _ask(port, "GET", f"/analyses/{analysis_id}/result", token=token, is_json=False)
    return analysis_id


@contextmanager
def _api(scratch: Server, release: Path) -> Generator[int]:
    """Its port. It reaches no queue, no storage, no mail server: what restored rows ask for is not done."""
    port = _unused_port()
    environment = {
        "PATH": "/usr/bin:/bin",
        "ENVIRONMENT": "staging",
        "DATABASE_URL": f"postgresql://ascension_api@/{scratch.database}?host={scratch.sockets}&port={scratch.port}",
        "REDIS_URL": f"redis://{NOBODY}/0",
        "S3_ENDPOINT": f"http://{NOBODY}",
        "S3_BUCKET": "nothing",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": secrets.token_hex(),
        "JWT_SECRET": secrets.token_hex(),
        "ACCOUNT_SECRET": secrets.token_hex(),
        "EMAIL_VERIFICATION": "off",
        "API_HOST": "127.0.0.1",
        "API_PORT": str(port),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    log = scratch.sockets / "api.log"
    program = (str(release / ".venv/bin/python"), "-P", "-m", "ascension.api")
    with scratch.running(*program, log=log, environment=environment) as process:
        _wait(port, process, log)
        yield port


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            _ask(port, "GET", "/health", prefix="")
        except FailedError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(errors="replace").strip()[-500:]
                raise FailedError(f"The API does not start on what was restored ({error}): {said}") from None
            time.sleep(0.2)
        else:
            return


def _ask(
    port: int,
    method: str,
    path: str,
    *,
    body: Mapping[str, str] | None = None,
    token: str = "",
    prefix: str = API,
    is_json: bool = True,
) -> Any:  # noqa: ANN401 (JSON)
    """What it answers. Raises FailedError: something else than 200, or nothing."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, f"{prefix}{path}", json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise FailedError(f"{method} {path} is not answered: {error}") from None
    finally:
        connection.close()
    if answer.status != http.client.OK or not content:
        raise FailedError(
            f"{method} {path} answers {answer.status}: {content.decode(errors='replace')[:300]}"
        )
    return json.loads(content) if is_json else content
