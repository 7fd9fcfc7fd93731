"""Why one job ended without a result; the code stands on its row."""

from ascension.errors.base import AscensionError


class JobFailure(AscensionError):
    """The analysis ended without a result."""


class NotAVideo(JobFailure):
    """This file is not a video that we can read. Upload an MP4, MOV or WebM from a phone or camera."""


class EmptyVideo(JobFailure):
    """The file is empty. Choose the clip again; the phone may not have finished saving it."""


class AudioOnly(JobFailure):
    """This file has sound but no picture. Choose the video itself."""


class ContainerUnsupported(JobFailure):
    """This kind of video file (AVI, MPEG-TS, WMV ...) is not read here. Convert it to MP4, MOV or WebM."""


class VideoTruncated(JobFailure):
    """Most of the video is missing: the file breaks off. Export or copy it again."""


class VideoDamaged(JobFailure):
    """Most of the video's pictures cannot be decoded: the file is damaged. Export or copy it again."""


class CodecUnsupported(JobFailure):
    """The video's compression cannot be decoded here. Export it as H.264 or HEVC."""


class VideoTooLong(JobFailure):
    """The video is longer than the limit. Trim it to the climb."""


class VideoTooShort(JobFailure):
    """The video has fewer than three pictures, so nothing moves in it. Film the whole climb."""


class VideoTooSparse(JobFailure):
    """The video has fewer than five pictures a second, too few to follow a move. Film at 30."""


class VideoBlack(JobFailure):
    """The picture is black from beginning to end. Was the lens covered? Film again with more light."""


class VideoTooLarge(JobFailure):
    """The picture is larger than the limit. Export it at 4K or less."""


class VideoTooSmall(JobFailure):
    """The picture is too small to see a body in it. Film at 480p or more."""


class MarkOutsidePicture(JobFailure):
    """A place that you marked lies outside the picture. Mark it again inside."""


class NoPerson(JobFailure):
    """No climber was found in the video. Film from 4 to 6 m with the whole body in view."""


class NobodyInTheDark(NoPerson):
    """The picture is too dark to find a climber in it. Switch on more light, and film again."""


class NobodyInTheHaze(NoPerson):
    """Nobody was found: the picture has almost no contrast. Clean the lens, and do not film against light."""


class NobodyInTheGlare(NoPerson):
    """Nobody was found: much of the picture is plain white. Lower the exposure, or film away from windows."""


class NobodyInTheBlur(NoPerson):
    """Nobody was found: the picture is blurred. Clean the lens, hold the phone still, and film again."""


class NobodyInTheBox(NoPerson):
    """Nobody was found in the box at that time. Draw it around the climber's whole body."""


class NobodyClimbs(NoPerson):
    """People were seen, but nobody climbs. If one of them does, draw a box around that person."""


class VideoMissing(JobFailure):
    """The video is no longer stored, so it cannot be analyzed. Upload it again."""


class VideoInArchive(JobFailure):
    """The video lies in the deep archive and cannot be read. Restore it, then analyze again."""


class VideoAltered(JobFailure):
    """The stored video is not the one that was uploaded: its checksum differs. Upload the clip again."""


class ClipNotCopied(JobFailure):
    """Sound and place cannot be taken out of this clip: its file is built in an unusual way. It stays."""


class CorrectionMisplaced(JobFailure):
    """A correction names a frame, a body or a hold that is not there. Take it back; the rest is kept."""


class AttemptMissing(JobFailure):
    """One of the clips shows no such attempt on a wall, so there is nothing to compare. Choose another."""


class WallPictureMissing(JobFailure):
    """A clip shows too little of its wall to recognize it. Film the wall around the climber, too."""


class WallTextureMissing(JobFailure):
    """A wall has too little on it to be recognized: neither holds nor texture. Compare other clips."""


class WallsDiffer(JobFailure):
    """The two clips show different walls, or one wall from too far apart. Choose two of the same route."""


class NothingShared(JobFailure):
    """The two attempts have no hold in common: nothing can be compared. Choose two of the same route."""


class ComputeTimeLimit(JobFailure):
    """The analysis took longer than its limit and was stopped."""


class ComputeMemoryLimit(JobFailure):
    """The analysis needed more memory than its limit and was stopped."""


class ComputeOutputLimit(JobFailure):
    """The analysis wrote more than its limit and was stopped."""


class ComputeCrashed(JobFailure):
    """The analysis program ended unexpectedly on this video."""


class ComputeStalled(ComputeCrashed):
    """The analysis stood still until its time limit and was stopped. It can be tried again."""


class InternalFault(JobFailure):
    """A mistake of ours ended this more than once, and has been logged. It can be tried again."""


class WorkerLost(JobFailure):
    """The analysis was lost more than once with the machine that ran it. It can be tried again."""
