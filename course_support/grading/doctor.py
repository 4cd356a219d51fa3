"""Which protections does this machine give against a stranger's code? Asked in a real child."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course_support.grading.children import Child, Limits
from course_support.grading.forking import GraderFault, Mode
from course_support.grading.memory import used_mib
from course_support.grading.outside import CONTAINER, start_zygote
from course_support.grading.targets import Ended

_NONE = "0" * 16


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
        refused = Protection("shut in", False, _last_line(str(fault)))
    try:
        return [refused, *_found(asyncio.run(_look("weak")), "weak")]
    except (GraderFault, Ended) as fault:
        return [refused, Protection("weaker mode", False, _last_line(str(fault)))]


async def _look(mode: Mode) -> dict[str, Any]:
    zygote = await asyncio.to_thread(start_zygote, (mode,))
    try:
        child = Child(zygote, Limits())
        try:
            await child.run([], [], {})
            reply = await child.ask(do="look")
            if reply is None:
                raise GraderFault("A child that should look around did not answer.")
            return {**reply["found"], "used_mib": used_mib(child.pid)}
        finally:
            await child.aclose()
    finally:
        await asyncio.to_thread(zygote.close)


def _found(seen: dict[str, Any], mode: Mode) -> Iterator[Protection]:
    status, inside = seen["status"], mode == "namespaces"
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
    rights = [status.get(name) for name in ("CapEff", "CapPrm", "CapBnd")]
    yield Protection("capabilities", set(rights) <= {_NONE, None}, f"{rights[0]} in effect")
    yield Protection("no new privileges", status.get("NoNewPrivs") != "0", "set for good")
    filtered = status.get("Seccomp") in ("2", None)
    yield Protection("system calls", filtered, f"seccomp mode {status.get('Seccomp', 'unknown')}")
    limits = ", ".join(f"{name} {value}" for name, value in seen["limits"].items())
    yield Protection("limits", min(seen["limits"].values()) >= 0, limits)
    yield Protection(
        "memory of all processes", seen["used_mib"] > 0, f"{seen['used_mib']:.0f} MiB at rest"
    )


def _whose(inside: bool) -> str:
    return "one of its own" if inside else "the machine's"


def _last_line(text: str) -> str:
    """The line of a fault that names the reason: of a traceback, the exception."""
    lines = [line.strip() for line in text.splitlines() if "Error" in line or ":" in line]
    found = next((line for line in reversed(lines) if "Error" in line), lines[0] if lines else text)
    return found[:200]
