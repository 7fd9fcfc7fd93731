"""Is an upload what it was announced as? By its first and last bytes, before anybody gets a link to it.

That says of what kind the file is, not that it can be read: the gate of the analysis does, in its cage. What
is refused here is what no camera writes and a browser, or an unpacker, might take for something else.
"""

import struct
from typing import Final, Literal

HEAD_BYTES: Final = 1024
TAIL_BYTES: Final = 65_557
"""Of a ZIP file the last record: 22 bytes, and a remark of up to 65,535."""

Family = Literal["mp4", "matroska"]
FAMILY_OF: Final[dict[str, Family]] = {
    "video/mp4": "mp4",
    "video/quicktime": "mp4",
    "video/3gpp": "mp4",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
}

_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
"""What an MP4 or QuickTime file may begin with."""
_NO_VIDEO: Final = frozenset({b"heic", b"heix", b"mif1", b"avif", b"M4A ", b"M4B ", b"crx ", b"jp2 "})
"""Brands of pictures and sound in the same kind of file."""
_LARGEST_FTYP_BYTES: Final = 512
_BRAND_CHARS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _-.+\0\xa9")
_EBML: Final = b"\x1a\x45\xdf\xa3"
_DOCUMENT_TYPES: Final = (b"webm", b"matroska")
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_BYTES: Final = 22


def family_of(head: bytes, tail: bytes, size_bytes: int) -> Family | None:
    """Which kind of video a file is; None: of none that is taken, or of another kind as well.

    head: its first `HEAD_BYTES`, tail: its last `TAIL_BYTES`, both as far as it reaches.
    """
    if _is_archive(tail):
        return None
    if head.startswith(_EBML):
        return "matroska" if any(kind in head[:64] for kind in _DOCUMENT_TYPES) else None
    return "mp4" if _begins_as_mp4(head, size_bytes) else None


def _begins_as_mp4(head: bytes, size_bytes: int) -> bool:
    if len(head) < 8 or head[4:8] not in _BOXES:
        return False
    (length,) = struct.unpack(">I", head[:4])
    if head[4:8] != b"ftyp":
        return length in (0, 1) or 8 <= length <= size_bytes
    brands = head[8:length]
    # major brand, version, and brands that fit: nothing else, or it could be read as a page
    return (
        16 <= length <= min(size_bytes, _LARGEST_FTYP_BYTES)
        and length % 4 == 0
        and brands[:4] not in _NO_VIDEO
        and set(brands[:4] + brands[8:]) <= _BRAND_CHARS
    )


def _is_archive(tail: bytes) -> bool:
    """Does it end as a ZIP file does, whatever it begins with?"""
    place = tail.rfind(_ZIP_END)
    while place >= 0:
        remark = tail[place + _ZIP_END_BYTES - 2 : place + _ZIP_END_BYTES]
        if len(remark) == 2 and place + _ZIP_END_BYTES + int.from_bytes(remark, "little") == len(tail):
            return True
        place = tail.rfind(_ZIP_END, 0, place)
    return False
