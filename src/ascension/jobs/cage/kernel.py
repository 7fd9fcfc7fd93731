"""Calls to the kernel that neither Python nor a well-kept library makes."""

import ctypes
import errno
import os
import sys
from typing import Final

NOT_THERE: Final = frozenset({errno.ENOSYS, errno.EOPNOTSUPP})
"""The kernel was built without it, or it is switched off."""

_SET_PARENT_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES = 1, 38
_CAPABILITIES_VERSION_3: Final = 0x20080522
_CAPSET: Final = {"x86_64": 126, "aarch64": 91}


def system_call(number: int, *arguments: int | bytes | None) -> int:
    """What the kernel answers. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    passed = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    answer: int = library.syscall(ctypes.c_long(number), *passed)
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer


def die_with_parent(signal_number: int) -> None:
    """Let the kernel end this process when the thread that started it ends."""
    _process_control(_SET_PARENT_DEATH_SIGNAL, signal_number)


def forgo_privileges() -> None:
    """No program that this process starts has more rights than it; those of root beyond files' owners go."""
    _process_control(_SET_NO_NEW_PRIVILEGES, 1)
    number = _CAPSET.get(os.uname().machine)
    if number is not None:
        header = _CAPABILITIES_VERSION_3.to_bytes(4, sys.byteorder) + bytes(4)
        system_call(number, header, bytes(24))


def _process_control(option: int, value: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
