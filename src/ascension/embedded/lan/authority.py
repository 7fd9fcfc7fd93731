"""The authority that phones are asked to trust: made here, for addresses of local networks alone."""

import hashlib
import shutil
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ascension.embedded.lan.doors import PRIVATE
from ascension.embedded.layout import Home, write_private

LIFETIME: Final = timedelta(days=5 * 365)
LAST_DAYS: Final = timedelta(days=30)  # one that would end in this time is made anew
BACKDATED: Final = timedelta(days=1)  # phones whose clock is a little late take it as well
MAX_NAME_CHARS: Final = 64  # of X.509


@dataclass(frozen=True)
class Authority:
    """Its certificate in a home, its private key beside it."""

    certificate: x509.Certificate

    @property
    def name(self) -> str:
        """What a phone lists it under."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as phones show it."""
        digest = hashlib.sha256(self.der).hexdigest().upper()
        return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def certificate_file(home: Home) -> Path:
    return home.data("caddy") / "root.crt"


def authority_of(home: Home, now: datetime) -> Authority:
    """The one that this home has, made where there is none, or where its time is over."""
    file = certificate_file(home)
    try:
        known = x509.load_pem_x509_certificate(file.read_bytes())
        if key_file(home).exists() and now < known.not_valid_after_utc - LAST_DAYS:
            return Authority(known)
    except (FileNotFoundError, ValueError):
        pass  # none yet, or damaged
    shutil.rmtree(home.data("caddy") / "state", ignore_errors=True)  # signed by the one before
    certificate, key = _make(now)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for path, content in (
        (key_file(home), pem),
        (file, certificate.public_bytes(serialization.Encoding.PEM)),
    ):
        write_private(path, content.decode())
        home.account.own(path, 0o600)  # the proxy signs with it
    return Authority(certificate)


def key_file(home: Home) -> Path:
    return home.data("caddy") / "root.key"


def _make(now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """It may vouch for addresses of local networks and for localhost, whoever gets hold of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = f"Ascension {now.astimezone(UTC):%Y-%m-%d} {socket.gethostname()}"[:MAX_NAME_CHARS]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    permitted = [x509.DNSName("localhost"), *(x509.IPAddress(network) for network in PRIVATE)]
    usage = x509.KeyUsage(
        key_cert_sign=True,
        crl_sign=True,
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate, key
