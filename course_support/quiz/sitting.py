"""How does a running test stand? Drawn, kept answer by answer, and resumed by the next kernel.

The draw is kept in the learner's store under `test.LESSON`, each answer under a name of its own
(`test.LESSON.SEED.QUESTION`), so that two kernels at once lose none. An answer is judged anew when
the test is resumed: what counts is the bank as it is now.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from course_support.quiz import resultview, timing
from course_support.quiz.papers import Paper, drawn, new_draw
from course_support.quiz.progress import Store
from course_support.quiz.questions import Answer
from course_support.quiz.recording import Recorder
from course_support.quiz.results import Answered, Result, result
from course_support.quiz.session import Session
from course_support.verdicts import Verdict

Clock = Callable[[], float]


class Sitting(Session):
    """One draw of a test: a `Session` with one answer a question and no hints.

    Attributes:
        paper: what it is about.
        timer: None while it is off.
    """

    def __init__(
        self,
        paper: Paper,
        store: Store,
        kept: dict[str, Any],
        clock: Clock,
        recorder: Recorder | None = None,
    ) -> None:
        self.paper = paper
        self._store = store
        self._kept = kept
        self._clock = clock
        self._late: set[str] = set()
        self.timer = timing.read(kept.get("timer"))
        asked = [replace(q, attempts=1, hints=()) for q in drawn(paper, kept)]
        super().__init__(asked, paper.title)
        self.spec["form"] = paper.form
        self._resume()
        self._recorder = recorder

    def answer(self, question_id: str, answer: Answer) -> Verdict:
        """Judge the one answer to a question, and keep it; a later one changes nothing.

        Raises:
            LookupError: an unknown question or option; the text lists the known ones.
            ValueError: not one option for each blank.
        """
        with self._lock:
            was_over = self._standing(question_id).over
            verdict = super().answer(question_id, answer)
            if self._standing(question_id).over and not was_over:
                self._keep(question_id)
            return verdict

    def again(self, question_id: str) -> None:
        """A test takes one answer a question.

        Raises:
            LookupError: always.
        """
        raise LookupError(f"A test takes one answer a question, and '{question_id}' has had its.")

    def result(self) -> Result | None:
        """The verdicts, once every question is answered; None before."""
        with self._lock:
            standings = list(self._standings.values())
            if not all(standing.over for standing in standings):
                return None
            answers = [
                Answered(s.question, bool(s.last), s.question.id not in self._late)
                for s in standings
            ]
            by = "lesson" if self.paper.is_course else "objective"
            return result(answers, list(self.paper.parts), by)

    def state(self) -> dict[str, Any]:
        """What may be seen now, with the result and the timer."""
        with self._lock:
            found = self.result()
            return {
                **super().state(),
                "result_html": resultview.html(found, self.paper) if found else "",
                "timer": self._timer_state(),
            }

    def set_timer(self, act: str, minutes: float | None = None) -> None:
        """`start`, `extend` or `stop` the timer; `minutes` is one a question by default.

        Raises:
            LookupError: another word.
            ValueError: `minutes` is not above 0.
        """
        with self._lock:
            now_s = self._clock()
            if act == "start":
                self.timer = self.timer or timing.Timer(now_s, self._limit_s(minutes))
            elif act == "extend":
                self.timer = self.timer and self.timer.extended(now_s)
            elif act == "stop":
                self.timer = None
            else:
                raise LookupError(f"A timer takes start, extend or stop, not {act!r}.")
            self._kept["timer"] = self.timer and self.timer.kept()
            self._store.keep(self.paper.place, self._kept)

    def following(self, seed: int | None = None) -> Sitting:
        """A new draw of the same paper; this one is over, whatever was left open."""
        kept = new_draw(self.paper, self._kept, seed)
        self._store.keep(self.paper.place, kept)
        return Sitting(self.paper, self._store, kept, self._clock, self._recorder)

    def _limit_s(self, minutes: float | None) -> float:
        if minutes is None:
            minutes = timing.MINUTES_A_QUESTION * len(self.questions)
        if minutes <= 0:
            raise ValueError(f"A timer needs more than 0 minutes, not {minutes}.")
        return 60 * minutes

    def _timer_state(self) -> dict[str, Any]:
        left_s = self.timer and self.timer.left_s(self._clock())
        return {
            "offered": self.paper.form == "challenge",
            "left_s": left_s,
            "start_s": self._limit_s(None),
            "extension_s": timing.EXTENSION_S,
            "late": sorted(self._late),
        }

    def _answer_place(self, question_id: str) -> str:
        return f"{self.paper.place}.{self._kept['seed']}.{question_id}"

    def _keep(self, question_id: str) -> None:
        given = self._standing(question_id).shown()["given"]
        late = self.timer is not None and not self.timer.in_time(self._clock())
        if late:
            self._late.add(question_id)
        self._store.keep(self._answer_place(question_id), {"given": given, "late": late})
        found = self.result()
        if found and not self._kept.get("finished"):
            self._finish(found)

    def _finish(self, found: Result) -> None:
        self._kept["finished"] = True
        self._store.keep(self.paper.place, self._kept)
        lesson = "" if self.paper.is_course else self.paper.name
        judged = found.parts if self.paper.judges else ()
        parts = {part.key: str(part.level) for part in judged}
        detail = {"right": found.right, "total": found.total, "late": found.late, "parts": parts}
        outcome = "perfect" if found.perfect else "finished"
        self._store.record(
            kind="test", key=self.paper.place, lesson=lesson, outcome=outcome, detail=detail
        )

    def _resume(self) -> None:
        answers = self._store.kept_all(f"{self.paper.place}.{self._kept['seed']}.")
        for question in self.questions:
            kept = answers.get(self._answer_place(question.id), {})
            # An answer that the bank no longer understands leaves its question open.
            with suppress(KeyError, LookupError, TypeError, ValueError):
                super().answer(question.id, kept["given"])
                if kept.get("late"):
                    self._late.add(question.id)


def begin(
    paper: Paper,
    store: Store,
    *,
    again: bool = False,
    seed: int | None = None,
    clock: Clock = time.time,
    recorder: Recorder | None = None,
) -> Sitting:
    """The test that is running, where it was left; a new draw where there is none, or `again`."""
    kept = store.kept(paper.place)
    if again or not drawn(paper, kept) or not isinstance(kept.get("seed"), int):
        kept = new_draw(paper, kept, seed)
        store.keep(paper.place, kept)
    return Sitting(paper, store, kept, clock, recorder)
