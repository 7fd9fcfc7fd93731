#!/usr/bin/env python3
"""What release.py asks of systemd, where that is not the first process: real processes, its words.

Replicas are small servers that tell the version that their color's link names; a release called `...-bad`
does not become ready, one called `...-dead` ends at once.
"""

import http.server
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

STATE = Path(os.environ["SYSTEMCTL_STATE"])
HOME = STATE / "home"


class Replica(http.server.BaseHTTPRequestHandler):
    version = ""

    def do_GET(self) -> None:
        body = json.dumps({"ready": True, "version": self.version}).encode()
        self.send_response(503 if self.version.endswith("-bad") and "ready" in self.path else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name)
        pass


def pid_of(unit: str) -> int | None:
    file = STATE / f"{unit}.pid"
    if not file.exists():
        return None
    pid = int(file.read_text())
    alive = Path(f"/proc/{pid}/stat")
    return pid if alive.exists() and alive.read_text().split()[2] != "Z" else None


def stop(unit: str) -> None:
    if pid := pid_of(unit):
        os.kill(pid, signal.SIGTERM)
        while pid_of(unit):
            time.sleep(0.02)
    (STATE / f"{unit}.pid").unlink(missing_ok=True)


def start(unit: str) -> int:
    stop(unit)
    color, name = unit.removesuffix(".service").split("-")[2].split("@")
    version = (HOME / color).resolve().name
    if version.endswith("-dead"):
        print("Job failed. See 'journalctl -xe' for details.", file=sys.stderr)
        return 1
    with (STATE / "log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, "serve", name, version], stdout=log, stderr=log, start_new_session=True
        )
    (STATE / f"{unit}.pid").write_text(str(process.pid))
    return 0


def main(arguments: list[str]) -> int:
    command, unit = arguments[0], arguments[-1]
    if command == "serve":
        Replica.version = arguments[2]
        http.server.ThreadingHTTPServer(("127.0.0.1", int(arguments[1])), Replica).serve_forever()
    if command == "show":
        asked = [one for one in arguments if one.endswith(".service")]
        print("\n\n".join("active" if pid_of(one) else "inactive" for one in asked))
    elif command == "restart":
        return start(unit)
    elif command == "disable":
        stop(unit)
    elif command != "enable":
        print(f"Unknown command verb {command}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
