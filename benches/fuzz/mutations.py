"""Files that were videos: whole ones that we encode, broken in ways that parsers and decoders fall for.

One number decides all about one file, so that any of them can be made again.
"""

import random
import struct
from collections.abc import Callable
from pathlib import Path

from tests.clips import HEVC, Coding, checkered, encode_clip, short_climb

FRAMES = 6
_FAST_VPX = {"deadline": "good", "cpu-used": "5"}
"""Not `realtime`: its pictures depend on how busy the machine is."""
_SOURCES = {
    "h264.mp4": Coding(),
    "h264.mov": Coding(metadata={"com.android.capture.fps": "120.0"}),
    "hevc.mp4": Coding("libx265", options=HEVC),
    "h264.mkv": Coding(),
    "vp9.webm": Coding("libvpx-vp9", options=_FAST_VPX),
    "vp8.webm": Coding("libvpx", options=_FAST_VPX),
    "mpeg4.mp4": Coding("mpeg4", options={"qmin": "3"}),
    "mpeg4.avi": Coding("mpeg4", options={"qmin": "3"}),
}
_CLIMB_SHARE = 0.03
"""Of files that were a climb: with a person, all of the analysis runs, which takes seconds."""

# names before which a size stands (MP4, MOV, AVI), and ids after which one does (Matroska, WebM)
_BOXES = (
    b"ftyp moov trak tkhd mdhd hdlr stsd stts ctts stss stsc stsz stco co64 elst edts avcC hvcC mvhd dref"
    b" vpcC mdat avih strh strf movi idx1 LIST"
).split()
_ELEMENTS = (
    *(b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b"),
    *(b"\x1f\x43\xb6\x75", b"\x1c\x53\xbb\x6b", b"\xae", b"\xe0", b"\xb0", b"\xba", b"\xa3"),
)
_NUMBERS = (0, 1, 2, 0x7F, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)

Mutation = Callable[[random.Random, bytearray, list[bytes]], bytes]


def sources(folder: Path) -> list[bytes]:
    """The whole files, the climb last."""
    pictures = checkered(160, 208, FRAMES)
    made = [encode_clip(folder / name, pictures, coding).read_bytes() for name, coding in _SOURCES.items()]
    return [*made, short_climb(FRAMES)]


def broken(seed: int, whole: list[bytes]) -> tuple[str, bytes]:
    """How one file was broken, and what is left of it."""
    chance = random.Random(seed)
    source = whole[-1] if chance.random() < _CLIMB_SHARE else chance.choice(whole[:-1])
    names: list[str] = []
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        name = chance.choice(list(_MUTATIONS))
        names.append(name)
        source = _MUTATIONS[name](chance, bytearray(source or b"\0"), whole)
    return " + ".join(names), source


def _flip_bits(chance: random.Random, content: bytearray, _whole: list[bytes]) -> bytes:
    for _ in range(2 ** chance.randrange(9)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def _cut(chance: random.Random, content: bytearray, _whole: list[bytes]) -> bytes:
    return bytes(content[: chance.randrange(len(content))])


def _overwrite(chance: random.Random, content: bytearray, _whole: list[bytes]) -> bytes:
    begin, length = chance.randrange(len(content)), 2 ** chance.randrange(13)
    length = min(length, len(content) - begin)
    content[begin : begin + length] = chance.choice(
        (bytes(length), b"\xff" * length, chance.randbytes(length))
    )
    return bytes(content)


def _claim_size(chance: random.Random, content: bytearray, _whole: list[bytes]) -> bytes:
    """A box or an element says that it is larger, smaller, or longer than anything."""
    places = [
        place + (-4 if name in _BOXES else len(name))
        for name in (*_BOXES, *_ELEMENTS)
        for place in _places_of(name, content)
    ]
    return _write_number(chance, content, places)


def _claim_count(chance: random.Random, content: bytearray, _whole: list[bytes]) -> bytes:
    """A number inside a box, where tables say how many rows they have, and headers how large a picture is."""
    places = [
        place + 4 + 4 * chance.randrange(8)
        for name in (*_BOXES, *_ELEMENTS)
        for place in _places_of(name, content)
    ]
    return _write_number(chance, content, places)


def _swap_parts(chance: random.Random, content: bytearray, _whole: list[bytes]) -> bytes:
    """Boxes in another order, as if a muxer had gone mad."""
    places = sorted({place for name in (*_BOXES, *_ELEMENTS) for place in _places_of(name, content)})
    if len(places) < 3:
        return bytes(content[::-1])
    first, middle, last = sorted(chance.sample([one - 4 if one >= 4 else one for one in places], 3))
    return bytes(content[:first] + content[middle:last] + content[first:middle] + content[last:])


def _splice(chance: random.Random, content: bytearray, whole: list[bytes]) -> bytes:
    """The beginning of this and the end of another."""
    other = chance.choice(whole)
    return bytes(content[: chance.randrange(len(content))]) + other[chance.randrange(len(other)) :]


def _repeat(chance: random.Random, content: bytearray, _whole: list[bytes]) -> bytes:
    begin = chance.randrange(len(content))
    part = content[begin : begin + 2 ** chance.randrange(4, 12)]
    return bytes(content[:begin]) + bytes(part) * chance.randrange(2, 40) + bytes(content[begin:])


_MUTATIONS: dict[str, Mutation] = {
    "bits": _flip_bits,
    "cut": _cut,
    "overwritten": _overwrite,
    "sizes": _claim_size,
    "counts": _claim_count,
    "swapped": _swap_parts,
    "spliced": _splice,
    "repeated": _repeat,
}


def _places_of(name: bytes, content: bytearray) -> list[int]:
    """Where it stands, the first hundred times."""
    places: list[int] = []
    place = content.find(name)
    while place >= 0 and len(places) < 100:
        places.append(place)
        place = content.find(name, place + 1)
    return places


def _write_number(chance: random.Random, content: bytearray, places: list[int]) -> bytes:
    place = chance.choice(places or [0])
    number = chance.choice((*_NUMBERS, chance.getrandbits(32), len(content)))
    order = chance.choice((">I", "<I"))
    if 0 <= place <= len(content) - 4:
        struct.pack_into(order, content, place, number)
    return bytes(content)
