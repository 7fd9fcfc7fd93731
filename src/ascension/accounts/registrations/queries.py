"""SQL of accounts that are asked for and wait for their e-mail to be confirmed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Registration:
    id: UUID
    email: str
    display_name: str
    password_hash: str
    agreed: dict[str, Any]
    """An `Agreement`; empty: the release before this wrote it down."""


async def insert(
    connection: Connection, registration: Registration, *, idempotency_key: str | None, ttl_s: int
) -> bool:
    """False: this key asked for it before."""
    cursor = await connection.execute(
        """
        insert into registrations
            (id, email, display_name, password_hash, agreed, idempotency_key, expires_at)
        values (%s, %s, %s, %s, %s, %s, now() + make_interval(secs => %s))
        on conflict (email, idempotency_key) do nothing
        """,
        (
            registration.id,
            registration.email,
            registration.display_name,
            registration.password_hash,
            Jsonb(registration.agreed),
            idempotency_key,
            ttl_s,
        ),
    )
    return cursor.rowcount == 1


async def get(connection: Connection, email: str, registration_id: UUID | None) -> Registration | None:
    """This one of an e-mail, or, without an id, the latest that has not expired."""
    async with connection.cursor(row_factory=class_row(Registration)) as cursor:
        await cursor.execute(
            """
            select id, email, display_name, password_hash, agreed from registrations
            where email = %(email)s and (%(id)s::uuid is null or id = %(id)s) and expires_at > now()
            order by id desc limit 1
            """,
            {"email": email, "id": registration_id},
        )
        return await cursor.fetchone()


async def get_by_id(connection: Connection, registration_id: UUID) -> Registration | None:
    async with connection.cursor(row_factory=class_row(Registration)) as cursor:
        await cursor.execute(
            "select id, email, display_name, password_hash, agreed from registrations where id = %s",
            (registration_id,),
        )
        return await cursor.fetchone()


async def delete_of_email(connection: Connection, email: str) -> None:
    await connection.execute("delete from registrations where email = %s", (email,))


async def delete_expired(connection: Connection) -> None:
    await connection.execute("delete from registrations where expires_at < now()")
