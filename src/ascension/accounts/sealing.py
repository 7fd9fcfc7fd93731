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


class _Keys:
    """Of one secret."""

    def __init__(self, account_secret: str) -> None:
        self._secret = account_secret.encode()
        self.seal = AESGCM(self._key("seal"))
        self.mark = self._key("mark")
        self.id = hmac.new(self.mark, b"key id", hashlib.sha256).hexdigest()[:16]

    def _key(self, purpose: str) -> bytes:
        derivation = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"ascension {purpose}".encode())
        return derivation.derive(self._secret)

    def open(self, sealed: bytes, owner: UUID) -> bytes | None:
        try:
            return self.seal.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.bytes)
        except (InvalidTag, ValueError):
            return None


class AccountKeys:
    """Seals with AES-256-GCM, marks with HMAC-SHA-256. Another secret opens and recognizes nothing.

    `previous`: the secret of before a rotation. What it sealed and marked is still opened and recognized.
    """

    def __init__(self, account_secret: str, previous: str = "") -> None:
        self._present = _Keys(account_secret)
        self._known = [self._present, *([_Keys(previous)] if previous else [])]

    @property
    def id(self) -> str:
        """Names the secret and tells nothing of it."""
        return self._present.id

    def seal(self, plain: bytes, owner: UUID) -> bytes:
        """Encrypted for this owner: moved to another's row it does not open."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._present.seal.encrypt(nonce, plain, owner.bytes)

    def open(self, sealed: bytes, owner: UUID) -> bytes | None:
        """None: it was sealed with another secret or for another owner, or was changed."""
        for keys in self._known:
            if (plain := keys.open(sealed, owner)) is not None:
                return plain
        return None

    def is_of_before(self, sealed: bytes, owner: UUID) -> bool:
        """Sealed with the secret of before a rotation, and with no other."""
        return self._present.open(sealed, owner) is None and self.open(sealed, owner) is not None

    def mark(self, purpose: str, *parts: str) -> bytes:
        """The same for the same parts; nobody without the secret can tell of what."""
        return self.marks(purpose, *parts)[0]

    def marks(self, purpose: str, *parts: str) -> list[bytes]:
        """What `mark` made, now and before a rotation: to recognize it."""
        told = "\0".join((purpose, *parts)).encode()
        return [hmac.new(keys.mark, told, hashlib.sha256).digest() for keys in self._known]
