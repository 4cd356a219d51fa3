"""How is a table read that a spreadsheet has saved, whatever its habits?"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from course_support.content import ContentError

DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Sheet:
    """A CSV as it was found.

    Attributes:
        rows: by the names of the header; row 2 of a spreadsheet is the first.
        delimiter: what stands between two fields.
        encoding: what the bytes were read as, a codec's name.
    """

    header: list[str]
    rows: list[dict[str, str]]
    delimiter: str = ","
    encoding: str = "utf-8-sig"


def read_sheet(path: Path) -> Sheet:
    """A CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252.

    Raises:
        ContentError: it cannot be read, a quotation mark is left open, or a row has more fields
            than the header; the text names the row as a spreadsheet counts.
    """
    text, encoding = _text(path)
    hint, _, rest = text.partition("\n")
    if hint.strip().casefold() in {f"sep={one}" for one in DELIMITERS}:
        text = rest  # what Excel is told so, and keeps as a first line
    head = next(iter(text.splitlines()), "")
    delimiter = max(DELIMITERS, key=head.count)
    rows = _rows(path, text, delimiter)
    header = _unlike(rows[0]) if rows else []
    found = []
    for at, row in enumerate(rows[1:], start=2):
        if len(row) > len(header) and any(row[len(header) :]):
            raise ContentError(_too_long(path, at, row, delimiter))
        fields = [*row, *[""] * (len(header) - len(row))]
        found.append(dict(zip(header, fields, strict=False)))
    return Sheet(header, found, delimiter, encoding)


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The header and the rows of a CSV, blank rows left out.

    Raises:
        ContentError: as `read_sheet`.
    """
    sheet = read_sheet(path)
    return sheet.header, [row for row in sheet.rows if any(row.values())]


def _text(path: Path) -> tuple[str, str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ContentError(f"There is no file {path}.") from None
    except OSError as error:
        raise ContentError(f"{path.name} cannot be read: {error.strerror}.") from None
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise ContentError(f"{path.name} is no text that is known here: save it as 'CSV UTF-8'.")


def _unlike(header: list[str]) -> list[str]:
    """The names of the columns; of two that are called alike, the second gets its number."""
    names: list[str] = []
    for at, name in enumerate(header, start=1):
        names.append(f"{name or 'column'} {at}" if name in names else name)
    return names


def _rows(path: Path, text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    # Strict: else one quotation mark that is left open would swallow every row below it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise ContentError(
            f"{path.name}, row {len(rows) + 1}: it is no CSV ({error}).\n"
            '    A quotation mark inside a field is written twice: "He said ""yes""."'
        ) from None
    return rows


def _too_long(path: Path, at: int, row: list[str], delimiter: str) -> str:
    name = {",": "comma", ";": "semicolon", "\t": "tab"}[delimiter]
    return (
        f"{path.name}, row {at} ({row[0]}): it has more fields than the header.\n"
        f"    A text with a {name} in it stands between quotation marks."
    )
