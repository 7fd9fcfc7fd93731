"""Building once more, without any cache, gives the same files: path, mode, owner, content."""

import re

import pytest

from tests.rehearsal.images.conftest import OLD, script
from tests.rehearsal.images.ground import Docker

pytestmark = [pytest.mark.rehearsal, pytest.mark.engines]


def test_a_second_build_holds_the_same_files(builder: Docker) -> None:
    said = script("build", OLD, "--again", "--network", "host", docker=builder)
    print(said)
    assert len(re.findall(r"\d+ files, none differ in a second build", said)) == 4
