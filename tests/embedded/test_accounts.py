"""The same platform as root and as an ordinary account."""

import os
import platform
import pwd
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ascension.embedded import layout
from ascension.embedded.engines import programs
from ascension.embedded.layout import Home, is_reachable
from ascension.embedded.stack import Stack
from tests.conftest import new_home, remove_home

pytestmark = pytest.mark.engines
ENVIRONMENT = Path(sys.prefix)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another account")


@needs_root
@pytest.mark.proves("M01")
async def test_as_root_engines_run_unprivileged_out_of_copies_where_the_environment_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing_is_reachable(_path: Path) -> bool:
        return False

    monkeypatch.setattr(programs, "is_reachable", nothing_is_reachable)
    home = new_home()
    stack = Stack(home, durable=False)
    try:
        await stack.start()
        for engine in stack.engines:
            assert engine.pid is not None
            process = psutil.Process(engine.pid)
            assert Path(process.exe()).is_relative_to(home.engines)
            assert process.uids().effective == pwd.getpwnam("nobody").pw_uid
        assert (home.path / "secrets.json").stat().st_mode & 0o777 == 0o600
        assert (home.path / "secrets.json").stat().st_uid == 0
    finally:
        stack.kill()
        remove_home(home)


@needs_root
def test_root_in_a_closed_clone_keeps_its_state_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clone = tmp_path / "closed" / "ascension"
    clone.mkdir(parents=True)
    monkeypatch.setattr(layout, "PROJECT_ROOT", clone)
    tmp_path.joinpath("closed").chmod(0o700)
    home = Home.find({})
    assert home.path.parent == layout.SYSTEM_HOMES
    assert home.path.name.startswith("ascension-")


def is_same_python(path: Path) -> bool:
    """Whether `path` is the Python, to the last digit, that our packages were installed for."""
    if not (path.exists() and is_reachable(path)):
        return False
    said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=True)
    return said.stdout.split()[-1] == platform.python_version()


def unprivileged_python(folder: Path) -> Path:
    """A Python with our packages that any account may run; skips, by name, where there is none."""
    name = f"python{sysconfig.get_python_version()}"
    candidates = [Path(sys.executable).resolve(), Path("/usr/bin", name), Path("/usr/local/bin", name)]
    python = next((path for path in candidates if is_same_python(path)), None)
    if python is None or not is_reachable(ENVIRONMENT / "lib" / "x"):
        pytest.skip(f"needs a {name} and an environment that an ordinary account can enter")
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").symlink_to(python)
    for name in ("weed", "dbmate"):
        (folder / "bin" / name).symlink_to(ENVIRONMENT / "bin" / name)
    (folder / "lib").symlink_to(ENVIRONMENT / "lib")
    (folder / "pyvenv.cfg").write_text(f"home = {python.parent}\n")
    return folder / "bin/python"


@needs_root
@pytest.mark.proves("M01")
def test_an_ordinary_account_runs_the_whole_platform_under_a_closed_directory(
    free_port: Callable[[], int],
) -> None:
    home, nobody, port = new_home(), pwd.getpwnam("nobody"), free_port()
    try:
        python = unprivileged_python(home.path / "python")
        state = home.path / "closed" / "state"
        state.parent.mkdir(mode=0o700)
        for path in (home.path, state.parent):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        home.path.chmod(0o755)
        process = subprocess.Popen(
            [python, "-c", "from ascension.cli import app; app()", "up"],
            env={
                "PATH": os.defpath,
                "HOME": str(home.path),
                "ASCENSION_HOME": str(state),
                "API_PORT": str(port),
            },
            cwd=home.path,
            user="nobody",
            group="nogroup" if Path("/etc/debian_version").exists() else nobody.pw_gid,
            extra_groups=[],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        said = ""
        while "Open http" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=45)
        assert process.returncode == 0, rest
        assert {path.stat().st_uid for path in state.iterdir()} == {nobody.pw_uid}
    finally:
        remove_home(home)
