"""The one file of a backup: what was written comes out, and what was damaged or forged is refused."""

import io
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.embedded.backups.archive import (
    CHUNK_BYTES,
    DATABASE,
    HEADER,
    MANIFEST,
    MAX_SMALL_BYTES,
    OBJECTS,
    SECRETS,
    Contents,
    Header,
    Writer,
    read,
    verify,
)
from ascension.errors.setup import BackupDamaged, BackupTooNew

VIDEO = bytes(range(256)) * 8192 + b"odd"  # longer than a chunk, and no multiple of a block


def header(**changes: object) -> Header:
    whole = Header(
        release="0.1.0",
        made_at="2026-11-22T02:00:00+00:00",
        postgres="18.1",
        migrations=["20261121000001"],
        rows={"users": 1},
        has_objects=True,
    )
    return whole.model_copy(update=changes)


def written(change: Callable[[Writer], object] | None = None, **changes: object) -> bytes:
    sink = io.BytesIO()
    writer = Writer(sink, header(**changes))
    writer.add(SECRETS, b'{"jwt": "s"}')
    writer.add(DATABASE, b"dump")
    with writer.member(OBJECTS + "saved/ü/" + "k" * 200, len(VIDEO), "video/mp4") as write:
        for start in range(0, len(VIDEO), CHUNK_BYTES):
            write(VIDEO[start : start + CHUNK_BYTES])
    if change is not None:
        change(writer)
    writer.close()
    return sink.getvalue()


WHOLE = written()
# Mostly where the names and the manifest stand, not in the long video.
POSITIONS = st.one_of(
    st.integers(0, 8192), st.integers(len(WHOLE) - 4096, len(WHOLE) - 1), st.integers(0, len(WHOLE) - 1)
)


def verified(content: bytes) -> Contents:
    return verify(io.BytesIO(content))


def test_what_was_written_comes_out() -> None:
    contents = verified(WHOLE)
    assert contents.header == header()
    assert list(contents.objects) == ["saved/ü/" + "k" * 200]
    (member,) = contents.objects.values()
    assert (member.size_bytes, member.content_type) == (len(VIDEO), "video/mp4")
    found = {item.name: b"".join(item.chunks()) for item in read(io.BytesIO(WHOLE))}
    assert found[OBJECTS + "saved/ü/" + "k" * 200] == VIDEO
    assert list(found) == [HEADER, SECRETS, DATABASE, *(OBJECTS + key for key in contents.objects), MANIFEST]


def test_any_tar_reads_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(WHOLE)) as tar:
        assert [info.mode for info in tar] == [0o600] * 5


@settings(max_examples=150, deadline=None)
@given(position=POSITIONS, bit=st.integers(0, 7))
def test_no_changed_bit_is_taken_for_content(position: int, bit: int) -> None:
    changed = bytearray(WHOLE)
    changed[position] ^= 1 << bit
    try:
        contents = verified(bytes(changed))
    except (BackupDamaged, BackupTooNew):
        return
    assert contents == verified(WHOLE)  # between the members nothing is kept


@settings(max_examples=60, deadline=None)
@given(length=st.integers(0, len(WHOLE) - 2 * tarfile.BLOCKSIZE - 1))
def test_a_file_that_breaks_off_is_refused(length: int) -> None:
    last_member_bytes = len(WHOLE[: WHOLE.rindex(b"}") + 1])
    if length >= last_member_bytes:  # only the filling behind the manifest is missing
        length = last_member_bytes - 1
    with pytest.raises(BackupDamaged):
        verified(WHOLE[:length])


@pytest.mark.parametrize("length", [0, 1, 511, 512, 5000])
def test_what_is_no_backup_is_refused(length: int) -> None:
    for content in (bytes(length), b"\x1f\x8b" + b"x" * length, b"PK\x03\x04" * length):
        with pytest.raises(BackupDamaged):
            verified(content)


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", OBJECTS, SECRETS, HEADER, MANIFEST, DATABASE + "2"]
)
def test_a_name_that_none_of_ours_has_there_is_refused(name: str) -> None:
    with pytest.raises(BackupDamaged):
        verified(written(lambda writer: writer.add(name, b"{}")))


def test_a_link_is_refused() -> None:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as tar:
        link = tarfile.TarInfo(HEADER)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BackupDamaged, match="is no file"):
        verified(sink.getvalue())


def test_another_way_of_writing_is_for_a_newer_release() -> None:
    with pytest.raises(BackupTooNew):
        verified(written(format=2))


def test_a_member_that_changes_its_size_is_not_written() -> None:
    writer = Writer(io.BytesIO(), header())
    with pytest.raises(BackupDamaged, match="changed its size"), writer.member(DATABASE, 3) as write:
        write(b"ab")


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (tarfile.SYMTYPE, {}),
        (tarfile.FIFOTYPE, {}),
        (tarfile.REGTYPE, {"GNU.sparse.map": "0,0", "GNU.sparse.size": "1" + 15 * "0"}),
        (tarfile.REGTYPE, {"size": "-5"}),
        (tarfile.REGTYPE, {"size": "1" + 15 * "0"}),
        (tarfile.REGTYPE, {"comment": "x" * (MAX_SMALL_BYTES + 1)}),
    ],
    ids=[
        "link",
        "pipe",
        "a petabyte of nothing",
        "less than nothing",
        "more than there is",
        "a head without end",
    ],
)
def test_a_member_that_is_no_plain_file_is_refused(kind: bytes, headers: dict[str, str]) -> None:
    def forge(writer: Writer) -> None:
        info = tarfile.TarInfo(OBJECTS + "forged")
        info.type, info.linkname, info.pax_headers = kind, "/etc/passwd", headers
        sink.write(info.tobuf(tarfile.PAX_FORMAT))
        writer.close()

    sink = io.BytesIO()
    forge(Writer(sink, header()))
    with pytest.raises(BackupDamaged):
        verified(sink.getvalue())
