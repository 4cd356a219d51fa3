"""Where the learner's code stands, in whichever thread, while it runs on."""

import sys
import threading

from course_support.live import cells


def test_stacks_are_those_of_all_threads_innermost_first():
    inside, gate = threading.Event(), threading.Event()

    def waits():
        inside.set()
        gate.wait()

    thread = threading.Thread(target=waits)
    thread.start()
    inside.wait()
    stacks = cells.stacks()
    gate.set()
    thread.join()
    theirs = [code for code, _ in stacks[thread.ident]]
    ours = [code.co_name for code, _ in stacks[threading.get_ident()]]
    assert theirs.index(threading.Event.wait.__code__) < theirs.index(waits.__code__)
    assert "test_stacks_are_those_of_all_threads_innermost_first" in ours


def test_stacks_hold_together_while_threads_come_and_go_deep():
    """Each is one chain of calls, though the interpreter changes threads as often as it can."""
    stop, interval_s = threading.Event(), sys.getswitchinterval()

    def deep(left):
        return 1 + deep(left - 1) if left else 0

    def works():
        while not stop.is_set():
            deep(20)

    threads = [threading.Thread(target=works) for _ in range(3)]
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        seen = [cells.stacks().get(thread.ident, []) for thread in threads for _ in range(100)]
    finally:
        sys.setswitchinterval(interval_s)
        stop.set()
        for thread in threads:
            thread.join()
    for stack in seen:
        names = [code.co_name for code, _ in stack]
        assert "deep" not in names or names[names.index("deep") :].index("works") <= 21
