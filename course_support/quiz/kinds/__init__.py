"""What kinds of questions are there? A new one is a module here and a name in this table."""

from __future__ import annotations

from course_support.quiz.kinds.base import Kind
from course_support.quiz.kinds.blanks import Blanks
from course_support.quiz.kinds.card import Card
from course_support.quiz.kinds.choice import Choice
from course_support.quiz.kinds.choices import Choices
from course_support.quiz.kinds.line import Line
from course_support.quiz.kinds.match import Match
from course_support.quiz.kinds.number import Number
from course_support.quiz.kinds.order import Order
from course_support.quiz.kinds.predict import Predict
from course_support.quiz.kinds.recall import Recall
from course_support.quiz.kinds.repair import Repair

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Choice(), Choices(), Blanks(), Order(), Predict(), Number(), Line(), Match(), Repair(),
        Recall(), Card(),
    )
}  # fmt: skip
