"""How is a folder of reports written, so that no kill, full disk or second grader harms it?"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from course_support.content import ContentError

STUDENTS = "students"
JUDGED = ".judged"
_LOCK = ".lock"
_UNFINISHED = re.compile(r"\..+\.\d+\.tmp")


def write_whole(path: Path, text: str, *, safe: bool = False) -> None:
    """Write beside, then put in place: whoever is killed leaves the old file or the new one.

    Args:
        safe: also through a power cut; for what cannot be made again.

    Raises:
        ContentError: the disk is full, or the folder cannot be written; the old file is left.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.unlink(missing_ok=True)  # whose it ever was; "x" follows no link
        with unfinished.open("x", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
            if safe:
                file.flush()
                os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise not_written(path, error) from None


def not_written(path: Path, error: OSError) -> ContentError:
    """What is said where a file or a folder of reports cannot be made."""
    return ContentError(
        f"{path} cannot be written: {error.strerror or error}.\n"
        "    Make room, or close it elsewhere. Then run the same command: it goes on from here."
    )


def csv_text(header: Sequence[str], rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> str:
    """A table as text: quotation marks where needed, lines as RFC 4180 has them."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, header, restval="", extrasaction="ignore", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def refuse_own(out: Path, submissions: Path) -> None:
    """Refuse to write reports among what was handed in.

    Raises:
        ContentError: the pages would lie among the submissions.
    """
    try:
        own, given = out.resolve(), submissions.resolve()
    except (OSError, RuntimeError) as error:  # links that lead round in a circle
        raise ContentError(f"{submissions} or {out} cannot be looked for: {error}.") from None
    if given == own or given.is_relative_to(own / STUDENTS) or given.is_relative_to(own / JUDGED):
        raise ContentError(
            f"The reports would lie among the submissions, in {out}.\n"
            "    Name another folder for them: --out reports"
        )


@contextmanager
def alone_in(out: Path) -> Iterator[None]:
    """Have the folder of reports to oneself; it is made, and what a killed grader left goes.

    Raises:
        ContentError: it cannot be made or written, has a link in it that leads elsewhere, or
            another grader is at work in it.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        _refuse_links(out)
        lock = os.open(out / _LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except (FileExistsError, NotADirectoryError):
        raise ContentError(
            f"{out} is a file.\n    Name a folder for the reports: --out reports"
        ) from None
    except OSError as error:
        raise ContentError(
            f"{out} cannot be written: {error.strerror}.\n"
            "    Name another folder for the reports: --out reports"
        ) from None
    try:
        _hold(lock, out)
        _tidy(out)
        yield
    finally:
        os.close(lock)


def _refuse_links(out: Path) -> None:
    for inside in (out / STUDENTS, out / JUDGED):
        if inside.is_symlink():
            raise ContentError(
                f"{inside} is a link, and nothing is written outside {out}.\n"
                "    Remove the link, or name another folder: --out reports2"
            )


def _hold(lock: int, out: Path) -> None:
    """Take the lock, which ends with this process however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows, where nobody's code is judged
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ContentError(
            f"Another grader is at work in {out}.\n"
            "    Wait until it has ended, or name another folder: --out reports2"
        ) from None
    except OSError:  # a file system without locks
        pass


def _tidy(out: Path) -> None:
    for folder in (out, out / STUDENTS, out / JUDGED):
        for left in folder.glob(".*.tmp"):
            if _UNFINISHED.fullmatch(left.name):
                with suppress(OSError):
                    left.unlink()
