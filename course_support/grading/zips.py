"""Which notebooks are in a zip? Read member by member; nothing is ever unpacked to disk."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path, PurePosixPath

from course_support.content import ContentError
from course_support.grading.submissions import LIMIT_BYTES, Refusal, too_large

MEMBERS_AT_MOST = 20_000


def notebooks(path: Path) -> Iterator[tuple[str, bytes | Refusal]]:
    """Each notebook in the zip with its path there, or why it cannot be read.

    A folder that holds everything else is taken off the paths.

    Raises:
        ContentError: the file is no zip, or has more than `MEMBERS_AT_MOST` members.
    """
    try:
        with zipfile.ZipFile(path) as file:
            yield from _in_zip(file, path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ContentError(
            f"{path.name} cannot be opened as a zip: {error}\n    Export it once more."
        ) from None


def _in_zip(file: zipfile.ZipFile, path: Path) -> Iterator[tuple[str, bytes | Refusal]]:
    members = [one for one in file.infolist() if not one.is_dir() and not _ignored(one.filename)]
    if len(members) > MEMBERS_AT_MOST:
        raise ContentError(f"{path.name} has {len(members)} files; that is no class.")
    common = _common_folder([one.filename for one in members])
    for member in sorted(members, key=lambda one: one.filename):
        name = member.filename[len(common) :]
        suffix = PurePosixPath(name).suffix.casefold()
        if suffix == ".ipynb":
            yield name.lstrip("/"), _read(file, member)
        elif suffix == ".zip":
            yield name.lstrip("/"), Refusal("It is a zip within the zip: unpack it, grade again.")


def _ignored(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part == "__MACOSX" or re.match(r"\.[^.]", part) for part in parts)


def _common_folder(names: list[str]) -> str:
    """`export/` where all files lie in it and it is not itself a student's folder."""
    firsts = {name.partition("/")[0] for name in names}
    if len(firsts) != 1 or not all(name.count("/") >= 2 for name in names):
        return ""
    return f"{firsts.pop()}/"


def _read(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | Refusal:
    if _leads_out(member.filename):
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
    ):
        return Refusal("It is damaged within the zip. Export the zip once more, or ask for it.")


def _leads_out(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return name.startswith(("/", "\\")) or ".." in parts or bool(re.match(r"[A-Za-z]:", name))
