"""What storage says of itself may confirm an upload whose `complete` was lost.

Taken as AWS S3 writes it (plain, through SNS, through EventBridge) and as SeaweedFS's webhook does. An event
is a hint and never believed: the object is looked at as `complete` does, so one that is replayed or invented
does nothing.
"""

import base64
import binascii
import hmac
from typing import Literal
from urllib.parse import unquote_plus

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from ascension.errors.http import Malformed, RouteNotFound
from ascension.errors.videos import EventSenderUnknown, UploadExpired, UploadIncomplete, UploadMismatch
from ascension.infra.logging import get_logger
from ascension.infra.storage.keys import ids_in
from ascension.videos import queries
from ascension.videos.parts import VideoParts
from ascension.videos.uploads import queries as upload_queries
from ascension.videos.uploads.service import finish

MAX_RECORDS = 100


class _Bucket(BaseModel):
    name: str


class _Object(BaseModel):
    key: str


class _Created(BaseModel):
    bucket: _Bucket
    object: _Object


class _Record(BaseModel):
    event_name: str = Field(alias="eventName")
    s3: _Created


class _S3Event(BaseModel):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html"""

    records: list[_Record] = Field(alias="Records", max_length=MAX_RECORDS)

    def keys(self, bucket: str) -> list[str]:
        return [
            unquote_plus(record.s3.object.key)  # written as in a form
            for record in self.records
            if record.event_name.removeprefix("s3:").startswith("ObjectCreated:")
            and record.s3.bucket.name == bucket
        ]


class _S3Test(BaseModel):
    """Sent once when notifications are switched on."""

    event: Literal["s3:TestEvent"] = Field(alias="Event")

    def keys(self, _: str) -> list[str]:
        return []


class _EventBridge(BaseModel):
    detail_type: str = Field(alias="detail-type")
    detail: _Created

    def keys(self, bucket: str) -> list[str]:
        is_meant = self.detail_type == "Object Created" and self.detail.bucket.name == bucket
        return [self.detail.object.key] if is_meant else []


class _Sns(BaseModel):
    """A message of SNS over HTTPS: the S3 event is a text inside."""

    kind: Literal["Notification"] = Field(alias="Type")
    message: str = Field(alias="Message")

    def keys(self, bucket: str) -> list[str]:
        return _INNER.validate_json(self.message).keys(bucket)


class _SnsHandshake(BaseModel):
    """Somebody has to follow its link once. Not we: a request may not make this server call an address."""

    kind: Literal["SubscriptionConfirmation", "UnsubscribeConfirmation"] = Field(alias="Type")
    topic: str = Field(alias="TopicArn", max_length=300)

    def keys(self, _: str) -> list[str]:
        get_logger().warning("storage_events_wait_for_confirmation", kind=self.kind, topic=self.topic)
        return []


class _SeaweedFS(BaseModel):
    """https://github.com/seaweedfs/seaweedfs/wiki/Filer-Notification-Webhook"""

    event_type: str
    key: str

    def keys(self, bucket: str) -> list[str]:
        folder = f"/buckets/{bucket}/"
        is_meant = self.event_type == "create" and self.key.startswith(folder)
        return [self.key.removeprefix(folder)] if is_meant else []


_INNER = TypeAdapter[_S3Event | _S3Test](_S3Event | _S3Test)
_EVENT = TypeAdapter[_S3Event | _S3Test | _EventBridge | _Sns | _SnsHandshake | _SeaweedFS](
    _S3Event | _S3Test | _EventBridge | _Sns | _SnsHandshake | _SeaweedFS
)


def require_sender(secret: str, authorization: str | None) -> None:
    """The sender shows the secret as a bearer token, or as the password of basic authentication (SNS).

    Raises:
        RouteNotFound: no secret is set, so no events are taken.
        EventSenderUnknown: another secret, or none.
    """
    if not secret:
        raise RouteNotFound
    scheme, _, shown = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        shown = _password(shown)
    elif scheme.lower() != "bearer":
        raise EventSenderUnknown
    if not hmac.compare_digest(shown.encode(), secret.encode()):
        raise EventSenderUnknown


def _password(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise EventSenderUnknown from None


async def receive(parts: VideoParts, body: bytes) -> None:
    """Confirm the open uploads that an event names; everything else in it is left alone.

    Raises:
        Malformed: no event that we know.
        DatabaseUnavailable, StorageUnavailable: the sender shall repeat it.
    """
    try:
        keys = _EVENT.validate_json(body).keys(parts.storage.bucket)
    except ValidationError:
        raise Malformed("This is no event of S3, SNS, EventBridge or SeaweedFS.") from None
    for key in dict.fromkeys(keys):  # each once: looking at it asks storage
        await _confirm(parts, key)


async def _confirm(parts: VideoParts, key: str) -> None:
    ids = ids_in(key)
    if ids is None:
        return
    user_id, video_id = ids
    async with parts.database.transaction() as tx:
        video = await queries.get(tx.connection, video_id, user_id)
        if video is None or video.state != "uploading":
            return
        digests = await upload_queries.part_digests(tx.connection, video_id, user_id)
    try:
        await finish(parts, video, digests, "confirmed_by_event", join=False)
    except (UploadIncomplete, UploadMismatch, UploadExpired) as refusal:
        get_logger().info("upload_not_confirmed", video_id=str(video_id), reason=refusal.code)
