"""Sharing in an API process: its routers, and what is forgotten beside the requests."""

from functools import partial

from ascension.infra.background import repeat
from ascension.infra.database.primary import Database
from ascension.sharing import copies, endpoints
from ascension.sharing.coaches import endpoints as coaches
from ascension.sharing.coaches import service as coach_service
from ascension.sharing.comments import endpoints as comments
from ascension.sharing.comments import service as comment_service
from ascension.sharing.links import endpoints as links
from ascension.sharing.links import service as link_service

ROUTERS = (links.router, coaches.router, endpoints.router, comments.router)


async def run(database: Database, *, interval_s: float) -> None:
    """Until canceled: any replica may do it."""
    await repeat({"sharing": partial(_forget, database)}, every_s=interval_s)


async def _forget(database: Database) -> None:
    """Links and invitations whose time is over, comments that were deleted, copies that nobody sees."""
    async with database.transaction() as tx:
        await link_service.sweep(tx)
        await coach_service.sweep(tx)
        await comment_service.sweep(tx)
        await copies.sweep(tx)
