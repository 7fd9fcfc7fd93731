"""The Dockerfiles, and what `make images` says of an image, as far as no Docker is needed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.tools import run_tool
from tests.platform import ROOT

IMAGES = ROOT / "infrastructure/images"
DOCKERFILES = sorted([*IMAGES.glob("*.Dockerfile"), *ROOT.glob("tests/rehearsal/images/*.Dockerfile")])


def test_dockerfiles_follow_their_rules() -> None:
    """hadolint's; ours: two stages or a packaged program, a number for a user, a label with the version."""
    checked = run_tool("hadolint", "--config", IMAGES / ".hadolint.yaml", *DOCKERFILES)
    assert checked.returncode == 0, checked.stdout
    for file in IMAGES.glob("*.Dockerfile"):
        text = file.read_text()
        assert re.search(r"^FROM \S+ AS production$", text, re.MULTILINE), file.name
        assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", text, re.MULTILINE), file.name
        assert "HEALTHCHECK" in text, file.name
        assert 'org.opencontainers.image.revision="${REVISION}"' in text, file.name
        assert ":latest" not in text, file.name


def test_a_dockerfile_that_breaks_a_rule_is_found(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:latest\nRUN cd /tmp\n")
    checked = run_tool("hadolint", "--config", IMAGES / ".hadolint.yaml", tmp_path / "Dockerfile")
    assert checked.returncode == 1
    assert "DL3007" in checked.stdout


def test_scripts_of_images_are_sound() -> None:
    scripts = [IMAGES / "postgres-start", IMAGES / "ascension", ROOT / "infrastructure/compose/nginx-start"]
    checked = run_tool("shellcheck", *scripts)
    assert checked.returncode == 0, checked.stdout


BILLS = """
import json, images
built = (*images.IMAGES, images.CUDA)
print(json.dumps({one.title: images.of_image(one, "1.2.3", ["openssl 3.0.17 amd64"]) for one in built}))
"""


def test_the_bill_of_an_image_names_what_lies_in_it() -> None:
    made = subprocess.run(
        [sys.executable, "-c", BILLS],
        cwd=ROOT / "scripts",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    bills = json.loads(made.stdout)
    for title, has, has_not in (
        ("api", ("pkg:pypi/fastapi@", "pkg:npm/", "pkg:deb/"), ("pkg:pypi/openvino@", "model:")),
        ("worker", ("pkg:pypi/onnxruntime@", "model:", "pkg:deb/"), ("pkg:pypi/fastapi@", "pkg:npm/")),
        ("worker-cuda", ("pkg:pypi/onnxruntime-gpu@", "model:"), ("pkg:pypi/onnxruntime@",)),
        ("postgres", ("pkg:deb/",), ("pkg:pypi/", "pkg:npm/", "model:")),
        ("backup", ("pkg:pypi/fastapi@", "pkg:deb/"), ("model:",)),
    ):
        named = json.dumps([one.get("purl", one["bom-ref"]) for one in bills[title]["components"]])
        assert all(one in named for one in has), title
        assert not any(one in named for one in has_not), title
        assert bills[title]["metadata"]["component"]["version"] == "1.2.3"


@pytest.mark.parametrize("lock", ["api", "worker", "worker-cuda"])
def test_what_an_image_installs_is_pinned_by_digest(lock: str) -> None:
    """Also for the graphics card, whose image is too large to be built in every check."""
    text = (ROOT / f"requirements/{lock}.lock").read_text()
    packages = re.findall(r"^([\w.-]+)==\S+", text, re.MULTILINE)
    assert len(packages) > 20
    for package, entry in zip(packages, re.split(r"^[\w.-]+==", text, flags=re.MULTILINE)[1:], strict=True):
        assert "--hash=sha256:" in entry, package
