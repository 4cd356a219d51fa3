"""The extra `[cluster]`: two workers of dask over TCP, one of which is killed while it judges."""

import asyncio
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from types import SimpleNamespace

import pytest

from course_support import cli
from course_support.content import ContentError
from course_support.grading import cluster
from course_support.grading.batch import grade, on_executor
from course_support.grading.collecting import collect
from course_support.grading.forking import GraderFault
from course_support.places import ROOT

SAMPLES = ROOT / "tests" / "samples" / "class"
# Right, wrong, raised, not attempted.
CLASS = ("Ada Brook", "Chidi Marsh", "Emeka Stone", "Farah Vale")
COURSE = [sys.executable, "-W", "error", "-m"]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="judges on Linux only")


class Running:
    """A process of dask or of ours, with what it has said so far."""

    def __init__(self, *words):
        self.lines = []
        self.process = subprocess.Popen(
            [*COURSE, *map(str, words)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def says(self, wanted):
        """Wait for a line with `wanted` in it; the line."""
        for line in self.process.stdout:
            self.lines.append(line)
            if wanted in line:
                self._rest = threading.Thread(target=self.lines.extend, args=(self.process.stdout,))
                self._rest.start()
                return line
        raise AssertionError(f"ended without {wanted!r}: {''.join(self.lines)}")

    def end(self):
        self.process.terminate()
        self.process.wait(60)
        self._rest.join()
        self.process.stdout.close()


@pytest.fixture
def two_workers(tmp_path):
    """The address of a scheduler on TCP, its two workers, and all processes of dask."""
    # Its page is always served, and warns where its usual port is taken.
    base = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
    scheduler = Running("dask", "scheduler", *base, "--port", "0")
    running = [scheduler]
    try:
        address = scheduler.says("Scheduler at:").split()[-1]
        words = (address, *base, "--no-nanny", "--nthreads", "4", "--local-directory")
        running += [Running("dask", "worker", *words, tmp_path / name) for name in "ab"]
        for worker in running[1:]:
            worker.says("Registered to:")
        yield address, running[1:], running
    finally:
        for one in reversed(running):
            one.end()


def descendants(pid):
    import psutil

    return psutil.Process(pid).children(recursive=True)


def judges_now(pid):
    """Whether a child of a keeper of the zygote of this worker is alive: a submission's."""
    import psutil

    keepers = [keeper for zygote in psutil.Process(pid).children() for keeper in zygote.children()]
    try:
        return any(keeper.children() for keeper in keepers)
    except psutil.NoSuchProcess:
        return False


def all_ended(processes):
    """Whether they end, or are dead and only not yet buried: in a container, process 1 may not."""
    import psutil

    def lives(one):
        with suppress(psutil.NoSuchProcess):
            return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
        return False

    deadline = time.monotonic() + 60
    while (left := list(filter(lives, processes))) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not left


def kill_while_it_judges(worker, batch):
    """Freeze the worker, look whether it has a submission in hand, then kill it; what it left."""
    import psutil

    frozen = psutil.Process(worker.process.pid)
    while batch.poll() is None:
        frozen.suspend()
        if judges_now(frozen.pid):
            left = descendants(frozen.pid)
            frozen.kill()
            return left
        frozen.resume()
        time.sleep(0.02)
    raise AssertionError(f"the batch ended before this worker judged: {batch.communicate()}")


@on_linux
@pytest.mark.timeout(240)
def test_two_workers_over_tcp_judge_the_same_though_one_is_killed(two_workers, tmp_path):
    address, workers, running = two_workers
    assert address.startswith("tcp://127.0.0.1:")
    for student in CLASS:
        shutil.copytree(SAMPLES / student, tmp_path / "in" / student)
    hidden = ["--hidden", str(SAMPLES.parent / "hidden")]  # as text: a worker has no such folder
    words = ["grade", str(tmp_path / "in"), "--unsafe", *hidden, "--out"]
    typed = [*COURSE, "course_support", *words, str(tmp_path / "cluster"), "--scheduler", address]
    batch = subprocess.Popen(
        typed, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    left = kill_while_it_judges(workers[0], batch)
    said, warned = batch.communicate()
    assert batch.returncode == 0 and warned == "", warned
    assert f"{len(list((tmp_path / 'in').rglob('*.ipynb')))} answers judged" in said
    left += descendants(workers[1].process.pid)
    for one in reversed(running):
        one.end()
    assert all_ended(left), "something was left running"
    told = "".join(workers[1].lines)
    assert "Traceback" not in told and "Warning" not in told, told
    assert cli.main([*words, str(tmp_path / "alone")]) == 0
    whole = [(tmp_path / name / "grades.csv").read_bytes() for name in ("cluster", "alone")]
    assert whole[0] == whole[1]


def test_cluster_that_is_not_there_is_told_in_words(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    words = ["grade", str(SAMPLES), "--out", str(tmp_path), "--scheduler", "tcp://127.0.0.1:1"]
    assert cli.main(words) == 1
    assert "pip install distributed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError("Timed out after 10 s"), "No scheduler answers at tls://a:1: Timed out after"),
        (ValueError("unknown scheme"), "No scheduler answers at tls://a:1: unknown scheme"),
        (RuntimeError("encryption required"), "answers at tls://a:1: encryption required"),
        (TypeError("TLS expects a context"), "no certificates for tls://a:1.\n.*\n.*TLS__CA_FILE"),
    ],
)
def test_address_that_cannot_be_used_is_told_in_words(monkeypatch, error, words):
    def client(address, timeout):
        raise error

    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=client))
    with pytest.raises(ContentError, match=words), cluster.cluster("tls://a:1"):
        pass


def test_tls_without_certificates_is_refused_by_dask_and_told_in_words(tmp_path):
    """In a process of its own: a client of dask that failed may hold up the next one."""
    words = ["grade", SAMPLES, "--out", tmp_path, "--scheduler", "tls://127.0.0.1:1"]
    typed = [*COURSE, "course_support", *map(str, words)]
    ended = subprocess.run(typed, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("There are no certificates for tls://127.0.0.1:1.\n")


# What a client of dask says of its cluster is made up here: its ends are not to be waited for.


class Client:
    """As much of dask's client as is looked at."""

    def __init__(self, status, workers):
        self.status = status
        self._workers = workers

    def nthreads(self):
        if self._workers is None:
            raise OSError("in <TCP (closed)>: Stream is closed")
        return self._workers


@pytest.mark.parametrize(
    ("status", "workers", "words"),
    [
        ("connecting", {}, "connection to the scheduler at tcp://a:1 was lost"),
        ("running", {}, "has no worker any more.\n    Start one: .* dask worker tcp://a:1"),
        ("running", None, "has no worker any more"),
    ],
)
def test_cluster_that_goes_away_is_not_waited_for(monkeypatch, status, workers, words):
    monkeypatch.setattr(cluster, "LOOK_S", 0)
    monkeypatch.setattr(cluster, "ALONE_S", 0)
    found = cluster.Cluster("tcp://a:1", Client(status, workers), None, 1)

    async def hangs():
        await asyncio.Event().wait()

    with pytest.raises(GraderFault, match=words):
        asyncio.run(cluster.while_it_lasts(found, hangs()))


def test_cluster_that_lasts_gives_what_the_work_gives(monkeypatch):
    monkeypatch.setattr(cluster, "LOOK_S", 0)
    found = cluster.Cluster("tcp://a:1", Client("running", {"tcp://a:2": 4}), None, 1)
    assert asyncio.run(cluster.while_it_lasts(found, asyncio.sleep(0.01, "reports"))) == "reports"


def test_work_that_an_executor_gives_up_is_a_fault_and_no_zero():
    class Lost:
        def submit(self, work, *args):
            future = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    found = collect(SAMPLES).submissions[:2]
    with pytest.raises(GraderFault, match="failed on Ada Brook, .*: its executor gave it up"):
        asyncio.run(grade(found, on_executor(Lost(), None), jobs=2))
