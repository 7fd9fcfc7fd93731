"""Passkeys: a login without a password, by a key that a device keeps and that asks for its owner.

The device checks its owner (finger, face, number), so a passkey alone is two factors.
"""

import json
from typing import Any, Literal
from uuid import UUID

import webauthn
from uuid_utils.compat import uuid7
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ascension.accounts import queries as accounts
from ascension.accounts.factors import challenges, queries
from ascension.accounts.parts import AccountParts
from ascension.errors.accounts import (
    ChallengeExpired,
    PasskeyKnown,
    PasskeyNotFound,
    PasskeyRefused,
    SessionRevoked,
    TooManyPasskeys,
)
from ascension.infra.database.primary import Transaction

MAX_PASSKEYS = 20
_FOR_NEW = "passkey"
Purpose = Literal["passkey-login", "passkey-presence"]
ANYBODY = "open"


async def creation_options(parts: AccountParts, user_id: UUID) -> dict[str, Any]:
    """What the browser needs to make a key. Raises QueueUnavailable, SessionRevoked, TooManyPasskeys."""
    async with parts.database.transaction() as tx:
        user = await accounts.get_user(tx.connection, user_id)
        known = await queries.list_passkeys(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    if len(known) >= MAX_PASSKEYS:
        raise TooManyPasskeys
    challenge = await challenges.issue(parts.streams, _FOR_NEW, str(user_id))
    options = webauthn.generate_registration_options(
        rp_id=parts.relying_party.id,
        rp_name="Ascension",
        user_id=user_id.bytes,
        user_name=user.email,
        user_display_name=user.display_name,
        challenge=base64url_to_bytes(challenge),
        timeout=challenges.TTL_S * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(key.credential_id) for key in known],
    )
    return options_to_json_dict(options)


async def register(
    tx: Transaction, parts: AccountParts, *, user_id: UUID, name: str, credential: dict[str, Any]
) -> queries.Passkey:
    """Keep a key that the browser made.

    Raises:
        ChallengeExpired: it answers no open question of this user's.
        PasskeyRefused, PasskeyKnown, QueueUnavailable.
    """
    challenge = challenge_of(credential)
    if await challenges.take(parts.streams, _FOR_NEW, challenge) != str(user_id):
        raise ChallengeExpired
    try:
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=parts.relying_party.id,
            expected_origin=list(parts.relying_party.origins),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefused from error
    added = await queries.insert_passkey(
        tx.connection,
        passkey_id=uuid7(),
        user_id=user_id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=name,
    )
    if added is None:
        raise PasskeyKnown
    return added


async def options(parts: AccountParts, purpose: Purpose, who: str) -> dict[str, Any]:
    """What the browser needs to ask its keys, for a login of ANYBODY or for one account.

    Raises QueueUnavailable.
    """
    challenge = await challenges.issue(parts.streams, purpose, who)
    options = webauthn.generate_authentication_options(
        rp_id=parts.relying_party.id,
        challenge=base64url_to_bytes(challenge),
        timeout=challenges.TTL_S * 1000,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


async def owner_of(
    tx: Transaction, parts: AccountParts, credential: dict[str, Any], *, purpose: Purpose, who: str
) -> UUID:
    """Who shows this key, as the answer to a question of `options`.

    Raises:
        ChallengeExpired: it answers no open question of that purpose and person.
        PasskeyRefused: the key is not known, its signature or origin is wrong, its owner was not checked, or
            it has counted fewer uses than we have: then there is a copy of it.
        QueueUnavailable: open questions cannot be looked up.
    """
    challenge = challenge_of(credential)
    if await challenges.take(parts.streams, purpose, challenge) != who:
        raise ChallengeExpired
    try:
        known = await queries.lock_passkey(tx.connection, base64url_to_bytes(credential["rawId"]))
        if known is None:
            raise PasskeyRefused
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=parts.relying_party.id,
            expected_origin=list(parts.relying_party.origins),
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefused from error
    await queries.note_passkey_use(tx.connection, known.id, verified.new_sign_count)
    return known.user_id


async def remove(tx: Transaction, user_id: UUID, passkey_id: UUID) -> None:
    """Raises PasskeyNotFound."""
    if not await queries.delete_passkey(tx.connection, user_id, passkey_id):
        raise PasskeyNotFound


def challenge_of(credential: dict[str, Any]) -> str:
    """Which question it says it answers; nothing of it is trusted yet. Raises PasskeyRefused."""
    try:
        told = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return str(told["challenge"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise PasskeyRefused from error
