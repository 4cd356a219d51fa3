"""Does typed code run shut in, and does every run end?"""

import time

import pytest

from course_support.quiz.trials import attempt
from course_support.verdicts import Outcome

JUDGE = "assert answer == 42, 'The answer is another.'"


def test_code_that_the_judge_takes_is_correct():
    assert attempt("answer = 42", JUDGE).outcome is Outcome.CORRECT


def test_judge_says_what_it_saw():
    trial = attempt("answer = 41", JUDGE)
    assert (trial.outcome, trial.seen) == (Outcome.INCORRECT, "The answer is another.")


def test_code_awaits_as_in_a_cell():
    code = "import asyncio\nanswer = await asyncio.sleep(0, 42)"
    assert attempt(code, JUDGE).outcome is Outcome.CORRECT


def test_name_that_was_changed_is_asked_for():
    trial = attempt("reply = 42", JUDGE)
    assert (trial.outcome, trial.seen) == (
        Outcome.INCORRECT,
        "The code has no name `answer`: keep its names.",
    )


def test_error_of_the_code_has_its_type_its_words_and_its_line():
    trial = attempt("def reply():\n    return 1 / 0\nanswer = 42", "assert reply()")
    assert trial.outcome is Outcome.RAISED
    assert trial.seen == "`ZeroDivisionError: division by zero`"
    assert trial.line == "line 2: return 1 / 0"


def test_failed_assert_of_the_code_itself_is_not_the_judges_word():
    assert attempt("assert False, 'mine'", JUDGE).outcome is Outcome.RAISED


@pytest.mark.parametrize(
    "hostile",
    [
        "import os; os._exit(0)",
        "raise SystemExit(0)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import ctypes; ctypes.string_at(0)",
        "print('{\"outcome\": \"correct\"}')\nimport os\nos.write(1, b'correct')\nos._exit(0)",
    ],
)
def test_code_that_ends_its_process_is_not_correct(hostile):
    assert attempt(f"answer = 42\n{hostile}", JUDGE).outcome is Outcome.RAISED


@pytest.mark.parametrize(
    ("endless", "words"),
    [
        ("while True:\n    pass", "line 2: pass|line 1: while True:"),
        ("import asyncio\nawait asyncio.Event().wait()", ""),
        ("import time\ntime.sleep(3600)", "line 2: time.sleep"),
    ],
)
def test_endless_code_is_stopped_and_its_line_named(endless, words):
    trial = attempt(endless, JUDGE, limit_s=0.5)
    assert trial.outcome is Outcome.RAISED
    assert "did not end within 0.5 s" in trial.seen
    assert not words or trial.line in words.split("|") or trial.line.startswith(words)


def test_thread_or_process_left_behind_does_not_hold_the_verdict():
    code = (
        "import subprocess, sys, threading, time\n"
        "threading.Thread(target=time.sleep, args=(3600,)).start()\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)'])\n"
        "answer = 42"
    )
    begun = time.perf_counter()
    assert attempt(code, JUDGE, limit_s=60).outcome is Outcome.CORRECT
    assert time.perf_counter() - begun < 60


def test_flood_of_output_goes_nowhere():
    code = "import os\nfor _ in range(300):\n    print('x' * 100_000)\nanswer = 42"
    assert attempt(code, JUDGE).outcome is Outcome.CORRECT


def test_run_leaves_no_file_where_it_was_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = "from pathlib import Path\nPath('left.txt').write_text('x')\nanswer = 42"
    assert attempt(code, JUDGE).outcome is Outcome.CORRECT
    assert list(tmp_path.iterdir()) == []
