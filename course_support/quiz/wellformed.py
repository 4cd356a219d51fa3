"""Is an entry of the bank well-formed, so that it can be asked and judged?"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from course_support.content import Entry
from course_support.quiz.questions import BLANK, CODE, KINDS, LEVELS, Question

SECTIONS = (
    "why", "learn", "visualize", "deep", "try", "challenge", "project", "recall", "cost", "test",
)  # fmt: skip

_TYPES = {
    **dict.fromkeys(("id", "section", "kind", "level", "objective", "prompt"), "text"),
    **dict.fromkeys(("code", "quick_check", "proof", "back", "cell", "run", "unit"), "text"),
    **dict.fromkeys(("source", "hints", "steps", "mistakes", "answer"), "list of texts"),
    **dict.fromkeys(("reuse", "compiles"), "true or false"),
    "attempts": "whole number",
    **dict.fromkeys(("options", "beliefs"), "list of tables"),
    **dict.fromkeys(("number", "tolerance"), "number"),
}
_EACH = {"id", "section", "kind", "level", "objective", "prompt"}
_JUDGED = _EACH | {"options", "hints", "steps", "quick_check", "mistakes", "proof"}
_REQUIRED = {
    "choice": _JUDGED,
    "blanks": _JUDGED | {"code", "answer"},
    "card": _EACH | {"back"},
    "number": (_JUDGED - {"options"}) | {"unit", "beliefs"},
}
_OPTIONAL = {
    "choice": {"source", "code", "compiles", "attempts"},
    "blanks": {"source", "reuse", "attempts", "run"},
    "card": {"source", "code", "compiles", "cell", "proof"},
    "number": {"source", "code", "compiles", "attempts", "number", "tolerance"},
}
_OPTION_KEYS = {
    "choice": ("key", "text", "why", "misconception", "right"),
    "blanks": ("key", "text", "why", "misconception"),
}


def check_shape(entry: Entry) -> None:
    """Refuse an entry whose keys or types are not those of its kind.

    Raises:
        ContentError: an unknown key (the text lists the known ones), a missing key, a value
            of another type.
    """
    entry.check_keys(_TYPES, ["id", "kind"])
    _check_one_of(entry, "kind", KINDS)
    kind = entry.values["kind"]
    entry.check_keys(_REQUIRED[kind] | _OPTIONAL[kind], sorted(_REQUIRED[kind]))
    for key, value in entry.values.items():
        if not _has_type(_TYPES[key], value):
            raise entry.error(f"'{key}' is a {_TYPES[key]}, not {value!r}.")
        if _TYPES[key] == "text" and not value.strip():
            raise entry.error(f"'{key}' is empty.")
    for option in entry.values.get("options", ()):
        _check_option(entry, option, _OPTION_KEYS[kind])


def check_sense(
    entry: Entry, found: Question, objectives: Mapping[str, str], sources: Sequence[str]
) -> None:
    """Refuse a question that cannot be asked or judged as it stands.

    Raises:
        ContentError: what is wrong, with what is known or needed.
    """
    _check_one_of(entry, "section", SECTIONS)
    _check_one_of(entry, "level", LEVELS)
    _check_one_of(entry, "objective", list(objectives))
    for item in found.source:
        if item not in sources:
            raise entry.error(f"unknown source '{item}'. Known: {', '.join(sources)}.")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", found.id) or found.id in SECTIONS:
        raise entry.error("an id is made of a-z, 0-9 and _, and is not the name of a section.")
    if found.attempts < 1:
        raise entry.error(f"'attempts' is at least 1, not {found.attempts}.")
    _check_options(entry, found)
    _check_code(entry, found)
    if found.kind != "card":
        _check_help(entry, found)
    if found.kind == "number":
        _check_number(entry, found)
    _check_proof(entry, found)
    if found.run and CODE not in found.run:
        raise entry.error(f"'run' has no {CODE}: the place for the completed code.")


def _check_one_of(entry: Entry, key: str, known: Sequence[str]) -> None:
    value = entry.values[key]
    if value not in known:
        raise entry.error(f"unknown {key} {value!r}. Known: {', '.join(known)}.")


def _check_option(entry: Entry, option: Mapping[str, object], known: Sequence[str]) -> None:
    for key, value in option.items():
        if key not in known:
            raise entry.error(f"unknown key '{key}' in an option. Known keys: {', '.join(known)}.")
        if not isinstance(value, bool if key == "right" else str):
            raise entry.error(f"'{key}' of an option cannot be {value!r}.")
    for key in ("key", "text"):
        if not option.get(key):
            raise entry.error(f"an option has no '{key}': {dict(option)!r}.")


def _check_options(entry: Entry, found: Question) -> None:
    keys = [option.key for option in found.options]
    for key in keys:
        if keys.count(key) > 1:
            raise entry.error(f"two options have the key '{key}'.")
    if found.kind == "choice" and len(keys) < 3:
        raise entry.error(f"a choice has at least 3 options, not {len(keys)}.")
    if found.kind == "choice" and len(found.answer) != 1:
        raise entry.error(f"exactly one option has right = true, not {len(found.answer)}.")


def _check_help(entry: Entry, found: Question) -> None:
    for option in found.options:
        if option.key not in found.answer and not option.why.strip():
            raise entry.error(f"option '{option.key}' is wrong and has no 'why'.")
        if option.misconception and not re.fullmatch(r"m\d+", option.misconception):
            raise entry.error(f"a misconception is m1, m2 ..., not '{option.misconception}'.")
    if not 1 <= len(found.hints) <= 3:
        raise entry.error(f"a question has 1 to 3 hints, not {len(found.hints)}.")
    for key in ("steps", "mistakes"):
        if not getattr(found, key):
            raise entry.error(f"'{key}' has at least one line.")


def _check_number(entry: Entry, found: Question) -> None:
    if not found.beliefs:
        raise entry.error("'beliefs' has at least one wrong number, with its 'why'.")
    if not 0 < found.tolerance < 1:
        raise entry.error(f"'tolerance' is a share between 0 and 1, not {found.tolerance}.")
    for belief in found.beliefs:
        if not belief.why.strip() or belief.value <= 0:
            raise entry.error(f"a belief has a 'value' above 0 and a 'why': {belief}.")


def _check_code(entry: Entry, found: Question) -> None:
    numbers = [int(number) for number in BLANK.findall(found.code)]
    if found.kind == "blanks":
        _check_blanks(entry, found, numbers)
    elif numbers:
        raise entry.error(f"only the kind 'blanks' has blanks in its code, not '{found.kind}'.")
    if found.code and found.compiles:
        hint = "" if found.kind == "blanks" else " Where that is meant, write compiles = false."
        _compiled(entry, "code with the answer filled in", found.completed(), hint)


def _check_blanks(entry: Entry, found: Question, numbers: Sequence[int]) -> None:
    if not numbers or sorted(numbers) != list(range(len(numbers))):
        raise entry.error(f"blanks are numbered {{{{0}}}}, {{{{1}}}} ..., not {list(numbers)}.")
    if len(found.answer) != len(numbers):
        raise entry.error(f"{len(numbers)} blanks, but {len(found.answer)} in 'answer'.")
    keys = [option.key for option in found.options]
    if len(keys) < 2:
        raise entry.error("there is nothing to choose from: write at least 2 options.")
    for key in found.answer:
        if key not in keys:
            raise entry.error(f"the answer '{key}' is no option. Options: {', '.join(keys)}.")
        if found.answer.count(key) > 1 and not found.reuse:
            raise entry.error(f"the answer uses '{key}' twice: write reuse = true.")


def _check_proof(entry: Entry, found: Question) -> None:
    if not found.proof:
        return
    nodes = list(ast.walk(_compiled(entry, "proof", found.proof)))
    raises = any(isinstance(node, ast.Name) and node.id == "raises" for node in nodes)
    if not raises and not any(isinstance(node, ast.Assert) for node in nodes):
        raise entry.error("the proof asserts nothing: use assert or raises().")


def _compiled(entry: Entry, what: str, source: str, hint: str = "") -> ast.Module:
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        compile(source, "<bank>", "exec", flags=flags, dont_inherit=True)
        return ast.parse(source)
    except SyntaxError as mistake:
        line = f"its line {mistake.lineno}, {(mistake.text or '').strip()!r}"
        raise entry.error(f"the {what} does not compile: {line}: {mistake.msg}.{hint}") from None


def _has_type(name: str, value: object) -> bool:
    if name == "list of texts":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if name == "list of tables":
        return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    if name == "number":
        return type(value) in (int, float)
    wanted = {"text": str, "true or false": bool, "whole number": int}[name]
    return type(value) is wanted
