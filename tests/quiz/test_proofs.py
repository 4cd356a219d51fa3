"""Does a proof fail when its key is wrong, and say so in words?"""

import os
from dataclasses import replace

import django
import pytest

from course_support.quiz import fresh
from course_support.quiz.bank import lesson
from course_support.quiz.proofs import prove

FORKS = pytest.param(True, marks=pytest.mark.skipif(not fresh.CAN_FORK, reason="no fork here"))


@pytest.fixture
def greeting(bank):
    return lesson("01", bank()).chosen("greeting")[0]


@pytest.fixture
def outcome(choice):
    """A function that runs a proof text and returns what came of it."""

    def run(proof, fork=False, **kwargs):
        return prove([replace(choice, proof=proof)], fork=fork, **kwargs)[0]

    return run


@pytest.fixture(params=[FORKS, False], ids=["forked", "spawned"])
def either_way(request, outcome):
    """The same as `outcome`, once in a forked process and once in a new interpreter."""
    return lambda proof, **kwargs: outcome(proof, fork=request.param, **kwargs)


def test_proofs_of_true_keys_hold_on_the_installed_django(bank):
    results = prove(lesson("01", bank()).questions)
    assert [result.question.id for result in results] == ["greeting", "filling"]
    assert all(results), results
    assert {result.django for result in results} == {django.get_version()}


def test_planted_wrong_key_is_found_and_named(bank):
    folder = bank(
        ("right = true, why", "why"),
        ('why = "No coroutine."', 'right = true, why = ""'),
    )
    [result] = prove(lesson("01", folder).chosen("greeting"))
    assert not result
    assert result.source == "assert declares == [question.right], declares"
    text = result.text()
    assert "01_first.toml, line 8, 'greeting'" in text
    assert f"Django {django.get_version()}" in text
    assert "AssertionError: ['two']" in text


def test_planted_wrong_blank_is_found_and_named(bank):
    folder = bank(('answer = ["async", "await"]', 'answer = ["async", "yield"]'))
    good = folder / "01_first.toml"
    good.write_text(
        good.read_text("utf-8").replace('text = "await"}', 'text = "await", why = "x"}'), "utf-8"
    )
    [result] = prove(lesson("01", folder).chosen("filling"))
    assert not result
    assert "'filling'" in result.text()


def test_failing_line_is_that_of_the_proof(outcome):
    result = outcome("import asyncio\n\n1 / 0\n")
    assert (result.line, result.source) == (3, "1 / 0")
    assert result.message == "ZeroDivisionError: division by zero"


def test_proof_runs_inside_a_running_loop_and_may_await(outcome):
    assert outcome("import asyncio\nassert asyncio.get_running_loop()\nawait asyncio.sleep(0)")


@pytest.mark.parametrize("fork", [FORKS, False], ids=["forked", "spawned"])
def test_proofs_do_not_see_each_other(choice, fork):
    leaves = "import builtins\nassert not hasattr(builtins, 'left')\nbuiltins.left = 1"
    assert all(prove([replace(choice, proof=leaves)] * 2, fork=fork))


def test_raises_returns_the_error_of_code_or_of_a_callable(outcome):
    assert outcome(
        "error = await raises('1 / 0')\n"
        "assert isinstance(error, ZeroDivisionError)\n"
        "assert 'invalid literal' in str(await raises(int, 'x'))\n"
        "async def fails(): raise KeyError('k')\n"
        "assert isinstance(await raises(fails), KeyError)"
    )


def test_raises_fails_when_nothing_is_raised(outcome):
    assert "nothing was raised" in outcome("await raises('x = 1')").message


def test_run_that_is_not_awaited_fails_the_proof(outcome):
    message = outcome("run('1 / 0')\nassert True").message
    assert "run() was called without await" in message


def test_code_of_an_option_is_found_in_its_markdown(choice):
    options = (
        replace(choice.options[0], text="Fenced:\n```python\na = 1\n```"),
        replace(choice.options[1], text="Inline `b = 2`."),
        replace(choice.options[2], text="c = 3"),
    )
    proof = (
        "assert code_of('waits') == 'a = 1\\n'\n"
        "assert code_of('blocks') == 'b = 2'\n"
        "assert code_of('nothing') == 'c = 3'"
    )
    [result] = prove([replace(choice, options=options, proof=proof)])
    assert result, result.text()


def test_warning_is_shown_and_is_no_failure(either_way):
    result = either_way("import asyncio\nasyncio.sleep(0)\nassert True")
    assert result
    assert "never awaited" in result.output


def test_printing_does_not_disturb_the_result(either_way):
    result = either_way("import os\nprint('{}', flush=True)\nos.write(1, b'[]')\nassert True")
    assert result
    assert result.output == "{}\n[]"


def test_process_of_a_proof_is_as_good_as_new(either_way):
    result = either_way(
        "import asyncio, gc, os, signal, sys, threading\n"
        "from django.conf import settings\n"
        "assert not settings.configured\n"
        "assert threading.active_count() == 1\n"
        "assert gc.isenabled()\n"
        "assert sys.stdin.read() == ''\n"
        "assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN\n"
        "held = [int(name) for name in os.listdir('/dev/fd')] if os.name == 'posix' else []\n"
        "files = [name for name in held if 'course-proof' in os.path.realpath(f'/dev/fd/{name}')]\n"
        "assert len(files) <= 3, files\n"  # standard output, standard error, and the result's
        "print(os.getcwd())"
    )
    assert result, result.text()
    assert result.output == str(fresh.ROOT)


def test_proof_that_never_ends_is_stopped(either_way):
    result = either_way("while True: pass", timeout_s=1)
    assert "did not end within 1 s" in result.text()
    assert f"Django {django.get_version()}" in result.text()


@pytest.mark.skipif(os.name != "posix", reason="there are no process groups")
def test_stopped_proof_takes_along_what_it_has_started(either_way, tmp_path):
    said = tmp_path / "said"
    os.mkfifo(said)
    waits = f"import signal\nout = open({str(said)!r}, 'w')\nsignal.pause()"
    starts = f"import subprocess, sys\nassert subprocess.run([sys.executable, '-c', {waits!r}])"
    reading = os.open(said, os.O_RDONLY | os.O_NONBLOCK)
    assert "did not end" in either_way(starts, timeout_s=4).message
    os.set_blocking(reading, True)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == ""  # it comes to the end: nobody holds the other end any more


def test_proof_that_ends_its_process_fails(either_way):
    assert "ended with status 3" in either_way("import os; os._exit(3)").message
    assert either_way("raise SystemExit(0)").message == "SystemExit: 0"


def test_process_ended_by_a_signal_says_which(either_way):
    message = either_way("import os, signal; os.kill(os.getpid(), signal.SIGTERM)").message
    assert message == "its process ended with status -15: no output"


@pytest.mark.skipif(not fresh.CAN_FORK, reason="no fork here")
def test_the_rest_is_proven_when_the_nursery_is_ended(choice):
    ends = replace(
        choice,
        proof="import os, sys\n"
        "if sys.modules['__main__'].__spec__.name.endswith('nursery'): os.kill(os.getppid(), 9)\n"
        "assert True",
    )
    holds = replace(choice, proof="assert True")
    first, *others = prove([ends, holds, holds], workers=1, timeout_s=20)
    assert all(others)
    assert first


def test_results_come_in_order_and_each_is_told_as_it_comes(choice):
    naps = [replace(choice, id=f"nap_{s}", proof=f"import time\ntime.sleep({s})\nassert 1")
            for s in (1, 0)]  # fmt: skip
    told = []
    results = prove(naps, workers=2, each=told.append)
    assert [result.question.id for result in results] == ["nap_1", "nap_0"]
    assert {result.question.id for result in told} == {"nap_1", "nap_0"}


def test_proof_runs_with_the_guard_against_blocking_on(either_way, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    assert either_way("import os\nassert 'DJANGO_ALLOW_ASYNC_UNSAFE' not in os.environ")


def test_question_without_a_proof_is_left_out(card):
    assert prove([card]) == []


def test_site_serves_the_code_of_a_proof(either_way):
    result = either_way(
        "from django.http import HttpResponse\n"
        "from django.urls import path\n"
        "async def hello(request): return HttpResponse('Hello')\n"
        "site = Site()\n"
        "site.urlpatterns = [path('hello/', hello)]\n"
        "assert (await site.get('/hello/')).text == 'Hello'\n"
    )
    assert result, result.text()
