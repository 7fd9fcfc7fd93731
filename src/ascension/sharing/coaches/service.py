"""Letting a coach in and out. Any account can be somebody's coach: the climber's wish makes it one."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import allowances
from ascension.accounts import queries as accounts
from ascension.accounts.allowances import Allowance
from ascension.accounts.choices import Language
from ascension.accounts.guardians.service import is_minor
from ascension.accounts.invitations.service import INVITATION_TTL_S
from ascension.accounts.mail import queries as letters
from ascension.accounts.mail.service import Post
from ascension.audit.entries import account, record
from ascension.errors.accounts import SessionRevoked
from ascension.errors.http import Malformed
from ascension.errors.sharing import (
    CoachedClimberNotFound,
    CoachesInvitedTooOften,
    CoachInvitationInvalid,
    CoachIsYou,
    CoachNeedsAdult,
    CoachNotFound,
    CoachPresent,
    TooManyCoaches,
)
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.security import new_opaque_token, token_hash
from ascension.sharing.coaches import queries
from ascension.sharing.coaches.queries import Coach, CoachedClimb, OpenInvitation

MAX_COACHES: Final = 20
MAX_INVITED: Final = 20
"""In a day, also those that were withdrawn: each is a letter to an address that nobody has proved."""


@dataclass(frozen=True)
class CoachInvitation:
    """`with_past`: also the climbs from before today."""

    email: str
    with_past: bool
    language: Language


async def invite(tx: Transaction, post: Post, user_id: UUID, wish: CoachInvitation) -> tuple[Coach, str]:
    """An invitation, and what follows `#` in its link. Whether the address has an account, is not asked.

    Raises:
        CoachNeedsAdult, CoachIsYou, CoachPresent, TooManyCoaches, CoachesInvitedTooOften, SessionRevoked.
    """
    await accounts.lock_user(tx.connection, user_id)
    user = await accounts.get_user(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    if await is_minor(tx.connection, user_id):
        raise CoachNeedsAdult
    if user.email == wish.email:
        raise CoachIsYou
    if await queries.count_of(tx.connection, user_id) >= MAX_COACHES:
        raise TooManyCoaches
    allowance = Allowance("coach_letter", MAX_INVITED, MAX_INVITED)
    await allowances.refuse_more(
        tx.connection, allowance, CoachesInvitedTooOften, user_id=user_id, video_id=user_id
    )
    grant_id = await queries.invite(
        tx.connection,
        grant_id=uuid7(),
        user_id=user_id,
        email=wish.email,
        with_past=wish.with_past,
        ttl_s=INVITATION_TTL_S,
    )
    if grant_id is None:
        raise CoachPresent
    await allowances.use(tx.connection, "coach_letter", user_id=user_id, video_id=user_id)
    await letters.delete_tokens(tx.connection, "coach_invitation", grant_id)
    token = new_opaque_token()
    await letters.insert_token(
        tx.connection,
        "coach_invitation",
        token_hash=token_hash(token),
        subject_id=grant_id,
        ttl_s=INVITATION_TTL_S,
    )
    if post.is_on:
        await post.put(
            tx, "coach_invitation", recipient=wish.email, language=wish.language, subject_id=grant_id
        )
    await record(tx.connection, "coach.invited", account(user_id), grant=str(grant_id), past=wish.with_past)
    return await _get(tx.connection, grant_id, user_id), token


async def _get(connection: Connection, grant_id: UUID, user_id: UUID) -> Coach:
    coach = await queries.get(connection, grant_id, user_id)
    if coach is None:
        raise CoachNotFound
    return coach


async def end(tx: Transaction, grant_id: UUID, user_id: UUID) -> None:
    """By the climber: the coach sees nothing more from the next request on. Raises CoachNotFound."""
    if not await queries.end(tx.connection, grant_id, user_id):
        raise CoachNotFound
    await letters.delete_tokens(tx.connection, "coach_invitation", grant_id)
    await record(tx.connection, "coach.ended", account(user_id), grant=str(grant_id), side="climber")


async def read_invitation(connection: Connection, token: str) -> OpenInvitation:
    """For whoever has its link, an account or none. Raises CoachInvitationInvalid."""
    grant_id = await letters.subject_of_token(connection, "coach_invitation", token_hash(token))
    found = None if grant_id is None else await queries.invitation(connection, grant_id)
    if found is None:
        raise CoachInvitationInvalid
    return found


async def accept(tx: Transaction, coach_id: UUID, token: str) -> UUID:
    """Become somebody's coach, by the link that was sent to this account's address; the id of that.

    Raises:
        CoachInvitationInvalid: nothing is used up, so whom it was sent to can still accept.
    """
    digest = token_hash(token)
    grant_id = await letters.subject_of_token(tx.connection, "coach_invitation", digest)
    if grant_id is None or not await queries.accept(tx.connection, grant_id, coach_id):
        raise CoachInvitationInvalid
    await letters.use_token(tx.connection, "coach_invitation", digest)
    climber_id = await queries.climber_of(tx.connection, grant_id, coach_id)
    assert climber_id is not None, grant_id  # noqa: S101 (it was accepted in this transaction)
    await record(tx.connection, "coach.accepted", account(coach_id), account(climber_id), grant=str(grant_id))
    return grant_id


async def leave(tx: Transaction, grant_id: UUID, coach_id: UUID) -> None:
    """By the coach. Raises CoachedClimberNotFound."""
    climber_id = await queries.climber_of(tx.connection, grant_id, coach_id)
    if climber_id is None or not await queries.leave(tx.connection, grant_id, coach_id):
        raise CoachedClimberNotFound
    await record(
        tx.connection,
        "coach.ended",
        account(coach_id),
        account(climber_id),
        grant=str(grant_id),
        side="coach",
    )


async def list_climbs(
    tx: Transaction, grant_id: UUID, coach_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[CoachedClimb], str | None]:
    """One page, newest first, and the cursor of the next. Raises CoachedClimberNotFound, Malformed."""
    try:
        before_id = UUID(cursor) if cursor else None
    except ValueError:
        raise Malformed("cursor: send back what next_cursor said.") from None
    climber_id = await queries.climber_of(tx.connection, grant_id, coach_id)
    if climber_id is None:
        raise CoachedClimberNotFound
    await queries.note_seen(tx.connection, climber_id, coach_id)
    found = await queries.list_climbs(tx.connection, grant_id, coach_id, before_id=before_id, limit=limit + 1)
    page = found[:limit]
    return page, str(page[-1].id) if len(found) > limit else None


async def sweep(tx: Transaction) -> None:
    """Forget invitations that nobody accepted in time."""
    await queries.delete_expired(tx.connection)
