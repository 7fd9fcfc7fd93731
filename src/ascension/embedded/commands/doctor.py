"""`ascension doctor`: what this machine has and lacks, one finding a line."""

import asyncio
import importlib
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ascension.embedded.checks import require_api_port, require_disk_space, require_lan_ports
from ascension.embedded.connections import room_for_fleet
from ascension.embedded.disk import usage_by_part
from ascension.embedded.engines.programs import dbmate, in_wheels
from ascension.embedded.lan.doors import Doors, choose, is_wanted
from ascension.embedded.layout import PROJECT_ROOT, Home
from ascension.embedded.record import Run, is_held
from ascension.errors.jobs import JobFailure
from ascension.errors.setup import SetupError
from ascension.infra.diagnosis import missing_library
from ascension.infra.disk import Disk
from ascension.infra.disk import Level as DiskLevel
from ascension.infra.settings import (
    ApiSettings,
    LanSettings,
    RuntimeSettings,
    UploadSettings,
    VisionSettings,
    WorkerSettings,
    read,
)
from ascension.jobs import sandbox
from ascension.jobs.cage.trial import KEPT_BY

MODULES = ("av", "cv2", "fastapi", "numpy", "onnxruntime", "psycopg", "redis", "scipy", "uvicorn")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MODELS = PROJECT_ROOT / "src/ascension/vision/models"
# Without these the pose model runs several times slower.
FAST_CPU_FLAGS = {"avx2", "fma"}


class Level(Enum):
    GOOD = "good"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Finding:
    level: Level
    subject: str
    text: str


def examine(environ: Mapping[str, str]) -> list[Finding]:
    """Every check, none stopping the next. Nothing is changed on the machine."""
    checks: list[tuple[str, Callable[[], Finding]]] = [
        ("python", _python),
        ("libraries", _modules),
        ("engines", _engines),
        ("state", lambda: _state(environ)),
        ("api port", lambda: _api_port(environ)),
        ("phones", lambda: _phones(environ)),
        ("connections", lambda: _connections(environ)),
        ("models", _models),
        ("vision", _vision),
        ("sandbox", _sandbox),
        ("web client", _web_client),
        ("processor", _processor),
        ("browser", _browser),
    ]
    findings: list[Finding] = []
    for subject, check in checks:
        try:
            findings.append(check())
        except SetupError as error:
            findings.append(Finding(Level.FAIL, subject, error.detail))
    return findings


def _python() -> Finding:
    text = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    fits = sys.version_info >= (3, 11)
    return Finding(Level.GOOD if fits else Level.FAIL, "python", text if fits else f"{text}: 3.11 is needed")


def _modules() -> Finding:
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ImportError as error:
            reason = missing_library(str(error)) or f"{error}: run `make up`"
            return Finding(Level.FAIL, "libraries", f"{name} cannot be loaded: {reason}")
    return Finding(Level.GOOD, "libraries", f"{', '.join(MODULES)} load")


def _engines() -> Finding:
    programs = in_wheels()
    said: list[str] = []
    for command in ([programs.postgres / "postgres"], [programs.valkey], [dbmate()]):
        ran = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=20, check=False)
        if ran.returncode:
            reason = missing_library(ran.stderr) or ran.stderr.strip()
            return Finding(Level.FAIL, "engines", f"{command[0].name} does not run: {reason}")
        said.append(" ".join(ran.stdout.split()[:4]))
    return Finding(Level.GOOD, "engines", "; ".join(said))


def _state(environ: Mapping[str, str]) -> Finding:
    home = Home.find(environ)
    existing = next(path for path in (home.path, *home.path.parents) if path.exists())
    require_disk_space(existing)
    disk = Disk(existing, read(UploadSettings).upload_disk_kept_bytes).look()
    used = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in usage_by_part(home).items() if size)
    text = f"{home.path}, {disk.free_bytes / 1e9:.1f} GB free; {used or 'nothing in it yet'}"
    if disk.level is not DiskLevel.OK:
        return Finding(Level.WARN, "state", f"{text}: the disk is getting full")
    return Finding(Level.GOOD, "state", text)


def _api_port(environ: Mapping[str, str]) -> Finding:
    home = Home.find(environ)
    if is_held(home) and (run := Run.read(home.run_file)) and run.address:
        return Finding(Level.GOOD, "api port", f"Ascension runs at {run.address}")
    settings = read(ApiSettings)
    require_api_port(settings.api_host, settings.api_port)
    return Finding(Level.GOOD, "api port", f"{settings.api_port} is free")


def _phones(environ: Mapping[str, str]) -> Finding:
    """Where phones come in, or would."""
    home = Home.find(environ)
    if is_held(home) and (run := Run.read(home.run_file)) and run.lan:
        return Finding(Level.GOOD, "phones", f"come to {run.lan['app']}; trust it at {run.lan['page']}")
    settings = read(LanSettings)
    try:
        host, others = choose(settings.lan if is_wanted(settings.lan) else "1")
        require_lan_ports(Doors(host, settings.lan_port))
    except SetupError as error:
        return Finding(Level.WARN, "phones", error.detail)
    more = f" (or LAN={', '.join(other.host for other in others)})" if others else ""
    return Finding(Level.GOOD, "phones", f"`make up LAN=1` would let them in at {host}{more}")


def _connections(environ: Mapping[str, str]) -> Finding:
    fits, text = room_for_fleet(environ)
    return Finding(Level.GOOD if fits else Level.WARN, "connections", text)


def _models() -> Finding:
    models = sorted(MODELS.glob("*.onnx"))
    if not models:
        return Finding(Level.FAIL, "models", "the pose models are not built: run `make up`")
    return Finding(Level.GOOD, "models", ", ".join(model.stem for model in models))


def _vision() -> Finding:
    """What runs the networks, tried with a small one; SetupError where the wanted backend does not run."""
    try:
        from ascension.vision.networks import choose
    except ImportError as error:
        reason = missing_library(str(error)) or f"{error}: run `make up`"
        return Finding(Level.FAIL, "vision", reason)
    engine = choose(read(VisionSettings).vision_backend)
    return Finding(Level.GOOD, "vision", f"{engine.describe()}: {engine.reason}")


def _sandbox() -> Finding:
    """Whether a compute child gets out of its cage here: one tries."""
    runtime, rule = read(RuntimeSettings), read(WorkerSettings).worker_sandbox
    try:
        found = asyncio.run(sandbox.gaps(Path(tempfile.gettempdir())))
    except JobFailure as failure:
        return Finding(Level.FAIL, "sandbox", f"a compute child does not start in it: {failure.detail}")
    if found:
        level = Level.FAIL if sandbox.is_required(rule, runtime.environment) else Level.WARN
        return Finding(level, "sandbox", sandbox.describe(found))
    return Finding(Level.GOOD, "sandbox", f"a compute child cannot {', '.join(KEPT_BY)} (tried)")


def _web_client() -> Finding:
    if (PROJECT_ROOT / "web/dist/index.html").exists():
        return Finding(Level.GOOD, "web client", "built")
    return Finding(Level.WARN, "web client", "not built: `make up` builds it")


def _processor() -> Finding:
    try:
        flags = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return Finding(Level.GOOD, "processor", platform.machine())
    if platform.machine() != "x86_64" or flags >= FAST_CPU_FLAGS:
        return Finding(Level.GOOD, "processor", f"{platform.machine()}, vector instructions present")
    lacking = ", ".join(sorted(FAST_CPU_FLAGS - flags))
    return Finding(Level.WARN, "processor", f"lacks {lacking}: analyses take several times longer")


def _browser() -> Finding:
    for name in BROWSERS:
        if path := shutil.which(name):
            return Finding(Level.GOOD, "browser", path)
    return Finding(
        Level.WARN, "browser", "no Chromium (only `make test` needs it): apt-get install -y chromium"
    )
