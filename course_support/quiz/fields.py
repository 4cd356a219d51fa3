"""What can stand in the bank? One table for the lint, for the schema and for editors."""

from __future__ import annotations

from typing import NamedTuple

from course_support.quiz.kinds import KINDS
from course_support.quiz.questions import CODE, LEVELS

SECTIONS = (
    "why", "learn", "visualize", "deep", "try", "challenge", "project", "recall", "cost", "test",
)  # fmt: skip

# The items of the two lessons from which the course grew; a question names those it answers.
SOURCES = (
    "A-idea", "A-scenario", "A-problem", "A-solution", "A-before-after", "A-enables",
    "A-takeaways", "A-real-life", "A-Q1", "A-Q2", "A-Q3", "A-Q4", "A-Q5",
    "B-T1", "B-T2", "B-T3", "B-T4", "B-T5", "B-Q1", "B-Q2", "B-Q3", "B-Q4", "B-Q5",
)  # fmt: skip


class Field(NamedTuple):
    """One key of a table.

    Attributes:
        type: a name in `TYPES`.
        about: one sentence for authors, shown by their editor.
        one_of: the values it may have, or those of its items; empty for any.
    """

    type: str
    about: str
    one_of: tuple[str, ...] = ()


TYPES = (
    "text", "list of texts", "true or false", "whole number", "number", "list of tables",
)  # fmt: skip

FIELDS = {
    "id": Field("text", "Unique in the whole bank: a-z, 0-9 and _; not the name of a section."),
    "section": Field("text", "Where the lesson asks it.", SECTIONS),
    "kind": Field("text", "How it is asked and judged.", tuple(KINDS)),
    "level": Field("text", "How hard it is.", LEVELS),
    "objective": Field("text", "A key of [objectives]."),
    "source": Field("list of texts", "Items of the source lessons that it answers.", SOURCES),
    "prompt": Field("text", "The question, Markdown."),
    "code": Field("text", "Python that is shown with it; {{0}}, {{1}} mark blanks."),
    "compiles": Field("true or false", "false where the code is shown because Python refuses it."),
    "options": Field("list of tables", "What can be chosen, or answers that people expect."),
    "pairs": Field("list of tables", "Each left side with its right side, and why."),
    "beliefs": Field("list of tables", "Wrong numbers that people expect."),
    "points": Field("list of texts", "What a free recall is compared with, Markdown."),
    "answer": Field("list of texts", "The right option's key for each blank."),
    "output": Field("text", "What the code prints; the proof runs it."),
    "judge": Field("text", "Asserts with words; sees the names of the typed code, names, code."),
    "repaired": Field("text", "Code that the judge takes."),
    "number": Field("number", "The right number; leave it out where the lesson measures it."),
    "tolerance": Field("number", "How far off a number may be, as a share of the right one."),
    "unit": Field("text", "The number's unit, such as s or times."),
    "reuse": Field("true or false", "true where an option may be used more than once."),
    "is_code": Field("true or false", "true where the lines to put in order are code."),
    "attempts": Field("whole number", "How many answers are judged before the solution is shown."),
    "hints": Field("list of texts", "One to three, shown one by one, Markdown."),
    "steps": Field("list of texts", "The worked solution, step by step, Markdown."),
    "quick_check": Field("text", "How to see at a glance that the answer is right, Markdown."),
    "mistakes": Field("list of texts", "Common mistakes, Markdown."),
    "proof": Field("text", "A script that fails when the key is wrong (quiz/proofs.py)."),
    "run": Field("text", f"Shows what the completed code does; the code stands at {CODE}."),
    "back": Field("text", "The back of a card, Markdown."),
    "cell": Field("text", "The heading of the part that holds the answer."),
}

OPTION_FIELDS = {
    "key": Field("text", "Short, unique in its question; what `answer` takes."),
    "text": Field("text", "Markdown, or code where the kind says so."),
    "why": Field("text", "The reason why it is wrong, or right, Markdown."),
    "misconception": Field("text", "The belief behind it: m1, m2 ..."),
    "right": Field("true or false", "true for what belongs to the answer."),
}

PAIR_FIELDS = {
    "left": Field("text", "Markdown, shown as it is."),
    "right": Field("text", "Markdown, what belongs to it."),
    "why": Field("text", "The reason why they belong together, Markdown."),
}

BELIEF_FIELDS = {
    "value": Field("number", "The wrong number, in the question's unit."),
    "why": Field("text", "The reason why it is wrong, Markdown."),
    "misconception": Field("text", "The belief behind it: m1, m2 ..."),
}


def has_type(name: str, value: object) -> bool:
    """Whether a value is of the type that a `Field` names."""
    if name == "list of texts":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if name == "list of tables":
        return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    if name == "number":
        return type(value) in (int, float)
    return type(value) is {"text": str, "true or false": bool, "whole number": int}[name]
