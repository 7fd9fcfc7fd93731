"""The units of systemd: it takes them, and what they leave open is little."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.platform import ROOT

UNITS = ROOT / "infrastructure/systemd"
MAX_EXPOSURE = 3.0
INSTALLED = {
    "ascension-api-blue@8080.service": ("ascension-api@.service", "ascension-api-blue@.service"),
    "ascension-worker-green@1.service": ("ascension-worker@.service", "ascension-worker-green@.service"),
    "ascension-backup@run.service": ("ascension-backup@.service", "ascension-backup@.service"),
    **{
        f"ascension-backup-{name}.timer": (f"ascension-backup-{name}.timer",) * 2
        for name in ("drill", "objects", "run", "status")
    },
    **{
        f"ascension-{name}.service": (f"ascension-{name}.service", f"ascension-{name}.service")
        for name in ("balancer", "firewall", "tunnel")
    },
}
PROGRAMS = (
    *("opt/ascension/blue/.venv/bin/python", "opt/ascension/green/.venv/bin/python"),
    *("usr/bin/python3", "usr/bin/ssh", "usr/sbin/nft"),
)


def analyze(*arguments: str) -> str:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.fail("systemd-analyze is missing: install it with `apt-get install -y systemd`.")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the units as they are installed, and programs where they name some."""
    host = tmp_path_factory.mktemp("host")
    folder = host / "etc/systemd/system"
    folder.mkdir(parents=True)
    for source, target in INSTALLED.values():
        shutil.copyfile(UNITS / source, folder / target)
    for program in PROGRAMS:
        (host / program).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("/bin/true", host / program)
    shutil.copytree("/usr/lib/systemd/system", host / "usr/lib/systemd/system", symlinks=True)
    return host


def test_every_unit_is_looked_at() -> None:
    assert {source for source, _ in INSTALLED.values()} == {file.name for file in UNITS.iterdir()}


@pytest.mark.proves("M39")
@pytest.mark.parametrize("unit", INSTALLED)
def test_systemd_takes_the_unit(host: Path, unit: str) -> None:
    said = analyze("verify", "--man=no", f"--root={host}", unit)
    ours = [line for line in said.splitlines() if "ascension" in line]
    assert ours == []
    text = (UNITS / INSTALLED[unit][0]).read_text()
    if "Type=oneshot" in text or unit.endswith(".timer"):
        return
    assert "Restart=always" in text
    assert int(re.findall(r"^RestartSec=(\d+)$", text, flags=re.MULTILINE)[0]) <= 10


def test_a_unit_that_systemd_does_not_take_is_found(host: Path) -> None:
    faulty = host / "etc/systemd/system/ascension-faulty.service"
    faulty.write_text("[Service]\nExecStart=/nowhere\nProtectSystm=strict\n")
    said = analyze("verify", "--man=no", f"--root={host}", faulty.name)
    assert "/nowhere" in said
    assert "ProtectSystm" in said


@pytest.mark.proves("M56")
@pytest.mark.parametrize("unit", [unit for unit in INSTALLED if unit.endswith(".service")])
def test_what_a_unit_leaves_open_is_little(host: Path, unit: str) -> None:
    said = analyze("security", "--offline=true", f"--root={host}", unit)
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert exposure is not None, said
    assert float(exposure[1]) <= MAX_EXPOSURE
