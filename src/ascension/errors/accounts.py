"""Why an account is not let in, or not changed."""

from ascension.errors.base import ApiError
from ascension.errors.http import Conflict, Forbidden, Malformed, NotFound, Unauthenticated


class InvalidCredentials(Unauthenticated):
    """E-mail and password do not match an account."""


class TokenInvalid(Unauthenticated):
    """This token is not one of ours. Log in again."""


class TokenExpired(Unauthenticated):
    """The access token has expired. Refresh it and repeat the request."""


class SessionRevoked(Unauthenticated):
    """This session has ended. Log in again."""


class PasswordWrong(Forbidden):
    """This is not your password. Nothing was changed."""


class PresenceNeeded(Forbidden):
    """Show that it is you first: type your password, or use a passkey. Nothing was changed."""


class TicketInvalid(Forbidden):
    """The socket ticket is unknown, used or older than its lifetime. Ask for a new one."""


class ErasureNotFound(NotFound):
    """There is no such erasure, or it was finished long ago."""


class AccountNotFound(NotFound):
    """There is no such account: register it first."""


class LastAdmin(Conflict):
    """This is the only admin, so the role cannot be taken. Make another account an admin first."""


class EmailTaken(Conflict):
    """An account with this e-mail exists. Log in instead."""


class AccountLocked(ApiError):
    """Too many wrong tries. Wait as long as Retry-After says; where you logged in before, you still can."""

    status = 423
    retry_after_s = 30


class LetterNeeded(Forbidden):
    """Too many wrong passwords were tried at this account from elsewhere: a password alone does not do now.

    Log in where you did before or by a passkey, or choose a new password by letter.
    """


class SessionNotFound(NotFound):
    """You have no such session: it has ended already."""


class CodeWrong(Forbidden):
    """This code is wrong, or was used before. Wait for the next one."""


class ChallengeExpired(Forbidden):
    """This took too long, or was answered before. Begin again."""


class FactorPresent(Conflict):
    """Codes of an app are on already. Turn them off first."""


class FactorMissing(Conflict):
    """No app is set up for codes. Begin with the picture."""


class PasskeyRefused(Forbidden):
    """This passkey cannot be used here. Log in another way, or make a new one."""


class PasskeyKnown(Conflict):
    """This passkey is registered already."""


class PasskeyNotFound(NotFound):
    """You have no such passkey: it is removed already."""


class TooManyPasskeys(Conflict):
    """No more than twenty passkeys can be kept. Remove one first."""


class LettersOff(Conflict):
    """This platform sends no letters. Ask whoever runs it."""


class LinkInvalid(Forbidden):
    """This link is unknown, used or older than its lifetime. Ask for a new letter."""


class SignUpClosed(Forbidden):
    """No new accounts are made here. Ask whoever runs the platform."""


class InvitationInvalid(Forbidden):
    """Accounts are made by invitation here, with the address that it was sent to. Ask for a new one."""


class PasswordCommon(Malformed):
    """This password is among those that everybody tries first. Three or four unrelated words do well."""


class PasswordPersonal(Malformed):
    """This password is made of your e-mail or name. Three or four unrelated words do well."""
