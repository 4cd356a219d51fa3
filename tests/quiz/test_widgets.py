from __future__ import annotations

import json
import subprocess
import sys
from threading import Thread
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from course_support.quiz.questions import Option, Question
from course_support.quiz.session import Session
from course_support.quiz.widgets import WIDGET, QuizWidget

CHOICE = Question(
    id="declare",
    kind="choice",
    prompt="Which *word* makes a view async?",
    options=(
        Option("a", "`async`", "Reason-a", right=True),
        Option("b", "`await`", "Reason-b"),
        Option("c", "`yield`", "Reason-c"),
    ),
    answer=("a",),
    attempts=2,
    hints=("Hint-one", "Hint-two"),
    steps=("Step-one",),
    quick_check="Check-one",
    mistakes=("Mistake-one",),
)
BLANKS = Question(
    id="fill",
    kind="blanks",
    prompt="Fill in.",
    code="{{0}} def view(request):\n    {{1}} work()",
    options=(Option("x", "async"), Option("y", "await"), Option("z", "run", "Reason-z")),
    answer=("x", "y"),
    attempts=3,
    hints=("Hint-blanks",),
)
CARD = Question(id="card", kind="card", prompt="Front", back="Back-side")
SECRETS = ("Reason", "Hint", "Step", "Check-one", "Mistake", "Back-side")


class Tape(BaseComm):
    """A comm that keeps what is sent to the browser."""

    tapes: list[Tape] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sent: list[dict[str, Any]] = []
        Tape.tapes.append(self)
        super().__init__(*args, **kwargs)

    def publish_msg(self, msg_type: str, data: Any = None, *_rest: Any, **_options: Any) -> None:
        self.sent.append({"type": msg_type, **json.loads(json.dumps(data or {}))})

    def updates(self, method: str = "update") -> list[dict[str, Any]]:
        return [message["state"] for message in self.sent if message.get("method") == method]


@pytest.fixture(autouse=True)
def tapes(monkeypatch: pytest.MonkeyPatch) -> list[Tape]:
    Tape.tapes = []
    monkeypatch.setattr(comm, "create_comm", Tape)
    return Tape.tapes


def hear(quiz: QuizWidget, method: str, **data: Any) -> None:
    """Let the widget receive a message as if from the browser."""
    quiz._handle_msg({"content": {"data": {"method": method, **data}}, "buffers": []})


def send(quiz: QuizWidget, content: Any) -> None:
    hear(quiz, "custom", content=content)


def quiz_of(*questions: Question) -> QuizWidget:
    return QuizWidget(Session(questions or (CHOICE, BLANKS, CARD), "Three"))


MESSAGES = (
    {"do": "answer", "id": "declare", "answer": "b"},
    {"do": "hint", "id": "declare"},
    {"do": "answer", "id": "fill", "answer": ["x", "z"]},
    {"do": "answer", "id": "fill", "answer": ["x", "y"]},
    {"do": "flip", "id": "card"},
    {"do": "answer", "id": "card", "answer": "knew"},
    {"do": "answer", "id": "declare", "answer": "c"},
    {"do": "again", "id": "declare"},
)


def call(quiz: QuizWidget, message: dict[str, Any]) -> None:
    method = getattr(quiz, message["do"])
    given = [message["answer"]] if "answer" in message else []
    method(message["id"], *given)


def test_messages_and_calls_lead_to_the_same_state() -> None:
    clicked, called = quiz_of(), quiz_of()
    for message in MESSAGES:
        send(clicked, message)
        call(called, message)
        assert clicked.state == called.state


def test_state_is_what_the_session_shows() -> None:
    quiz = quiz_of()
    send(quiz, MESSAGES[0])
    assert quiz.state == {**quiz.session.state(), "turn": 1}


def test_call_returns_the_verdict_and_updates_the_page() -> None:
    quiz = quiz_of(CHOICE)
    assert not quiz.answer("b")
    assert quiz.hint() == "Hint-one"
    assert quiz.answer("a")
    assert quiz.state["questions"]["declare"]["outcome"] == "correct"


def test_set_of_questions_is_one_model(tapes: list[Tape]) -> None:
    quiz_of()
    assert [tape.target_name for tape in tapes] == ["jupyter.widget"]


@pytest.mark.parametrize("message", [*MESSAGES, {"do": "hello"}, {"do": "hello"}], ids=str)
def test_message_is_answered_with_one_update_of_the_state(
    tapes: list[Tape], message: dict[str, Any]
) -> None:
    quiz = quiz_of()
    before = len(tapes[0].sent)
    send(quiz, message)
    assert [list(update["state"]) for update in tapes[0].sent[before:]] == [["state"]]


def test_nothing_of_the_key_is_sent_before_an_answer(tapes: list[Tape]) -> None:
    quiz = quiz_of()
    send(quiz, {"do": "hello"})
    traits = [message.get("state", {}) for message in tapes[0].sent]
    ours = json.dumps([{k: v for k, v in state.items() if k[0] != "_"} for state in traits])
    assert "Which <em>word</em>" in ours
    assert not [secret for secret in SECRETS if secret in ours]
    assert "right" not in ours


def test_hints_are_sent_one_by_one(tapes: list[Tape]) -> None:
    quiz = quiz_of()
    send(quiz, {"do": "hint", "id": "declare"})
    sent = json.dumps(tapes[0].updates())
    assert "Hint-one" in sent
    assert "Hint-two" not in sent


def test_forged_state_and_spec_are_ignored(tapes: list[Tape]) -> None:
    quiz = quiz_of()
    state, spec = quiz.state, quiz.spec
    before = len(tapes[0].sent)
    hear(quiz, "update", state={"state": {"done": 3}, "spec": {}, "_esm": "alert()"})
    assert (quiz.state, quiz.spec) == (state, spec)
    assert quiz._esm != "alert()"
    assert tapes[0].sent[before:] == []


def test_draft_is_taken_from_the_page() -> None:
    quiz = quiz_of()
    draft = {"at": "fill", "answers": {"fill": ["x", None]}}
    hear(quiz, "update", state={"draft": draft, "state": {}})
    assert quiz.draft == draft
    assert quiz.state["total"] == 3


@pytest.mark.parametrize("draft", ["text", None, ["a"], {"answers": {"fill": "x" * 30_000}}])
def test_draft_that_is_none_is_ignored(draft: Any) -> None:
    quiz = quiz_of()
    hear(quiz, "update", state={"draft": draft})
    assert quiz.draft == {}


def test_starting_anew_drops_the_unsent_answer_too() -> None:
    quiz = quiz_of()
    hear(quiz, "update", state={"draft": {"at": "fill", "answers": {"declare": "c", "fill": []}}})
    quiz.again("declare")
    assert quiz.draft == {"at": "fill", "answers": {"fill": []}}


NONSENSE = (
    None,
    [],
    "hello",
    {},
    {"do": "dance"},
    {"do": "answer"},
    {"do": "answer", "id": "nobody", "answer": "a"},
    {"do": "answer", "id": ["declare"], "answer": "a"},
    {"do": "answer", "id": "declare", "answer": "zebra"},
    {"do": "answer", "id": "declare", "answer": {"a": 1}},
    {"do": "answer", "id": "declare", "answer": 7},
    {"do": "answer", "id": "declare", "answer": ["a", "b"]},
    {"do": "answer", "id": "fill", "answer": "x"},
    {"do": "answer", "id": "fill", "answer": ["x", "x"]},
    {"do": "answer", "id": "fill", "answer": ["x", ["y"]]},
    {"do": "answer", "id": "fill", "answer": ["x", "y", "z"]},
    {"do": "answer", "id": "card", "answer": "perhaps"},
    {"do": "hint", "id": "card"},
    {"do": "hint", "id": None},
    {"do": "flip", "id": "nobody"},
    {"do": "again", "id": 3},
)


@pytest.mark.parametrize("message", NONSENSE, ids=str)
def test_nonsense_from_the_page_changes_nothing(
    message: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    quiz = quiz_of()
    questions = quiz.state["questions"]
    send(quiz, message)
    assert quiz.state["questions"] == questions
    assert capfd.readouterr() == ("", "")


def test_text_and_card_are_the_same_in_each_process() -> None:
    script = (
        "from course_support.quiz.questions import Option, Question\n"
        "from course_support.quiz.session import Session\n"
        "from course_support.quiz.widgets import QuizWidget\n"
        "options = tuple(Option(key, key * 3, 'no', key == 'a') for key in 'abcdef')\n"
        "question = Question(id='q', kind='choice', prompt='P', options=options, answer=('a',))\n"
        "bundle = QuizWidget(Session([question]))._repr_mimebundle_()\n"
        "print(bundle['text/plain'], bundle['text/html'])"
    )
    run = [sys.executable, "-c", script]
    outputs = [subprocess.run(run, capture_output=True, check=True).stdout for _ in range(2)]
    assert outputs[0] == outputs[1]
    assert b"aaa" in outputs[0]


def test_text_shows_question_and_options_without_the_key() -> None:
    text = repr(quiz_of(CHOICE))
    assert "Which *word* makes a view async?" in text
    assert "a: `async`" in text
    assert not [secret for secret in SECRETS if secret in text]


def test_bundle_has_text_card_and_widget() -> None:
    quiz = quiz_of(CHOICE)
    bundle = quiz._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html", WIDGET]
    assert quiz.model_id not in bundle["text/html"]
    assert quiz.model_id not in bundle["text/plain"]


def test_shows_a_card_first_and_then_the_widget(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = InteractiveShell.instance()
    publisher = CapturingDisplayPublisher()
    monkeypatch.setattr(shell, "display_pub", publisher)
    quiz_of(CHOICE)._ipython_display_()
    shown = [list(output["data"]) for output in publisher.outputs]
    InteractiveShell.clear_instance()
    assert shown == [["text/plain", "text/html"], [WIDGET]]


def test_answers_from_several_threads_are_counted_once_each() -> None:
    quiz = quiz_of()
    threads = [Thread(target=send, args=(quiz, message)) for message in MESSAGES[:1] * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert quiz.state["questions"]["declare"]["attempts_left"] == 1
    assert quiz.state["turn"] == 8
