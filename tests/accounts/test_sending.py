"""Letters over SMTP: what they hold, what encryption is asked for, and where those of `make up` are shown."""

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from ascension.accounts.mail import letters
from ascension.accounts.mail.sending import MailServer as Mail
from ascension.embedded.mail_server import MAX_KEPT, MailServer
from ascension.errors.setup import SetupError
from tests.conftest import unused_port
from tests.mailbox import Mailbox
from tests.platform import Programs, plain_http


def a_letter(subject: str = "<b>Hello</b>") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "letters@example.org", "mina@example.org", subject
    message.set_content("Open http://localhost:1/reset#abc and <script>alert(1)</script>\n")
    return message


@pytest.mark.parametrize(
    "kind", ["registration", "email_taken", "password_reset", "password_changed", "invitation"]
)
def test_a_letter_says_the_same_in_both_forms_and_escapes_its_link(kind: letters.LetterKind) -> None:
    english, french = (letters.write(kind, language, 'http://x/?a=1&b="') for language in ("en", "fr"))
    assert english.subject != french.subject
    for letter in (english, french):
        assert 'http://x/?a=1&b="' in letter.text
        assert 'href="http://x/?a=1&amp;b=&quot;"' in letter.html
        assert letter.subject.replace("’", "'") in letter.html.replace("’", "'")


@pytest.mark.parametrize(
    ("url", "sender", "detail"),
    [
        ("http://mail.example.org", "letters@example.org", "SMTP_URL is not usable"),
        ("smtp://", "letters@example.org", "SMTP_URL is not usable"),
        ("smtp://user:hidden@mail.example.org:port", "letters@example.org", "SMTP_URL is not usable"),
        ("smtp://user:hidden@[mail", "letters@example.org", "SMTP_URL is not usable"),
        *[
            ("smtp://user:hidden@mail.example.org", broken, "MAIL_FROM is not usable: write the one address")
            for broken in (
                "",
                "nobody",
                "@example.org",
                "letters@",
                "our letters@example.org",
                "letters@example..org",
                "Our gym, Paris <letters@example.org>",
                "letters@example.org, others@example.org",
                "letters@example.org\nBcc: others@example.org",
                "lettres\u00e9@example.org",
            )
        ],
    ],
)
def test_a_mail_server_that_cannot_be_used_is_told_of_without_its_password(
    url: str, sender: str, detail: str
) -> None:
    with pytest.raises(SetupError, match=detail) as refused:
        Mail.of(url, sender, timeout_s=5, must_encrypt=True)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("sender", "written"),
    [
        ("letters@example.org", "letters@example.org"),
        ("Ascension <letters@localhost>", "Ascension <letters@localhost>"),
        ('"Our gym, Paris" <letters@example.org>', '"Our gym, Paris" <letters@example.org>'),
        ("Salle d\u2019escalade <letters@example.org>", "Salle d\u2019escalade <letters@example.org>"),
    ],
)
def test_letters_come_from_one_address_with_or_without_a_name(sender: str, written: str) -> None:
    server = Mail.of("smtp://mail.example.org", sender, timeout_s=5, must_encrypt=True)
    assert str(server.sender) == written


async def test_outside_development_nothing_is_said_to_a_server_without_encryption(mailbox: Mailbox) -> None:
    url = f"smtp://user:hidden@127.0.0.1:{mailbox.port}"
    strict = Mail.of(url, "letters@example.org", timeout_s=5, must_encrypt=True)
    with pytest.raises(aiosmtplib.SMTPException, match="STARTTLS"):
        await strict.send(a_letter("for nobody"), "mina@example.org")
    assert not [one for one in mailbox.to("mina@example.org") if one["Subject"] == "for nobody"]


async def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    hung_up = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        hung_up.set()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    mail = Mail.of(f"smtp://127.0.0.1:{port}", "letters@example.org", timeout_s=0.2, must_encrypt=False)
    with pytest.raises(aiosmtplib.SMTPTimeoutError):
        await mail.send(a_letter(), "mina@example.org")
    async with asyncio.timeout(20):
        await hung_up.wait()
    silent.close()
    await silent.wait_closed()


async def test_the_server_of_make_up_keeps_the_latest_and_mails_shows_them(
    programs: Programs, tmp_path: Path
) -> None:
    folder = tmp_path / "mails"
    server = MailServer(folder, unused_port())
    await server.start()
    try:
        mail = Mail.of(server.url, "letters@example.org", timeout_s=20, must_encrypt=False)
        for number in range(MAX_KEPT):
            (folder / f"00000000-0000-0000-0000-{number:012}.eml").write_bytes(bytes(a_letter()))
        await mail.send(a_letter(), "mina@example.org")
    finally:
        server.stop()
    kept = sorted(folder.glob("*.eml"))
    assert (len(kept), kept[0].stem[-1]) == (MAX_KEPT, "1")
    assert message_from_bytes(kept[-1].read_bytes(), policy=policy.default)["To"] == "mina@example.org"
    _, url = programs.api(ENVIRONMENT="development", MAILS_FOLDER=str(folder))
    async with plain_http(url) as http:
        listed = await http.get("/mails")
        assert (listed.status_code, "&lt;b&gt;Hello&lt;/b&gt;" in listed.text) == (200, True)
        opened = await http.get(f"/mails/{kept[-1].stem}")
        assert '<a href="http://localhost:1/reset#abc">' in opened.text
        assert "<script>" not in opened.text
        for path in (f"/mails/{'0' * 36}", "/mails/..%2Fsecrets.json", "/mails/../secrets.json"):
            assert (await http.get(path)).status_code != 200, path
        elsewhere = await http.get("/mails", headers={"Host": "mail.attacker.example"})
        assert elsewhere.status_code == 404, "a page elsewhere whose name leads here reads nothing"


async def test_letters_are_shown_in_development_only(programs: Programs, tmp_path: Path) -> None:
    _, url = programs.api(MAILS_FOLDER=str(tmp_path))
    async with plain_http(url) as http:
        assert (await http.get("/mails")).status_code == 404
