"""A class through the grader: once each, in any order, on any number of jobs, never a zero."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from course_support.content import ContentError
from course_support.grading import records
from course_support.grading.batch import GraderFault, grade, on_executor
from course_support.grading.exercises import find
from course_support.grading.records import Store, from_json, to_json
from course_support.grading.submissions import Submission
from course_support.verdicts import Outcome, Verdict, report

KEY = "ex01_first_view"


def submission(student, source):
    return Submission(student, KEY, {"answer-headlines": source})


CLASS = [submission(name, source) for name, source in zip("abcdef", "123451", strict=True)]


class FakeJudge:
    """Passes the first n of five checks, n being the source; counts what it was asked.

    Attributes:
        peak: how many were judged at one time.
    """

    def __init__(self, fails_on=""):
        self.asked, self.running, self.peak, self.fails_on = [], 0, 0, fails_on

    async def __call__(self, exercise, cells):
        (source,) = cells.values()
        self.asked.append(source)
        self.running += 1
        self.peak = max(self.peak, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        if source == self.fails_on:
            raise OSError("no more processes")
        return passed(int(source))


def passed(number):
    right = [Outcome.CORRECT] * number + [Outcome.INCORRECT] * (5 - number)
    return report(KEY, [Verdict(one, f"check {at}", seen="x") for at, one in enumerate(right)])


def graded(submissions, judge, **options):
    return asyncio.run(grade(submissions, judge, **options))


def points(found):
    return {one.submission.student: one.report.earned for one in found}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "kept")


def test_same_grades_in_any_order_on_any_number_of_jobs():
    found = [points(graded(CLASS, FakeJudge(), jobs=jobs)) for jobs in (1, 2, 9)]
    found.append(points(graded(CLASS[::-1], FakeJudge())))
    assert found == [{"a": 0.4, "b": 0.8, "c": 1.2, "d": 1.6, "e": 2.0, "f": 0.4}] * 4


def test_reports_come_in_the_order_of_the_submissions():
    assert [one.submission for one in graded(CLASS, FakeJudge())] == CLASS


def test_no_more_at_one_time_than_jobs():
    judge = FakeJudge()
    graded(CLASS, judge, jobs=2)
    assert judge.peak == 2
    with pytest.raises(ValueError, match="not 0"):
        graded(CLASS, judge, jobs=0)


def test_equal_answers_are_judged_once():
    judge = FakeJudge()
    graded(CLASS, judge)
    assert sorted(judge.asked) == list("12345")


def test_a_failure_of_the_grader_stops_the_batch_and_what_was_judged_is_kept(store):
    judge = FakeJudge(fails_on="3")
    with pytest.raises(GraderFault, match=r"failed on c, ex01_first_view: OSError: no more"):
        graded(CLASS, judge, jobs=1, store=store)
    again = FakeJudge()
    assert points(graded(CLASS, again, jobs=1, store=store))["c"] == 1.2
    assert again.asked == ["3", "4", "5"]


def test_a_report_without_verdicts_is_a_failure_and_no_zero():
    async def judge(exercise, cells):
        return report(exercise, [])

    with pytest.raises(GraderFault, match="no verdict on a"):
        graded(CLASS, judge)


def test_what_is_known_is_not_judged_again(store):
    first = graded(CLASS, FakeJudge(), store=store)
    idle = FakeJudge()
    assert graded(CLASS, idle, store=store) == first
    assert idle.asked == []


def test_changed_submission_is_judged_again_and_only_that(store):
    graded(CLASS, FakeJudge(), store=store)
    judge = FakeJudge()
    graded([*CLASS[1:], submission("a", "0")], judge, store=store)
    assert judge.asked == ["0"]


def test_changed_checks_are_run_again(store, monkeypatch, tmp_path):
    graded(CLASS, FakeJudge(), store=store)
    changed = tmp_path / "checks.py"
    changed.write_text("# other checks")
    monkeypatch.setattr(records, "checks_file", lambda exercise: changed)
    records.fingerprint.cache_clear()
    judge = FakeJudge()
    graded(CLASS, judge, store=store)
    records.fingerprint.cache_clear()
    assert len(judge.asked) == 5


def test_changed_entry_and_another_mode_have_other_reports(store):
    exercise, one = find(KEY), CLASS[0]
    keys = {
        store.key(exercise, one),
        store.key(replace(exercise, points=7), one),
        Store(store.folder, "namespaces").key(exercise, one),
    }
    assert len(keys) == 3


TORN = ["", "{", "[]", "{}", '{"verdicts": []}', '{"report": [{}], "seal": ""}', "[" * 100_000]


@pytest.mark.parametrize("text", TORN)
def test_damaged_record_is_judged_again(store, text):
    graded(CLASS[:1], FakeJudge(), store=store)
    (path,) = store.folder.glob("*.json")
    path.write_text(text)
    judge = FakeJudge()
    graded(CLASS[:1], judge, store=store)
    assert judge.asked == ["1"]


def test_progress_is_told_from_what_is_known_to_all(store):
    graded(CLASS[:3], FakeJudge(), store=store)
    told = []
    graded(CLASS, FakeJudge(), store=store, tell=lambda *numbers: told.append(numbers))
    assert told == [(3, 5), (4, 5), (5, 5)]


def work(exercise, cells):
    (source,) = cells.values()
    return to_json(passed(int(source)))


def test_any_executor_does_the_work():
    with ThreadPoolExecutor(2) as pool:
        found = graded(CLASS, on_executor(pool, work), jobs=3)
    assert points(found) == points(graded(CLASS, FakeJudge()))


def test_failing_executor_stops_the_batch():
    with ThreadPoolExecutor(2) as pool, pytest.raises(GraderFault, match="ZeroDivisionError"):
        graded(CLASS, on_executor(pool, lambda exercise, cells: 1 / 0))


def test_record_is_the_report():
    assert from_json(to_json(passed(2))) == passed(2)


def test_record_that_was_changed_or_renamed_is_judged_again(store):
    graded(CLASS[:3], FakeJudge(), store=store)
    paths = sorted(store.folder.glob("*.json"))
    paths[0].write_text(paths[0].read_text().replace('"incorrect"', '"correct"'))
    paths[1].write_bytes(paths[2].read_bytes())
    paths[2].unlink()
    paths[2].mkdir()
    found = points(graded(CLASS[:2], FakeJudge(), store=None))
    judge = FakeJudge()
    kept = [store.kept(path.stem) for path in paths]
    assert kept == [None, None, None]
    paths[2].rmdir()
    assert points(graded(CLASS[:2], judge, store=store)) == found and len(judge.asked) == 2


def test_record_that_cannot_be_written_stops_with_words_and_no_zero(tmp_path):
    (tmp_path / "kept").write_text("a file")
    with pytest.raises(ContentError, match="cannot be written"):
        graded(CLASS, FakeJudge(), store=Store(tmp_path / "kept"))
