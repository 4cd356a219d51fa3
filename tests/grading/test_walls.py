"""One test for each wall, each by an attempt from inside a child."""

import asyncio
import ctypes
import errno
import json
import os
import socket
import sys

import pytest

from course_support.grading import doctor as doctoring
from course_support.grading import outside, syscalls
from course_support.grading.children import Child, Limits
from course_support.grading.doctor import doctor
from course_support.grading.forking import GraderFault
from course_support.grading.outside import Grader, start_zygote
from course_support.grading.setups import Cell
from course_support.places import ROOT
from course_support.verdicts import Outcome

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are those of Linux")

KEY, CELL = "ex01_first_view", "answer-headlines"
SETUP = "from course_support import Site\nsite = Site()"
PROBE = """
import ctypes, json, os, resource, socket, subprocess, sys
from django.http import HttpResponse
from django.urls import path

libc = ctypes.CDLL(None, use_errno=True)

def failing(number, *arguments):
    result = libc.syscall(number, *arguments)
    return ctypes.get_errno() if result == -1 else 0

def raised(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return type(error).__name__

def view(request):
    return HttpResponse(json.dumps(eval(request.body)))

site.urlpatterns = [path("eval/", view)]
"""


@pytest.fixture(scope="module")
def inside():
    """What an expression is in a child, as JSON: `inside("os.getpid()")`."""
    try:
        zygote = start_zygote(["namespaces"])
    except GraderFault as fault:
        pytest.skip(f"This machine does not let a stranger's code be shut in: {fault}")
    with asyncio.Runner() as runner:

        async def make():
            child = Child(zygote, Limits())
            assert await child.run([Cell("s", 1, SETUP)], [Cell("p", 2, "")], {"p": PROBE}) is None
            assert child.trouble is None
            return child

        async def ask(expression):
            answer = await child.send("POST", "/eval/", {"content": expression})
            assert answer.raised is None, answer.raised
            return json.loads(answer.response.text)

        child = runner.run(make())
        yield lambda expression: runner.run(ask(expression))
        runner.run(child.aclose())
    zygote.close()


def test_files_of_the_machine_are_not_there(inside):
    assert inside("os.listdir('/home') if os.path.exists('/home') else []") == []
    assert set(inside(f"os.listdir({str(ROOT)!r})")) <= {"course_support", ".venv", ".venv-3.13"}
    assert inside("[name for name in os.listdir('/etc')]") == [
        *inside("[n for n in os.listdir('/etc') if n in "
                "('hosts', 'passwd', 'nsswitch.conf', 'ld.so.cache', 'ssl')]")
    ]  # fmt: skip
    assert inside("os.path.exists('/sys/kernel') or os.path.exists('/boot')") is False


def test_what_is_there_can_not_be_written(inside):
    places = ["/", "/etc", "/dev", "/usr/lib", sys.prefix, str(ROOT / "course_support")]
    for place in places:
        assert inside(f"raised(open, {place + '/x'!r}, 'w')") is not None, place


def test_own_folder_can_be_written_and_is_small(inside):
    assert inside("[os.getcwd(), open('a', 'w').write('x')]") == ["/work", 1]
    assert inside("os.statvfs('/work').f_blocks * os.statvfs('/work').f_frsize") == 32 * 1024**2
    assert inside("raised(lambda: open('b', 'wb').write(bytes(20 * 1024**2)))") == "OSError"


def test_no_other_process_can_be_seen(inside):
    assert inside("os.getpid()") == 1
    assert inside("[name for name in os.listdir('/proc') if name.isdigit()]") == ["1"]


def test_network_is_a_loopback_of_its_own(inside):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert inside(f"raised(socket.create_connection, {address}, 1)") == "ConnectionRefusedError"
    assert inside("open('/proc/net/dev').read().count(':')") == 1
    assert inside("[one[4][0] for one in socket.getaddrinfo('localhost', 80)]")[0] == "127.0.0.1"
    assert inside("raised(socket.create_connection, ('192.0.2.1', 80), 1)") == "OSError"


def test_abstract_sockets_of_the_machine_can_not_be_reached(inside):
    with socket.socket(socket.AF_UNIX) as server:
        name = f"\0course-wall-{os.getpid()}"
        server.bind(name)
        server.listen()
        reached = inside(f"raised(socket.socket(socket.AF_UNIX).connect, {name!r})")
    assert reached == "ConnectionRefusedError"


def test_shared_memory_of_the_machine_can_not_be_reached(inside):
    libc = ctypes.CDLL(None, use_errno=True)
    key = 0x60000000 + os.getpid()
    segment = libc.shmget(key, 4096, 0o1666)
    assert segment != -1
    try:
        assert inside(f"libc.shmget({key}, 4096, 0)") == -1
    finally:
        libc.shmctl(segment, 0, None)


def test_name_of_the_machine_is_hidden(inside):
    assert inside("os.uname().nodename") == "submission"


def test_process_has_no_rights_and_gets_none(inside):
    status = inside("dict(l.split(':', 1) for l in open('/proc/self/status') if ':' in l)")
    assert {status[f"Cap{kind}"].strip() for kind in ("Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
    assert (status["NoNewPrivs"].strip(), status["Seccomp"].strip()) == ("1", "2")
    assert 0 not in inside("[*os.getresuid(), *os.getresgid(), *os.getgroups()]")


@pytest.mark.parametrize(
    ("kind", "most"),
    [("AS", 2 * 1024**3), ("CPU", 120), ("FSIZE", 16 * 1024**2), ("NPROC", 160), ("CORE", 1)],
)
def test_limit_is_set_and_can_not_be_raised(inside, kind, most):
    soft, hard = inside(f"resource.getrlimit(resource.RLIMIT_{kind})")
    assert soft <= most and hard <= most
    higher = f"resource.setrlimit(resource.RLIMIT_{kind}, ({most + 1}, {most + 1}))"
    with pytest.raises(AssertionError, match="not allowed to raise maximum limit"):
        inside(higher)


def test_system_calls_for_a_breakout_are_refused(inside):
    column = {"x86_64": 0, "aarch64": 1}[os.uname().machine]
    for name in ("unshare", "mount", "ptrace", "bpf", "keyctl", "io_uring_setup", "setns"):
        number = syscalls._REFUSED[name][column]
        assert inside(f"failing({number}, 0, 0, 0, 0, 0)") == errno.EPERM, name
    assert inside("failing(435, 0, 0)") == errno.ENOSYS  # clone3: the C library then takes clone
    vsock, packet = 40, 17
    for family in (vsock, packet, socket.AF_NETLINK):
        assert inside(f"raised(socket.socket, {family}, socket.SOCK_RAW)") == "OSError"


def test_no_descriptor_of_the_judge_is_open(inside):
    names = inside("[os.readlink('/proc/self/fd/' + n) for n in os.listdir('/proc/self/fd')[:-1]]")
    files = [name for name in names if name.startswith("/") and not name.startswith("/work")]
    assert set(files) <= {"/dev/null", "/proc/1/fd"}


def test_environment_says_nothing_of_the_judge(inside):
    assert set(inside("list(os.environ)")) <= {
        "PATH", "SSL_CERT_FILE", "LANG", "LC_ALL", "LC_CTYPE", "HOME", "TMPDIR", "LD_LIBRARY_PATH",
        "DJANGO_SETTINGS_MODULE", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK",
    }  # fmt: skip


def test_process_can_start_others_and_python_works_in_them(inside):
    told = inside("subprocess.run([sys.executable, '-c', 'print(6 * 7)'], "
                  "capture_output=True, text=True).stdout")  # fmt: skip
    assert told == "42\n"


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter_refuses_what_it_lists_on_either_machine(machine):
    column, architecture = syscalls._MACHINES[machine]
    refused, allowed = 0x00050000 | errno.EPERM, 0x7FFF0000
    for numbers in syscalls._REFUSED.values():
        if numbers[column] >= 0:
            assert filtered(machine, architecture, numbers[column]) == refused
    assert filtered(machine, architecture, 63) == allowed  # uname, or read
    clone, sockets = syscalls._CLONE[column], syscalls._SOCKET[column]
    assert filtered(machine, architecture, clone, 0x3D0F00) == allowed  # a thread
    assert filtered(machine, architecture, clone, 0x10000000) == refused  # a user namespace
    assert filtered(machine, architecture, sockets, socket.AF_INET) == allowed
    assert filtered(machine, architecture, sockets, 40) == 0x00050000 | errno.EAFNOSUPPORT
    sctp, mptcp = 132, 262  # they would load a module of the kernel
    for protocol, answer in ((6, allowed), (17, allowed), (sctp, 93), (mptcp, 93)):
        expected = answer if answer == allowed else 0x00050000 | answer
        assert filtered(machine, architecture, sockets, 2, 1, protocol) == expected
    assert filtered(machine, architecture, syscalls._SOCKETPAIR[column], 30) != allowed  # AF_TIPC
    core, files, ask = 4, 7, syscalls._PRLIMIT[column]
    assert filtered(machine, architecture, ask, 0, core, 0) == allowed
    assert filtered(machine, architecture, ask, 0, core, 1 << 40) == refused
    assert filtered(machine, architecture, ask, 0, files, 1 << 40) == allowed
    assert filtered(machine, architecture, syscalls._SETRLIMIT[column], core) == refused
    assert filtered(machine, 0x40000003, 1) == 0x80000000  # i386 by its own numbers
    kill = syscalls._SIGNALS["kill"][column]
    everybody, itself = 0xFFFFFFFF, 4711
    assert filtered(machine, architecture, kill, everybody) == allowed  # of its own namespace
    assert filtered(machine, architecture, kill, everybody, only=itself) == refused
    assert filtered(machine, architecture, kill, itself, only=itself) == allowed


def filtered(machine, architecture, number, first=0, second=0, third=0, only=0):
    """What the filter answers: a machine for its seven kinds of step."""
    data = {0: number, 4: architecture, 16: first, 24: second}
    data |= {32: third & 0xFFFFFFFF, 36: third >> 32}
    steps, place, word = syscalls.program(machine, only), 0, 0
    while True:
        code, true, false, constant = steps[place]
        place += 1
        match code:
            case 0x20:
                word = data[constant]
            case 0x54:
                word &= constant
            case 0x15:
                place += true if word == constant else false
            case 0x35:
                place += true if word >= constant else false
            case 0x06:
                return constant


def test_doctor_says_what_holds():
    found = doctor()
    assert [one.name for one in found][:3] == ["shut in", "files", "writing"]
    if found[0].holds:
        assert all(one.holds for one in found), "\n".join(map(str, found))


def test_doctor_names_the_walls_that_are_missing(monkeypatch):
    def start(modes):
        if modes == ("namespaces",):
            raise GraderFault("It did not start: OSError: [Errno 1] unshare: not permitted")
        return start_zygote(modes)

    monkeypatch.setattr(doctoring, "start_zygote", start)
    found = {one.name: one for one in doctor()}
    assert "unshare: not permitted" in found["shut in"].why
    missing = [name for name, one in found.items() if not one.holds]
    assert {"shut in", "files", "processes", "network"} <= set(missing)
    assert found["system calls"].holds and found["no new privileges"].holds


def test_weaker_mode_is_refused_unless_asked_for(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(GraderFault, match="does not let a stranger's code be shut in") as refused:
        start_zygote(outside.MODES[:1])
    assert "--unsafe" in str(refused.value) and "container" in str(refused.value)


ORPHAN = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        hoard = bytearray(b"x") * 500_000_000
        time.sleep(600)
    os._exit(0)
time.sleep(600)
"""


def test_weaker_mode_is_named_and_leaves_nothing_behind(monkeypatch, reference, tmp_path):
    monkeypatch.setattr(outside, "MODES", ("weak", "weak"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    daemon = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\n"
    shots = "import os\nfor pid in (os.getppid(), 0):\n    os.kill(pid, 9)\n"

    async def judge():
        async with Grader(jobs=2, unsafe=True, limits=Limits(cell_s=3.0)) as grader:
            submissions = (reference, "while True: pass", daemon + reference, shots, ORPHAN)
            work = [grader.judge(KEY, {CELL: source}) for source in submissions]
            return grader.mode, await asyncio.gather(*work)

    mode, (right, loop, left, shooting, hoarding) = asyncio.run(judge())
    assert mode == "weak"
    assert right and left, left.text()
    assert loop.outcome is Outcome.RAISED and "had not ended after 3 s" in loop.text()
    assert "PermissionError" in shooting.text()  # else its keeper, or the zygote, were gone
    assert "MiB of memory" in hoarding.text()
    assert list(tmp_path.glob("course-child-*")) == []
