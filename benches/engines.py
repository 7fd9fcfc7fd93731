"""Engines of one bench alone, and its programs on them."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from ascension.embedded.stack import Stack
from tests.conftest import describe, new_home, remove_home
from tests.platform import Programs


@asynccontextmanager
async def own_programs(
    *, durable: bool = True, web_origins: Sequence[str] = ("http://localhost:8080",)
) -> AsyncGenerator[Programs]:
    """Programs on fresh engines; all end with the context. `durable`: writes reach the disk, as in use.

    `web_origins`: of pages that fetch from storage.
    """
    home = new_home()
    stack = Stack(home, web_origins, durable=durable)
    try:
        await stack.start()
        with tempfile.TemporaryDirectory() as folder:
            programs = Programs(describe(stack), Path(folder))
            try:
                yield programs
            finally:
                await asyncio.to_thread(programs.end)
    finally:
        stack.kill()
        remove_home(home)
