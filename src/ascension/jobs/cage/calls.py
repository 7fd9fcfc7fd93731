"""What a compute child can ask of the kernel: a seccomp filter, which any process may turn on itself.

A list of what is refused, not of what is allowed: which harmless calls OpenVINO, CUDA and FFmpeg make changes
with their versions. Refused calls fail with EPERM, so that a library that only tries goes on without.
"""

import ctypes
import errno
import os
import struct
import sys
from dataclasses import dataclass
from typing import Final

from ascension.jobs.cage.kernel import NOT_THERE, system_call

_FILTER_MODE, _ALL_THREADS = 1, 1
_NEWER: Final = 452
"""From here on calls answer ENOSYS, as on an older kernel: nobody has weighed those that come."""

REFUSED: Final[dict[str, tuple[int | None, int | None]]] = {
    # the network, and other processes through it
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    # other programs and processes; `clone` makes threads only
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # what Landlock lets pass, and kinds of files by which the parent could be led astray
    "truncate": (76, 45),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "link": (86, None),
    "linkat": (265, 37),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "utimensat": (280, 88),
    "futimesat": (261, None),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "fanotify_init": (300, 262),
    # other users, limits and names of this process
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setfsuid": (122, 151),
    "setfsgid": (123, 152),
    "setgroups": (116, 159),
    "capset": (126, 91),
    "setrlimit": (160, 164),
    "personality": (135, 92),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "unshare": (272, 97),
    "setns": (308, 268),
    # the machine: mounts, modules, clocks, keys, and parts of the kernel in which holes are found
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "acct": (163, 89),
    "reboot": (169, 142),
    "syslog": (103, 116),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
"""Numbers on x86-64 and on 64-bit ARM; None: ARM never had it."""


@dataclass(frozen=True)
class _Machine:
    """audit: the kernel's name for the processor. Others: numbers of calls whose arguments are looked at."""

    column: int
    audit: int
    seccomp: int
    clone: int
    kill: int
    tgkill: int
    prctl: int
    prlimit64: int


_CLONE3: Final = 435
_MACHINES: Final = {
    "x86_64": _Machine(0, 0xC000003E, 317, clone=56, kill=62, tgkill=234, prctl=157, prlimit64=302),
    "aarch64": _Machine(1, 0xC00000B7, 277, clone=220, kill=129, tgkill=131, prctl=167, prlimit64=261),
}

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EPERM
_UNKNOWN: Final = 0x00050000 | errno.ENOSYS
_END_PROCESS: Final = 0x80000000
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16
_THREAD: Final = 0x00010000
_PARENT_DEATH_SIGNAL: Final = 1


def shut() -> bool:
    """Filter the calls of every thread of this process, and of those to come. False: the kernel cannot.

    Needs `kernel.forgo_privileges` before it.
    """
    machine = _MACHINES.get(os.uname().machine)
    if machine is None or sys.byteorder != "little":
        return False
    program = _program(machine, os.getpid())
    held = ctypes.create_string_buffer(program, len(program))
    argument = struct.pack("@HP", len(program) // len(_step(0, 0)), ctypes.addressof(held))
    try:
        system_call(machine.seccomp, _FILTER_MODE, _ALL_THREADS, argument)
    except OSError as error:
        if error.errno in {*NOT_THERE, errno.EINVAL}:  # EINVAL: seccomp without filters
            return False
        raise
    return True


def _program(machine: _Machine, own_pid: int) -> bytes:
    """The filter, for a process of this id on this machine."""
    steps = [
        _step(_LOAD, _MACHINE_AT),
        _step(_EQUAL, machine.audit, if_true=1),
        _step(_RETURN, _END_PROCESS),
        _step(_LOAD, _NUMBER_AT),
        *_answer(_AT_LEAST, _NEWER, _UNKNOWN),  # the numbers of x32 are as high
        *_answer(_EQUAL, _CLONE3, _UNKNOWN),  # no filter sees its flags; libraries then `clone`
    ]
    for numbers in REFUSED.values():
        number = numbers[machine.column]
        if number is not None:
            steps += _answer(_EQUAL, number, _REFUSE)
    steps += [
        *_judged(machine.clone, [(_ARGUMENTS_AT, _ANY_BIT, _THREAD)]),
        *_judged(machine.kill, [(_ARGUMENTS_AT, _EQUAL, own_pid)]),
        *_judged(machine.tgkill, [(_ARGUMENTS_AT, _EQUAL, own_pid)]),
        # the address of new limits, in two halves: asking is free
        *_judged(machine.prlimit64, [(_ARGUMENTS_AT + 16, _EQUAL, 0), (_ARGUMENTS_AT + 20, _EQUAL, 0)]),
        *_judged(machine.prctl, [(_ARGUMENTS_AT, _AT_LEAST, _PARENT_DEATH_SIGNAL + 1)]),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, value: int, *, if_true: int = 0, if_false: int = 0) -> bytes:
    """One instruction; jumps count the instructions that are left out."""
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _answer(code: int, value: int, answer: int) -> list[bytes]:
    """Where the number of the call meets this, that is the answer."""
    return [_step(code, value, if_false=1), _step(_RETURN, answer)]


def _judged(number: int, conditions: list[tuple[int, int, int]]) -> list[bytes]:
    """This call is allowed where all conditions hold on words of its arguments: place, comparison, value."""
    last = 2 * len(conditions) - 1
    tests: list[bytes] = []
    for index, (place, code, value) in enumerate(conditions):
        is_last = index == len(conditions) - 1
        to_refusal = last - (2 * index + 1)
        tests += [_step(_LOAD, place), _step(code, value, if_true=int(is_last), if_false=to_refusal)]
    ends = [_step(_RETURN, _REFUSE), _step(_RETURN, _ALLOW)]
    return [_step(_EQUAL, number, if_false=len(tests) + len(ends)), *tests, *ends]
