"""Why a result does not go into a file, or a file does not go back into it."""

from ascension.errors.base import AscensionError


class ReportError(AscensionError):
    """The result does not go into this file."""


class NotScaled(ReportError):
    """Lengths in meters are not known. Analyze with --height-m, or choose csv, json or kinovea (pixels)."""


class PictureUnreadable(ReportError):
    """The picture of the wall is neither JPEG, PNG, WebP nor AVIF, or it is damaged."""


class KeypointsRefused(ReportError):
    """The file of keypoints does not fit the analysis."""


class KeypointsUnreadable(KeypointsRefused):
    """The file is no such table of keypoints."""


class KeypointsOfOtherClip(KeypointsRefused):
    """The file has other frames than the analysis."""


class UnknownMarker(KeypointsRefused):
    """The file names a landmark that is none of ours."""


class WrongUnit(KeypointsRefused):
    """The file is in another unit."""


class KeypointNotPlaceable(KeypointsRefused):
    """The file places a landmark in a frame that shows nobody, or that has no place on the wall."""
