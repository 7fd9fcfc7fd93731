"""Why something is not shared, or not shown to whom it was shared with."""

from ascension.errors.base import ApiError
from ascension.errors.http import Conflict, Forbidden, NotFound, TooManyAtOnce


class ShareNotFound(NotFound):
    """This link has ended or never was. Ask whoever sent it for a new one."""


class SharePasswordNeeded(Forbidden):
    """This link has a password. Ask whoever sent it."""


class SharePasswordWrong(Forbidden):
    """This is not the password of this link. Ask whoever sent it."""


class ShareGuessed(ApiError):
    """Too many wrong passwords were tried at this link. Ask whoever sent it for a new one."""

    status = 423
    retry_after_s = 3600


class TooManyShares(Conflict):
    """This climb has as many links as it may have. End some first."""


class VideoNotShared(NotFound):
    """There is no video to see here, or not yet: the skeleton is all."""


class CoachNotFound(NotFound):
    """You have no such coach, and invited none: it has ended already."""


class CoachPresent(Conflict):
    """This is your coach already."""


class CoachIsYou(Conflict):
    """You cannot be your own coach: you see all your climbs anyway."""


class TooManyCoaches(Conflict):
    """You have as many coaches as you may have. End one first."""


class CoachesInvitedTooOften(TooManyAtOnce):
    """You invited as many coaches as a day allows. Invitations that are out can still be accepted."""


class CoachNeedsAdult(Forbidden):
    """Who is not old enough to agree alone cannot let a coach in here."""


class CoachInvitationInvalid(Forbidden):
    """This invitation is unknown, used or withdrawn, or was sent to another address than your account's."""


class CoachedClimberNotFound(NotFound):
    """You do not coach this climber, or not any more."""


class CommentNotFound(NotFound):
    """There is no such comment: it was deleted."""


class GuestsOnlyRead(Forbidden):
    """Whoever comes by a link can look, and say nothing here."""


class TooManyComments(Conflict):
    """This climb has as many comments as it may have. Delete some first."""
