"""Can storage be written? A full one answers all the same, so it is tried now and then beside requests."""

import asyncio
import time
from dataclasses import dataclass

from botocore.exceptions import ClientError

from ascension.errors.http import StorageUnavailable
from ascension.infra.logging import get_logger
from ascension.infra.storage.objects import ObjectMissingError, Storage, code_of

MARK = ".ready"
"""The key that is written, over and over. It is nobody's: neither backed up nor reported as a stranger."""
TRIAL_LIMIT_S = 10
AGAIN_S = 2.0
"""After a trial that failed: who waited for storage is let in when it takes writes, not a minute later."""


@dataclass(frozen=True)
class Trial:
    """What the last one found. `is_writable`: None where the key may not write the mark."""

    is_writable: bool | None
    detail: str
    ended_s: float
    """Of `time.monotonic`."""


class WriteTrials:
    """One byte written every `interval_s`, sooner after a failure; 0: never."""

    def __init__(self, storage: Storage, interval_s: float) -> None:
        self._storage = storage
        self._interval_s = interval_s
        self.last: Trial | None = None

    async def run(self) -> None:
        """Until canceled."""
        while True:
            trial = await self.try_now()
            failed = trial.is_writable is False
            await asyncio.sleep(min(AGAIN_S, self._interval_s) if failed else self._interval_s)

    async def try_now(self) -> Trial:
        """One trial, told in the log where it finds something else than the one before."""
        is_writable, detail, was_answered = await self._write()
        if self.last is None or is_writable != self.last.is_writable:
            # storage that refuses needs somebody; one that is away is told by readiness, as every outage
            log = get_logger().error if is_writable is False and was_answered else get_logger().info
            log("storage_write_trial", writable=is_writable, detail=detail)
        self.last = Trial(is_writable, detail, time.monotonic())
        return self.last

    async def _write(self) -> tuple[bool | None, str, bool]:
        """Whether it can be written, why not, and whether storage answered at all."""
        try:
            async with asyncio.timeout(TRIAL_LIMIT_S):
                await self._storage.put(MARK, b"1", content_type="text/plain")
        except StorageUnavailable as error:
            if not isinstance(error.__cause__, ClientError):
                return False, type(error.__cause__).__name__, False
            code = code_of(error.__cause__)
            if code == "AccessDenied":
                return None, f"The key may not write {MARK}, so nobody knows.", True
            return False, code, True
        except ObjectMissingError as error:  # of the bucket
            return False, type(error).__name__, True
        except TimeoutError as error:
            return False, type(error).__name__, False
        return True, "", True
