"""An API that sends letters, and the mail server that they arrive at: a real one, of this pytest process."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.conftest import Engines, unused_port
from tests.eventually import eventually
from tests.nursery import Nursery
from tests.platform import Programs


@dataclass
class Mailbox:
    """What arrived. `answer`: what the server says to a letter, unless it takes it."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list[EmailMessage])
    answer: str | None = None
    refused: int = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer is not None:
            self.refused += 1
            return self.answer
        assert isinstance(envelope.content, bytes)
        self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    def to(self, recipient: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == recipient]

    async def letter(self, recipient: str, count: int = 1) -> EmailMessage:
        """The latest to this address, once so many have arrived."""

        async def arrived() -> bool:
            return len(self.to(recipient)) >= count

        await eventually(arrived, timeout_s=60)
        return self.to(recipient)[-1]


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def token_in(letter: EmailMessage) -> str:
    """What follows the hash sign of the letter's link."""
    found = re.search(r"https?://\S+/\w+#([\w-]{43})$", text_of(letter), re.MULTILINE)
    assert found is not None, text_of(letter)
    return found[1]


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    found = Mailbox(unused_port())
    server = Controller(found, hostname="127.0.0.1", port=found.port, enable_SMTPUTF8=True)
    server.start()
    yield found
    server.stop()


@pytest.fixture(scope="session")
def mail_settings(mailbox: Mailbox) -> dict[str, str]:
    """Of an API that sends its letters there, and tries again soon."""
    return {
        "SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "MAIL_FROM": "Ascension <letters@example.org>",
        "MAIL_POLL_S": "0.2",
        "MAIL_RETRY_S": "0.2",
    }


@pytest.fixture(scope="session")
def letters_url(
    engines: Engines,
    nursery: Nursery,
    mail_settings: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """An API where every e-mail has to be confirmed."""
    programs = Programs(engines, tmp_path_factory.mktemp("letters"), nursery)
    try:
        yield programs.api(**mail_settings, EMAIL_VERIFICATION="required")[1]
    finally:
        programs.end()
