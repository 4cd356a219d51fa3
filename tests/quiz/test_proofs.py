"""Does a proof fail when its key is wrong, and say so in words?"""

from dataclasses import replace

import django
import pytest

from course_support.quiz.bank import lesson
from course_support.quiz.proofs import prove


@pytest.fixture
def greeting(bank):
    return lesson("01", bank()).chosen("greeting")[0]


@pytest.fixture
def outcome(choice):
    """A function that runs a proof text and returns what came of it."""

    def run(proof, timeout_s=60.0):
        return prove([replace(choice, proof=proof)], timeout_s=timeout_s)[0]

    return run


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


def test_proofs_do_not_see_each_other(choice):
    leaves = "import builtins\nassert not hasattr(builtins, 'left')\nbuiltins.left = 1"
    assert all(prove([replace(choice, proof=leaves)] * 2))


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


def test_warning_is_shown_and_is_no_failure(outcome):
    result = outcome("import asyncio\nasyncio.sleep(0)\nassert True")
    assert result
    assert "never awaited" in result.output


def test_printing_does_not_disturb_the_result(outcome):
    result = outcome("print('{}')\nassert True")
    assert result
    assert result.output == "{}"


def test_proof_that_never_ends_is_stopped(outcome):
    assert "did not end within 1 s" in outcome("while True: pass", timeout_s=1).message


def test_proof_that_ends_its_process_fails(outcome):
    assert "ended with status 3" in outcome("import os; os._exit(3)").message
    assert outcome("raise SystemExit(0)").message == "SystemExit: 0"


def test_proof_runs_with_the_guard_against_blocking_on(outcome, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    assert outcome("import os\nassert 'DJANGO_ALLOW_ASYNC_UNSAFE' not in os.environ")


def test_question_without_a_proof_is_left_out(card):
    assert prove([card]) == []


def test_site_serves_the_code_of_a_proof(outcome):
    result = outcome(
        "from django.http import HttpResponse\n"
        "from django.urls import path\n"
        "async def hello(request): return HttpResponse('Hello')\n"
        "site = Site()\n"
        "site.urlpatterns = [path('hello/', hello)]\n"
        "assert (await site.get('/hello/')).text == 'Hello'\n"
    )
    assert result, result.text()
