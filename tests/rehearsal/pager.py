"""Who is woken by alerts: a webhook on the Internet that keeps what it is told, one JSON object a line."""

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.house.tree import ROOT
from tests.rehearsal import wires
from tests.rehearsal.hosts import PLACE

FILE = PLACE / "pager.jsonl"
PORT = 9095
URL = f"http://{wires.PAGER_IP}:{PORT}/"


def start() -> subprocess.Popen[bytes]:
    FILE.write_text("")
    command = ("ip", "netns", "exec", wires.INTERNET, sys.executable, "-m", "tests.rehearsal.pager")
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL)


def told() -> dict[str, str]:
    """What was said last of each alert: "firing" or "resolved"."""
    messages = [json.loads(line) for line in FILE.read_text().splitlines()]
    return {alert["labels"]["alertname"]: alert["status"] for told in messages for alert in told["alerts"]}


def main() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with FILE.open("a") as lines:
                lines.write(json.dumps(json.loads(body)) + "\n")
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            """Nothing: what came is in the file."""

    ThreadingHTTPServer((wires.PAGER_IP, PORT), Handler).serve_forever()


if __name__ == "__main__":
    main()
