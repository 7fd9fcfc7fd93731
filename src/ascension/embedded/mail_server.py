"""The mail server of `ascension up`: takes letters over SMTP and keeps them in a folder; sends nothing on."""

import asyncio
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from uuid_utils.compat import uuid7

MAX_KEPT = 100


class MailServer:
    """Listens on loopback. `GET /mails` of the API shows what it kept."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """What SMTP_URL is to be."""
        return f"smtp://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Raises OSError: the port is taken, or the folder cannot be made."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="localhost", enable_SMTPUTF8=True, loop=loop),
            host="127.0.0.1",
            port=self._port,
        )

    def stop(self) -> None:
        """Take no more letters; repeatable."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (its name)
        """Keep one letter, and the latest hundred."""
        content = envelope.content
        await asyncio.to_thread(self._keep, content.encode() if isinstance(content, str) else content or b"")
        return "250 kept"

    def _keep(self, content: bytes) -> None:
        name = str(uuid7())
        partial = self._folder / f"{name}.new"
        partial.write_bytes(content)
        partial.replace(self._folder / f"{name}.eml")
        for old in sorted(self._folder.glob("*.eml"))[:-MAX_KEPT]:
            old.unlink(missing_ok=True)
