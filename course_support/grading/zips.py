"""Which notebooks are in a zip? Read member by member; nothing is ever unpacked to disk."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from lzma import LZMAError
from pathlib import Path, PurePosixPath

from course_support.content import ContentError
from course_support.grading.folders import ZIP, Entry, is_hidden, refused
from course_support.grading.submissions import LIMIT_BYTES, Refusal, too_large

MEMBERS_AT_MOST = 20_000
NAME_AT_MOST = 1000


def is_zip(path: Path) -> bool:
    """Whether it is a zip, by whatever name a browser has saved it."""
    try:
        return zipfile.is_zipfile(path)
    except OSError:
        return False


@contextmanager
def entries(path: Path) -> Iterator[list[Entry]]:
    """Every file in the zip with its path there, by name; readable while the context is open.

    Raises:
        ContentError: the file is no zip, or has more than `MEMBERS_AT_MOST` members.
    """
    try:
        file = zipfile.ZipFile(path)
        members = file.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise ContentError(
            f"{path.name} cannot be opened as a zip: {error}\n    Export it once more."
        ) from None
    with file:
        if len(members) > MEMBERS_AT_MOST:
            raise ContentError(f"{path.name} has {len(members)} files; that is no class.")
        found = [entry for member in members if (entry := _entry(file, member))]
        yield sorted(found, key=lambda one: one.file)


def _entry(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> Entry | None:
    name = name_of(member)
    plain = name.lstrip("/")
    if any(is_hidden(part) and part != ".." for part in PurePosixPath(plain).parts):
        return None
    if len(name) > NAME_AT_MOST:
        return refused(plain[:80], "Its name has no end. Ask for the notebook by itself.")
    suffix = PurePosixPath(plain).suffix.casefold()
    if suffix == ".zip":
        return refused(plain, ZIP.format("zip"))
    if suffix == ".ipynb":
        return Entry(plain, partial(_read, file, member, name))
    return Entry(plain)


def name_of(member: zipfile.ZipInfo) -> str:
    """The member's path: with slashes, and as UTF-8 where it is some.

    macOS writes UTF-8 and does not say so; Python then reads it as the code page of the first PC.
    """
    name = member.filename.replace("\\", "/")
    if member.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _read(file: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes | Refusal:
    if _leads_out(name):
        return Refusal("Its path leads out of the zip. Ask for the notebook by itself.")
    if stat.S_ISLNK(member.external_attr >> 16):
        return Refusal("It is a link, and links are not followed. Ask for the file itself.")
    if member.flag_bits & 1:
        return Refusal("It is locked with a password. Ask for it without one.")
    if member.file_size > LIMIT_BYTES:
        return Refusal(too_large(member.file_size))
    try:
        with file.open(member) as content:
            return content.read(LIMIT_BYTES + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        LZMAError,
        OSError,
        EOFError,
        NotImplementedError,
        ValueError,
        RuntimeError,
        struct.error,
    ):
        return Refusal("It is damaged within the zip. Export the zip once more, or ask for it.")


def _leads_out(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return name.startswith(("/", "\\")) or ".." in parts or bool(re.match(r"[A-Za-z]:", name))
