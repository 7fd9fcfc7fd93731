#!/usr/bin/env python3
"""Make an installation's folder and the secrets that are missing in its vault. What is there stays.

    vault.py staging        hosts.yml, group_vars/staging/{settings,secrets}.yml, vault-password

Certificates of database and queue are made anew where they end within two months: then install again. Nothing
is written in the clear; whoever has the folder has everything, so keep it, and not with its password.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

EXAMPLE = Path(__file__).with_name("example")
DOMAIN = "ascension.internal"
NAMES = {"database": f"database.{DOMAIN}", "queue": f"queue.{DOMAIN}"}
MADE = (
    *("postgres_password_admin", "postgres_password_migrate", "postgres_password_api"),
    "postgres_password_worker",
    *("queue_password_admin", "queue_password_api", "queue_password_worker", "queue_password_monitoring"),
    *("jwt_secret", "account_secret", "backup_cipher_pass", "grafana_password"),
)
GIVEN = ("s3_secret_api", "s3_secret_worker", "s3_secret_backup")
"""By the storage's owner; without them nothing is installed."""
AUTHORITY_DAYS, CERTIFICATE_DAYS, RENEWED_DAYS = 3650, 825, 60
WITHIN_S = 60

Values = dict[str, str]


def fill(values: Values, now: datetime) -> list[str]:
    """Make what is missing; what was made."""
    made = [name for name in MADE if not values.get(name)]
    values.update({name: secrets.token_hex(32) for name in made})
    values.update({name: "" for name in GIVEN if name not in values})
    if not values.get("authority_key"):
        key = ec.generate_private_key(ec.SECP256R1())
        authority = _certificate(x509.Name.from_rfc4514_string("CN=Ascension hosts"), key, key, None, now)
        values.update(authority_key=_text(key), authority_certificate=_text(authority))
        made.append("authority")
    for part, name in NAMES.items():
        if "authority" in made or _is_ending(values.get(f"{part}_certificate", ""), now):
            certificate, key = _leaf(values, name, now)
            values.update({f"{part}_certificate": _text(certificate), f"{part}_certificate_key": _text(key)})
            made.append(f"{part}_certificate")
    return made


def _is_ending(certificate: str, now: datetime) -> bool:
    if not certificate:
        return True
    ends = x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc
    return ends < now + timedelta(days=RENEWED_DAYS)


def _leaf(values: Values, name: str, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    authority = x509.load_pem_x509_certificate(values["authority_certificate"].encode())
    signing = serialization.load_pem_private_key(values["authority_key"].encode(), None)
    if not isinstance(signing, ec.EllipticCurvePrivateKey):
        raise TypeError("authority_key is no key of an elliptic curve")
    key = ec.generate_private_key(ec.SECP256R1())
    return _certificate(authority.subject, signing, key, name, now), key


def _certificate(
    issuer: x509.Name,
    signing: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePrivateKey,
    name: str | None,
    now: datetime,
) -> x509.Certificate:
    """Of a server with this name; None: of the authority itself, which may vouch for our names alone."""
    days = AUTHORITY_DAYS if name is None else CERTIFICATE_DAYS
    subject = issuer if name is None else x509.Name.from_rfc4514_string(f"CN={name}")
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(
            x509.BasicConstraints(ca=name is None, path_length=0 if name is None else None), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
    )
    if name is None:
        ours = x509.NameConstraints([x509.DNSName(DOMAIN)], None)
        builder = builder.add_extension(_usage(is_authority=True), critical=True).add_extension(
            ours, critical=True
        )
    else:
        server = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])
        builder = (
            builder.add_extension(_usage(is_authority=False), critical=True)
            .add_extension(server, critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        )
    return builder.sign(signing, hashes.SHA256())


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _text(what: x509.Certificate | ec.EllipticCurvePrivateKey) -> str:
    if isinstance(what, x509.Certificate):
        return what.public_bytes(serialization.Encoding.PEM).decode()
    return what.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def vault(command: Sequence[str], password_file: Path, content: str | None = None) -> str:
    """What `ansible-vault` answers. Raises RuntimeError with what it said."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which("ansible-vault", path=path)
    if program is None:
        raise RuntimeError("ansible-vault is missing: `make staging-secrets` installs it.")
    done = subprocess.run(
        [program, *command, "--vault-password-file", str(password_file)],
        input=content,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def prepare(folder: Path) -> tuple[Path, Path]:
    """The installation's files, out of the example where there are none: its vault, its password's file."""
    if not folder.exists():
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("secrets.example.yml"))
        folder.chmod(0o700)
    password_file = folder / "vault-password"
    if not password_file.exists():
        password_file.touch(mode=0o600)
        password_file.write_text(f"{secrets.token_hex(32)}\n")
    return folder / "group_vars/staging/secrets.yml", password_file


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    try:
        file, password_file = prepare(parser.parse_args(arguments).folder)
        values: Values = json.loads(vault(["view", str(file)], password_file)) if file.exists() else {}
        if made := fill(values, datetime.now(timezone.utc)):  # noqa: UP017 (Python 3.10)
            partial = file.with_name(f".{file.name}.new")
            vault(
                ["encrypt", "--output", str(partial), "-"],
                password_file,
                json.dumps(values, indent=1, sort_keys=True),
            )
            partial.replace(file)
    except (RuntimeError, OSError, ValueError) as error:
        print(f"vault: {error}", file=sys.stderr)
        return 1
    print("made:", ", ".join(made) or "nothing, all is there")
    if missing := [name for name in GIVEN if not values[name]]:
        print(f"to be filled in by `ansible-vault edit {file}`: {', '.join(missing)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
