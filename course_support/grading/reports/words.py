"""How is a text that a stranger had a say in shown, so that it is a text and nothing more?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -~]?)")
# What moves a cursor, writes backwards or is not seen: control codes but tab and newline, the marks
# that change the direction of a line, signs without width (the joiner of emoji and of Indian and
# Persian letters stays), other line ends, tags, and halves of characters.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# Spreadsheets calculate what begins so; also behind a sign that some of them take for the end of
# a field, whatever the file says.
_FORMULA = re.compile(r"(\A\s*|[;\t\n]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def clean(text: str) -> str:
    """The text without control codes; tabs and line ends stay."""
    return _CONTROLS.sub("", _SEQUENCES.sub("", text.replace("\r\n", "\n")))


def one_line(text: str) -> str:
    """The text on one line, without control codes."""
    return " ".join(clean(text).split())


def html(text: str) -> str:
    """The text for a page: escaped, what stands between backticks as code."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(clean(text)))
    return marked.replace("\n", "<br>")


def code(text: str) -> str:
    """A text of several lines as it is, for a page."""
    return f"<pre><code>{escape(clean(text))}</code></pre>"


def field(text: str) -> str:
    """The text for a field of a CSV; a spreadsheet will not take it for a formula."""
    plain = clean(text)
    return _FORMULA.sub(r"\1'", f"'{plain}" if plain.startswith("\t") else plain)


def number(value: float) -> str:
    """Points as people write them: 2, 1.6."""
    return f"{round(value, 2):g}"


def of(part: float, whole: float) -> str:
    """As in "1.6 of 2"."""
    return f"{number(part)} of {number(whole)}"


def some(names: Sequence[str], shown: Callable[[str], str] = str, most: int = 10) -> str:
    """The names, the first of them where there are many: "ana, bo and 12 more"."""
    listed = ", ".join(map(shown, names[:most]))
    return listed if len(names) <= most else f"{listed} and {len(names) - most} more"


def counted(count: int, one: str, many: str = "") -> str:
    """As in "1 student", "3 students"."""
    return f"{count} {one if count == 1 else many or one + 's'}"
