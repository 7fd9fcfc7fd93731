"""A passkey's device in software: makes and signs what a browser would send, and what a thief would."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One key for one domain, ES256, with a counter."""

    origin: str
    domain: str = "localhost"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    uses: int = 0
    flags: int = PRESENT | VERIFIED

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer `navigator.credentials.create`."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        held = self.credential_id
        attested = bytes(16) + len(held).to_bytes(2) + held + cbor2.dumps(public)
        told: dict[str, Any] = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        return self._credential(
            clientDataJSON=base64url(self._client_data("webauthn.create", options)),
            attestationObject=base64url(cbor2.dumps(told)),
        )

    def get(self, options: dict[str, Any], user_id: bytes | None = None) -> dict[str, Any]:
        """Answer `navigator.credentials.get`."""
        self.uses += 1
        data, client = self._data(), self._client_data("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            clientDataJSON=base64url(client),
            authenticatorData=base64url(data),
            signature=base64url(signature),
            userHandle=base64url(user_id) if user_id else None,
        )

    def _credential(self, **response: str | None) -> dict[str, Any]:
        own = base64url(self.credential_id)
        return {"id": own, "rawId": own, "type": "public-key", "response": response}

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, more_flags: int = 0) -> bytes:
        domain = hashlib.sha256(self.domain.encode()).digest()
        return domain + bytes([self.flags | more_flags]) + self.uses.to_bytes(4)


def damaged(credential: dict[str, Any], name: str, at: int) -> dict[str, Any]:
    """The same with one bit of one part turned over."""
    text: str = credential["response"][name]
    raw = bytearray(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    raw[at % len(raw)] ^= 1
    return {**credential, "response": {**credential["response"], name: base64url(bytes(raw))}}
