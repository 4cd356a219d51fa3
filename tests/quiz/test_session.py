"""What may be seen when, and what is counted?"""

import json
import threading
from dataclasses import replace

import pytest

from course_support.quiz.bank import lesson
from course_support.quiz.session import Session
from course_support.verdicts import Outcome

SPEC_KEYS = {
    "id", "kind", "level", "objective", "number", "total", "prompt_html", "code_html",
    "attempts", "hints_total", "turns", "patience_s",
}  # fmt: skip
STATE_KEYS = {
    "outcome", "over", "attempts_left", "given", "places", "feedback_html", "hints_html",
    "flipped", "back", "reveal", "measured",
}  # fmt: skip


@pytest.fixture
def session(choice, blanks, card):
    return Session([choice, blanks, card], "three")


def shown(session, question_id):
    return session.state()["questions"][question_id]


def test_page_is_given_just_the_agreed_keys(session):
    assert set(session.spec) == {"title", "questions"}
    more = [set(question) - SPEC_KEYS for question in session.spec["questions"]]
    assert all(set(question) >= SPEC_KEYS for question in session.spec["questions"])
    assert more == [{"options"}, {"options", "blanks", "reuse"}, set()]
    assert set(session.state()) == {"done", "total", "questions"}
    for question in session.state()["questions"].values():
        assert set(question) == STATE_KEYS


def test_nothing_of_the_key_is_sent_before_an_answer(bank):
    questions = lesson("01", bank()).questions
    session = Session(questions)
    sent = json.dumps([session.spec, session.state()])
    hidden = [option.why for question in questions for option in question.options if option.why]
    for question in questions:
        hidden += [*question.hints, *question.steps, *question.mistakes]
        hidden += [text for text in (question.quick_check, question.back, question.cell) if text]
    assert [text for text in hidden if text in sent] == []
    for word in ("right", "assert", "misconception", '"answer"', "proof"):
        assert word not in sent


def test_wrong_answer_reveals_its_reason_only(session, choice):
    session.answer("meaning", "nothing")
    sent = json.dumps(session.state())
    assert "It drives the coroutine." in sent
    assert "It gives the loop back." not in sent
    assert shown(session, "meaning")["reveal"] is None


def test_order_of_options_is_fixed_by_the_id_and_not_by_the_file(choice):
    def order(question):
        return [option["key"] for option in Session([question]).spec["questions"][0]["options"]]

    assert order(choice) == order(choice)
    orders = {tuple(order(replace(choice, id=f"q{number}"))) for number in range(20)}
    assert len(orders) > 2


def test_correct_answer_ends_the_question_and_reveals_all(session):
    assert session.answer("meaning", "waits")
    state = shown(session, "meaning")
    assert (state["outcome"], state["over"], state["attempts_left"]) == ("correct", True, 0)
    assert state["reveal"] == {
        "answer": "waits",
        "why_html": {
            "waits": "It gives the loop back.",
            "blocks": "That is <code>time.sleep</code>.",
            "nothing": "It drives the coroutine.",
        },
        "steps_html": ["Look at the loop."],
        "mistakes_html": ["Calling is not awaiting."],
        "quick_check_html": "Two sleeps overlap.",
    }
    assert session.state()["done"] == 1


def test_attempts_run_out(session):
    session.answer("meaning", "blocks")
    assert shown(session, "meaning")["attempts_left"] == 1
    verdict = session.answer("meaning", "nothing")
    state = shown(session, "meaning")
    assert (state["outcome"], state["over"], state["attempts_left"]) == ("incorrect", True, 0)
    assert "No attempts left. Answer: waits" in verdict.next_step
    assert "1. Look at the loop." in verdict.next_step


def test_same_answer_again_is_not_counted_again(session):
    first = session.answer("meaning", "blocks")
    assert session.answer("meaning", "blocks") == first
    assert shown(session, "meaning")["attempts_left"] == 1


def test_verdict_says_how_many_attempts_and_hints_are_left(session):
    assert "Attempts left: 1. Hints left: 2." in session.answer("meaning", "blocks").next_step


def test_answer_after_the_end_is_judged_but_changes_nothing(session):
    session.answer("meaning", "waits")
    before = session.state()
    assert session.answer("meaning", "blocks").outcome is Outcome.INCORRECT
    assert session.state() == before


def test_answer_after_the_end_is_told_that_it_is_over(session):
    session.answer("meaning", "nothing")
    last = session.answer("meaning", "blocks")
    assert session.answer("meaning", "blocks") == last
    session.again("meaning")
    session.answer("meaning", "waits")
    assert "Solved already. Answer: waits" in session.answer("meaning", "blocks").next_step


def test_empty_answer_costs_no_attempt_and_says_what_is_missing(session):
    session.answer("filling", ["async", None])
    state = shown(session, "filling")
    assert (state["outcome"], state["attempts_left"], state["given"]) == ("", 3, None)
    assert state["feedback_html"] == "Still empty: blank 2."


def test_judged_answer_replaces_the_note_on_an_empty_one(session):
    session.answer("filling", ["yield", "await"])
    session.answer("filling", [None, None])
    session.answer("filling", ["yield", "await"])
    assert "A generator is no coroutine." in shown(session, "filling")["feedback_html"]
    assert shown(session, "filling")["attempts_left"] == 2


def test_unknown_option_costs_no_attempt(session):
    with pytest.raises(LookupError, match="waits, blocks, nothing"):
        session.answer("meaning", "sleeps")
    assert shown(session, "meaning")["attempts_left"] == 2


def test_places_say_which_blanks_are_right(session):
    session.answer("filling", ["async", "yield"])
    state = shown(session, "filling")
    assert state["given"] == ["async", "yield"]
    assert state["places"] == [True, False]
    assert state["reveal"] is None


def test_blanks_reveal_their_keys_in_order(session):
    session.answer("filling", ["async", "await"])
    assert shown(session, "filling")["reveal"]["answer"] == ["async", "await"]


def test_hints_come_one_by_one(session):
    assert shown(session, "meaning")["hints_html"] == []
    assert session.hint("meaning") == "Think of the loop."
    assert shown(session, "meaning")["hints_html"] == ["Think of the loop."]
    session.hint("meaning")
    with pytest.raises(LookupError, match="no hint beyond its 2"):
        session.hint("meaning")


def test_solution_is_given_when_the_question_is_over(session):
    with pytest.raises(LookupError, match=r"'meaning' comes first. Attempts left: 2"):
        session.solution("meaning")
    session.answer("meaning", "waits")
    assert session.solution("meaning").splitlines() == [
        "Answer: waits (Waits)",
        "1. Look at the loop.",
        "Common mistakes:",
        "- Calling is not awaiting.",
        "Quick check: Two sleeps overlap.",
    ]


def test_only_cards_turn(session):
    session.flip("meaning")
    assert not shown(session, "meaning")["flipped"]


def test_card_says_that_it_has_no_hints(session):
    with pytest.raises(LookupError, match="'turning' has no hints"):
        session.hint("turning")


def test_card_shows_its_back_when_turned(session):
    assert shown(session, "turning")["back"] is None
    session.flip("turning")
    assert shown(session, "turning")["back"] == {"back_html": "<p>The <em>loop</em>.</p>"}


def test_card_is_not_judged_before_it_is_turned(session):
    assert session.answer("turning", "knew").outcome is Outcome.NOT_ATTEMPTED
    session.flip("turning")
    assert session.answer("turning", "knew")
    assert shown(session, "turning")["over"]


def test_card_not_known_names_the_part_to_read_again(session):
    session.flip("turning")
    session.answer("turning", "again")
    assert "“Waiting”" in shown(session, "turning")["feedback_html"]


def test_again_gives_all_attempts_back_and_keeps_hints(session):
    session.hint("meaning")
    session.answer("meaning", "waits")
    session.again("meaning")
    state = shown(session, "meaning")
    assert (state["outcome"], state["over"], state["attempts_left"]) == ("", False, 2)
    assert state["reveal"] is None
    assert state["hints_html"] == ["Think of the loop."]


def test_unknown_question_lists_the_questions(session):
    for act in (session.hint, session.flip, session.again, lambda q: session.answer(q, "x")):
        with pytest.raises(LookupError, match="meaning, filling, turning"):
            act("meaming")


def test_only_question_is_named_when_there_is_one(session, choice):
    assert Session([choice]).only() == "meaning"
    with pytest.raises(LookupError, match="meaning, filling, turning"):
        session.only()


def test_html_in_content_is_shown_as_text(choice):
    prompt = "<script>alert(1)</script>\n\n[x](javascript:alert)\n\n```python\n'<b>'\n```"
    html = Session([replace(choice, prompt=prompt)]).spec["questions"][0]["prompt_html"]
    assert "<script" not in html
    assert '<a href="#harmful-link">' in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_options_of_one_line_fit_into_a_label(session):
    options = session.spec["questions"][0]["options"]
    assert {option["html"] for option in options} == {"Waits", "Blocks", "Nothing"}


@pytest.mark.parametrize(
    ("code", "html"),
    [
        (
            "{{0}} def f(): pass",
            '<span class="aq-blank" data-blank="0"></span> <span class="k">def',
        ),
        ("'a {{0}} b'", 'a </span><span class="aq-blank" data-blank="0"></span><span'),
        ("x.a{{0}}()", 'a</span><span class="aq-blank" data-blank="0"></span>'),
        ("# {{0}}{{1}}", 'data-blank="0"></span><span class="aq-blank" data-blank="1">'),
        ("f('{{0}}<b>')", "&lt;b&gt;"),
    ],
)
def test_blank_is_a_placeholder_even_inside_a_token(blanks, code, html):
    assert html in Session([replace(blanks, code=code)]).spec["questions"][0]["code_html"]


def test_answers_from_many_threads_are_counted_one_by_one(choice):
    session = Session([replace(choice, attempts=1000)])
    keys = ["blocks", "nothing"] * 50
    start = threading.Barrier(4)

    def click():
        start.wait()
        for key in keys:
            session.answer("meaning", key)
            json.dumps(session.state())

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = 1000 - shown(session, "meaning")["attempts_left"]
    assert len(keys) <= used <= 4 * len(keys)
