"""What is shown where no widget can show, and does the package answer to its name?"""

import subprocess
import sys
from dataclasses import replace

import pytest

import course_support
from course_support import places
from course_support.quiz import bank as bank_module
from course_support.quiz import plain
from course_support.quiz.session import Session


@pytest.fixture
def session(choice, blanks, card):
    return Session([choice, blanks, card], "three")


@pytest.fixture
def without_anywidget(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)


def test_text_shows_question_options_and_how_to_answer(session):
    text = plain.text(session)
    assert "Question 1 of 3 (easy)" in text
    assert "  waits: Waits" in text
    assert 'Answer with quiz("01_first", "meaning").answer("...")' in text
    assert 'quiz("01_first", "filling").answer(["...", "..."])' in text


def test_blanks_are_numbered_gaps(session):
    assert "    ___1___ def nap():\n        ___2___ asyncio.sleep(0)" in plain.text(session)


@pytest.mark.parametrize("form", [plain.text, plain.html])
def test_no_form_gives_the_key_away(session, form):
    shown = form(session)
    for question in session.questions:
        for hidden in (*question.hints, *question.steps, question.back, question.proof):
            assert not hidden or hidden not in shown
        assert not any(option.why in shown for option in question.options if option.why)


@pytest.mark.parametrize("form", [plain.text, plain.html])
def test_form_stays_the_same_after_an_answer(session, form):
    before = form(session)
    session.answer("meaning", "waits")
    assert form(session) == before


def test_html_is_escaped(choice, blanks):
    shown = plain.html(
        Session(
            [
                replace(choice, prompt="<script>1</script>"),
                replace(blanks, id="two", code="'<b>{{0}}{{1}}'"),
            ]
        )
    )
    assert "<script" not in shown
    assert "<b>" not in shown


def test_option_of_several_lines_stands_below_its_key(choice):
    option = replace(choice.options[0], text="```python\nx = 1\n```")
    text = plain.text(Session([replace(choice, options=(option,))]))
    assert "  waits:\n      ```python\n      x = 1\n      ```" in text


def test_option_whose_key_is_its_text_is_shown_once(blanks):
    assert "\n  async\n" in plain.text(Session([blanks]))


def test_plain_quiz_answers_without_the_id_of_its_only_question(choice):
    quiz = plain.PlainQuiz(Session([choice]))
    assert not quiz.answer("blocks")
    assert quiz.hint() == "Think of the loop."
    assert quiz.answer("waits")


def test_plain_quiz_of_several_asks_which_one_is_meant(session):
    quiz = plain.PlainQuiz(session)
    with pytest.raises(LookupError, match="meaning, filling, turning"):
        quiz.answer("waits")
    assert quiz.answer("meaning", "waits")


def test_plain_quiz_shows_the_solution_afterwards(choice):
    quiz = plain.PlainQuiz(Session([choice]))
    quiz.answer("waits")
    assert "Quick check: Two sleeps overlap." in quiz.solution()


def test_answer_says_what_it_takes(choice):
    with pytest.raises(TypeError, match='answer\\("question_id", "option"\\)'):
        plain.PlainQuiz(Session([choice])).answer()


def test_plain_quiz_turns_a_card(card):
    quiz = plain.PlainQuiz(Session([card]))
    assert quiz.flip() == "The *loop*."
    assert quiz.answer("knew")
    quiz.again()
    assert not quiz.session.state()["questions"]["turning"]["flipped"]


def test_plain_quiz_shows_itself_as_text_and_html(session):
    quiz = plain.PlainQuiz(session)
    assert repr(quiz) == plain.text(session)
    assert quiz._repr_mimebundle_() == {
        "text/plain": plain.text(session),
        "text/html": plain.html(session),
    }


def test_quiz_is_called_by_name_and_falls_back_to_text(bank, monkeypatch, without_anywidget):
    folder = bank()
    monkeypatch.setattr(places, "QUESTIONS", folder)
    quiz = course_support.quiz("01", "try")
    assert isinstance(quiz, plain.PlainQuiz)
    assert quiz.answer(["async", "await"])


def test_quiz_lists_what_there_is_when_a_name_is_unknown(bank, monkeypatch, without_anywidget):
    monkeypatch.setattr(places, "QUESTIONS", bank())
    with pytest.raises(LookupError, match="01_first"):
        course_support.quiz("02_second")
    with pytest.raises(LookupError, match="learn, try, recall"):
        course_support.quiz("01_first", "nowhere")


def test_quiz_stays_callable_whatever_was_imported_first():
    assert course_support.quiz.bank is bank_module
    assert callable(course_support.quiz)


def test_naming_the_quiz_loads_no_widget_library():
    code = (
        "import sys; from course_support import quiz; assert callable(quiz); "
        "print([name for name in ('anywidget', 'ipywidgets', 'mistune', 'django') "
        "if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
