"""Files of the example's hosts as Ansible writes them, for each way that workers may come in."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from tests.deploy.tools import run_tool
from tests.platform import ROOT

Link = Literal["wireguard", "tunnel", "allow_list"]

ANSIBLE = ROOT / "infrastructure/ansible"
EXAMPLE = ANSIBLE / "example"
ADMIN, ROUTER = "203.0.113.5", "203.0.113.77"
"""Of the example; and the address of a worker's router."""


@contextmanager
def files(*templates: str, where: str = "staging") -> Generator[Path]:
    """A folder with LINK-HOST-NAME for each template of a role (`firewall/templates/rules.nft.j2`)."""
    with TemporaryDirectory() as folder:
        said = json.dumps({"into": folder, "router": ROUTER, "templates": templates, "where": where})
        done = run_tool(
            "ansible-playbook",
            *("-i", EXAMPLE / "hosts.yml", "-e", said, ROOT / "tests/deploy/rendered.yml"),
            folder=ANSIBLE,
        )
        assert done.returncode == 0, done.stdout
        yield Path(folder)
