"""What keeps a machine from shutting code in is read from files, and said with what to type."""

import pytest

from course_support.grading import doctor as doctoring
from course_support.grading import outside
from course_support.grading.forking import GraderFault
from course_support.grading.machine import in_the_way, reason

RIGHTS = "000001ffffffffff"
APPARMOR = "apparmor_restrict_unprivileged_userns"


@pytest.fixture
def machine(tmp_path):
    """A /proc with these files in it, beside those of a machine that allows everything."""

    def make(files=(), capabilities=RIGHTS, seccomp=0):
        status = f"Name:\tpython\nCapEff:\t{capabilities}\nSeccomp:\t{seccomp}\n"
        usual = {"self/status": status, "self/ns/user": "", "self/attr/current": "unconfined\n"}
        for name, text in (usual | dict(files)).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return make


def test_machine_that_allows_all_has_nothing_in_the_way(machine):
    allowed = {
        "sys/user/max_user_namespaces": "96365\n",
        "sys/kernel/unprivileged_userns_clone": "1\n",
        f"sys/kernel/{APPARMOR}": "0\n",
    }
    assert in_the_way(machine(), user=1000) == in_the_way(machine(allowed), user=0) == []


@pytest.mark.parametrize(
    ("name", "value", "typed"),
    [
        ("user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=10000"),
        ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        (f"kernel/{APPARMOR}", "1", f"sudo sysctl kernel.{APPARMOR}=0"),
    ],
)
def test_setting_that_forbids_namespaces_is_named_with_what_to_type(machine, name, value, typed):
    (said,) = in_the_way(machine({f"sys/{name}": f"{value}\n"}), user=1000)
    assert said.endswith(typed)


def test_ubuntus_restriction_is_told_in_words(machine):
    (said,) = in_the_way(machine({f"sys/kernel/{APPARMOR}": "1\n"}), user=1000)
    assert said.startswith("AppArmor takes all rights from a user namespace (Ubuntu")
    assert "until the machine starts again" in said


def test_what_a_container_does_is_named(machine):
    proc = machine({"self/attr/current": "docker-default (enforce)\n"}, seccomp=2)
    filtered, labelled = in_the_way(proc, user=1000)
    assert filtered.startswith("A filter of system calls is on this process already.")
    assert labelled.startswith("AppArmor's profile 'docker-default' is on this process.")
    assert filtered.endswith("at the top of the course's Dockerfile.")


def test_root_of_a_container_is_told_to_be_another_user(machine):
    (said,) = in_the_way(machine(capabilities="0" * 16), user=0)
    assert said.endswith("Be another user: in a container, --user 1000")
    assert in_the_way(machine(capabilities="0" * 16), user=1000) == []


def test_kernel_without_user_namespaces_is_named(machine):
    proc = machine()
    (proc / "self/ns/user").unlink()
    (said,) = in_the_way(proc, user=1000)
    assert said.startswith("The kernel was built without user namespaces")


def test_machine_without_proc_has_nothing_to_tell(tmp_path):
    assert in_the_way(tmp_path / "nothing", user=0) == []


def test_reason_of_a_fault_is_its_exception():
    traceback = "It did not start: Traceback:\n  File 'x', line 3\nOSError: [Errno 1] unshare: no\n"
    assert reason(traceback) == "OSError: [Errno 1] unshare: no"
    assert reason("It did not start: it said nothing") == "It did not start: it said nothing"
    assert reason("nothing") == "nothing"


class Refusing:
    """A zygote that no machine lets start."""

    def __init__(self, mode):
        self.mode = mode

    def start(self):
        raise GraderFault("Not started: Traceback\n  File\nPermissionError: [Errno 1] no")

    def close(self):
        pass


def test_grade_and_doctor_say_what_was_seen_and_what_to_type(monkeypatch):
    way = "AppArmor takes all rights.\nsudo sysctl it=0"
    for module in (outside, doctoring):
        monkeypatch.setattr(module, "in_the_way", lambda: [way])
    monkeypatch.setattr(outside, "Zygote", Refusing)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(GraderFault) as refused:
        outside.start_zygote(("namespaces",))
    lines = str(refused.value).splitlines()
    assert lines[0] == "This machine does not let a stranger's code be shut in:"
    assert lines[1:4] == [
        "    PermissionError: [Errno 1] no",
        "    AppArmor takes all rights.",
        "    sudo sysctl it=0",
    ]
    shut_in = str(doctoring.doctor()[0])
    assert shut_in.startswith("no   shut in: PermissionError: [Errno 1] no\n     AppArmor takes")
