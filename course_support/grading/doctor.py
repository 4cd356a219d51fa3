"""Which protections does this machine give against a stranger's code? Asked in a real child."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course_support.grading.children import Child, Limits
from course_support.grading.forking import GraderFault, Mode
from course_support.grading.machine import in_the_way, reason, status
from course_support.grading.memory import used_mib
from course_support.grading.outside import CONTAINER, start_zygote
from course_support.grading.targets import Ended

MIB = 1024**2
_NONE = "0" * 16
_LIMITS = {  # in words; {0} is the number, {1} the number in MiB
    "AS": "{1:.0f} MiB of address space a process",
    "CPU": "{0} s of processor time",
    "FSIZE": "{1:.0f} MiB a file",
    "NOFILE": "{0} open files",
    "NPROC": "{0} processes",
}


@dataclass(frozen=True)
class Protection:
    """One protection, and whether it holds here.

    Attributes:
        name: what is protected, or how.
        holds: whether it does on this machine.
        why: what was found.
    """

    name: str
    holds: bool
    why: str

    def __str__(self) -> str:
        return f"{'yes' if self.holds else 'no ':3}  {self.name}: {self.why}"


WEAK = Protection(
    "weaker mode", True, "`grade --unsafe` judges, and holds no attacker back; it gives this:"
)


def doctor() -> list[Protection]:
    """What a child of the grader finds when it looks around; nothing is taken from a list.

    The first entry says whether all of it is enough to judge strangers' submissions.
    """
    if sys.platform != "linux":
        return [Protection("shut in", False, f"this is {sys.platform}. {CONTAINER}")]
    try:
        return [
            Protection("shut in", True, "a stranger's submission can be judged here"),
            *_found(asyncio.run(_look("namespaces")), "namespaces"),
        ]
    except (GraderFault, Ended) as fault:
        refused = Protection("shut in", False, _refused(str(fault)))
    try:
        return [refused, WEAK, *_found(asyncio.run(_look("weak")), "weak")]
    except (GraderFault, Ended) as fault:
        return [refused, Protection("weaker mode", False, reason(str(fault)))]


def _refused(fault: str) -> str:
    """The reason, what is known to be in the way, and what to do, a line each."""
    ways = [line for text in in_the_way() for line in text.splitlines()]
    return "\n     ".join([reason(fault), *ways])


async def _look(mode: Mode) -> dict[str, Any]:
    zygote = await asyncio.to_thread(start_zygote, (mode,))
    try:
        child = Child(zygote, Limits())
        try:
            await child.run([], [], {})
            reply = await child.ask(do="look")
            if reply is None:
                raise GraderFault("A child that should look around did not answer.")
            # Its status as the kernel tells it here: in there, /proc may be hidden.
            return {
                **reply["found"],
                "status": status(child.pid),
                "used_mib": used_mib(child.pid),
            }
        finally:
            await child.aclose()
    finally:
        await asyncio.to_thread(zygote.close)


def _found(seen: dict[str, Any], mode: Mode) -> Iterator[Protection]:
    state, inside = seen["status"], mode == "namespaces"
    hidden = not {"exercises", "solutions", "tests"} & set(seen["course"])
    yield Protection("files", hidden, f"of the course it sees {', '.join(seen['course'])}")
    written = ", ".join(seen["writable"]) or "nothing but its own folder"
    yield Protection("writing", not seen["writable"], f"it can write to {written}")
    alone = inside and seen["processes"] in ([], [1])
    yield Protection("processes", alone, f"it sees {len(seen['processes'])}")
    apart = inside and seen["interfaces"] in ([], ["lo"])
    yield Protection(
        "network", apart, f"it has {_whose(inside)}: {', '.join(seen['interfaces']) or 'unknown'}"
    )
    rights = {name: state.get(name, "unknown") for name in ("CapEff", "CapPrm", "CapBnd")}
    none = set(rights.values()) == {_NONE}
    told = "none" if none else ", ".join(f"{name} {value}" for name, value in rights.items())
    yield Protection("capabilities", none, told)
    for_good = state.get("NoNewPrivs") == "1"
    yield Protection("no new privileges", for_good, "set for good" if for_good else "not set")
    mode_of_filter = state.get("Seccomp", "unknown")
    yield Protection("system calls", mode_of_filter == "2", f"seccomp mode {mode_of_filter}")
    limits = {name: value for name, value in seen["limits"].items() if name in _LIMITS}
    told = ", ".join(_LIMITS[name].format(value, value / MIB) for name, value in limits.items())
    yield Protection("limits", min(limits.values()) >= 0, told)
    most = f"{seen['used_mib']:.0f} MiB at rest, {Limits().memory_mib} MiB at most, watched outside"
    yield Protection("memory of all processes", seen["used_mib"] > 0, most)


def _whose(inside: bool) -> str:
    return "one of its own" if inside else "the machine's"
