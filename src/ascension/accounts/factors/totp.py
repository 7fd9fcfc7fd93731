"""A second factor by an app's codes (RFC 6238: SHA-1, six digits, 30 s), and codes for when it is lost."""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import segno
from pyotp.exceptions import OTPVerificationError
from pyotp.totp import TOTP

from ascension.accounts.factors import queries
from ascension.accounts.sealing import AccountKeys
from ascension.errors.accounts import CodeWrong, FactorMissing, FactorPresent
from ascension.infra.database.primary import Connection, Transaction

ISSUER = "Ascension"
SECRET_BYTES = 20
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 16 letters and digits
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True)
class SetUp:
    """What an app is told once."""

    secret: str
    uri: str
    qr_svg: str


async def begin(tx: Transaction, keys: AccountKeys, *, user_id: UUID, email: str) -> SetUp:
    """Make a secret; it counts when a code of it was shown. Raises FactorPresent."""
    secret = secrets.token_bytes(SECRET_BYTES)
    if not await queries.put_totp(tx.connection, user_id, keys.seal(secret, user_id)):
        raise FactorPresent
    text = b32encode(secret).decode()
    uri = TOTP(text).provisioning_uri(name=email, issuer_name=ISSUER)
    picture = BytesIO()
    segno.make(uri, error="m", micro=False).save(
        picture, kind="svg", scale=4, border=4, xmldecl=False, dark="#000", light="#fff", omitsize=True
    )
    return SetUp(secret=text, uri=uri, qr_svg=picture.getvalue().decode())


async def confirm(tx: Transaction, keys: AccountKeys, user_id: UUID, code: str) -> list[str]:
    """From now on a login asks for it. The recovery codes are told here and never again.

    Raises:
        FactorMissing: nothing was begun. FactorPresent: it counts already. CodeWrong.
    """
    factor = await queries.get_totp(tx.connection, user_id)
    if factor is None:
        raise FactorMissing
    if factor.confirmed_at is not None:
        raise FactorPresent
    if not await _use_code(tx, keys, user_id, factor, code):
        raise CodeWrong
    await queries.confirm_totp(tx.connection, user_id)
    return await new_recovery_codes(tx, keys, user_id)


async def new_recovery_codes(tx: Transaction, keys: AccountKeys, user_id: UUID) -> list[str]:
    """Ten new ones instead of those before. Raises FactorMissing: they would stand for nothing."""
    if not await is_on(tx.connection, user_id):
        raise FactorMissing
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    hashes = [_hashes(keys, user_id, code)[0] for code in codes]
    await queries.put_recovery_codes(tx.connection, user_id, hashes, key_id=keys.id)
    return codes


async def is_on(connection: Connection, user_id: UUID) -> bool:
    """Whether a login with the password is asked for a code."""
    factor = await queries.get_totp(connection, user_id)
    return factor is not None and factor.confirmed_at is not None


async def turn_off(tx: Transaction, user_id: UUID) -> None:
    """Raises FactorMissing."""
    if not await queries.delete_totp(tx.connection, user_id):
        raise FactorMissing


async def accepts(tx: Transaction, keys: AccountKeys, user_id: UUID, code: str) -> bool:
    """Is this a code of the app or a recovery code, not used before? If so it is used now."""
    factor = await queries.get_totp(tx.connection, user_id)
    if factor is None or factor.confirmed_at is None:
        return False
    plain = _plain(code)
    if is_short(code):
        return await _use_code(tx, keys, user_id, factor, plain)
    return await queries.use_recovery_code(tx.connection, user_id, _hashes(keys, user_id, plain.upper()))


def is_short(code: str) -> bool:
    """One of the app; else a recovery code, which nobody can guess."""
    plain = _plain(code)
    return len(plain) == 6 and _DIGITS.issuperset(plain)


def _plain(code: str) -> str:
    return code.replace(" ", "").replace("-", "")


async def _use_code(
    tx: Transaction, keys: AccountKeys, user_id: UUID, factor: queries.TotpFactor, code: str
) -> bool:
    secret = keys.open(factor.sealed_secret, user_id)
    if secret is None:
        return False
    try:
        # a phone's clock may be one step off
        step = TOTP(b32encode(secret).decode()).verify_and_get_timecode(code, valid_window=1)
    except OTPVerificationError:
        return False
    return await queries.use_totp_step(tx.connection, user_id, step)


def _recovery_code() -> str:
    text = b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _hashes(keys: AccountKeys, user_id: UUID, code: str) -> list[bytes]:
    """By the present secret, and by the one of before a rotation."""
    return keys.marks("recovery code", str(user_id), _plain(code))
