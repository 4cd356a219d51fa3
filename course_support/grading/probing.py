"""What does a child find when it looks around? Facts, told to `doctor` and to the tests."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import Any

from course_support.places import ROOT

_WANTED = ("CapEff", "CapPrm", "CapBnd", "NoNewPrivs", "Seccomp")
_LIMITS = ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "CORE")


def look_around() -> dict[str, Any]:
    """What this process is, sees and may: JSON only."""
    return {
        "status": _status(),
        "processes": sorted(int(one.name) for one in Path("/proc").glob("[0-9]*")),
        "interfaces": _interfaces(),
        "course": [one.name for one in sorted(ROOT.iterdir())],
        "writable": [place for place in ("/", "/etc", "/usr/lib", str(ROOT)) if _writable(place)],
        "limits": {
            name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for name in _LIMITS
        },
        "machine": os.uname().nodename,
    }


def _status() -> dict[str, str]:
    found: dict[str, str] = {}
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in _WANTED:
                found[name] = value.strip()
    return found


def _interfaces() -> list[str]:
    # Not by socket.if_nameindex(): it needs a kind of socket that is refused here.
    with suppress(OSError):
        lines = Path("/proc/net/dev").read_text().splitlines()[2:]
        return [line.split(":")[0].strip() for line in lines]
    return []


def _writable(place: str) -> bool:
    return os.access(place, os.W_OK) and not os.statvfs(place).f_flag & os.ST_RDONLY
