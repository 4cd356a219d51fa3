"""A submission judged from outside: its process has a say in its own report, and no more."""

import asyncio

import pytest

from course_support.grading.children import Limits
from course_support.grading.outside import Grader
from course_support.verdicts import Outcome

KEY = "ex01_first_view"
CELL = "answer-headlines"
LIMITS = Limits(cell_s=2.0)


@pytest.fixture(scope="module")
def outside():
    """The reports on several submissions, judged together: `outside([(key, cells), ...])`."""

    def judge(submissions, key=KEY):
        async def together():
            async with Grader(jobs=2, unsafe=True, limits=LIMITS) as grader:
                judging = [grader.judge(key, cells) for cells in submissions]
                return await asyncio.gather(*judging)

        return asyncio.run(together())

    return judge


def test_right_answer_passes_and_others_get_their_words(outside, reference):
    right, none, raising, ending, hanging = outside(
        [
            {CELL: reference},
            {},
            {CELL: reference.replace("return", "1 / 0; return")},
            {CELL: "import os; os._exit(3)"},
            {CELL: "while True: pass"},
        ]
    )
    assert right, right.text()
    assert none.outcome is Outcome.NOT_ATTEMPTED and "Nothing is at /headlines/" in none.text()
    assert "ZeroDivisionError: division by zero" in raising.text()
    assert "cell 2, line 8: `1 / 0; return JsonResponse(response.json())`" in raising.text()
    assert "Cell 2 ended its process: exit code 3." in ending.text()
    assert "Cell 2 ended its process: it had not ended after 2 s." in hanging.text()
