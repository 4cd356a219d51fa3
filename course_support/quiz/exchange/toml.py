"""How does a new file of the bank look that was made from elsewhere?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from course_support.quiz.kinds import KINDS
from course_support.quiz.kinds.base import count


def lesson_text(name: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """The TOML of a lesson called `name`; above each entry stands what it still needs."""
    head = ["#:schema ./schema.json", f"lesson = {_value(name)}", "", "[objectives]"]
    head.append('imported = "Say here what a reader can do who answers these"')
    return "\n".join([*head, *(_entry(entry) for entry in entries), ""])


def needs(entry: Mapping[str, Any]) -> list[str]:
    """What must be added by hand before the lint takes the entry, as short phrases."""
    kind = KINDS[entry["kind"]]
    found = sorted(kind.required - set(entry))
    options = entry.get("options", ())
    if len(options) < kind.least_options:
        found.append(count(kind.least_options - len(options), "more option"))
    if silent := [one["key"] for one in options if not one.get("why") and not one.get("right")]:
        found.append(f"a why for {', '.join(silent)}")
    if entry["kind"] == "number" and not all(one["why"] for one in entry["beliefs"]):
        found.append("a why for each belief")
    return found


def _entry(entry: Mapping[str, Any]) -> str:
    lines = ["", f"# Still needed: {'; '.join(needs(entry))}." if needs(entry) else ""]
    lines += ["[[question]]", *(f"{key} = {_value(value)}" for key, value in entry.items())]
    return "\n".join(line for n, line in enumerate(lines) if line or not n)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + "".join(f"  {_inline(table)},\n" for table in value) + "]"
    return json.dumps(value)


def _inline(table: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key} = {_basic(value)}" for key, value in table.items()) + "}"


def _string(text: str) -> str:
    plain = all(letter.isprintable() or letter == "\n" for letter in text)
    if "\n" in text and plain and "'''" not in text and not text.endswith("'"):
        return f"'''\n{text}'''"
    return _basic(text)


def _basic(value: Any) -> str:
    # The escapes of JSON are also those of TOML, which wants one more.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
