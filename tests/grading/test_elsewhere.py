"""On macOS and Windows nothing is judged, and all else works: seen under a faked `sys.platform`.

A process of its own loads the course, forgets it, takes away what those systems do not have, and
loads it anew. So it says what our own code needs, and nothing of Python's or of the packages'.
"""

import json
import subprocess
import sys

import pytest

from course_support.places import ROOT

SAMPLES = ROOT / "tests" / "samples" / "class"
# These run in the processes that hold a stranger's code, on Linux.
LINUX_ONLY = {"walls", "zygote", "inside", "probing"}
LACKS = {
    "darwin": ("os.pidfd_open", "socket.SOCK_SEQPACKET"),
    "win32": (
        "os.pidfd_open", "os.fork", "os.geteuid", "os.getuid", "os.uname", "os.killpg",
        "os.setpriority", "os.WIFSIGNALED", "os.waitid", "signal.SIGKILL", "signal.SIGCHLD",
        "signal.setitimer", "socket.SOCK_SEQPACKET", "socket.send_fds", "socket.recv_fds",
    ),
}  # fmt: skip
MODULES = {"darwin": (), "win32": ("resource", "fcntl", "pwd", "grp", "termios", "pty", "tty")}

HEAD = """
import importlib, json, os, pkgutil, signal, socket, sys
from pathlib import Path
import course_support

def ours(name):  # but for the models, which Django knows by now
    return name.split(".")[0] == "course_support" and "newsdesk" not in name

def modules():
    found = pkgutil.walk_packages(course_support.__path__, "course_support.")
    return [one.name for one in found if ours(one.name) and not one.name.endswith("__main__")]

def elsewhere(platform, lacks, blocked):
    importlib.import_module("course_support.live.settings").ensure_django({})
    for name in modules():
        importlib.import_module(name)
    for name in list(filter(ours, sys.modules)):
        del sys.modules[name]
    for name in lacks:
        module, attribute = name.split(".")
        delattr(sys.modules[module], attribute)
    sys.modules.update(dict.fromkeys(blocked))
    sys.platform = platform

def loaded():
    return {name.rpartition(".")[2] for name in sys.modules if name.startswith("course_support.gr")}
"""


@pytest.fixture(params=LACKS)
def elsewhere(request):
    """Run code on such a system; what it printed, as lines."""

    def run(code, *words):
        given = (request.param, LACKS[request.param], MODULES[request.param])
        whole = f"{HEAD}\n{code.replace('ELSEWHERE', f'elsewhere{given}')}"
        typed = [sys.executable, "-c", whole, *map(str, words)]
        ended = subprocess.run(typed, cwd=ROOT, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.splitlines()

    run.platform = request.param
    return run


def test_only_what_holds_a_strangers_code_needs_linux(elsewhere):
    code = """
ELSEWHERE
failed = []
for name in modules():
    try:
        importlib.import_module(name)
    except (ImportError, AttributeError) as error:
        failed.append(name.rpartition(".")[2])
print(json.dumps(failed))
"""
    failed = set(json.loads(elsewhere(code)[-1]))
    assert failed <= LINUX_ONLY


def test_class_judged_on_linux_is_marked_and_reported_anywhere(elsewhere, tmp_path):
    code = """
from course_support import cli
from course_support.grading import outside
from course_support.verdicts import Outcome, Verdict, report

class Grader:
    mode = "namespaces"
    def __init__(self, jobs, *, unsafe=False): pass
    async def __aenter__(self): return self
    async def __aexit__(self, *error): pass
    async def judge(self, exercise, cells, **_):
        return report(exercise, [Verdict(Outcome.CORRECT, "It answers", "seen")])

words = ["grade", sys.argv[1], "--out", sys.argv[2]]
outside.Grader = Grader
first = cli.main(words)
page = Path(sys.argv[2], "index.html")
page.unlink()
ELSEWHERE
from course_support import cli
print(json.dumps([first, cli.main(words), page.exists(), sorted(loaded())]))
"""
    first, again, page, loaded = json.loads(elsewhere(code, SAMPLES, tmp_path)[-1])
    assert (first, again, page) == (0, 0, True)
    assert not LINUX_ONLY & set(loaded)


def test_grade_and_doctor_say_there_what_to_do(elsewhere, tmp_path):
    code = """
ELSEWHERE
import contextlib, io
from course_support import cli
said = io.StringIO()
with contextlib.redirect_stderr(said):
    code = cli.main(["grade", sys.argv[1], "--out", sys.argv[2]])
print(json.dumps([code, said.getvalue(), Path(sys.argv[2], "grades.csv").exists()]))
print(cli.main(["grade", "--doctor"]))
"""
    lines = elsewhere(code, SAMPLES, tmp_path)
    code, said, written = json.loads(lines[0])
    assert code == 3 and not written
    assert "Strangers' code is judged on Linux only." in said and "Nobody got a zero" in said
    told = "\n".join(lines[1:])
    assert told.startswith(f"no   shut in: this is {elsewhere.platform}.") and lines[-1] == "1"
    for text in (said, told):
        assert "docker build -t course ." in text and "at the top of its Dockerfile" in text
