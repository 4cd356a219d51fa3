"""Is an entry of the bank well-formed, so that it can be asked and judged?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from course_support.content import Entry
from course_support.quiz.fields import (
    FIELDS,
    OPTION_FIELDS,
    PAIR_FIELDS,
    SECTIONS,
    SOURCES,
    Field,
    has_type,
)  # fmt: skip
from course_support.quiz.kinds import KINDS
from course_support.quiz.kinds.blanks import BLANK
from course_support.quiz.questions import CODE, LEVELS, Question


def check_shape(entry: Entry) -> None:
    """Refuse an entry whose keys or types are not those of its kind.

    Raises:
        ContentError: an unknown key (the text lists the known ones), a missing key, a value
            of another type.
    """
    entry.check_keys(FIELDS, ["id", "kind"])
    _check_one_of(entry, "kind", tuple(KINDS))
    kind = KINDS[entry.values["kind"]]
    entry.check_keys(kind.required | kind.optional, sorted(kind.required))
    for key, value in entry.values.items():
        if not has_type(FIELDS[key].type, value):
            raise entry.error(f"'{key}' is a {FIELDS[key].type}, not {value!r}.")
        if FIELDS[key].type == "text" and not value.strip():
            raise entry.error(f"'{key}' is empty.")
    allowed = {key: OPTION_FIELDS[key] for key in kind.option_keys}
    for option in entry.values.get("options", ()):
        _check_table(entry, "an option", option, allowed, kind.option_required)
    for pair in entry.values.get("pairs", ()):
        _check_table(entry, "a pair", pair, PAIR_FIELDS, tuple(PAIR_FIELDS))


def check_sense(entry: Entry, found: Question, objectives: Mapping[str, str]) -> None:
    """Refuse a question that cannot be asked or judged as it stands.

    Raises:
        ContentError: what is wrong, with what is known or needed.
    """
    _check_one_of(entry, "section", SECTIONS)
    _check_one_of(entry, "level", LEVELS)
    _check_one_of(entry, "objective", list(objectives))
    for item in found.source:
        if item not in SOURCES:
            raise entry.error(f"unknown source '{item}'. Known: {', '.join(SOURCES)}.")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", found.id) or found.id in SECTIONS:
        raise entry.error("an id is made of a-z, 0-9 and _, and is not the name of a section.")
    if found.attempts < 1:
        raise entry.error(f"'attempts' is at least 1, not {found.attempts}.")
    _check_options(entry, found)
    found.form.check(entry, found)
    _check_code(entry, found)
    _check_help(entry, found)
    _check_proof(entry)
    if found.run and CODE not in found.run:
        raise entry.error(f"'run' has no {CODE}: the place for the completed code.")


def _check_one_of(entry: Entry, key: str, known: Sequence[str]) -> None:
    value = entry.values[key]
    if value not in known:
        raise entry.error(f"unknown {key} {value!r}. Known: {', '.join(known)}.")


def _check_table(
    entry: Entry,
    what: str,
    table: Mapping[str, Any],
    known: Mapping[str, Field],
    required: Sequence[str],
) -> None:
    for key, value in table.items():
        if key not in known:
            raise entry.error(f"unknown key '{key}' in {what}. Known keys: {', '.join(known)}.")
        if not has_type(known[key].type, value):
            raise entry.error(f"'{key}' of {what} cannot be {value!r}.")
    for key in required:
        if not str(table.get(key, "")).strip():
            raise entry.error(f"{what} has no '{key}': {dict(table)!r}.")


def _check_options(entry: Entry, found: Question) -> None:
    keys = [option.key for option in found.options]
    for key in keys:
        if keys.count(key) > 1 and key:
            raise entry.error(f"two options have the key '{key}'.")
    least = found.form.least_options
    if len(keys) < least:
        raise entry.error(f"a {found.kind} has at least {least} options, not {len(keys)}.")


def _check_help(entry: Entry, found: Question) -> None:
    for key, why, misconception in _told(found):
        if key not in found.answer and not why.strip():
            raise entry.error(f"option '{key}' is wrong and has no 'why'.")
        if misconception and not re.fullmatch(r"m\d+", misconception):
            raise entry.error(f"a misconception is m1, m2 ..., not '{misconception}'.")
    if len(found.hints) > 3 or ("hints" in found.form.required and not found.hints):
        raise entry.error(f"a question has 1 to 3 hints, not {len(found.hints)}.")
    for key in ("steps", "mistakes"):
        if key in found.form.required and not getattr(found, key):
            raise entry.error(f"'{key}' has at least one line.")


def _told(found: Question) -> Iterator[tuple[str, str, str]]:
    for option in found.options:
        yield option.key, option.why, option.misconception
    for belief in found.beliefs:
        yield str(belief.value), belief.why, belief.misconception


def _check_code(entry: Entry, found: Question) -> None:
    if found.form.blanks(found) == 0 and BLANK.search(found.code):
        raise entry.error(f"only the kind 'blanks' has blanks in its code, not '{found.kind}'.")
    code = found.completed()
    if code and found.compiles:
        hint = " Where that is meant, write compiles = false."
        hint = hint if "compiles" in found.form.optional else ""
        compiled(entry, "code with the answer filled in", code, hint)


def _check_proof(entry: Entry) -> None:
    proof = entry.values.get("proof")
    if not proof:
        return
    nodes = list(ast.walk(compiled(entry, "proof", proof)))
    raises = any(isinstance(node, ast.Name) and node.id == "raises" for node in nodes)
    if not raises and not any(isinstance(node, ast.Assert) for node in nodes):
        raise entry.error("the proof asserts nothing: use assert or raises().")


def compiled(entry: Entry, what: str, source: str, hint: str = "") -> ast.Module:
    """The source as a tree.

    Raises:
        ContentError: it is no Python; the text names the line.
    """
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        compile(source, "<bank>", "exec", flags=flags, dont_inherit=True)
        return ast.parse(source)
    except SyntaxError as mistake:
        line = f"its line {mistake.lineno}, {(mistake.text or '').strip()!r}"
        raise entry.error(f"the {what} does not compile: {line}: {mistake.msg}.{hint}") from None
