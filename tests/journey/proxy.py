"""nginx in front of API processes, as in front of every installation with replicas."""

import shutil
import subprocess
import time
from collections.abc import Generator, Sequence
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
    """Its address, as soon as it answers for two APIs at these addresses. A missing nginx fails by name."""
    nginx = shutil.which("nginx", path=PLACES)
    if nginx is None:
        pytest.fail("nginx is missing: install it with `apt-get install -y nginx-light`.")
    port = unused_port()
    text = TEMPLATE.read_text()
    ports = [url.rsplit(":", 1)[1] for url in apis]
    values = {"FOLDER": str(folder), "API_ONE": ports[0], "API_TWO": ports[-1], "PORT": str(port)}
    for name, value in values.items():
        text = text.replace(name, value)
    configuration = folder / "nginx.conf"
    configuration.write_text(text)
    process = subprocess.Popen([nginx, "-c", str(configuration), "-e", str(folder / "error.log")])
    try:
        deadline = time.monotonic() + START_S
        while not _is_up(f"http://127.0.0.1:{port}"):
            assert time.monotonic() < deadline, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
