"""Do a teacher's hidden checks hold for the course's own answers? Asked before any student's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from course_support.content import ContentError
from course_support.grading.answers import reference
from course_support.grading.batch import Graded
from course_support.grading.exercises import Exercise, find
from course_support.grading.forking import GraderFault
from course_support.grading.judge import CheckFault
from course_support.grading.setups import setup_of
from course_support.grading.submissions import Submission
from course_support.verdicts import Report

GradeAll: TypeAlias = Callable[[Sequence[Submission]], Awaitable[list[Graded]]]


async def try_out(hidden: Mapping[str, str], grade: GradeAll) -> None:
    """Judge the course's own answers with the hidden checks.

    Of a break-fix the course has no answer: there, what the student is given to mend is judged,
    and each check must come to a verdict on it, whichever.

    Args:
        hidden: the texts of the checks by exercise.
        grade: as `batch.grade`, with all but the submissions given.

    Raises:
        ContentError: a check breaks, or does not hold for a right answer; the text names it.
        GraderFault: the grader itself failed.
    """
    for exercise in map(find, hidden):
        try:
            (graded,) = await grade([ours(exercise.key)])
        except GraderFault as fault:
            if isinstance(fault.__cause__, CheckFault):
                raise _broken(exercise, fault.__cause__) from None
            raise
        if reference(exercise):
            _assert_holds(exercise, graded.report)


def ours(key: str) -> Submission:
    """The course's own answer to an exercise, or what there is to mend."""
    exercise = find(key)
    to_mend = {cell.id: cell.source for cell in setup_of(exercise).answers}
    return Submission("the course's own cells", key, reference(exercise) or to_mend)


def _broken(exercise: Exercise, fault: CheckFault) -> ContentError:
    what = str(fault).partition("\n")[0]
    return ContentError(f"hidden checks, {exercise.key}.py: {what}\n    Nobody was judged.")


def _assert_holds(exercise: Exercise, report: Report) -> None:
    for one in report.hidden:
        if not one:
            seen = f": {one.seen}" if one.seen else "."
            raise ContentError(
                f"hidden checks, {exercise.key}.py: '{one.title}' does not hold for the course's "
                f"own answer{seen}\n    Nobody was judged. Change the check, or leave it out."
            )
