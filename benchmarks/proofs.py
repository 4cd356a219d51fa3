"""What does a forked nursery save when all proofs of the bank run?

Run it by hand: python benchmarks/proofs.py [LESSON]

Proves the bank (or one lesson) twice, two at a time: in a new interpreter for each proof, and in
forks of one interpreter that has imported Django. Before, both ways prove a question that
asks nothing, so that the cost of a process alone is seen. Printed: wall and CPU seconds of each
way, and the ratios. Many proofs wait for servers; only the CPU ratio tells how many processes a
busy machine is spared. The bar: all proofs in under 60 s on two cores.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import replace

from course_support.quiz.bank import lesson, read_bank
from course_support.quiz.proofs import prove
from course_support.quiz.questions import Question

EMPTY = "Site()\nassert True"


def measured(questions: Sequence[Question], *, fork: bool) -> tuple[float, float]:
    """Wall and CPU seconds, those of all child processes included, to prove these."""
    start, used = time.perf_counter(), os.times()
    prove(questions, fork=fork)
    now = os.times()
    cpu_s = now.children_user - used.children_user + now.children_system - used.children_system
    return time.perf_counter() - start, cpu_s


def compare(title: str, questions: Sequence[Question]) -> None:
    """Prove the questions in both ways and print both times and their ratio."""
    spawned, forked = measured(questions, fork=False), measured(questions, fork=True)
    print(f"{title}: {len(questions)} proofs, two at a time")
    for name, was, now in zip(("wall", "CPU"), spawned, forked, strict=True):
        print(f"  {name:4}  new interpreters {was:6.1f} s   forks {now:6.1f} s   {was / now:.1f}x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lesson", nargs="?")
    wanted = parser.parse_args().lesson
    lessons = [lesson(wanted)] if wanted else read_bank()
    proven = [one for part in lessons for one in part.questions if one.proof]
    compare("a process with a Site() and nothing else", [replace(proven[0], proof=EMPTY)] * 20)
    compare("the proofs", proven)


if __name__ == "__main__":
    main()
