"""nginx in front of API processes, as in front of every installation with replicas."""

import shutil
import subprocess
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.conftest import unused_port
from tests.platform import START_S

TEMPLATE = Path(__file__).parent / "nginx.conf"
PLACES = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin"


@contextmanager
def nginx_before(apis: Sequence[str], folder: Path) -> Generator[str]:
    """Its address, as soon as it answers for two APIs at these addresses."""
    port = unused_port()
    text = TEMPLATE.read_text()
    ports = [url.rsplit(":", 1)[1] for url in apis]
    values = {"FOLDER": str(folder), "API_ONE": ports[0], "API_TWO": ports[-1], "PORT": str(port)}
    for name, value in values.items():
        text = text.replace(name, value)
    (folder / "nginx.conf").write_text(text)
    url = f"http://127.0.0.1:{port}"
    with nginx_of(folder, lambda: _is_up(url)):
        yield url


@contextmanager
def nginx_of(folder: Path, is_up: Callable[[], bool]) -> Generator[None]:
    """Nginx with this folder's nginx.conf, from when it is up to its end."""
    command = [nginx_program(), "-c", folder / "nginx.conf", "-e", folder / "error.log", "-g", "daemon off;"]
    process = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + START_S
        while not is_up():
            assert process.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < deadline, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


def nginx_program() -> str:
    """A missing one fails by name."""
    nginx = shutil.which("nginx", path=PLACES)
    if nginx is None:
        pytest.fail("nginx is missing: install it with `apt-get install -y nginx-light`.")
    return nginx


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
