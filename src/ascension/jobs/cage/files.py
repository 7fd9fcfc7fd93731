"""Which files a compute child can open: Landlock, which any process may turn on itself, root or not.

What it cannot refuse (changing modes, owners and times; looking whether a path exists) `calls` does, or is
left: a child can tell that a file is there, never what is in it.
"""

import os
import struct
import sys
from pathlib import Path
from typing import Final

from ascension.jobs.cage.kernel import NOT_THERE, system_call

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1

_WRITE_FILE, _READ_FILE, _READ_FOLDER, _REMOVE_FILE = 1 << 1, 1 << 2, 1 << 3, 1 << 5
_MAKE_FILE, _TRUNCATE, _CONTROL_DEVICE = 1 << 8, 1 << 14, 1 << 15
_OF_FILES: Final = 1 | _WRITE_FILE | _READ_FILE | _TRUNCATE | _CONTROL_DEVICE
"""What a rule about a single file may grant; the first bit is to execute it."""
_KNOWN_RIGHTS: Final = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 4: 1 << 15}
"""One above the highest right that a version of Landlock knows; from version 5 on all of ours."""
_ALL_RIGHTS: Final = (1 << 16) - 1
_TCP: Final = 0b11
_FOREIGN_SOCKETS_AND_SIGNALS: Final = 0b11

_READ: Final = _READ_FILE | _READ_FOLDER
_CHANGE: Final = _READ | _WRITE_FILE | _TRUNCATE | _MAKE_FILE | _REMOVE_FILE
_USE: Final = _READ_FILE | _WRITE_FILE | _CONTROL_DEVICE

# libraries of the system, and what the runtimes ask about the machine
_SYSTEM: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/cuda", "/usr/share/zoneinfo"),
    *("/etc/ld.so.cache", "/etc/localtime", "/dev/urandom", "/dev/zero"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version", "/proc/driver/nvidia"),
    *("/sys/devices", "/sys/bus/pci/devices", "/sys/fs/cgroup"),
)
_held: Final[list[int]] = []
"""Open as long as the process: entries of /proc that the kernel forgot would come back without a rule."""


def shut(folder: Path, *, with_devices: bool, reads: Path | None, writes: Path | None) -> int:
    """Let this thread, and all that it starts, open nothing but the program to read and `folder` to change.

    with_devices: NVIDIA's, too, to compute on; reads, writes: these two files, too. Call it before any other
    thread runs.

    Returns:
        The version of Landlock, 0 where the kernel has none: from 1 files are refused, from 3 also cutting
        them, from 4 TCP, from 6 signals to others.
    """
    try:
        version = system_call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError as error:
        if error.errno in NOT_THERE:
            return 0
        raise
    rights = _KNOWN_RIGHTS.get(version, _ALL_RIGHTS + 1) - 1
    handled = struct.pack(
        "=QQQ",
        rights,
        _TCP if version >= 4 else 0,
        _FOREIGN_SOCKETS_AND_SIGNALS if version >= 6 else 0,
    )
    rules = system_call(_CREATE_RULESET, handled, len(handled), 0)
    for path, granted in _grants(folder, with_devices=with_devices).items():
        _allow(rules, path, granted & rights)
    if reads is not None:
        _allow(rules, reads, _READ_FILE & rights)
    if writes is not None:
        _allow(rules, writes, (_READ_FILE | _WRITE_FILE | _TRUNCATE) & rights)
    system_call(_RESTRICT_SELF, rules, 0)
    os.close(rules)
    return version


def _grants(folder: Path, *, with_devices: bool) -> dict[Path, int]:
    """Rights by path. What Python may import is what it may read."""
    readable = [Path(sys.base_prefix, "lib"), *map(Path, sys.path), *map(Path, _SYSTEM)]
    grants = dict.fromkeys(readable, _READ)
    if with_devices:
        grants |= dict.fromkeys(Path("/dev").glob("nvidia*"), _READ_FOLDER | _USE)
    return {**grants, Path("/dev/null"): _USE, folder: _CHANGE}


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    _held.append(handle)
    if not path.is_dir():
        rights &= _OF_FILES
    system_call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
