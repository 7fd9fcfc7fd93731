"""The loop that sends letters over SMTP: one at a time, again after a growing pause, given up after a day."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from functools import partial
from typing import Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib
from prometheus_client import Counter

from ascension.accounts.mail import queries
from ascension.accounts.mail.letters import Letter
from ascension.accounts.mail.queries import QueuedLetter
from ascension.accounts.mail.service import Post
from ascension.errors.setup import SetupError
from ascension.infra.background import attempt
from ascension.infra.database.primary import Database, Transaction
from ascension.infra.figures import count_failure
from ascension.infra.logging import get_logger

GIVE_UP_AFTER_S = 24 * 3600
GIVEN_UP = Counter("ascension_letters_given_up_total", "Letters that never left", ["kind"])
LONGEST_PAUSE_S = 3600
Result = Literal["sent", "refused", "put_off"]
_SMTP_URL_UNUSABLE = "SMTP_URL is not usable: write smtp://user:password@host:587 or smtps://...:465."


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over, and as whom."""

    host: str
    port: int
    user: str | None
    password: str | None
    encryption: Literal["tls", "starttls", "if_offered"]
    sender: Address
    timeout_s: float

    @classmethod
    def of(cls, url: str, sender: str, *, timeout_s: float, must_encrypt: bool) -> "MailServer":
        """From `smtp://user:password@host:port` (STARTTLS) or `smtps://` (TLS from the first byte).

        Raises SetupError, which never tells the address: there is a password in it.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise SetupError(_SMTP_URL_UNUSABLE) from None  # what it says may be the password
        if parts.scheme not in ("smtp", "smtps") or not host:
            raise SetupError(_SMTP_URL_UNUSABLE)
        is_tls = parts.scheme == "smtps"
        return cls(
            host=host,
            port=port or (465 if is_tls else 587),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            encryption="tls" if is_tls else "starttls" if must_encrypt else "if_offered",
            sender=_address_of(sender),
            timeout_s=timeout_s,
        )

    async def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand one letter over. Raises aiosmtplib.SMTPException, OSError (TimeoutError among them)."""
        async with self.client() as client:
            await client.send_message(message, sender=self.sender.addr_spec, recipients=[recipient])

    def client(self) -> aiosmtplib.SMTP:
        """A connection to it, encrypted and logged in, within `async with`."""
        starttls = {"starttls": True, "tls": False, "if_offered": None}[self.encryption]
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            timeout=self.timeout_s,
            use_tls=self.encryption == "tls",
            start_tls=starttls,
        )


def _address_of(sender: str) -> Address:
    """Raises SetupError: else each letter would be given up on its own, long after the start."""
    try:
        [(name, address)] = getaddresses([sender])
        if sender.isprintable() and address.isascii():
            return Address(name, addr_spec=address)
    except (MessageError, ValueError, IndexError):
        pass
    raise SetupError(
        "MAIL_FROM is not usable: write the one address that letters come from, as letters@example.org or "
        '"Our gym" <letters@example.org>.'
    )


@dataclass(frozen=True)
class Sending:
    """What the loop needs. `retry_s` is the first pause after a failure; it doubles."""

    database: Database
    post: Post
    server: MailServer
    compose: Callable[[Transaction, QueuedLetter], Awaitable[Letter | None]]
    poll_s: float
    retry_s: float


async def run(sending: Sending) -> None:
    """Until canceled. Any replica may do it: each letter is one's alone while it is being sent."""
    while True:
        await attempt("letters", partial(_send_due, sending))
        await sending.post.wait(sending.poll_s)


async def _send_due(sending: Sending) -> None:
    while await send_next(sending):
        pass


async def send_next(sending: Sending) -> bool:
    """Send the letter that is due; False: none is, or the mail server takes none now."""
    async with sending.database.transaction() as tx:
        queued = await queries.take_due(tx.connection, lease_s=3 * sending.server.timeout_s)
        if queued is None:
            return False
        if _age_s(queued) > GIVE_UP_AFTER_S:
            await _give_up(tx, queued)
            return True
        letter = await sending.compose(tx, queued)
        if letter is None:
            await queries.settle(tx.connection, queued.id, "dropped")
    if letter is None:
        return True
    message = _made(sending.server, queued, letter)
    result = await _hand_over(sending.server, queued, message) if message else "refused"
    async with sending.database.transaction() as tx:
        if result == "sent":
            await queries.settle(tx.connection, queued.id, "sent")
        elif result == "refused":
            await _give_up(tx, queued)
        else:
            pause_s = min(sending.retry_s * 2 ** min(queued.attempts - 1, 20), LONGEST_PAUSE_S)
            await queries.put_off(tx.connection, queued.id, delay_s=pause_s)
    return result != "put_off"


async def _give_up(tx: Transaction, queued: QueuedLetter) -> None:
    await queries.settle(tx.connection, queued.id, "given_up")
    GIVEN_UP.labels(queued.kind).inc()
    get_logger().warning("letter_given_up", letter_id=str(queued.id), kind=queued.kind)


def _made(server: MailServer, queued: QueuedLetter, letter: Letter) -> EmailMessage | None:
    """None: to this recipient there is no message. Addresses that are none end parsers in many ways."""
    try:
        return _message(server, queued, letter)
    except Exception as error:
        reason = type(error).__name__
        get_logger().warning("letter_not_made", letter_id=str(queued.id), reason=reason)
        return None


async def _hand_over(server: MailServer, queued: QueuedLetter, message: EmailMessage) -> Result:
    """`refused`: no later attempt can do better."""
    try:
        await server.send(message, queued.recipient)
    except (ValueError, aiosmtplib.SMTPNotSupported):
        reason, result = "address", "refused"  # not this server's
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [refusal.code for refusal in error.recipients]
        reason, result = f"recipient {codes}", "refused" if min(codes) >= 500 else "put_off"
    except aiosmtplib.SMTPDataError as error:
        reason, result = f"data {error.code}", "refused" if error.code >= 500 else "put_off"
    except (aiosmtplib.SMTPException, OSError) as error:
        count_failure("mail")
        reason, result = type(error).__name__, "put_off"
    else:
        return "sent"
    get_logger().warning("letter_not_sent", letter_id=str(queued.id), reason=reason, result=result)
    return result


def _message(server: MailServer, queued: QueuedLetter, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = Address(addr_spec=queued.recipient)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    # the same for every attempt, so that a letter which arrived twice is known for one
    message["Message-ID"] = f"<{queued.id}@{server.sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = queued.language
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _age_s(queued: QueuedLetter) -> float:
    return (datetime.now(UTC) - queued.created_at).total_seconds()
