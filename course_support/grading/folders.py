"""What lies in a folder of submissions? Listed without following a link, read without waiting."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from course_support.content import ContentError
from course_support.grading.submissions import LIMIT_BYTES, Refusal, too_large

IGNORED = "__MACOSX"
LINK = "It is a link to another place, and links are not followed. Ask for the file itself."
ZIP = "It is a zip within the {}: unpack it there, and grade again."
DEPTH_AT_MOST = 20


class Entry(NamedTuple):
    """A file, or an empty folder, of what was handed in.

    Attributes:
        file: its path within, with slashes; a folder's ends with one.
        read: gives its bytes, or why it cannot be read; None where it is no notebook.
    """

    file: str
    read: Callable[[], bytes | Refusal] | None = None

    def data(self) -> bytes:
        """The notebook's bytes.

        Raises:
            Refusal: it cannot be read.
        """
        found = self.read() if self.read else Refusal("It is no notebook.")
        if isinstance(found, Refusal):
            raise found
        return found


def refused(file: str, reason: str) -> Entry:
    """An entry that is there and cannot be read."""
    return Entry(file, lambda: Refusal(reason))


def is_hidden(name: str) -> bool:
    """Whether a file or a folder is the system's or Jupyter's own: `.DS_Store`, `__MACOSX`."""
    return name.startswith(".") or name == IGNORED


def readable(name: str) -> str:
    """The name as text; bytes that are no UTF-8 as `\\xe9`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def entries(place: Path, leave: Path | None = None) -> Iterator[Entry]:
    """Every file below `place`, by its name; a folder that has none stands for itself.

    Raises:
        ContentError: `place` itself cannot be listed.
    """
    try:
        paths = sorted(place.iterdir())
    except OSError as error:
        raise ContentError(f"{place} cannot be read: {error.strerror}.") from None
    left = leave.resolve() if leave else None
    for path in paths:
        yield from _entry(path, "", left, DEPTH_AT_MOST)


def _entry(path: Path, above: str, leave: Path | None, depth: int) -> Iterator[Entry]:
    file = above + readable(path.name)
    if is_hidden(path.name):
        return
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        yield refused(file, f"It cannot be read: {error.strerror}.")
        return
    suffix = path.suffix.casefold()
    if stat.S_ISLNK(mode):
        yield refused(file, LINK)
    elif stat.S_ISDIR(mode):
        if path.resolve() != leave:
            yield from _folder(path, f"{file}/", leave, depth)
    elif suffix == ".ipynb":
        yield Entry(file, lambda: read(path))
    else:
        yield refused(file, ZIP.format("folder")) if suffix == ".zip" else Entry(file)


def _folder(path: Path, file: str, leave: Path | None, depth: int) -> Iterator[Entry]:
    if not depth:
        yield refused(file, f"More than {DEPTH_AT_MOST} folders within folders are not read.")
        return
    try:
        inside = sorted(path.iterdir())
    except OSError as error:
        yield refused(file, f"It cannot be read: {error.strerror}.")
        return
    if all(is_hidden(one.name) for one in inside):
        yield Entry(file)
    for one in inside:
        yield from _entry(one, file, leave, depth - 1)


def read(path: Path) -> bytes | Refusal:
    """The bytes of a regular file; a link, a pipe and a device are refused unopened."""
    try:
        if path.is_symlink():
            return Refusal(LINK)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return Refusal("It is no regular file. Ask for the notebook itself.")
            if found.st_size > LIMIT_BYTES:
                return Refusal(too_large(found.st_size))
            return file.read(LIMIT_BYTES + 1)
    except OSError as error:
        return Refusal(f"It cannot be read: {error.strerror}.")
