"""course.py sets the environment up and says what is missing; nothing here installs anything."""

import ast
import importlib.util
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "course.py"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, for a course that lies in tmp_path with locks of its own."""
    spec = importlib.util.spec_from_file_location("course_under_test", SOURCE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("COURSE_VENV", "COURSE_BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "WINDOWS", False)
    monkeypatch.setattr(module, "IS_ROOT", False)
    (tmp_path / "requirements").mkdir()
    for lock in module.LOCKS.values():
        (tmp_path / "requirements" / lock).write_text(f"the packages of {lock}")
    return module


@pytest.fixture
def calls(course: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The steps of a set-up, which only seem to be done; uv seems to be absent."""
    seen: list[list[str]] = []

    def call(command: list[str]) -> None:
        seen.append(command)
        if "venv" in command:
            a_venv(course, Path(command[-1]))

    monkeypatch.setattr(course, "call", call)
    monkeypatch.setattr(course, "working_uv", lambda: None)
    return seen


def a_venv(course: ModuleType, folder: Path) -> None:
    """Lay out what `python -m venv` leaves: an interpreter and pip."""
    for path in (course.python_in(folder), course.site_packages(folder) / "pip" / "__init__.py"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


# Which words run what


@pytest.mark.parametrize(
    ("words", "task", "command"),
    [
        ([], "lab", ["jupyterlab", "--ip=127.0.0.1"]),
        (["lab"], "lab", ["jupyterlab", "--ip=127.0.0.1"]),
        (["lab", "--port", "8899"], "lab", ["jupyterlab", "--ip=127.0.0.1", "--port", "8899"]),
        (["--no-browser"], "lab", ["jupyterlab", "--ip=127.0.0.1", "--no-browser"]),
        (["test"], "test", ["pytest"]),
        (["test", "-m", "not browser"], "test", ["pytest", "-m", "not browser"]),
        (["grade", "handed_in"], "lab", ["course_support", "grade", "handed_in"]),
        (["build", "--check"], "lab", ["course_support", "build", "--check"]),
        (["dask", "scheduler"], "cluster", ["dask", "scheduler"]),
        (
            ["grade", "in", "--scheduler=tcp://127.0.0.1:8786"],
            "cluster",
            ["course_support", "grade", "in", "--scheduler=tcp://127.0.0.1:8786"],
        ),
    ],
)
def test_words_choose_packages_and_command(
    course: ModuleType, words: list[str], task: str, command: list[str]
) -> None:
    assert course.plan(words) == (task, [command])


def test_root_may_open_the_course(course: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "IS_ROOT", True)
    assert "--allow-root" in course.plan([])[1][0]


def test_lint_runs_each_tool(course: ModuleType) -> None:
    assert [command[0] for command in course.plan(["lint"])[1]] == [
        "ruff",
        "ruff",
        "mypy",
        "codespell_lib",
    ]


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_help_lists_the_words_and_sets_nothing_up(
    course: ModuleType, calls: list[list[str]], capsys: pytest.CaptureFixture[str], word: str
) -> None:
    assert course.main([word]) == 0
    assert "python3 course.py test" in capsys.readouterr().out
    assert calls == []


def test_the_command_runs_in_the_environment(
    course: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runs: list[list[list[str]]] = []
    monkeypatch.setattr(course, "run", lambda commands, environ: runs.append(commands) or 0)
    monkeypatch.chdir(tmp_path)
    assert course.main(["grade", "x"]) == 0
    python = str(tmp_path / ".venv" / "bin" / "python")
    assert runs == [[[python, "-m", "course_support", "grade", "x"]]]


def test_folders_named_by_the_learner_are_looked_up_where_the_learner_is(
    course: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    places: list[Path] = []
    monkeypatch.setattr(course, "run", lambda commands, environ: places.append(Path.cwd()) or 0)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    course.main(["grade", "handed_in"])
    course.main(["dask", "worker", "--local-directory", "here"])
    course.main(["lab"])
    assert places == [elsewhere, elsewhere, tmp_path]


@pytest.mark.parametrize(("words", "asked"), [([], 1), (["-m", "not browser and not slow"], 0)])
def test_a_browser_is_looked_for_only_when_its_tests_run(
    course: ModuleType,
    calls: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    asked: int,
) -> None:
    environs: list[dict[str, str]] = []
    monkeypatch.setattr(course, "run", lambda commands, environ: environs.append(environ) or 0)
    monkeypatch.setattr(course, "browser", lambda folder: "/usr/bin/a-browser")
    monkeypatch.chdir(course.ROOT)
    course.main(["test", *words])
    assert [environ.get("COURSE_BROWSER") for environ in environs].count(
        "/usr/bin/a-browser"
    ) == asked


def test_exit_code_is_the_first_that_is_not_zero(course: ModuleType) -> None:
    commands = [[sys.executable, "-c", f"raise SystemExit({code})"] for code in (0, 3, 0)]
    assert course.run(commands, {}) == 3


def test_ctrl_c_is_left_to_the_program_that_runs(course: ModuleType) -> None:
    class Process:
        answers = iter([KeyboardInterrupt, KeyboardInterrupt, 5])

        def wait(self) -> int:
            answer = next(self.answers)
            if answer is KeyboardInterrupt:
                signal.raise_signal(signal.SIGINT)
            return answer

    assert course.wait(Process()) == 5


# What a child sees


def test_children_use_the_course_own_settings_and_store_byte_code(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in course.STRAY:
        monkeypatch.setenv(name, "stray")
    environ = course.environment(tmp_path / ".venv", "lab")
    assert not set(course.STRAY) & set(environ)
    assert environ["PATH"].startswith(str(tmp_path / ".venv" / "bin"))
    assert environ["JUPYTER_CONFIG_PATH"] == str(tmp_path / ".jupyter")


# Old Pythons


def test_every_python_from_3_6_on_can_read_the_file() -> None:
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_what_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    code = compile(SOURCE.read_text(encoding="utf-8"), "course.py", "exec")
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    with pytest.raises(SystemExit, match=r"needs Python 3.11 or newer; .*\n.*python.org") as stop:
        exec(code, {"__name__": "course", "__file__": str(SOURCE)})
    assert isinstance(stop.value.code, str)  # printed to stderr, with exit code 1


# Stamps


def test_second_run_calls_nothing(course: ModuleType, calls: list[list[str]]) -> None:
    first = course.set_up("lab")
    assert len(calls) == 2  # venv, pip
    assert course.set_up("lab") == first == course.ROOT / ".venv"
    assert len(calls) == 2


def test_packages_are_checked_against_their_hashes(
    course: ModuleType, calls: list[list[str]]
) -> None:
    course.set_up("test")
    lock = str(course.ROOT / "requirements" / "test.lock")
    assert calls[-1][-3:] == ["--require-hashes", "-r", lock]


def test_tests_bring_all_that_the_course_needs_but_not_the_other_way_round(
    course: ModuleType, calls: list[list[str]]
) -> None:
    course.set_up("lab")
    course.set_up("test")
    assert [Path(command[-1]).name for command in calls[1:]] == ["course.lock", "test.lock"]
    course.set_up("lab")
    assert len(calls) == 3


def test_a_changed_lock_is_installed_into_the_same_environment(
    course: ModuleType, calls: list[list[str]]
) -> None:
    folder = course.set_up("lab")
    (folder / "kept").touch()
    (course.ROOT / "requirements" / "course.lock").write_text("newer packages")
    course.set_up("lab")
    assert [command[-1][-11:] for command in calls[1:]] == ["course.lock", "course.lock"]
    assert (folder / "kept").exists()


def test_course_support_is_importable_without_a_build(
    course: ModuleType, calls: list[list[str]]
) -> None:
    folder = course.set_up("lab")
    path = course.site_packages(folder) / "course_support.pth"
    assert path.read_text() == f"{course.ROOT}\n"


def test_tools_for_authors_have_an_environment_of_their_own(
    course: ModuleType, calls: list[list[str]]
) -> None:
    assert course.set_up("lint").name == ".venv-lint"


def test_a_half_made_environment_is_made_anew(
    course: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise course.Missing("no network")

    with monkeypatch.context() as patch, pytest.raises(course.Missing):
        patch.setattr(course, "install", interrupted)
        course.set_up("lab")
    leftover = course.ROOT / ".venv" / "leftover"
    leftover.touch()
    course.set_up("lab")
    assert not leftover.exists()
    assert calls[-2][1:3] == ["-m", "venv"]


def test_an_environment_whose_python_was_removed_is_made_anew(
    course: ModuleType, calls: list[list[str]]
) -> None:
    folder = course.set_up("lab")
    course.python_in(folder).unlink()
    (folder / course.MARK).write_text("3.10 cpython somewhere")
    assert course.set_up("lab") == folder
    assert len(calls) == 4


def test_a_moved_course_makes_its_environment_anew(
    course: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = course.set_up("lab")
    monkeypatch.setattr(course, "MADE_FOR", f"{course.PYTHON} cpython elsewhere")
    assert course.set_up("lab") == folder
    assert len(calls) == 4


# Which folder


def test_another_python_gets_a_folder_of_its_own(
    course: ModuleType, calls: list[list[str]]
) -> None:
    folder = course.set_up("lab")
    (folder / course.MARK).write_text("3.10 cpython here")
    assert course.set_up("lab").name == f".venv-{course.PYTHON}"
    assert (folder / course.MARK).read_text() == "3.10 cpython here"


def test_an_environment_made_by_hand_is_left_alone(
    course: ModuleType, calls: list[list[str]]
) -> None:
    for name in (".venv", f".venv-{course.PYTHON}"):
        a_venv(course, course.ROOT / name)
    with pytest.raises(course.Missing, match="left alone.\n    Move it away, .* COURSE_VENV"):
        course.set_up("lab")
    assert calls == []


def test_course_venv_names_the_folder_and_is_never_emptied_by_mistake(
    course: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_VENV", "mine")
    (course.ROOT / "mine").mkdir()
    (course.ROOT / "mine" / "thesis.txt").touch()
    with pytest.raises(course.Missing, match="The folder mine was not made by course.py"):
        course.set_up("lab")
    (course.ROOT / "mine" / "thesis.txt").unlink()
    assert course.set_up("lab") == course.ROOT / "mine"


# uv, pip, apt


def test_uv_installs_where_it_is_present(
    course: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "working_uv", lambda: "uv")
    course.set_up("lab")
    assert [command[:2] for command in calls] == [["uv", "venv"], ["uv", "pip"]]


def test_a_uv_that_does_not_run_is_as_good_as_none(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(course.shutil, "which", lambda name: sys.executable)
    assert course.working_uv() == sys.executable
    failed = subprocess.CompletedProcess[bytes]([], returncode=127)
    monkeypatch.setattr(course.subprocess, "run", lambda *_, **__: failed)
    assert course.working_uv() is None


def test_pip_is_brought_back_into_an_environment_made_by_uv(
    course: ModuleType, calls: list[list[str]]
) -> None:
    folder = course.set_up("lab")
    (course.site_packages(folder) / "pip" / "__init__.py").unlink()
    (course.site_packages(folder) / "pip").rmdir()
    course.set_up("test")
    assert [command[2] for command in calls[2:]] == ["ensurepip", "pip"]


def test_a_step_that_fails_names_itself_and_the_next_thing_to_do(course: ModuleType) -> None:
    with pytest.raises(course.Missing, match=r"exit code 4 in: .*\n.*first run needs the network"):
        course.call([sys.executable, "-c", "raise SystemExit(4)"])


def without_ensurepip(course: ModuleType, patch: pytest.MonkeyPatch, *programs: str) -> None:
    patch.setattr(course.importlib.util, "find_spec", lambda name: None)
    patch.setattr(course.shutil, "which", lambda name: name if name in programs else None)


def test_a_debian_without_venv_is_told_the_one_line_to_type(
    course: ModuleType,
    calls: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    without_ensurepip(course, monkeypatch, "apt-get")
    assert course.main(["lab"]) == 1
    assert f"sudo apt install python{course.PYTHON}-venv" in capsys.readouterr().err
    assert calls == []


def test_root_on_debian_gets_venv_from_apt(
    course: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_ensurepip(course, monkeypatch, "apt-get")
    monkeypatch.setattr(course, "IS_ROOT", True)
    typed = apt_that_answers(course, monkeypatch, 0)
    course.set_up("lab")
    assert typed[-1][-1] == f"python{course.PYTHON}-venv"
    assert len(calls) == 2


def apt_that_answers(
    course: ModuleType, patch: pytest.MonkeyPatch, code: int, then: Callable[[], object] = int
) -> list[list[str]]:
    """Let apt-get seem to run: it exits with `code`, and installs by calling `then`."""
    typed: list[list[str]] = []

    def call(command: list[str], **_: object) -> int:
        typed.append(command)
        if "install" in command:
            then()
        return code

    patch.setattr(course.subprocess, "call", call)
    return typed


# The browser


@pytest.fixture
def computer(
    course: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Set the system up: its platform, and the browsers (paths below tmp_path) it has."""

    def set_system(platform: str, *browsers: str) -> None:
        for path in browsers:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).touch(mode=0o755)
        monkeypatch.setattr(course.sys, "platform", platform)

    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path / "programs"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setattr(course, "libatomic_is_missing", lambda: False)
    return set_system


@pytest.mark.skipif(sys.platform == "win32", reason="looks for programs without .exe")
@pytest.mark.parametrize(
    ("platform", "browsers", "first"),
    [
        ("linux", ["bin/chromium", "bin/google-chrome"], "bin/google-chrome"),
        ("linux", ["bin/chromium", "bin/microsoft-edge"], "bin/chromium"),
        (
            "darwin",
            [
                "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
                "Applications/Chromium.app/Contents/MacOS/Chromium",
            ],
            "Applications/Chromium.app/Contents/MacOS/Chromium",
        ),
        (
            "win32",
            [
                "programs/Microsoft/Edge/Application/msedge.exe",
                "local/Google/Chrome/Application/chrome.exe",
            ],
            "local/Google/Chrome/Application/chrome.exe",
        ),
    ],
)
def test_chrome_comes_before_chromium_and_chromium_before_edge(
    course: ModuleType,
    computer: Callable[..., None],
    tmp_path: Path,
    platform: str,
    browsers: list[str],
    first: str,
) -> None:
    computer(platform, *browsers)
    assert course.browser(tmp_path) == str(tmp_path / first)


def test_a_browser_named_by_the_user_comes_first(
    course: ModuleType, computer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    computer("linux", "bin/chromium", "bin/mine")
    monkeypatch.setenv("COURSE_BROWSER", str(course.ROOT / "bin" / "mine"))
    assert course.browser(course.ROOT) == str(course.ROOT / "bin" / "mine")


def test_root_on_debian_gets_chromium_from_apt(
    course: ModuleType, computer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    computer("linux", "bin/apt-get")
    monkeypatch.setattr(course, "IS_ROOT", True)
    monkeypatch.setattr(course, "is_debian", lambda: True)
    monkeypatch.setattr(course, "libatomic_is_missing", lambda: True)
    chromium = "bin/chromium"
    typed = apt_that_answers(course, monkeypatch, 0, lambda: computer("linux", chromium))
    assert course.browser(course.ROOT) == str(course.ROOT / chromium)
    assert typed[-1][-2:] == ["chromium", "libatomic1"]


def test_without_any_browser_the_ways_on_are_named(
    course: ModuleType, computer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    computer("linux")
    nothing = subprocess.CompletedProcess[str]([], returncode=1, stdout="")
    monkeypatch.setattr(course.subprocess, "run", lambda *_, **__: nothing)
    typed = apt_that_answers(course, monkeypatch, 1)
    with pytest.raises(course.Missing, match='COURSE_BROWSER.\n.*test -m "not browser"'):
        course.browser(course.ROOT)
    assert typed[-1][1:] == ["-m", "playwright", "install", "chromium"]
