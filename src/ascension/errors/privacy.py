"""What needs somebody's agreement first, and what becomes of an account that is to go."""

from ascension.errors.http import Conflict, Forbidden, Malformed, NotFound, TooManyAtOnce


class ConsentNeeded(Forbidden):
    """The terms or the privacy notice are new. Read and agree to them, then upload again."""


class ConsentOutdated(Malformed):
    """These are not the versions in force. Ask for the documents again and agree to what they say now."""


class GuardianNeeded(Forbidden):
    """Your parent or guardian has to agree by the link in their letter before you can upload."""


class GuardianUnfit(Malformed):
    """Your parent or guardian needs an e-mail of their own: this one is yours."""


class GuardianAnswered(Conflict):
    """Nobody has to be asked for this account, or your parent or guardian has agreed already."""


class MinorsNeedLetters(Conflict):
    """A young climber needs a guardian to agree by letter, and this platform sends none. Ask who runs it."""


class ExportNotFound(NotFound):
    """You have no such archive: it was removed, or its week is over."""


class ExportNotReady(Conflict):
    """This archive is not ready yet, or could not be made. Look at its state."""


class ExportUnderWay(Conflict):
    """An archive is being made already. Wait for it, or remove it."""


class ExportedTooOften(TooManyAtOnce):
    """You asked for as many archives as a day allows. Those that are there stay for a week."""
