"""What endpoints ask of the process for plans."""

from typing import Annotated

from fastapi import Depends, Request

from ascension.subscriptions.parts import SubscriptionParts


# `async` although it waits for nothing: others would each be run in a thread
async def _parts(request: Request) -> SubscriptionParts:
    return request.app.state.subscriptions


SubscriptionPartsDep = Annotated[SubscriptionParts, Depends(_parts)]
