"""SQL of users, idempotency keys, quota and allowances."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from ascension.accounts.choices import Grades, Language, Units
from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class User:
    id: UUID
    email: str
    display_name: str
    tier: str
    role: str
    created_at: datetime
    units: Units | None
    grades: Grades | None
    wants_result_letters: bool


@dataclass(frozen=True)
class Credentials:
    id: UUID
    password_hash: str

    @property
    def digest(self) -> str:
        """Names the password's hash and tells nothing of it: what a login rests on until it is a session."""
        return hashlib.sha256(self.password_hash.encode()).hexdigest()


async def insert_user(
    connection: Connection, *, user_id: UUID, email: str, display_name: str, password_hash: str
) -> User | None:
    """The new user, or None when the e-mail is taken."""
    async with connection.cursor(row_factory=class_row(User)) as cursor:
        await cursor.execute(
            """
            insert into users (id, email, display_name, password_hash)
            values (%(id)s, %(email)s, %(display_name)s, %(password_hash)s)
            on conflict (email) do nothing
            returning id, email, display_name, tier, role, created_at, units, grades,
                wants_result_letters
            """,
            {"id": user_id, "email": email, "display_name": display_name, "password_hash": password_hash},
        )
        return await cursor.fetchone()


async def get_user(connection: Connection, user_id: UUID) -> User | None:
    async with connection.cursor(row_factory=class_row(User)) as cursor:
        await cursor.execute(
            """
            select id, email, display_name, tier, role, created_at, units, grades, wants_result_letters
            from users where id = %s
            """,
            (user_id,),
        )
        return await cursor.fetchone()


async def get_climber(connection: Connection, user_id: UUID) -> dict[str, Any] | None:
    """What the user told about their body; None: there is no such user."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select climber from users where id = %s", (user_id,))
        return await cursor.fetchone()


async def set_climber(connection: Connection, user_id: UUID, climber: dict[str, Any]) -> bool:
    """False: there is no such user."""
    cursor = await connection.execute(
        "update users set climber = %s where id = %s", (Jsonb(climber), user_id)
    )
    return cursor.rowcount == 1


async def get_role(connection: Connection, user_id: UUID) -> str | None:
    """None: there is no such user."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select role from users where id = %s", (user_id,))
        return await cursor.fetchone()


async def language_of(connection: Connection, email: str) -> Language | None:
    """What the account's owner chose; None: nothing, or there is no such account."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select language from users where email = %s", (email,))
        return await cursor.fetchone()


async def set_language(connection: Connection, user_id: UUID, language: Language) -> bool:
    """False: there is no such user."""
    cursor = await connection.execute("update users set language = %s where id = %s", (language, user_id))
    return cursor.rowcount == 1


async def set_reading(
    connection: Connection, user_id: UUID, *, units: Units | None, grades: Grades | None
) -> bool:
    """False: there is no such user."""
    cursor = await connection.execute(
        "update users set units = %s, grades = %s where id = %s", (units, grades, user_id)
    )
    return cursor.rowcount == 1


async def set_letters(connection: Connection, user_id: UUID, *, about_results: bool) -> bool:
    """False: there is no such user."""
    cursor = await connection.execute(
        "update users set wants_result_letters = %s where id = %s", (about_results, user_id)
    )
    return cursor.rowcount == 1


async def wants_result_letters(connection: Connection, email: str) -> bool:
    """Still, and the account is not about to go."""
    cursor = await connection.execute(
        """
        select 1 from users u where u.email = %s and u.wants_result_letters
            and not exists (select from departures d where d.user_id = u.id)
        """,
        (email,),
    )
    return await cursor.fetchone() is not None


async def lock_user(connection: Connection, user_id: UUID) -> None:
    """Two transactions that both do this for one user happen one after the other."""
    await connection.execute("select from users where id = %s for no key update", (user_id,))


async def still_has_password(connection: Connection, user_id: UUID, digest: str) -> bool:
    """Whether this is (`Credentials.digest`) the password still; it stays so until this transaction ends."""
    cursor = await connection.execute(
        "select from users where id = %s and sha256(password_hash::bytea) = decode(%s, 'hex') for share",
        (user_id, digest),
    )
    return cursor.rowcount == 1


async def get_credentials(connection: Connection, email: str) -> Credentials | None:
    async with connection.cursor(row_factory=class_row(Credentials)) as cursor:
        await cursor.execute("select id, password_hash from users where email = %s", (email,))
        return await cursor.fetchone()


async def get_password_hash(connection: Connection, user_id: UUID) -> str | None:
    """None: there is no such user."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select password_hash from users where id = %s", (user_id,))
        return await cursor.fetchone()


@dataclass(frozen=True)
class IdempotencyRow:
    request_hash: bytes
    resource_id: UUID


async def insert_idempotency_key(
    connection: Connection, *, user_id: UUID, key: str, request_hash: bytes, resource_id: UUID
) -> bool:
    """False when the key is there already. Waits for a transaction that is just writing the same key."""
    cursor = await connection.execute(
        """
        insert into idempotency_keys (user_id, key, request_hash, resource_id)
        values (%s, %s, %s, %s) on conflict (user_id, key) do nothing
        """,
        (user_id, key, request_hash, resource_id),
    )
    return cursor.rowcount == 1


async def get_idempotency_key(connection: Connection, user_id: UUID, key: str) -> IdempotencyRow | None:
    async with connection.cursor(row_factory=class_row(IdempotencyRow)) as cursor:
        await cursor.execute(
            "select request_hash, resource_id from idempotency_keys where user_id = %s and key = %s",
            (user_id, key),
        )
        return await cursor.fetchone()


async def delete_old_idempotency_keys(connection: Connection, *, ttl_s: int) -> None:
    await connection.execute(
        "delete from idempotency_keys where created_at < now() - make_interval(secs => %s)", (ttl_s,)
    )


async def count_quota_uses(connection: Connection, user_id: UUID) -> int:
    """Analyses used in the present calendar month (UTC); those that ended without a result cost nothing."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select count(*) from quota_uses
            where user_id = %s and used_at >= date_trunc('month', now(), 'UTC')
                and not exists (
                    select from jobs j
                    where j.subject_id = quota_uses.subject_id and j.kind <> 'derivation'
                        and j.state in ('failed', 'dead', 'canceled'))
            """,
            (user_id,),
        )
        return (await cursor.fetchone()) or 0


async def insert_quota_use(connection: Connection, *, user_id: UUID, subject_id: UUID) -> None:
    await connection.execute(
        """
        insert into quota_uses (subject_id, user_id) values (%s, %s)
        on conflict (subject_id) do update set used_at = now() where quota_uses.user_id = excluded.user_id
        """,
        (subject_id, user_id),
    )


async def delete_quota_use(connection: Connection, *, user_id: UUID, subject_id: UUID) -> None:
    await connection.execute(
        "delete from quota_uses where subject_id = %s and user_id = %s", (subject_id, user_id)
    )


async def settle_quota_use(connection: Connection, *, user_id: UUID, subject_id: UUID) -> None:
    """Under an id of its own: no job that fails or is canceled later makes it cost nothing."""
    await connection.execute(
        "update quota_uses set subject_id = gen_random_uuid() where subject_id = %s and user_id = %s",
        (subject_id, user_id),
    )


async def allowance_wait_s(
    connection: Connection, *, kind: str, user_id: UUID, video_id: UUID, per_video: int, per_user: int
) -> int:
    """Seconds until fewer than so many uses lie within a day, of the video and of the user; 0: so it is."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            with recent as (
                select video_id, used_at from allowance_uses
                where user_id = %(user_id)s and kind = %(kind)s
                    and used_at > now() - interval '1 day'
            ), full_since as (
                select greatest(
                    (select used_at from recent where video_id = %(video_id)s
                     order by used_at desc offset %(per_video)s - 1 limit 1),
                    (select used_at from recent order by used_at desc offset %(per_user)s - 1 limit 1)) as at
            )
            select ceil(extract(epoch from at + interval '1 day' - now()))::int
            from full_since
            """,
            {
                "kind": kind,
                "user_id": user_id,
                "video_id": video_id,
                "per_video": per_video,
                "per_user": per_user,
            },
        )
        return (await cursor.fetchone()) or 0


async def insert_allowance_use(connection: Connection, kind: str, *, user_id: UUID, video_id: UUID) -> None:
    await connection.execute(
        "insert into allowance_uses (kind, user_id, video_id) values (%s, %s, %s)", (kind, user_id, video_id)
    )


async def delete_old_allowance_uses(connection: Connection) -> None:
    await connection.execute("delete from allowance_uses where used_at < now() - interval '1 day'")
