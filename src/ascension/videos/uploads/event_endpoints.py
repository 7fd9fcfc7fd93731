"""HTTP of storage's own events. No part of the client's contract: storage calls it."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request

from ascension.errors.http import RouteNotFound, StorageUnavailable
from ascension.errors.videos import EventSenderUnknown
from ascension.infra.http.errors import errors
from ascension.videos.access import VideoPartsDep
from ascension.videos.uploads import events as upload_events

_EXAMPLE = {
    "Records": [
        {
            "eventName": "ObjectCreated:CompleteMultipartUpload",
            "s3": {
                "bucket": {"name": "ascension"},
                "object": {
                    "key": "uploads/01a20002-98ad-738f-a7b8-03941b08a650/01a20002-98ad-738f-a7b8-03941b08a652"
                },
            },
        }
    ]
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "examples": [_EXAMPLE]}}},
    }
}

router = APIRouter(prefix="/api/v1", tags=["videos"])


@router.post(
    "/storage-events",
    status_code=204,
    summary="Storage tells that an object was created",
    description="Events of S3 (plain, SNS, EventBridge) or SeaweedFS; off unless UPLOAD_EVENT_SECRET is set.",
    responses=errors(EventSenderUnknown, RouteNotFound, StorageUnavailable),
    openapi_extra=_BODY,
)
async def receive(
    request: Request, parts: VideoPartsDep, authorization: Annotated[str | None, Header()] = None
) -> None:
    secret = parts.settings.upload_event_secret.get_secret_value()
    upload_events.require_sender(secret, authorization)
    # read by hand: SNS declares its JSON as text
    await upload_events.receive(parts, await request.body())
