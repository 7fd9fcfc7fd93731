"""From outside, as a browser comes: name, certificate, nginx, the client; and what must not answer."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509

from ascension.staging.findings import Finding, Target, Verdict, judge

TIMEOUT_S: Final = 10
PORT_TIMEOUT_S: Final = 3
CERTIFICATE_DAYS: Final = 20
HSTS_S: Final = 31_536_000
UNREACHED = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass
class _Fixed(AbstractResolver):
    """Every name leads to one address."""

    address: str

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().getaddrinfo(self.address, port, family=family)
        return [
            ResolveResult(hostname=host, host=str(one[4][0]), port=port, family=one[0], proto=one[2], flags=0)
            for one in found[:1]
        ]

    async def close(self) -> None:
        pass


def trust(target: Target) -> ssl.SSLContext:
    """Who is believed: the world's authorities, or the one that was named."""
    return ssl.create_default_context(cafile=target.authority and str(target.authority))


@asynccontextmanager
async def session(target: Target) -> AsyncGenerator[aiohttp.ClientSession]:
    """A client that follows no redirect by itself, and keeps no cookies."""
    connector = aiohttp.TCPConnector(
        ssl=trust(target), resolver=_Fixed(target.address) if target.address else None
    )
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as found:
        yield found


async def version(target: Target) -> list[Finding]:
    """`/health` tells the version that should run."""
    async with session(target) as http, http.get(f"{target.url}/health") as answer:
        told = (await answer.json())["version"] if answer.status == 200 else None
    if told is None:
        return [judge(f"/health answers {answer.status}", holds=False)]
    wanted = target.version or told
    return [
        judge(f"/health tells version {told}" + f", not {wanted}" * (told != wanted), holds=told == wanted)
    ]


async def proxy(target: Target) -> list[Finding]:
    """Redirect, HSTS, what is hidden, what is refused."""
    plain = f"http://{target.name}:{target.http_port}/climbs?x=1"
    async with session(target) as http:
        async with http.get(plain, allow_redirects=False) as answer:
            leads_to = answer.headers.get("Location", "")
            is_moved = answer.status == 301 and leads_to == f"https://{target.name}/climbs?x=1"
            found = [judge(f"http answers {answer.status} to {leads_to or 'nowhere'}", holds=is_moved)]
        async with http.get(f"{target.url}/health") as answer:
            found += _headers(answer)
        for path in ("/metrics", "//metrics", "/health/ready"):
            async with http.get(f"{target.url}{path}") as answer:
                found.append(judge(f"{path} answers {answer.status}", holds=answer.status == 404))
        found.append(await _socket(http, target))
    return found


async def _socket(http: aiohttp.ClientSession, target: Target) -> Finding:
    """Led to a replica, which refuses who has no ticket."""
    try:
        async with http.ws_connect(f"{target.url}/ws") as socket:
            message = await socket.receive(TIMEOUT_S)
    except aiohttp.WSServerHandshakeError as error:
        return judge(f"/ws answers {error.status}", holds=error.status in (401, 403))
    is_ended = message.type is aiohttp.WSMsgType.CLOSE
    told = f"is ended with {message.data}" if is_ended else "is let in"
    return judge(f"/ws without a ticket {told}", holds=is_ended)


def _headers(answer: aiohttp.ClientResponse) -> list[Finding]:
    hsts = answer.headers.get("Strict-Transport-Security", "")
    with suppress(ValueError, IndexError):
        seconds = int(hsts.split("max-age=")[1].split(";")[0])
        return [judge(f"HSTS for {seconds // 86_400} days", holds=seconds >= HSTS_S), _server(answer)]
    return [judge("no HSTS", holds=False), _server(answer)]


def _server(answer: aiohttp.ClientResponse) -> Finding:
    server = answer.headers.get("Server", "nothing")
    return judge(f"Server says {server}", holds=not any(sign.isdigit() for sign in server))


async def client(target: Target) -> list[Finding]:
    """The web client, in the place of the documents' app, talks to the origin that it comes from."""
    async with session(target) as http, http.get(f"{target.url}/") as answer:
        page = await answer.text()
        is_client = answer.status == 200 and "<title>Ascension" in page
        policy = answer.headers.get("Content-Security-Policy", "")
    return [
        judge(
            f"/ answers {answer.status} with " + ("the client" if is_client else "something else"),
            holds=is_client,
        ),
        judge("it has a content policy" if policy else "it has no content policy", holds=bool(policy)),
    ]


async def certificate(target: Target) -> list[Finding]:
    """Good for the name and for some time; nothing older than TLS 1.2 is spoken."""
    where = target.address or target.name
    opened = asyncio.open_connection(where, target.port, ssl=trust(target), server_hostname=target.name)
    try:
        _, writer = await asyncio.wait_for(opened, TIMEOUT_S)
    except ssl.SSLCertVerificationError as error:
        return [judge(f"the certificate is not good for {target.name}: {error.verify_message}", holds=False)]
    channel: ssl.SSLObject = writer.get_extra_info("ssl_object")
    encoded = channel.getpeercert(binary_form=True) or b""
    days = (x509.load_der_x509_certificate(encoded).not_valid_after_utc - datetime.now(UTC)).days
    writer.close()
    return [
        judge(f"good for {target.name}, {days} days more", holds=days >= CERTIFICATE_DAYS),
        judge(f"{channel.version()} is spoken", holds=channel.version() in ("TLSv1.2", "TLSv1.3")),
        await _old_protocol(target, where),
    ]


async def _old_protocol(target: Target, where: str) -> Finding:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1  # to see it refused
    try:
        opened = asyncio.open_connection(where, target.port, ssl=old, server_hostname=target.name)
        _, writer = await asyncio.wait_for(opened, TIMEOUT_S)
    except (OSError, TimeoutError):
        return judge("TLS 1.1 is refused", holds=True)
    writer.close()
    return judge("TLS 1.1 is spoken", holds=False)


async def ports(target: Target) -> list[Finding]:
    """Of every host that is known, from here: what should be closed is."""
    addresses = dict.fromkeys([target.address or target.name, *(one for _, one in target.hosts.all)])
    opens = await asyncio.gather(
        *(_is_open(address, port) for address in addresses for port in target.closed_ports)
    )
    pairs = [f"{address}:{port}" for address in addresses for port in target.closed_ports]
    found = [pair for pair, is_open in zip(pairs, opens, strict=True) if is_open]
    if found:
        return [judge(f"open to the world: {', '.join(found)}", holds=False)]
    return [
        Finding(Verdict.PASS, f"{len(target.closed_ports)} ports of {len(addresses)} hosts do not answer")
    ]


async def _is_open(address: str, port: int) -> bool:
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(address, port), PORT_TIMEOUT_S)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
