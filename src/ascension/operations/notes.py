"""One line in the log for what an admin did."""

from uuid import UUID

from ascension.infra.database.primary import Transaction
from ascension.infra.logging import get_logger


def note(tx: Transaction, event: str, admin_id: UUID, **fields: object) -> None:
    """Once it is true."""

    async def after() -> None:
        get_logger().info(event, operator_id=str(admin_id), **fields)

    tx.after_commit(after)
