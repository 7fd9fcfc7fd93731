"""Sharing in an API process: its routers, and what is forgotten beside the requests."""

import asyncio

from ascension.errors.base import AscensionError
from ascension.infra.database.primary import Database
from ascension.infra.logging import get_logger
from ascension.sharing import copies, endpoints
from ascension.sharing.coaches import endpoints as coaches
from ascension.sharing.coaches import service as coach_service
from ascension.sharing.comments import endpoints as comments
from ascension.sharing.comments import service as comment_service
from ascension.sharing.links import endpoints as links
from ascension.sharing.links import service as link_service

ROUTERS = (links.router, coaches.router, endpoints.router, comments.router)


async def run(database: Database, *, interval_s: float) -> None:
    """Forget links and invitations whose time is over, and comments that were deleted: any replica may."""
    while True:
        try:
            async with database.transaction() as tx:
                await link_service.sweep(tx)
                await coach_service.sweep(tx)
                await comment_service.sweep(tx)
                await copies.sweep(tx)
        except AscensionError as error:
            get_logger().warning("sharing_sweep_put_off", reason=error.code)
        await asyncio.sleep(interval_s)
