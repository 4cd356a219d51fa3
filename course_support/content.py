"""How is the course's content (TOML) read, so that a mistake names file, entry and line?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_support.places import ROOT


class ContentError(Exception):
    """A mistake in the course's own content; the text names file, line and entry."""


@dataclass(frozen=True)
class Entry:
    """One table of a TOML file, with the place where it stands.

    Attributes:
        table: the table's name as written, without brackets: `question`.
        values: its keys and values.
        path: the file.
        line: 1-based line of the table's header.
    """

    table: str
    values: Mapping[str, Any]
    path: Path
    line: int

    @property
    def name(self) -> str:
        """The entry's own id, or its table's name where it has none."""
        return str(self.values.get("id", self.table))

    def error(self, message: str) -> ContentError:
        """A `ContentError` that says where this entry stands, then `message`."""
        return ContentError(f"{shown(self.path)}, line {self.line}, '{self.name}': {message}")

    def check_keys(self, known: Collection[str], required: Collection[str] = ()) -> None:
        """Refuse keys that are not in `known` and the absence of one that is `required`.

        Raises:
            ContentError: it lists the known keys, or names the missing one.
        """
        for key in self.values:
            if key not in known:
                raise self.error(f"unknown key '{key}'. Known keys: {', '.join(sorted(known))}.")
        for key in required:
            if key not in self.values:
                raise self.error(f"the key '{key}' is missing.")


def shown(path: Path) -> str:
    """`path` as a reader of this repository writes it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """The parsed file and its text.

    Raises:
        ContentError: the file is missing, not UTF-8 or not TOML; tomllib's line is kept.
    """
    try:
        text = path.read_text("utf-8")
        return tomllib.loads(text), text
    except FileNotFoundError:
        raise ContentError(f"{shown(path)}: there is no such file.") from None
    except UnicodeDecodeError as mistake:
        raise ContentError(f"{shown(path)}: not UTF-8: {mistake}") from None
    except tomllib.TOMLDecodeError as mistake:
        where = f"{shown(path)}{_entry_before(text, str(mistake))}"
        raise ContentError(f"{where}: not valid TOML: {mistake}") from None


def _entry_before(text: str, message: str) -> str:
    """The entry in which a parser's message lies, or empty where it has no id yet."""
    line = re.search(r"at line (\d+)", message)
    above = "\n".join(text.splitlines()[: int(line[1]) if line else None])
    entry = re.split(r"^\s*\[\[", above, flags=re.MULTILINE)[-1]
    found = re.search(r"""^\s*id\s*=\s*["'](\w+)""", entry, re.MULTILINE)
    return f", '{found[1]}'" if found else ""


def entries(path: Path, table: str) -> Iterator[Entry]:
    """Each `[[table]]` of the file at `path`, in order."""
    data, text = read_toml(path)
    header = re.compile(rf"^[ \t]*\[\[\s*{re.escape(table)}\s*\]\]", re.MULTILINE)
    lines = [text.count("\n", 0, found.start()) + 1 for found in header.finditer(text)]
    found = data.get(table, [])
    if not isinstance(found, list):
        raise ContentError(f"{shown(path)}: write [[{table}]] with two brackets.")
    if len(found) != len(lines):
        raise ContentError(
            f"{shown(path)}: {len(found)} entries but {len(lines)} lines that start with "
            f"[[{table}]]: give each entry a line [[{table}]], and no string such a line."
        )
    for values, line in zip(found, lines, strict=True):
        yield Entry(table, values, path, line)
