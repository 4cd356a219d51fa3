"""A pool of processes judges as the grader does, and a killed batch goes on where it was."""

import asyncio
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import pytest

from course_support import cli
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


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="dask.distributed is not installed: pip install distributed, then run this again",
)
def test_two_workers_over_tcp_judge_the_same_and_one_may_die(tmp_path):
    distributed = importlib.import_module("distributed")
    options = {"n_workers": 2, "threads_per_worker": 4, "host": "127.0.0.1"}
    with distributed.LocalCluster(**options, protocol="tcp://", dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tcp://127.0.0.1:")
        words = ["grade", str(SAMPLES), "--unsafe", "--out"]
        scheduled = ["--scheduler", address]
        assert cli.main([*words, str(tmp_path / "cluster"), *scheduled]) == 0
        assert cli.main([*words, str(tmp_path / "alone")]) == 0
        whole = [(tmp_path / name / "grades.csv").read_bytes() for name in ("cluster", "alone")]
        assert whole[0] == whole[1]
        running = next(iter(cluster.workers.values())).process.pid
        batch = threading.Thread(
            target=cli.main, args=([*words, str(tmp_path / "again"), *scheduled],)
        )
        batch.start()
        while not list((tmp_path / "again" / ".judged").glob("*.json")):
            time.sleep(0.02)
        os.kill(running, signal.SIGKILL)
        batch.join()
    assert (tmp_path / "again" / "grades.csv").read_bytes() == whole[0]


def test_cluster_that_is_not_there_is_told_in_words(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    words = ["grade", str(SAMPLES), "--out", str(tmp_path), "--scheduler", "tcp://127.0.0.1:1"]
    assert cli.main(words) == 1
    assert "pip install distributed" in capsys.readouterr().err


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
