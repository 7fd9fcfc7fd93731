"""Why an account is not let in, or not changed."""

from ascension.errors.http import Conflict, Forbidden, NotFound, Unauthenticated


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
