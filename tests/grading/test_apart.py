"""A pool of processes judges as the grader does, and a killed batch goes on where it was."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import pytest

from course_support.grading.apart import judge_apart
from course_support.grading.batch import grade, on_executor
from course_support.grading.collecting import collect
from course_support.places import ROOT

SAMPLES = ROOT / "tests" / "samples" / "class"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="judges on Linux only")


def test_pool_of_processes_judges_as_one_grader_does():
    wanted = {"Ada Brook": 2.0, "Emeka Stone": 0.0, "Farah Vale": 1.6}
    found = [
        one
        for one in collect(SAMPLES).submissions
        if one.student in wanted and one.exercise == "ex01_first_view"
    ]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        judge = on_executor(pool, partial(judge_apart, unsafe=True))
        graded = asyncio.run(grade(found, judge, jobs=4))
    assert {one.submission.student: one.report.earned for one in graded} == wanted


def test_killed_batch_goes_on_where_it_was(tmp_path):
    """Killed when the first report is on disk: it is not judged again, and all are there."""
    for student in ("Ada Brook", "Bruno Quill", "Chidi Marsh"):
        to = tmp_path / "in" / student
        to.mkdir(parents=True)
        shutil.copy(SAMPLES / student / "ex01_first_view.ipynb", to)
    handed_in, out = tmp_path / "in", tmp_path / "out"
    words = [sys.executable, "-m", "course_support", "grade", str(handed_in), "--unsafe"]
    words += ["--jobs", "1", "--out", str(out)]
    running = subprocess.Popen(words, cwd=ROOT)
    kept = out / ".judged"
    try:
        while running.poll() is None and not list(kept.glob("*.json")):
            time.sleep(0.02)
    finally:
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    before = {path: path.stat().st_mtime_ns for path in kept.glob("*.json")}
    assert before and not (out / "grades.json").exists()
    words[words.index("--jobs") + 1] = "4"
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    results = json.loads((out / "grades.json").read_text("utf-8"))["results"]
    assert len(results) == 3
