"""Keys of the account secret, one for each purpose, and what is kept or recognized by them.

They come from ACCOUNT_SECRET by HKDF, so a copy of the database alone opens no second factor.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32


class AccountKeys:
    """Seals with AES-256-GCM, marks with HMAC-SHA-256. Another secret opens and recognizes nothing."""

    def __init__(self, account_secret: str) -> None:
        self._secret = account_secret.encode()
        self._seal = AESGCM(self._key("seal"))
        self._mark = self._key("mark")

    def _key(self, purpose: str) -> bytes:
        derivation = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"ascension {purpose}".encode())
        return derivation.derive(self._secret)

    def seal(self, plain: bytes, owner: UUID) -> bytes:
        """Encrypted for this owner: moved to another's row it does not open."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, plain, owner.bytes)

    def open(self, sealed: bytes, owner: UUID) -> bytes | None:
        """None: it was sealed with another secret or for another owner, or was changed."""
        try:
            return self._seal.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.bytes)
        except (InvalidTag, ValueError):
            return None

    def mark(self, purpose: str, *parts: str) -> bytes:
        """The same for the same parts; nobody without the secret can tell of what."""
        return hmac.new(self._mark, "\0".join((purpose, *parts)).encode(), hashlib.sha256).digest()
