"""What holds for every kind: nothing of the key is sent early, all forms work, proofs bite."""

import asyncio
import json
from dataclasses import replace

import pytest

from course_support.quiz.bank import lesson
from course_support.quiz.kinds import KINDS
from course_support.quiz.plain import PlainQuiz, how_to_answer, html, text
from course_support.quiz.proofs import prove
from course_support.quiz.session import Session

RIGHT = {
    "choices": lambda question: list(question.answer),
    "order": lambda question: list(question.answer),
    "predict": lambda question: question.output,
    "line": lambda question: int(question.right),
    "match": lambda question: list(question.answer),
    "repair": lambda question: question.repaired,
    "recall": lambda question: [1, 2, 3, 4],
}
NEW = sorted(RIGHT)


@pytest.fixture
def everything(tmp_path, kinds_text):
    """One question of each kind that is made here."""
    (tmp_path / "07_kinds.toml").write_text(kinds_text(), "utf-8")
    return lesson("07", tmp_path).questions


@pytest.mark.parametrize("name", NEW)
def test_nothing_of_the_key_is_shown_before_an_answer(asked, name):
    question = asked(name)
    session = Session([question])
    sent = json.dumps([session.spec, session.state(), text(session), html(session)])
    hidden = [option.why for option in question.options if option.why]
    hidden += [*question.hints, *question.steps, *question.mistakes, *question.points]
    hidden += [question.quick_check, question.proof, question.judged_by, question.repaired]
    hidden += ["misconception", "assert", '"answer"', "n * n is printed"]
    assert [words for words in hidden if words.strip() and json.dumps(words)[1:-1] in sent] == []
    assert question.output.strip() == "" or question.output not in sent


@pytest.mark.parametrize("name", NEW)
def test_answer_in_python_is_judged_and_reveals_the_rest(asked, name):
    question = asked(name)
    quiz = PlainQuiz(Session([question]))
    quiz.flip()
    assert quiz.answer(RIGHT[name](question))
    state = quiz.session.state()["questions"][question.id]
    assert (state["outcome"], state["over"]) == ("correct", True)
    assert json.loads(json.dumps(state)) == state
    assert quiz.solution()


@pytest.mark.parametrize("name", NEW)
def test_same_answer_twice_is_one_attempt(asked, name):
    question = asked(name)
    session = Session([question])
    session.flip(question.id)
    wrong = {
        "choices": "sleep", "order": sorted(question.answer), "predict": "1", "line": 4,
        "match": list(question.answer[::-1]), "repair": "add = 1", "recall": [],
    }[name]  # fmt: skip
    session.answer(question.id, wrong)
    left = session.state()["questions"][question.id]["attempts_left"]
    session.answer(question.id, wrong)
    assert session.state()["questions"][question.id]["attempts_left"] == left
    assert left == question.attempts - 1


@pytest.mark.parametrize("name", NEW)
def test_text_form_says_how_to_answer(asked, name):
    question = asked(name)
    how = how_to_answer(question)
    assert how.startswith(f'quiz("07_kinds", "{question.id}").')
    assert how in text(Session([question]))


def test_each_kind_says_what_it_is_and_takes_known_keys(everything):
    from course_support.quiz.fields import FIELDS, OPTION_FIELDS

    for name, kind in KINDS.items():
        assert kind.name == name
        assert kind.about and kind.title and kind.ask
        assert kind.required | kind.optional <= set(FIELDS)
        assert set(kind.option_required) <= set(kind.option_keys) or not kind.option_keys
        assert set(kind.option_keys) <= set(OPTION_FIELDS)
    assert {question.kind for question in everything} == set(NEW)


def test_each_kind_has_its_part_of_the_page():
    from course_support.quiz.widgets import bundled

    script = bundled("js")
    assert [name for name in KINDS if f"KINDS.{name} = " not in script] == []


async def run_of(question, given):
    quiz = PlainQuiz(Session([question]))
    quiz.answer(given)
    return await quiz.run()


def test_lines_in_the_order_given_can_be_run(asked):
    question = asked("order", ("is_code = true", 'is_code = true\nrun = "{{code}}\\nthird"'))
    assert "3" in repr(asyncio.run(run_of(question, list(question.answer))))
    backwards = list(question.answer[::-1])
    assert "NameError" in repr(asyncio.run(run_of(question, backwards)))


def test_proofs_hold_and_fail_for_a_wrong_key(everything):
    proven = [question for question in everything if question.proof]
    wrong = [planted for question in proven for planted in question.form.mistaken(question)]
    assert [proof.text() for proof in prove(proven) if not proof] == []
    assert [proof.question.id for proof in prove(wrong) if proof] == []


def test_each_wrong_key_is_another_one(everything):
    for question in everything:
        keys = [question.form.key(planted) for planted in question.form.mistaken(question)]
        assert question.form.key(question) not in keys
        assert len(keys) == len({str(key) for key in keys}), question.id


def test_every_wrong_option_is_keyed_once_and_every_blank_is_filled_wrongly(choice, blanks):
    assert [one.right for one in choice.form.mistaken(choice)] == ["blocks", "nothing"]
    assert [one.answer for one in blanks.form.mistaken(blanks)] == [
        ("yield", "await"),
        ("async", "yield"),
    ]
    two = replace(blanks, options=blanks.options[:2])
    assert [one.answer for one in two.form.mistaken(two)] == [("await", "async")]
