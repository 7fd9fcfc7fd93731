"""Damage in H.264 and HEVC that decoders paint over without a word: HEVC's raises no error and sets no flag.

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
    place = _LENGTH_SIZE_PLACE.get(codec)
    if place is None or configuration is None or len(configuration) <= place or configuration[0] != 1:
        return lambda _: True
    length_size = (configuration[place] & 3) + 1
    return lambda packet: _is_sound(packet, length_size)


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
