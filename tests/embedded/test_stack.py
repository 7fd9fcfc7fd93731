"""The engines themselves: what they hold survives, what they refuse stays refused."""

import asyncio
import socket

import psycopg
import pytest
from botocore.exceptions import ClientError

from ascension.embedded.stack import Stack
from tests.conftest import Engines, flush_all


async def ask_valkey(port: int, *lines: str) -> list[bytes]:
    """Send inline commands on one connection; the first line of each answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("".join(f"{line}\r\n" for line in lines).encode())
    answers = [await reader.readline() for _ in lines]
    writer.close()
    await writer.wait_closed()
    return answers


def log_in(engines: Engines) -> str:
    return f"AUTH ascension {engines.stack.valkey.secrets.valkey}"


async def count_users(engines: Engines) -> int:
    async with await psycopg.AsyncConnection.connect(engines.admin_url) as connection:
        row = await (await connection.execute("select count(*) from users")).fetchone()
        assert row is not None
        return int(row[0])


async def add_user(engines: Engines, number: int) -> None:
    async with await psycopg.AsyncConnection.connect(engines.api_url) as connection:
        await connection.execute(
            "insert into users (id, email, display_name, password_hash)"
            " values (gen_random_uuid(), %s, 'A', 'x')",
            (f"{number}@example.org",),
        )


@pytest.mark.proves("M03", "M04", "M05")
@pytest.mark.thorough
async def test_rows_entries_and_objects_survive_kill_9_of_every_engine(own_stack: Engines) -> None:
    stack = own_stack.stack
    for round_number in range(3):
        await add_user(own_stack, round_number)
        await ask_valkey(stack.valkey.port, log_in(own_stack), "XADD jobs * id 1")
        async with stack.seaweedfs.client("ascension-worker") as s3:
            await s3.put_object(Bucket=own_stack.s3_bucket, Key=f"results/{round_number}", Body=b"v" * 70_000)
        for engine in stack.engines:
            engine.kill()
        await asyncio.gather(*(engine.start() for engine in stack.engines))
    assert await count_users(own_stack) == 3
    assert (await ask_valkey(stack.valkey.port, log_in(own_stack), "XLEN jobs"))[1] == b":3\r\n"
    async with stack.seaweedfs.client("ascension-api") as s3:
        listed = await s3.list_objects_v2(Bucket=own_stack.s3_bucket, Prefix="results/")
        assert [item.get("Size") for item in listed.get("Contents", [])] == [70_000] * 3


@pytest.mark.thorough
async def test_a_port_taken_meanwhile_moves_the_ports_and_keeps_the_objects(own_stack: Engines) -> None:
    async with own_stack.stack.seaweedfs.client("ascension-api") as s3:
        await s3.put_object(Bucket=own_stack.s3_bucket, Key="saved/climb", Body=b"v" * 70_000)
    await own_stack.stack.stop()
    again = Stack(own_stack.stack.home, durable=False)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", own_stack.stack.seaweedfs.ports.s3))
        other.listen()
        await again.start()
    try:
        assert again.seaweedfs.ports != own_stack.stack.seaweedfs.ports
        async with again.seaweedfs.client("ascension-api") as s3:
            stored = await s3.get_object(Bucket=own_stack.s3_bucket, Key="saved/climb")
            assert await stored["Body"].read() == b"v" * 70_000
    finally:
        again.kill()


@pytest.mark.proves("M04")
async def test_valkey_refuses_strangers_and_dangerous_commands(engines: Engines) -> None:
    assert (await ask_valkey(engines.stack.valkey.port, "PING"))[0].startswith(b"-NOAUTH")
    answers = await ask_valkey(
        engines.stack.valkey.port, log_in(engines), "FLUSHALL", "CONFIG GET appendonly"
    )
    assert [answer[:7] for answer in answers[1:]] == [b"-NOPERM", b"-NOPERM"]


@pytest.mark.proves("M56")
async def test_the_worker_key_cannot_delete_or_make_buckets(engines: Engines) -> None:
    async with engines.stack.seaweedfs.client("ascension-worker") as s3:
        await s3.put_object(Bucket=engines.s3_bucket, Key="results/keep", Body=b"1")
        for refused in (
            s3.delete_object(Bucket=engines.s3_bucket, Key="results/keep"),
            s3.create_bucket(Bucket="another"),
        ):
            with pytest.raises(ClientError) as caught:
                await refused
            assert caught.value.response["Error"]["Code"] == "AccessDenied"  # pyright: ignore[reportTypedDictNotRequiredAccess]
    async with engines.stack.seaweedfs.client("ascension-api") as s3:
        assert (await s3.head_object(Bucket=engines.s3_bucket, Key="results/keep"))["ContentLength"] == 1
        await s3.delete_object(Bucket=engines.s3_bucket, Key="results/keep")


@pytest.mark.proves("M56")
async def test_api_and_worker_are_no_superusers_and_the_worker_cannot_delete_users(engines: Engines) -> None:
    for url in (engines.api_url, engines.worker_url):
        async with await psycopg.AsyncConnection.connect(url) as connection:
            rights = await connection.execute(
                "select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
            )
            assert await rights.fetchone() == (False, False, False)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute("create table mine (id integer)")
    async with await psycopg.AsyncConnection.connect(engines.worker_url) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute("delete from users")


async def test_clean_database_removes_rows_and_keys(clean_database: Engines) -> None:
    await add_user(clean_database, 1)
    assert await count_users(clean_database) == 1
    await ask_valkey(clean_database.stack.valkey.port, log_in(clean_database), "SET a 1")
    await flush_all(clean_database.stack)
    assert (await ask_valkey(clean_database.stack.valkey.port, log_in(clean_database), "DBSIZE"))[
        1
    ] == b":0\r\n"


async def test_clean_database_starts_empty_again(clean_database: Engines) -> None:
    assert await count_users(clean_database) == 0
