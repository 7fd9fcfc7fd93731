"""Why an analysis, its corrections or a comparison are not begun, changed or found."""

from ascension.errors.http import Conflict, Forbidden, NotFound, TooManyAtOnce


class QuotaExceeded(Forbidden):
    """Your plan's analyses for this month are used up."""


class AnalysisNotFound(NotFound):
    """There is no analysis with this id among yours."""


class ResultNotFound(NotFound):
    """This analysis has no result yet."""


class OriginalNotFound(NotFound):
    """No correction is worked into this result: it is the original."""


class CorrectionNotFound(NotFound):
    """This analysis has no such correction."""


class ComparisonNotFound(NotFound):
    """There is no comparison with this id among yours."""


class ComparisonInTrash(NotFound):
    """One of the two climbs is in the trash. Have it back to see them beside each other."""


class JobNotFound(NotFound):
    """There is no job with this id: it never was, or what it was about was deleted."""


class WallPictureNotFound(NotFound):
    """This analysis has no picture of the wall: it is not finished, or the clip shows too little of it."""


class AnalysisActive(Conflict):
    """This video is being analyzed already."""


class AnalysisEnded(Conflict):
    """This analysis has ended: there is nothing to cancel."""


class AnalysisNotRetryable(Conflict):
    """Only a failed or canceled analysis can be tried again."""


class ResultUnreadable(Conflict):
    """What is stored of this analysis cannot be read. Analyze the clip again."""


class JobEnded(Conflict):
    """This job has ended: there is nothing to cancel."""


class JobNotRetryable(Conflict):
    """Only a job that is dead or has failed can be tried again."""


class TooManyCorrections(Conflict):
    """This analysis has as many corrections as it may have. Take some back first."""


class TooManyComparisons(Conflict):
    """You have as many comparisons as you may keep. Delete some first."""


class AnalyzedTooOften(TooManyAtOnce):
    """This clip was analyzed as often as a day allows without counting. Choose another clip, or wait."""
