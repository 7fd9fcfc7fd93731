#!/usr/bin/env python3
"""What release.py asks of Docker and Compose, in their words: the same processes as those of systemctl.py."""

import os
import sys

from systemctl import STATE, pid_of, start, stop


def unit_of(project: str, service: str) -> str:
    """`ascension-blue` and `api-1`: the second port of blue."""
    color = project.rpartition("-")[2]
    first = (STATE / f"{color}.ports").read_text()
    return f"ascension-api-{color}@{first}{service.rpartition('-')[2]}.service"


def running(project: str) -> list[str]:
    return [one for one in (f"api-{number}" for number in range(8)) if pid_of(unit_of(project, one))]


def compose(arguments: list[str]) -> int:
    project = arguments[arguments.index("--project-name") + 1]
    (STATE / f"{project.rpartition('-')[2]}.ports").write_text(os.environ["API_PORTS"])
    return start(unit_of(project, arguments[-1])) if "up" in arguments else 2


def ps(arguments: list[str]) -> int:
    told = dict(one.removeprefix("label=com.docker.compose.").split("=") for one in arguments if "=" in one)
    color = told["project"].rpartition("-")[2]
    found = running(told["project"]) if (STATE / f"{color}.ports").exists() else []
    named = [one for one in found if one == told.get("service", one)]
    print("\n".join(named if "--format" in arguments else [f"{told['project']}/{one}" for one in named]))
    return 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compose", *rest]:
            return compose(rest)
        case ["ps", *rest]:
            return ps(rest)
        case ["stop", container]:
            stop(unit_of(*container.split("/")))
        case ["network", *_] | ["rm", *_]:
            pass
        case _:
            print(f"docker: {arguments[0]!r} is not a docker command.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
