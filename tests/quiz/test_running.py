"""course_support/quiz/running.py: completed code is run, and what it does is shown."""

import asyncio

import pytest

from course_support.quiz.questions import Option, Question
from course_support.quiz.running import execute, run_completed
from course_support.quiz.session import Session


@pytest.fixture
def session():
    options = (Option("add", "+"), Option("take", "-", why="That takes away."))
    return Session(
        [
            Question(
                id="sum",
                kind="blanks",
                prompt="Two and two.",
                code="\nnumber = 2 {{0}} 2\n",
                options=options,
                answer=("add",),
                attempts=3,
                run="import asyncio\n{{code}}\nawait asyncio.sleep(0)\n10 // number\n",
            )
        ]
    )


def shown(session):
    return asyncio.run(run_completed(session))


def test_nothing_is_run_before_an_answer(session):
    assert "Nothing to run yet" in repr(shown(session))


def test_the_value_of_the_last_line_is_shown(session):
    session.answer("sum", ["add"])
    assert repr(shown(session)) == "sum, with +:\n    2"


def test_a_wrong_filling_is_run_too_and_what_it_raises_is_shown(session):
    session.answer("sum", ["take"])
    ran = shown(session)
    assert ran.runs[0].raised
    assert "ZeroDivisionError" in repr(ran)


def test_what_is_shown_is_escaped(session):
    session.answer("sum", ["add"])
    ran = shown(session).runs[0]
    evil = type(shown(session))([type(ran)("sum", ("<b>",), "<script>")])
    assert "<script>" not in evil._repr_html_()
    assert "<b>" not in evil._repr_html_()


def test_each_run_has_a_namespace_of_its_own():
    names = {}
    assert asyncio.run(execute("x = 1\nx + 1", "<a>", names)) == 2
    with pytest.raises(NameError):
        asyncio.run(execute("x", "<b>", {}))


def test_a_coroutine_as_the_last_value_is_not_awaited_unasked():
    source = "async def f(): pass\nf()"
    value = asyncio.run(execute(source, "<c>", {}))
    assert asyncio.iscoroutine(value)
    value.close()
