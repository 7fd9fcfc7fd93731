"""The import arrows of pyproject.toml: each contract catches a seeded fault, and the product keeps them all.

A toy tree with the product's folders gets one forbidden import at a time; import-linter judges it with the
contracts as they stand.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

COMMAND = Path(sys.executable).with_name("lint-imports")
MODULES = (
    *("__init__", "cli", "api", "worker", "errors"),
    *(
        "embedded/__init__",
        "operations/__init__",
        "analyses/__init__",
        "videos/__init__",
        "accounts/__init__",
        "audit/__init__",
        "jobs/__init__",
        "plans/__init__",
        "exports/__init__",
        "subscriptions/__init__",
    ),
    *(
        "vision/__init__",
        "climbing/__init__",
        "coaching/__init__",
        "comparisons/__init__",
        "routes/__init__",
        "capacity/__init__",
        "retention/__init__",
        "reports/__init__",
        "sharing/__init__",
        "staging/__init__",
    ),
    *("biomechanics/__init__", "infra/__init__"),
    *(f"climbing/{name}/__init__" for name in ("comparison", "habits", "measures")),
    *("climbing/climb", "climbing/attempts", "climbing/correcting", "climbing/events", "climbing/moves"),
    *("climbing/contacts", "climbing/support", "climbing/dwells", "climbing/motion", "climbing/record"),
    *("analyses/service", "analyses/queries", "analyses/endpoints", "analyses/pipeline"),
    *("accounts/service", "accounts/queries", "accounts/endpoints", "vision/pose", "infra/storage"),
)
CLEAN = {
    "api": "from ascension.analyses import endpoints",
    "analyses/endpoints": "import fastapi\nfrom ascension.analyses import service",
    "analyses/service": "from ascension.analyses import queries\nfrom ascension.infra import storage",
    "analyses/pipeline": "from ascension.vision import pose",
    "vision/pose": "import onnxruntime\nfrom ascension import biomechanics",
}


def _judge(folder: Path, imports: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for module in {*MODULES, *imports}:
        file = folder / "src" / "ascension" / f"{module}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [CLEAN.get(module, ""), imports.get(module, "")]
        file.write_text("\n".join(lines) + "\n")
    shutil.copy(tree.ROOT / "pyproject.toml", folder)
    return _lint_imports(folder, {**os.environ, "PYTHONPATH": str(folder / "src")})


def _lint_imports(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "--no-logo", "--no-cache"],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_clean_tree_passes(tmp_path: Path) -> None:
    verdict = _judge(tmp_path, {})
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("accounts/service", "from ascension.analyses import service", "One direction"),
        ("jobs/claim", "from ascension import accounts", "One direction"),
        ("gyms/__init__", "", "One direction"),
        ("analyses/service", "from ascension import coaching", "One direction"),
        ("biomechanics/balance", "from ascension import climbing", "One direction"),
        (
            "climbing/contacts",
            "from ascension.climbing import measures",
            "A climb is read, then judged, then compared",
        ),
        ("climbing/moves", "import logging", "Biomechanics and climbing are arithmetic"),
        ("biomechanics/balance", "import pathlib", "Biomechanics and climbing are arithmetic"),
        (
            "biomechanics/balance",
            "from ascension.errors import NoPerson",
            "Biomechanics and climbing are arithmetic",
        ),
        ("vision/pose", "import psycopg", "Vision runs without the platform"),
        ("vision/pose", "from ascension.infra import storage", "Vision runs without the platform"),
        ("analyses/service", "from ascension.analyses import pipeline", "The API never loads a model"),
        ("analyses/service", "from fastapi import HTTPException", "Services do not know HTTP"),
        ("accounts/queries", "import starlette", "Services do not know HTTP"),
        ("analyses/queries", "from ascension.analyses import service", "No cycles between siblings"),
    ],
    ids=lambda value: value.replace(" ", "-"),
)
def test_a_forbidden_import_is_found(module: str, line: str, contract: str, tmp_path: Path) -> None:
    verdict = _judge(tmp_path, {module: line})
    broken = [text for text in verdict.stdout.splitlines() if text.endswith("BROKEN")]
    assert any(text.startswith(contract) for text in broken), verdict.stdout + verdict.stderr
    assert verdict.returncode == 1


def test_the_product_keeps_its_arrows() -> None:
    verdict = _lint_imports(tree.ROOT, dict(os.environ))
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
