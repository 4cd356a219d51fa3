"""A closed gate keeps each query waiting until it is let, and nobody is locked out for good."""

import threading
from concurrent.futures import FIRST_COMPLETED, wait

import pytest

from course_support.live import gates
from course_support.live.newsdesk import rows
from course_support.live.settings import ensure_django, run_in_thread


@pytest.fixture
def gate():
    ensure_django({})
    run_in_thread(rows.words).result()  # the tables are there
    handle = gates.close()
    yield handle
    gates.open_again(handle)


def test_query_waits_at_the_gate_until_it_is_let(gate):
    asked = run_in_thread(rows.words)
    assert gates.came(gate, 1)
    assert not asked.done()
    gates.let(gate, 1)
    assert asked.result(timeout=30)


def test_second_query_waits_while_the_first_is_let(gate):
    first, second = run_in_thread(rows.words), run_in_thread(rows.words)
    assert gates.came(gate, 2)
    gates.let(gate, 1)
    done, waiting = wait([first, second], timeout=30, return_when=FIRST_COMPLETED)
    assert len(done) == len(waiting) == 1
    gates.let(gate, 2)
    assert first.result(timeout=30) == second.result(timeout=30)


def test_open_gate_lets_everybody_pass(gate):
    asked = [run_in_thread(rows.words) for _ in range(3)]
    assert gates.came(gate, 3)
    gates.open_again(gate)
    assert [one.result(timeout=30) for one in asked]
    assert run_in_thread(rows.words).result(timeout=30)


def test_nobody_waits_for_a_query_that_does_not_come(gate):
    assert not gates.came(gate, 1, 0.01)
    told = []
    waiting = threading.Thread(target=lambda: told.append(gates.came(gate, 1)))
    waiting.start()
    gates.open_again(gate)
    waiting.join(timeout=30)
    assert told == [False]
    assert not gates.came(gate, 1)


def test_query_goes_on_by_itself_when_it_is_forgotten(gate, monkeypatch):
    monkeypatch.setattr(gates, "LIMIT_S", 0.01)
    assert run_in_thread(rows.words).result(timeout=30)


def test_two_gates_are_passed_one_after_the_other(gate):
    other = gates.close()
    asked = run_in_thread(rows.words)
    assert gates.came(gate, 1)
    gates.open_again(gate)
    assert gates.came(other, 1)
    assert not asked.done()
    gates.open_again(other)
    assert asked.result(timeout=30)
