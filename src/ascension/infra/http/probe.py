"""Run as a program, by a container's health check: 0 where the API of this machine says that it is alive.

Standard library only and no import of ours: a check costs milliseconds. `probe.py 127.0.0.1 8080`.
"""

import http.client
import sys

TIMEOUT_S = 5


def is_alive(host: str, port: int) -> bool:
    """Whether `/health` answers 200."""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_alive(sys.argv[1], int(sys.argv[2])))
