"""What the video endpoints ask of the process."""

from typing import Annotated

from fastapi import Depends, Request

from ascension.videos.service import VideoParts


async def _parts(request: Request) -> VideoParts:
    return request.app.state.videos


VideoPartsDep = Annotated[VideoParts, Depends(_parts)]
