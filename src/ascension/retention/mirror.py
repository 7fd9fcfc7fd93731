"""A second bucket holds what the first one is to keep: new objects are copied, those that went go there, too.

There they go by a delete marker, and the bucket's rule ends what is behind it after `BACKUP_NONCURRENT_DAYS`:
so long a mistake can be taken back, and no longer does it hold what an account erased.
"""

import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ascension.errors.http import StorageUnavailable
from ascension.infra.storage import sending
from ascension.infra.storage.lifetimes import MIRRORED
from ascension.infra.storage.objects import ObjectFrozenError, ObjectMissingError, Storage, refuse
from ascension.infra.storage.removal import ListedObject, listed

if TYPE_CHECKING:
    from types_aiobotocore_s3.type_defs import ObjectIdentifierTypeDef

FEW = 100
MOST_GONE = 0.1
"""More than a few, and than this share, go only where somebody says so: it may be the loss of the first."""
PART_BYTES = 16 * 1000 * 1000
AT_ONCE = 1000


@dataclass
class Mirrored:
    """What was found and done. `kept`, `copied`: objects on either side afterwards."""

    kept: int = 0
    copied: int = 0
    added: int = 0
    removed: int = 0
    frozen: int = 0
    """In a class whose objects cannot be read; they were copied before they came there."""
    gone: list[str] = field(default_factory=list[str])
    """What the first bucket no longer has and the second one still does."""


async def copy(source: Storage, target: Storage, *, only_missing: bool = False) -> Mirrored:
    """Copy what is new or other. Nothing is removed: see `remove_gone`. Raises StorageUnavailable.

    only_missing: on the way back, where each object is older than its copy.
    """
    done = Mirrored()
    with tempfile.TemporaryDirectory() as folder:
        for prefix in MIRRORED:
            async for one, other in _side_by_side(source, target, prefix):
                if one is None:
                    done.gone += [other.key] if other else []
                    continue
                done.kept += 1
                if other is None or not (only_missing or _is_copy(other, one)):
                    await _copy(source, target, one, Path(folder) / "object", done)
                else:
                    done.copied += 1
    return done


async def remove_gone(target: Storage, done: Mirrored) -> None:
    """By delete markers: this key may not remove versions. Raises StorageUnavailable."""
    while done.gone:
        some: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in done.gone[:AT_ONCE]]
        try:
            answer = await target.client.delete_objects(
                Bucket=target.bucket, Delete={"Objects": some, "Quiet": True}
            )
        except (ClientError, BotoCoreError) as error:
            refuse(error)
        if failed := answer.get("Errors"):
            raise StorageUnavailable(f"The storage kept {len(failed)} objects: {failed[0].get('Code', '')}.")
        del done.gone[: len(some)]
        done.removed += len(some)


def is_suspicious(done: Mirrored) -> bool:
    """Whether so much is gone that it may be a loss."""
    return len(done.gone) > max(FEW, MOST_GONE * (done.copied + len(done.gone)))


def _is_copy(other: ListedObject, one: ListedObject) -> bool:
    """Storages tell seconds: of the same second, it may be of what was there before."""
    return other.size_bytes == one.size_bytes and other.modified_at > one.modified_at


async def _copy(source: Storage, target: Storage, one: ListedObject, file: Path, done: Mirrored) -> None:
    try:
        stored = await source.head(one.key)
        await source.download(one.key, file, max_bytes=stored.size_bytes)
    except ObjectMissingError:  # it went meanwhile
        done.kept -= 1
        return
    except ObjectFrozenError:
        done.frozen += 1
        return
    with file.open("rb") as content:
        sent = await sending.send(
            target, one.key, content, content_type=stored.content_type, part_bytes=PART_BYTES
        )
    await sending.join(target, sent)
    done.added += 1
    done.copied += 1


async def _side_by_side(
    source: Storage, target: Storage, prefix: str
) -> AsyncGenerator[tuple[ListedObject | None, ListedObject | None]]:
    """Both listings by key; None: the other side alone has it."""
    ours, theirs = _one_by_one(source, prefix), _one_by_one(target, prefix)
    one, other = await anext(ours, None), await anext(theirs, None)
    while one or other:
        if other is None or (one is not None and one.key < other.key):
            yield one, None
            one = await anext(ours, None)
        elif one is None or other.key < one.key:
            yield None, other
            other = await anext(theirs, None)
        else:
            yield one, other
            one, other = await anext(ours, None), await anext(theirs, None)


async def _one_by_one(storage: Storage, prefix: str) -> AsyncGenerator[ListedObject]:
    async for page in listed(storage, prefix):
        for one in page:
            yield one
