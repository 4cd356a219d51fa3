"""The numbers of system calls are those of the kernel's headers, where Debian's are installed."""

import re
from pathlib import Path

import pytest

from course_support.grading import syscalls, walls

# linux-libc-dev; aarch64 has the generic numbers, so each machine can look up both.
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
LISTED = syscalls._REFUSED | {
    "clone": syscalls._CLONE, "clone3": syscalls._CLONE3, "ioctl": syscalls._IOCTL,
    "socket": syscalls._SOCKET, "socketpair": syscalls._SOCKETPAIR,
    "setrlimit": syscalls._SETRLIMIT, "prlimit64": syscalls._PRLIMIT,
}  # fmt: skip


@pytest.mark.parametrize("machine", HEADERS)
def test_numbers_are_those_of_the_headers(machine):
    if not HEADERS[machine].exists():
        pytest.skip("linux-libc-dev is not installed")
    found = re.findall(r"#define __NR_(\w+)\s+(\d+)", HEADERS[machine].read_text("utf-8"))
    numbers = {name: int(number) for name, number in found}
    column, _ = syscalls._MACHINES[machine]
    newest = max(numbers.values())  # an older header knows less
    wrong = {
        name: (listed[column], numbers.get(name))
        for name, listed in LISTED.items()
        if listed[column] <= newest and listed[column] != numbers.get(name, -1)
    }
    assert wrong == {}
    assert walls._PIVOT_ROOT[machine] == numbers["pivot_root"]
