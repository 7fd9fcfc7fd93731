"""Lines of the log: what a broken connection under a library looks like, beside a fault of ours."""

import asyncio
import json
import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, gc
from ascension.infra import logging

async def fail():
    raise {error}

async def main():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    gc.collect()

logging.configure("api", "info")
asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("error", "level", "is_traced"),
    [("ConnectionResetError('gone')", "warning", False), ("KeyError('ours')", "error", True)],
)
async def test_a_lost_connection_of_a_library_is_a_warning_without_a_trace(
    error: str, level: str, is_traced: bool
) -> None:
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", PROGRAM.format(error=error)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    line = json.loads(run.stderr)
    assert "never retrieved" in line["event"]
    assert (line["level"], "exception" in line) == (level, is_traced)
