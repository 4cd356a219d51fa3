"""Questions for Moodle's question bank, as Moodle XML.

Moodle XML and not QTI: Moodle itself, and most systems that take questions from Moodle, read it
with reasons, hints and blanks, while Moodle has no import of QTI 2. It has no published schema;
a test holds the result against the structure that Moodle's importer reads. Text is escaped, not
wrapped in CDATA, so that nothing in it can end the wrapping.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from course_support.quiz.exchange.exported import CannotHold, Exported
from course_support.quiz.kinds.blanks import BLANK
from course_support.quiz.questions import Question
from course_support.quiz.rendering import phrase

# What XML 1.0 has no place for, even when it is escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PENALTY = "0.3333333"


def exported(questions: Iterable[Question]) -> Exported:
    """The questions in a category a lesson; those that Moodle cannot ask are named, left out."""
    quiz = Element("quiz")
    lesson, held, left_out = "", 0, []
    for question in questions:
        try:
            asked = _question(question)
        except CannotHold as reason:
            left_out.append(f"{question.id} ({question.kind}): {reason}")
            continue
        if question.lesson != lesson:
            lesson = question.lesson
            quiz.append(_category(lesson))
        quiz.append(asked)
        held += 1
    ElementTree.indent(quiz)
    body = ElementTree.tostring(quiz, encoding="unicode")
    return Exported(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', held, tuple(left_out))


def _category(lesson: str) -> Element:
    question = Element("question", type="category")
    _text(question, "category", f"$course$/top/Async Django/{lesson or 'Questions'}")
    return question


def _question(question: Question) -> Element:
    if question.kind not in _WRITERS:
        raise CannotHold(_REASONS.get(question.kind, "Moodle has no such question."))
    kind, write = _WRITERS[question.kind]
    found = Element("question", type=kind)
    _text(found, "name", question.id)
    _text(found, "questiontext", _asked(question), html=True)
    _text(found, "generalfeedback", _solution(question), html=True)
    for name, value in (("defaultgrade", "1"), ("penalty", _PENALTY), ("hidden", "0")):
        SubElement(found, name).text = value
    SubElement(found, "idnumber").text = question.id
    write(found, question)
    for hint in question.hints:
        _text(found, "hint", phrase(hint), html=True)
    tags = SubElement(found, "tags")
    for tag in (question.level, question.objective):
        _text(tags, "tag", tag)
    return found


def _asked(question: Question) -> str:
    code = escape(question.code.strip("\n"))
    if question.kind == "blanks":
        if re.search(r"\[\[\d+\]\]", code):
            raise CannotHold("its code has [[1]], which is a gap to Moodle.")
        keys = [option.key for option in question.options]
        gaps = [keys.index(key) + 1 for key in question.answer]
        code = BLANK.sub(lambda blank: f"[[{gaps[int(blank[1])]}]]", code)
    return (
        f"{_paragraph(question.prompt)}<pre>{code}</pre>" if code else _paragraph(question.prompt)
    )


def _paragraph(markdown: str) -> str:
    html = phrase(markdown)
    return html if html.startswith("<") and html.endswith("</p>") else f"<p>{html}</p>"


def _solution(question: Question) -> str:
    steps = "".join(f"<li>{phrase(step)}</li>" for step in question.steps)
    check = _paragraph(question.quick_check) if question.quick_check else ""
    return f"<ol>{steps}</ol>{check}" if steps else check


def _choice(found: Element, question: Question) -> None:
    right = len(question.answer)
    SubElement(found, "single").text = "true" if right == 1 else "false"
    SubElement(found, "shuffleanswers").text = "true"
    SubElement(found, "answernumbering").text = "none"
    wrong = len(question.options) - right
    lost = 0.0 if right == 1 else -100 / wrong
    for option in question.options:
        share = 100 / right if option.key in question.answer else lost
        text = f"<code>{escape(option.text)}</code>" if _is_code(question) else phrase(option.text)
        _answer(found, share, text, option.why, html=True)


def _is_code(question: Question) -> bool:
    return question.kind == "line"


def _blanks(found: Element, question: Question) -> None:
    SubElement(found, "shuffleanswers").text = "1"
    for option in question.options:
        choice = SubElement(found, "selectoption")
        SubElement(choice, "text").text = _clean(option.text)
        SubElement(choice, "group").text = "1"


def _number(found: Element, question: Question) -> None:
    if question.number is None:
        raise CannotHold("its right number is measured while the lesson runs.")
    right = _answer(found, 100, f"{question.number:g}", "")
    SubElement(right, "tolerance").text = f"{question.number * question.tolerance:g}"
    for belief in question.beliefs:
        wrong = _answer(found, 0, f"{belief.value:g}", belief.why)
        SubElement(wrong, "tolerance").text = "0"


def _match(found: Element, question: Question) -> None:
    SubElement(found, "shuffleanswers").text = "true"
    pairs = list(zip(question.lefts, question.answer, strict=True))
    pairs += [("", one.key) for one in question.options if one.key not in question.answer]
    for left, key in pairs:
        pair = SubElement(found, "subquestion", format="html")
        SubElement(pair, "text").text = _clean(phrase(left)) if left else ""
        _text(pair, "answer", question.option(key).text.replace("`", ""))


_WRITERS: Mapping[str, tuple[str, Callable[[Element, Question], None]]] = {
    "choice": ("multichoice", _choice),
    "choices": ("multichoice", _choice),
    "line": ("multichoice", _choice),
    "blanks": ("gapselect", _blanks),
    "number": ("numerical", _number),
    "match": ("matching", _match),
}
_REASONS = {
    "card": "a card is judged by its reader, and Moodle's quiz has no such question.",
    "recall": "what was recalled is judged by its reader, and Moodle's quiz cannot ask that.",
    "order": "not every Moodle can put lines in order.",
    "predict": "a typed output of several lines is compared to the letter by Moodle.",
    "repair": "it is judged by running it, which Moodle does not do.",
}


def _answer(found: Element, share: float, text: str, why: str, *, html: bool = False) -> Element:
    # Moodle takes shares from a list of its own, which has five places after the point.
    fraction = f"{share:.5f}".rstrip("0").rstrip(".")
    answer = SubElement(found, "answer", fraction=fraction)
    answer.set("format", "html" if html else "moodle_auto_format")
    SubElement(answer, "text").text = _clean(text)
    _text(answer, "feedback", phrase(why), html=True)
    return answer


def _text(parent: Element, name: str, text: str, *, html: bool = False) -> None:
    child = SubElement(parent, name, {"format": "html"} if html else {})
    SubElement(child, "text").text = _clean(text)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
