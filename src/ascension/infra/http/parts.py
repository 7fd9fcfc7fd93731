"""What an endpoint needs of the process."""

from fastapi import Depends, Request


def kept(name: str) -> object:
    """A dependency: what was put under this name on the application's state when the process began."""

    # `async` although it waits for nothing: others would each be run in a thread
    async def find(request: Request) -> object:
        return getattr(request.app.state, name)

    return Depends(find)
