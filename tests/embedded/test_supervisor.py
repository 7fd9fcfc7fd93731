"""`ascension up` as a person meets it: the real command, in a home of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ascension.embedded.checks import require_api_port
from ascension.embedded.layout import Home, engine_account
from ascension.embedded.supervisor import WORKER_STOP_S
from ascension.errors.setup import SetupError
from tests.conftest import new_home, remove_home, unused_port
from tests.installation import ASCENSION, PARTS, READY_S, STOP_S, Platform, installation, listening

pytestmark = pytest.mark.engines


@pytest.fixture
def platform() -> Iterator[Platform]:
    with installation() as found:
        yield found


@pytest.mark.proves("M01", "M02", "M16", "M39")
def test_up_serves_restarts_what_dies_refuses_a_second_start_and_stops_clean(platform: Platform) -> None:
    process, said = platform.up()
    for part in (*PARTS, "migrations"):
        assert re.search(rf"^  {part} +\d+\.\d\d s$", said, re.MULTILINE), said
    assert platform.answers()
    assert set(platform.processes()) == PARTS

    status = platform.command("status")
    assert status.returncode == 0
    assert all(part in status.stdout for part in PARTS)

    second = platform.command("up")
    assert second.returncode == 1
    assert f"running already at http://localhost:{platform.port}" in second.stderr

    assert "running: `ascension stop` first" in platform.command("reset", "--yes").stderr
    assert platform.command("migrate").returncode == 0

    parts = platform.processes()
    assert listening(parts["worker"]) == set()
    assert all(listening(parts[name]) == {"127.0.0.1"} for name in PARTS - {"worker"})

    for part in ("api", "worker", "valkey"):
        parts[part].kill()
        platform.read_until(process, f"{part} is back")
    assert platform.answers()
    assert set(platform.processes()) == PARTS

    survivors = list(platform.processes().values())
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=STOP_S)
    assert process.returncode == 0
    assert "everything is kept" in rest
    assert "killed" not in rest
    assert not [part for part in survivors if part.is_running() and part.status() != psutil.STATUS_ZOMBIE]
    assert platform.command("status").returncode == 3
    secrets = (platform.home.path / "secrets.json").read_text().split('"')[3::4]
    assert not [secret for secret in secrets if secret in said + rest + status.stdout]


@pytest.mark.proves("M03", "M04")
@pytest.mark.thorough
def test_kill_9_of_everything_loses_nothing_and_the_next_start_is_warm(platform: Platform) -> None:
    process, _ = platform.up()
    with platform.database() as database:
        database.execute(
            "insert into users (id, email, display_name, password_hash)"
            " values (gen_random_uuid(), 'a@b.c', 'A', 'x')"
        )
    parts = platform.processes()
    for victim in (process, *parts.values()):
        victim.kill()
    process.wait(10)

    process, said = platform.up()
    print(said)
    with platform.database() as database:
        assert database.execute("select count(*) from users").fetchone() == (1,)

    # Now the supervisor alone dies: its parts run on, and the next start ends them before it begins.
    orphans = platform.processes()
    process.kill()
    process.wait(10)
    assert set(platform.processes()) == PARTS
    assert "Its supervisor was killed" in platform.command("status").stdout
    platform.forget("worker")  # as where a start is killed before it has noted its last part
    _, said = platform.up()
    assert "ended what an earlier run left behind" in said
    assert not [part for part in orphans.values() if part.is_running()]
    stopped = platform.command("stop")
    assert stopped.stdout == "Stopped; everything is kept.\n"
    assert not platform.answers()


@pytest.mark.thorough
def test_a_second_ctrl_c_does_not_wait_for_a_worker_that_hangs(platform: Platform) -> None:
    process, _ = platform.up()
    platform.processes()["worker"].suspend()
    process.send_signal(signal.SIGINT)
    platform.read_until(process, "stopping ...")
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=STOP_S)
    assert time.monotonic() - began < WORKER_STOP_S - 5
    assert process.returncode == 0
    assert "stopping now, without waiting" in rest
    assert platform.processes() == {}


@pytest.mark.proves("M01")
def test_a_port_in_use_is_named_and_nothing_is_left_running(platform: Platform) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", platform.port))
        other.listen()
        refused = platform.command("up")
    assert refused.returncode == 1
    assert f"Port {platform.port} is in use by " in refused.stderr
    assert f"(process {os.getpid()})" in refused.stderr
    assert f"API_PORT={platform.port + 1} make up" in refused.stderr
    assert platform.processes() == {}


@pytest.mark.parametrize("host", ["nonsense", "203.0.113.9", "2001:db8::9"])
def test_a_host_that_is_not_this_machine_is_named_and_no_port_is_blamed(host: str) -> None:
    with pytest.raises(SetupError, match=f"API_HOST={host} is not an address of this machine"):
        require_api_port(host, unused_port())


@pytest.mark.thorough
def test_a_proxy_of_the_environment_does_not_stand_between_the_parts(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        for spelling in (name, name.upper()):
            monkeypatch.setenv(spelling, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    process, said = platform.up()
    assert "seaweedfs" in said
    process.send_signal(signal.SIGINT)
    assert process.wait(STOP_S) == 0


@pytest.mark.thorough
def test_a_home_may_have_any_name() -> None:
    outer = new_home()
    outer.path.chmod(0o711)
    odd = Home(outer.path / "ü 岩, 'a' \"*[b]$c` #%s", outer.account)
    with installation(odd, LAN="127.0.0.2", LAN_PORT=str(unused_port())) as platform:
        process, _ = platform.up()
        assert platform.answers()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=STOP_S)
        assert process.returncode == 0
    remove_home(outer)


def test_a_full_disk_stops_the_start_with_one_sentence(platform: Platform) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m,mode=711", "tmpfs", platform.home.path],
        capture_output=True,
        timeout=10,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        refused = platform.command("up")
    finally:
        subprocess.run(["umount", platform.home.path], check=True, timeout=10)
    assert refused.returncode == 1
    assert re.search(r"Only \d+ MB are free at .* at least 1000 MB are needed", refused.stderr)
    assert platform.processes() == {}


def test_a_missing_system_library_is_named_and_nothing_is_left(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = "libgomp.so.1: cannot open shared object file: No such file or directory"
    (tmp_path / "cv2.py").write_text(f"raise ImportError({reason!r})\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    refused = platform.command("up")
    assert refused.returncode == 1
    assert "Analyses cannot run here: the system library libgomp.so.1 is missing: `apt-get" in refused.stderr
    assert platform.processes() == {}


@pytest.mark.thorough
def test_too_few_open_files_are_named_and_a_low_limit_is_raised(platform: Platform) -> None:
    def up(limit: str, seconds: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", f"ulimit {limit} 128 && timeout -s INT {seconds} {ASCENSION} up"],
            env=platform.environment(),
            capture_output=True,
            text=True,
            timeout=READY_S,
            check=False,
        )

    refused = up("-n", 40)
    assert refused.returncode == 1
    assert "Only 128 files may be open at once here, 1024 are needed" in refused.stderr
    assert "seaweedfs" not in refused.stdout
    assert "files may be open" not in up("-S -n", 4).stderr
    assert platform.processes() == {}


@pytest.mark.thorough
def test_a_broken_part_is_reported_in_one_sentence_and_nothing_is_left(platform: Platform) -> None:
    platform.home.create()
    platform.home.secrets()
    cluster = platform.home.data("postgres") / "cluster"
    cluster.mkdir()  # no cluster in it: the server refuses
    platform.home.account.own(cluster, 0o700)
    refused = platform.command("up")
    assert refused.returncode == 1
    assert "postgres does not start: " in refused.stderr
    assert platform.processes() == {}


def test_commands_without_a_running_platform(platform: Platform) -> None:
    assert platform.command("stop").stdout == "Nothing was running.\n"
    assert platform.command("status").returncode == 3
    assert "No platform runs here" in platform.command("migrate").stderr
    assert "not a state directory" in platform.command("reset", "--yes").stderr
    assert "There are no logs yet" in platform.command("logs", "--follow").stderr
    platform.home.create()
    platform.home.secrets()
    (platform.home.logs / "api.log").write_text("one\ntwo\n")
    assert platform.command("logs", "api", "-n", "1").stdout == "two\n"
    assert "no log of 'nobody'; there are: api." in platform.command("logs", "nobody").stderr
    assert platform.command("reset", answer="n\n").returncode == 1
    assert platform.home.path.exists()
    assert platform.command("reset", "--yes").returncode == 0
    assert not platform.home.path.exists()


def test_doctor_names_every_subject(platform: Platform) -> None:
    said = platform.command("doctor").stdout
    subjects = (
        "python",
        "libraries",
        "engines",
        "state",
        "api port",
        "phones",
        "models",
        "vision",
        "sandbox",
        "processor",
        "browser",
    )
    for subject in subjects:
        assert re.search(rf"(good|warn|FAIL) +{subject} ", said), said


def test_root_refuses_a_home_that_the_engines_cannot_enter(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root starts engines under another account")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    refused = subprocess.run(
        [ASCENSION, "up"],
        env={**os.environ, "ASCENSION_HOME": str(closed / "home")},
        capture_output=True,
        text=True,
        timeout=READY_S,
        check=False,
    )
    assert refused.returncode == 1
    assert "the engines' account cannot enter" in refused.stderr
    shutil.rmtree(closed)


def test_an_account_that_does_not_exist_is_named() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root starts engines under another account")
    with pytest.raises(Exception, match="no account 'nobody-here'"):
        engine_account({"ASCENSION_ACCOUNT": "nobody-here"})
