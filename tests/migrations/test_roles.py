"""What each database role may and may not do, tried as that role on the migrated database."""

from typing import LiteralString

import psycopg
import pytest

from tests.conftest import Engines

pytestmark = pytest.mark.proves("M56")

WORKER_MAY_NOT: tuple[LiteralString, ...] = (
    "select password_hash from users",
    "select id from users",
    "update users set tier = 'infinity'",
    "delete from users",
    "select token_hash from refresh_tokens",
    "select resource_id from idempotency_keys",
    "insert into analyses (id) values (gen_random_uuid())",
    "delete from analyses",
    "delete from videos",
    "update videos set user_id = gen_random_uuid()",
    "update videos set object_key = 'x'",
    "insert into jobs (id) values (gen_random_uuid())",
    "delete from jobs",
    "truncate jobs",
    "insert into corrections (id) values (gen_random_uuid())",
    "update corrections set edits = '{}'",
    "select climber from users",
    "select role from users",
    "update users set role = 'admin', password_hash = 'x'",
    "select sealed_secret from totp_factors",
    "select public_key from passkeys",
    "update refresh_tokens set revoked_at = null",
    "insert into refresh_tokens (token_hash) values ('x')",
    "select action from audit_log",
    "insert into comparisons (id) values (gen_random_uuid())",
    "delete from comparisons",
    "insert into recognitions (id) values (gen_random_uuid())",
    "delete from recognitions",
    "update routes set name = name",
    "select note from route_tries",
    "insert into video_copies (id) values (gen_random_uuid())",
    "delete from video_copies",
    "update video_parts set sha256 = sha256",
    "insert into object_deletions (object_key) values ('x')",
)
NOBODY_MAY: tuple[LiteralString, ...] = (
    "create table mine (id int)",
    "drop table users",
    "alter table users add column extra text",
    "create role mine",
    "select pg_read_file('/etc/hostname')",
    "copy users to program 'cat'",
    "select rolpassword from pg_authid",
    "set role ascension_migrate",
    "grant ascension_migrate to ascension_api",
    "alter role ascension_api superuser",
    "create function mine() returns int language sql as 'select 1'",
    "create extension dblink",
    "alter table users disable trigger all",
    "set session_replication_role = replica",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ascension_admin'",
    "delete from schema_migrations",
)
WORKER_MAY: tuple[LiteralString, ...] = (
    "select object_key from videos",
    "update videos set state = state",
    "update jobs set stage = stage",
    "update analyses set result = result",
    "delete from workers",
    "select edits from corrections",
    "delete from corrections",
    "update comparisons set result = result",
)


# All that a worker may do with tables; one that is not here it cannot reach.
OF_WORKERS = {
    "analyses": {"SELECT", "UPDATE"},
    "comparisons": {"SELECT", "UPDATE"},
    "recognitions": {"SELECT", "UPDATE"},
    "routes": {"SELECT"},
    "corrections": {"SELECT", "DELETE"},
    "jobs": {"SELECT", "UPDATE"},
    "schema_migrations": {"SELECT"},
    "video_copies": {"SELECT", "UPDATE"},
    "video_parts": {"SELECT"},
    "videos": {"SELECT"},
    "wordings": {"SELECT", "INSERT", "UPDATE"},
    "workers": {"SELECT", "INSERT", "UPDATE", "DELETE"},
}


async def _try(url: str, statement: LiteralString) -> None:
    """Run it and take it back."""
    async with await psycopg.AsyncConnection.connect(url, connect_timeout=5) as connection:
        await connection.execute(statement)
        await connection.rollback()


@pytest.mark.parametrize("statement", WORKER_MAY_NOT)
async def test_the_worker_may_not(engines: Engines, statement: LiteralString) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await _try(engines.worker_url, statement)


@pytest.mark.parametrize("statement", WORKER_MAY)
async def test_the_worker_may(engines: Engines, statement: LiteralString) -> None:
    await _try(engines.worker_url, statement)


@pytest.mark.parametrize("role", ["api", "worker"])
@pytest.mark.parametrize("statement", NOBODY_MAY)
async def test_no_process_may(engines: Engines, role: str, statement: LiteralString) -> None:
    url = {"api": engines.api_url, "worker": engines.worker_url}[role]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await _try(url, statement)


async def test_no_role_of_the_product_is_more_than_a_login(engines: Engines) -> None:
    async with await psycopg.AsyncConnection.connect(engines.admin_url, connect_timeout=5) as connection:
        found = await connection.execute(
            """
            select rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls
            from pg_roles where rolname in ('ascension_api', 'ascension_worker', 'ascension_migrate')
            order by rolname
            """
        )
        roles = await found.fetchall()
    login_only = (True, False, False, False, False, False)
    assert roles == [
        (name, *login_only) for name in ("ascension_api", "ascension_migrate", "ascension_worker")
    ]


async def test_processes_do_not_own_tables(engines: Engines) -> None:
    async with await psycopg.AsyncConnection.connect(engines.admin_url, connect_timeout=5) as connection:
        found = await connection.execute(
            "select distinct tableowner from pg_tables where schemaname = 'public'"
        )
        assert await found.fetchall() == [("ascension_migrate",)]


async def test_a_worker_reaches_the_tables_of_its_work_and_no_other(engines: Engines) -> None:
    async with await psycopg.AsyncConnection.connect(engines.admin_url, connect_timeout=5) as connection:
        found = await connection.execute(
            """
            select table_name::text, array_agg(privilege_type::text) from information_schema.role_table_grants
            where grantee = 'ascension_worker' group by 1
            """
        )
        assert {table: set(granted) for table, granted in await found.fetchall()} == OF_WORKERS
        columns = await connection.execute(
            """
            select table_name::text, column_name::text, privilege_type::text
            from information_schema.column_privileges c
            where grantee = 'ascension_worker' and not exists (
                select from information_schema.role_table_grants t
                where t.grantee = c.grantee and t.table_name = c.table_name
                    and t.privilege_type = c.privilege_type)
            """
        )
        assert await columns.fetchall() == [("videos", "state", "UPDATE")]


async def test_no_process_is_a_member_of_another_role_hands_on_rights_or_has_what_all_have(
    engines: Engines,
) -> None:
    async with await psycopg.AsyncConnection.connect(engines.admin_url, connect_timeout=5) as connection:
        members = await connection.execute(
            """
            select pg_get_userbyid(member), pg_get_userbyid(roleid) from pg_auth_members
            where pg_get_userbyid(member) in ('ascension_api', 'ascension_worker')
            """
        )
        assert await members.fetchall() == []
        handed_on = await connection.execute(
            """
            select table_name from information_schema.role_table_grants
            where grantee in ('ascension_api', 'ascension_worker') and is_grantable = 'YES'
            """
        )
        assert await handed_on.fetchall() == []
        everybody = await connection.execute(
            """
            select table_name from information_schema.role_table_grants
            where grantee = 'PUBLIC' and table_schema = 'public'
            """
        )
        assert await everybody.fetchall() == []
