"""A password is changed by whoever knows it, or replaced by whoever reads the account's mail."""

from uuid import UUID

from ascension.accounts import queries as accounts
from ascension.accounts.choices import Language
from ascension.accounts.mail import queries as letters
from ascension.accounts.mail.service import Post
from ascension.accounts.parts import AccountParts
from ascension.accounts.passwords import queries, rules
from ascension.accounts.sessions import service as sessions
from ascension.audit.entries import account, record
from ascension.errors.accounts import LinkInvalid, SessionRevoked
from ascension.infra.database.primary import Transaction
from ascension.infra.security import token_hash


async def change(
    parts: AccountParts,
    user_id: UUID,
    *,
    new: str,
    refresh_token: str | None,
    language: Language,
) -> None:
    """Of somebody who has just shown that it is them. Every session but this one ends.

    Raises:
        PasswordCommon, PasswordPersonal, SessionRevoked: nothing was changed.
    """
    async with parts.database.transaction() as tx:
        user = await accounts.get_user(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    rules.check(new, email=user.email, name=user.display_name)
    password_hash = await parts.hasher.hash(new)
    async with parts.database.transaction() as tx:
        this = await sessions.current_session(tx.connection, user_id, refresh_token)
        await _replace(tx, parts.post, user, password_hash, language=language, but=this)
        await record(tx.connection, "password.changed", account(user_id))


async def forgotten(tx: Transaction, post: Post, email: str, language: Language, *, is_known: bool) -> None:
    """Ask for the letter. Whether there is such an account is looked up when it leaves. Raises LettersOff.

    is_known: by a browser that logged into the account of this e-mail before.
    """
    await post.put(tx, "password_reset", recipient=email, language=language, is_own=is_known)


async def reset(parts: AccountParts, token: str, *, password: str, language: Language) -> accounts.User:
    """Replace the password of the account that this link was sent for; every session of it ends.

    A password that is refused does not use the link up.

    Raises:
        LinkInvalid, PasswordCommon, PasswordPersonal: nothing was changed.
    """
    digest = token_hash(token)
    async with parts.database.transaction() as tx:
        user_id = await letters.subject_of_token(tx.connection, "password_reset", digest)
        user = user_id and await accounts.get_user(tx.connection, user_id)
    if not user:
        raise LinkInvalid
    rules.check(password, email=user.email, name=user.display_name)
    password_hash = await parts.hasher.hash(password)
    async with parts.database.transaction() as tx:
        if not await letters.use_token(tx.connection, "password_reset", digest):
            raise LinkInvalid
        await _replace(tx, parts.post, user, password_hash, language=language, but=None)
        await record(tx.connection, "password.reset", account(user.id))
    return user


async def _replace(
    tx: Transaction,
    post: Post,
    user: accounts.User,
    password_hash: str,
    *,
    language: Language,
    but: UUID | None,
) -> None:
    if not await queries.set_password_hash(tx.connection, user.id, password_hash):
        raise SessionRevoked
    await letters.delete_tokens(tx.connection, "password_reset", user.id)
    await sessions.revoke_sessions(tx, user.id, but=but)
    if post.is_on:
        await post.put(tx, "password_changed", recipient=user.email, language=language)
