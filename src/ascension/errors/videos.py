"""Why a video is not taken, kept or moved."""

from ascension.errors.http import Conflict, Forbidden, NotFound, TooManyAtOnce, Unauthenticated


class EventSenderUnknown(Unauthenticated):
    """Storage's events need the secret of UPLOAD_EVENT_SECRET, as bearer token or as basic password."""

    challenge = 'Basic realm="storage events"'  # SNS sends its password only when asked


class SavedRoomFull(Forbidden):
    """Your plan's room for saved videos is full. Give up one that you no longer need."""


class UploadsFull(Forbidden):
    """Your account holds as many unsaved videos as it may. Delete one, or wait until they expire."""


class VideoNotFound(NotFound):
    """There is no video with this id among yours."""


class VideoInTrash(VideoNotFound):
    """This video is in your trash, with its analyses."""


class UploadIncomplete(Conflict):
    """Parts of the upload are missing. Ask which are there, send the rest, complete again."""


class UploadMismatch(Conflict):
    """What was stored differs from what was announced (size, type or checksum). Upload it again."""


class UploadNotVideo(UploadMismatch):
    """This file is no video of the kind it was sent as. Choose the clip: MP4, MOV, 3GP, WebM or MKV."""


class UploadFinished(Conflict):
    """This upload is complete already: its parts are closed."""


class UploadExpired(Conflict):
    """The upload or its video is past its lifetime and was removed. Start a new upload."""


class VideoNotUploaded(Conflict):
    """The video's upload is not complete yet."""


class VideoMoving(Conflict):
    """This video is being saved, or given up, just now. Try again in a moment."""


class VideoArchived(Conflict):
    """This video lies in the deep archive. Ask for it with POST .../restore; that takes up to 12 hours."""


class VideoRestoring(Conflict):
    """This video is on its way out of the deep archive. It can be played when it is there."""


class VideoLost(Conflict):
    """The file of this saved video is not in storage. What was measured in it is kept; tell the operator."""


class MovedTooOften(TooManyAtOnce):
    """This video was saved and given up as often as a day allows. It stays where it is."""


class CopiedTooOften(TooManyAtOnce):
    """This video was copied as often as a day allows. Copies that are there stay."""
