"""How does an editor know what may stand in the bank? A JSON Schema, made of the lint's tables.

    python3 course.py schema            writes notebooks/questions/schema.json anew
    python3 course.py schema --check    only says whether it is stale

Editors that know TOML find it by the first line of each file, `#:schema ./schema.json`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from course_support import places
from course_support.content import shown
from course_support.quiz.fields import (
    BELIEF_FIELDS,
    FIELDS,
    OPTION_FIELDS,
    PAIR_FIELDS,
    Field,
)  # fmt: skip
from course_support.quiz.kinds import KINDS
from course_support.quiz.kinds.base import Kind

NAME = "schema.json"
_JSON: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "minLength": 1},
    "list of texts": {"type": "array", "items": {"type": "string"}},
    "true or false": {"type": "boolean"},
    "whole number": {"type": "integer", "minimum": 1},
    "number": {"type": "number", "exclusiveMinimum": 0},
    "list of tables": {"type": "array"},
}


def schema() -> dict[str, Any]:
    """The JSON Schema of one file of the bank."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The questions of one lesson",
        "description": "Made by python3 course.py schema; not to be edited.",
        **_table(("lesson", "objectives"), {
            "lesson": {"type": "string", "description": "The name of the file, without .toml."},
            "objectives": {
                "type": "object",
                "description": "What the learner can do afterwards: key = sentence.",
                "additionalProperties": {"type": "string"},
                "minProperties": 1,
            },
            "question": {"type": "array", "items": _entry()},
        }),
    }  # fmt: skip


def text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def refresh(*, write: bool) -> tuple[str, bool]:
    """Write the schema where it is stale, or only look: what to say, and is it fresh?"""
    path = places.QUESTIONS / NAME
    is_stale = not path.exists() or path.read_text("utf-8") != text()
    if is_stale and write:
        path.write_text(text(), "utf-8")
        return f"wrote {shown(path)}", True
    if is_stale:
        return f"{shown(path)} is stale. Write it anew: python3 course.py schema", False
    return f"{shown(path)} is as the tables make it.", True


def _entry() -> dict[str, Any]:
    """Any kind has an id; all else is said by the kind, so that an editor offers no more."""
    kinds = {"enum": list(KINDS), "description": "\n".join(map(_told, KINDS.values()))}
    return {
        "type": "object",
        "required": ["id", "kind"],
        "properties": {"id": _value(FIELDS["id"]), "kind": kinds},
        "allOf": [
            {"if": {"properties": {"kind": {"const": name}}}, "then": _of_kind(kind)}
            for name, kind in KINDS.items()
        ],
    }


def _told(kind: Kind) -> str:
    return f"{kind.name}: {kind.about}"


def _of_kind(kind: Kind) -> dict[str, Any]:
    keys = [key for key in FIELDS if key in kind.required | kind.optional]
    properties = {key: _value(FIELDS[key]) for key in keys}
    properties["kind"] = {"const": kind.name, "description": kind.about}
    tables: Iterable[tuple[str, Mapping[str, Field], Collection[str]]] = (
        ("options", {key: OPTION_FIELDS[key] for key in kind.option_keys}, kind.option_required),
        ("pairs", PAIR_FIELDS, PAIR_FIELDS),
        ("beliefs", BELIEF_FIELDS, ("value", "why")),
    )
    for key, fields, required in tables:
        if key in properties:
            values = {name: _value(field) for name, field in fields.items()}
            properties[key]["items"] = _table(required, values)
    if "options" in properties:
        properties["options"]["minItems"] = kind.least_options
    return _table([key for key in keys if key in kind.required], properties)


def _table(required: Collection[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": properties,
    }


def _value(field: Field) -> dict[str, Any]:
    found = {**_JSON[field.type], "description": field.about}
    if field.one_of and field.type == "list of texts":
        found["items"] = {"enum": list(field.one_of)}
    elif field.one_of:
        found["enum"] = list(field.one_of)
    return found
