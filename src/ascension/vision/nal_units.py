"""Units of H.264 and HEVC: damage in them that decoders paint over without a word, and free text among them.

HEVC's decoder raises no error for damage and sets no flag.

A packet in MP4 or Matroska is a row of units, each behind its length. Inside a unit two zero bytes are never
followed by 0, 1 or 2: encoders write 3 in between (ITU-T H.264 and H.265, 7.4.1). A hole of zeros, as lost
sectors and broken downloads leave them, breaks one rule or the other.

Known limits: other bytes in place of the right ones mostly keep both rules; VP9 and AV1 have no such rules.
"""

import re
from collections.abc import Callable
from typing import Final

_FORBIDDEN: Final = re.compile(rb"\x00\x00[\x00-\x02]")
_FORBIDDEN_BIT: Final = 0x80
_LENGTH_SIZE_PLACE: Final = {"h264": 4, "hevc": 21}
"""Byte of the decoder configuration (ISO 14496-15) whose last two bits say how long lengths are, less one."""


def soundness_of(codec: str, configuration: bytes | None) -> Callable[[bytes], bool]:
    """The check for packets of a stream: False where one is surely damaged, True where no rule holds."""
    length_size = _length_size(codec, configuration)
    if length_size is None:
        return lambda _: True
    return lambda packet: _is_sound(packet, length_size)


def _length_size(codec: str, configuration: bytes | None) -> int | None:
    """Of the lengths before units; None where packets are no rows of such units."""
    place = _LENGTH_SIZE_PLACE.get(codec)
    if place is None or configuration is None or len(configuration) <= place or configuration[0] != 1:
        return None
    return (configuration[place] & 3) + 1


def _is_sound(packet: bytes, length_size: int) -> bool:
    place = 0
    while place < len(packet):
        begin = place + length_size
        place = begin + int.from_bytes(packet[place:begin], "big")
        if not begin < place <= len(packet):
            return False
        unit = packet[begin:place].rstrip(b"\x00")  # some cameras fill up units with zeros
        if not unit or unit[0] & _FORBIDDEN_BIT or _FORBIDDEN.search(unit):
            return False
    return True


_USER_DATA: Final = 5
"""`user_data_unregistered` (H.264 and H.265, annex D): whatever a camera or encoder wants to say."""


def without_user_data(codec: str, configuration: bytes | None) -> Callable[[bytes], bytes]:
    """What takes units of free text out of packets of a stream; where none can be told, as they are."""
    length_size = _length_size(codec, configuration)
    if length_size is None:
        return lambda packet: packet
    return lambda packet: _without_user_data(packet, length_size, codec)


def _without_user_data(packet: bytes, length_size: int, codec: str) -> bytes:
    kept: list[bytes] = []
    place = 0
    while place < len(packet):
        begin = place + length_size
        end = begin + int.from_bytes(packet[place:begin], "big")
        if not _is_user_data(packet[begin:end][:64], codec):
            kept.append(packet[place:end])
        place = end
    return b"".join(kept) if kept else packet


def _is_user_data(unit: bytes, codec: str) -> bool:
    """Does the unit's first message, nearly always its only one, carry free text?"""
    if codec == "h264":
        is_message, head = bool(unit) and unit[0] & 0x1F == 6, 1
    else:
        is_message, head = bool(unit) and (unit[0] >> 1) & 0x3F in (39, 40), 2
    return is_message and unit[head : head + 1] == bytes([_USER_DATA])
