"""SQL of passwords."""

from uuid import UUID

from ascension.infra.database.primary import Connection


async def set_password_hash(connection: Connection, user_id: UUID, password_hash: str) -> bool:
    """False: there is no such user any more."""
    cursor = await connection.execute(
        "update users set password_hash = %s where id = %s", (password_hash, user_id)
    )
    return cursor.rowcount == 1
