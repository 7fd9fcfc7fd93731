"""One file that holds a whole platform: a plain tar whose last member names every other with its SHA-256.

Order: `ascension.json` (what is in it), `secrets.json`, `database.dump`, `objects/<key>` and so on, and
`manifest.json`. Nothing is ever unpacked by name: readers take the members they know, as streams, and refuse
all others.
"""

import hashlib
import tarfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, BinaryIO, Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ascension.errors.setup import BackupDamaged, BackupTooNew

FORMAT: Final = 1
HEADER, SECRETS, DATABASE, MANIFEST = "ascension.json", "secrets.json", "database.dump", "manifest.json"
OBJECTS: Final = "objects/"
CHUNK_BYTES: Final = 1 << 20
MAX_SMALL_BYTES: Final = 1 << 20  # header, secrets
MAX_MANIFEST_BYTES: Final = 1 << 28  # a million objects

Advance = Callable[[int], object]


def _silent(_bytes: int) -> None:
    """Say nothing."""


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class Header(_Document):
    """What a backup says of itself, before its content."""

    format: int = FORMAT
    release: str
    made_at: str = Field(description="ISO 8601, UTC")
    postgres: str = Field(description="The server's version.")
    migrations: list[str] = Field(description="Versions that were applied.")
    rows: dict[str, int] = Field(description="Rows by table, in the snapshot that was dumped.")
    has_objects: bool


class Member(_Document):
    """One member, as the manifest has it."""

    size_bytes: int = Field(ge=0)
    sha256: str
    content_type: str = ""


class Manifest(_Document):
    """The last member."""

    members: dict[str, Member]
    gone: list[str] = Field(description="Objects that were deleted while the backup ran.")


@dataclass(frozen=True)
class Contents:
    """A backup whose every byte was compared with its manifest."""

    header: Header
    manifest: Manifest

    @property
    def objects(self) -> dict[str, Member]:
        """The stored objects by key."""
        members = self.manifest.members.items()
        return {name.removeprefix(OBJECTS): one for name, one in members if name.startswith(OBJECTS)}

    @property
    def size_bytes(self) -> int:
        return sum(member.size_bytes for member in self.manifest.members.values())


class Writer:
    """Writes members one after the other into `sink`, which needs no seeking."""

    def __init__(self, sink: BinaryIO, header: Header, advance: Advance = _silent) -> None:
        self._sink = sink
        self._advance = advance
        self._members: dict[str, Member] = {}
        self._header = header
        self.gone: list[str] = []
        self.add(HEADER, header.model_dump_json(indent=1).encode())

    def add(self, name: str, content: bytes) -> None:
        """A small member, whole."""
        with self.member(name, len(content)) as write:
            write(content)

    @contextmanager
    def member(
        self, name: str, size_bytes: int, content_type: str = ""
    ) -> Generator[Callable[[bytes], None]]:
        """Yields what takes the member's bytes, which must be `size_bytes` in all (else BackupDamaged)."""
        digest, left_bytes = hashlib.sha256(), size_bytes
        self._begin(name, size_bytes)

        def write(chunk: bytes) -> None:
            nonlocal left_bytes
            left_bytes -= len(chunk)
            digest.update(chunk)
            self._sink.write(chunk)
            self._advance(len(chunk))

        yield write
        if left_bytes:
            raise BackupDamaged(f"{name} changed its size while it was read: nothing was written. Try again.")
        self._sink.write(bytes(-size_bytes % tarfile.BLOCKSIZE))
        self._members[name] = Member(
            size_bytes=size_bytes, sha256=digest.hexdigest(), content_type=content_type
        )

    def _begin(self, name: str, size_bytes: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size_bytes, 0o600
        self._sink.write(info.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict"))

    def close(self) -> Contents:
        """Write the manifest and the end of the archive; what was written."""
        manifest = Manifest(members=dict(self._members), gone=self.gone)
        content = manifest.model_dump_json().encode()
        self._begin(MANIFEST, len(content))
        self._sink.write(content + bytes(-len(content) % tarfile.BLOCKSIZE))
        self._sink.write(bytes(2 * tarfile.BLOCKSIZE))
        return Contents(self._header, manifest)


@dataclass
class Reading:
    """One member while it is read: its bytes pass once, and are measured on the way."""

    name: str
    size_bytes: int
    _stream: IO[bytes] = field(repr=False)
    _advance: Advance = field(repr=False)

    def __post_init__(self) -> None:
        self._digest = hashlib.sha256()

    def chunks(self, chunk_bytes: int = CHUNK_BYTES) -> Iterator[bytes]:
        """The bytes that have not been read yet. Raises BackupDamaged where they end too early."""
        with _damage():
            while chunk := self._stream.read(chunk_bytes):
                self._digest.update(chunk)
                self._advance(len(chunk))
                yield chunk

    def whole(self, most_bytes: int = MAX_SMALL_BYTES) -> bytes:
        """All of a small member. Raises BackupDamaged where it is not small."""
        if self.size_bytes > most_bytes:
            raise BackupDamaged(f"Its {self.name} holds {self.size_bytes} bytes, which none of ours does.")
        return b"".join(self.chunks())

    def sha256(self) -> str:
        """The digest of the whole member; reads what was left."""
        for _ in self.chunks():
            pass
        return self._digest.hexdigest()


class _Info(tarfile.TarInfo):
    """Extended headers are read whole into memory: ours hold a long name at most."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        info = super().frombuf(buf, encoding, errors)
        if not info.isreg() and info.size > MAX_SMALL_BYTES:
            raise tarfile.ReadError(f"{info.size} bytes of header")
        return info


def read(source: BinaryIO, advance: Advance = _silent) -> Iterator[Reading]:
    """The members in their order, as streams. Raises BackupDamaged."""
    with _damage(), tarfile.open(fileobj=source, mode="r|", tarinfo=_Info) as tar:
        for info in tar:
            # a sparse one states any size and costs none: reading it never ends
            is_plain = info.isreg() and not info.issparse() and info.size >= 0
            stream = tar.extractfile(info) if is_plain else None
            if stream is None:
                raise BackupDamaged(f"Its member {info.name!r} is no file.")
            yield Reading(info.name, info.size, stream, advance)


def verify(source: BinaryIO, advance: Advance = _silent) -> Contents:
    """Read everything and compare it with the manifest, in constant memory.

    Raises:
        BackupDamaged: a byte, a member or the end is missing or differs.
        BackupTooNew: a newer release wrote it in another way.
    """
    header: Header | None = None
    manifest: Manifest | None = None
    found: dict[str, Member] = {}
    for member in read(source, advance):
        if manifest is not None or member.name in found or not _is_ours(member.name):
            raise BackupDamaged(f"It holds {member.name!r}, where none of our files does.")
        if member.name == MANIFEST:
            manifest = _parse(Manifest, member.whole(MAX_MANIFEST_BYTES))
            continue
        header = header or _read_header(member)
        found[member.name] = Member(size_bytes=member.size_bytes, sha256=member.sha256())
    if header is None or manifest is None:
        raise BackupDamaged("It ends before its manifest.")
    _compare(found, manifest)
    return Contents(header, manifest)


def read_header(source: BinaryIO) -> Header:
    """What the file says of itself, unverified. Raises BackupDamaged, BackupTooNew."""
    for member in read(source):
        return _read_header(member)
    raise BackupDamaged("It is empty.")


def _read_header(member: Reading) -> Header:
    if member.name != HEADER:
        raise BackupDamaged(f"It begins with {member.name!r}, as none of our files does.")
    content = member.whole()
    if _parse(_Format, content).format > FORMAT:
        raise BackupTooNew
    return _parse(Header, content)


class _Format(BaseModel):
    """All that a reader of any age may rely on."""

    format: int


_D = TypeVar("_D", bound=BaseModel)


def _parse(kind: type[_D], content: bytes) -> _D:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        raise BackupDamaged(f"Its {kind.__name__.strip('_').lower()} cannot be read.") from error


def _is_ours(name: str) -> bool:
    return name in (HEADER, SECRETS, DATABASE, MANIFEST) or (name.startswith(OBJECTS) and name != OBJECTS)


def _compare(found: dict[str, Member], manifest: Manifest) -> None:
    if lacking := manifest.members.keys() ^ found.keys():
        raise BackupDamaged(f"It lacks {min(lacking)!r}, or has it without naming it.")
    for needed in (HEADER, SECRETS, DATABASE):
        if needed not in found:
            raise BackupDamaged(f"It lacks {needed!r}.")
    for name, member in found.items():
        stated = manifest.members[name]
        if (stated.size_bytes, stated.sha256) != (member.size_bytes, member.sha256):
            raise BackupDamaged(f"The content of {name!r} is not what was written.")


@contextmanager
def _damage() -> Generator[None]:
    """What a damaged file makes the reader of tar say, as our error."""
    try:
        yield
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BackupDamaged(f"It cannot be read to its end: {error}.") from error
