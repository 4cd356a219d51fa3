# /// script
# requires-python = ">=3.11"
# ///
"""Open the course, or test it.

    python3 course.py                        open JupyterLab on the start page
    python3 course.py lab --port 8899        the same; further words go to jupyter lab
    python3 course.py test                   set everything up and run all tests
    python3 course.py test -m "not browser"  further words go to pytest
    python3 course.py lint                   ruff, mypy and codespell, for authors
    python3 course.py progress               the map of the course, as you have done it
    python3 course.py dask worker ...        for `grade --scheduler`, on each of its machines
    python3 course.py bank|build|check|grade|prove|reset ...
                                             the same as python -m course_support ...
On Windows type py instead of python3. Needs Python 3.11 or newer and nothing else.

The first run downloads the packages named in requirements/ into a virtual environment;
later runs need no network. The environment is .venv beside this file. Where .venv is in use
by another Python, or was not made by this program, it is left alone and the environment is
.venv-3.13 (the version of the Python that runs this file). COURSE_VENV names another folder,
COURSE_BROWSER the browser that the tests use.
"""

import hashlib
import importlib.util
import locale
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Old Pythons read this far, so nothing in this file is newer syntax than Python 3.6.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        f"The course needs Python 3.11 or newer; this is Python {sys.version.split()[0]}.\n"
        "    Install a newer one (https://www.python.org/downloads/) and start with that one,\n"
        "    for example: python3.13 course.py"
    )

ROOT = Path(__file__).resolve().parent
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
WINDOWS = os.name == "nt"
IS_ROOT = not WINDOWS and os.geteuid() == 0
LOCKS = {
    "lab": "course.lock",
    "cluster": "cluster.lock",
    "test": "test.lock",
    "lint": "lint.lock",
}
# Each of these locks holds all that the ones before it hold, in the same versions.
NESTED = ("lab", "cluster", "test")
LINTERS = ("ruff check .", "ruff format --check .", "mypy", "codespell_lib")
MARK = "made-by-course.txt"
MADE_FOR = f"{PYTHON} {sys.implementation.name} {ROOT}"
# These would lead a child to other packages, or keep it from storing its byte-code.
STRAY = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PIP_USER", "PIP_TARGET")


class Missing(Exception):
    """What is missing, and what to type to get it."""


def main(words: list[str]) -> int:
    """Set up what the words need, run them and return the exit code."""
    if words and words[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    task, commands = plan(words)
    try:
        folder = set_up(task)
        environ = environment(folder, task)
        if task == "test" and not any("not browser" in word for word in words):
            environ["COURSE_BROWSER"] = browser(folder)
    except Missing as problem:
        print(problem, file=sys.stderr)
        return 1
    if commands[0][0] not in ("course_support", "dask"):  # whose words may name folders
        os.chdir(ROOT)
    return run([[str(python_in(folder)), "-m", *command] for command in commands], environ)


def plan(words: list[str]) -> tuple[str, list[list[str]]]:
    """Say which set of packages the words need and which modules, with words, to run."""
    if not words or words[0].startswith("-"):
        words = ["lab", *words]
    if words[0] == "lab":
        allow_root = ["--allow-root"] if IS_ROOT else []
        return "lab", [["jupyterlab", "--ip=127.0.0.1", *allow_root, *words[1:]]]
    if words[0] == "test":
        return "test", [["pytest", *words[1:]]]
    if words[0] == "lint":
        return "lint", [command.split() for command in LINTERS]
    if words[0] == "dask":
        return "cluster", [words]
    on_cluster = any(word.startswith("--scheduler") for word in words)
    return "cluster" if on_cluster else "lab", [["course_support", *words]]


def run(commands: list[list[str]], environ: dict[str, str]) -> int:
    """Run the commands, the only one in this process's place; 0 when all of them succeed."""
    sys.stdout.flush()
    if len(commands) == 1 and not WINDOWS:
        os.execve(commands[0][0], commands[0], environ)
    codes = [wait(subprocess.Popen(command, env=environ)) for command in commands]
    return next((code for code in codes if code), 0)


def wait(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the process; Ctrl-C is for it to answer, as JupyterLab asks before it stops."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def environment(folder: Path, task: str) -> dict[str, str]:
    """Return the variables of a child: the folder's programs first, the course's settings."""
    environ = {name: value for name, value in os.environ.items() if name not in STRAY}
    environ["VIRTUAL_ENV"] = str(folder)
    environ["PATH"] = str(python_in(folder).parent) + os.pathsep + environ.get("PATH", "")
    # Otherwise a kernel named python3 in the learner's home comes before the course's own.
    environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    if task == "lab":
        environ["JUPYTER_CONFIG_PATH"] = str(ROOT / ".jupyter")
        environ["JUPYTERLAB_WORKSPACES_DIR"] = str(ROOT / ".course" / "workspaces")
    return environ


def set_up(task: str) -> Path:
    """Return the folder of the environment, with the task's packages in it."""
    folder = choose_folder(".venv-lint" if task == "lint" else ".venv")
    stamps = {}
    for name in NESTED[: NESTED.index(task) + 1] if task in NESTED else (task,):
        lock = ROOT / "requirements" / LOCKS[name]
        stamps[folder / f"installed-{name}.txt"] = hashlib.sha256(lock.read_bytes()).hexdigest()
    if is_whole(folder) and all(read(path) == value for path, value in stamps.items()):
        return folder
    print(f"Setting up {folder.name} with Python {PYTHON}; the first time takes a minute or so.")
    uv = working_uv()
    if not is_whole(folder):
        make(folder, uv)
    install(folder, LOCKS[task], uv)
    for path, value in stamps.items():
        path.write_text(value, encoding="utf-8")
    return folder


def choose_folder(usual: str) -> Path:
    """Return the folder named by COURSE_VENV, else the first usual one that is free."""
    named = os.environ.get("COURSE_VENV")
    names = [named] if named else [usual, f"{usual}-{PYTHON}"]
    for folder in [ROOT / name for name in names]:
        if is_free(folder) or (named and (folder / MARK).exists()):
            return folder
    raise Missing(
        f"The folder {names[-1]} was not made by course.py and was left alone.\n"
        "    Move it away, or name another folder in the variable COURSE_VENV."
    )


def is_free(folder: Path) -> bool:
    """Whether the folder is absent, empty, this Python's, or left behind by a removed Python."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return not folder.is_file()
    made_for = read(folder / MARK).split(" ")[0]
    return made_for == PYTHON or bool(made_for and not python_in(folder).exists())


def is_whole(folder: Path) -> bool:
    """Whether the environment was made here, for this Python, and was once filled."""
    filled = any(folder.glob("installed-*.txt")) and python_in(folder).exists()
    return filled and read(folder / MARK) == MADE_FOR


def make(folder: Path, uv: "str | None") -> None:
    """Make the environment anew, without packages; its mark is there from the first moment."""
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    except OSError as error:
        raise Missing(
            f"The old {folder.name} could not be replaced: {error}\n"
            "    Stop what still uses it (a JupyterLab in another window), then try again."
        ) from None
    (folder / MARK).write_text(MADE_FOR, encoding="utf-8")
    if uv:
        call([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)])
    else:
        need_ensurepip()
        call([sys.executable, "-m", "venv", str(folder)])


def install(folder: Path, lock: str, uv: "str | None") -> None:
    """Install the lock's packages, each checked against its hashes; link the course's own."""
    python, packages = str(python_in(folder)), site_packages(folder)
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        if not (packages / "pip").is_dir():  # made by uv, which brings no pip
            need_ensurepip()
            call([python, "-m", "ensurepip"])
    call([*command, "--require-hashes", "-r", str(ROOT / "requirements" / lock)])
    # An editable install would build, and download what builds; a .pth file is read anyway.
    (packages / "course_support.pth").write_text(f"{ROOT}\n", encoding=locale.getencoding())


def call(command: list[str]) -> None:
    """Run a step of the set-up; say what to do when it fails."""
    sys.stdout.flush()
    environ = {name: value for name, value in os.environ.items() if name not in STRAY}
    code = subprocess.call(command, env=environ)
    if code:
        raise Missing(
            f"Setting up stopped with exit code {code} in: {' '.join(command)}\n"
            "    The lines above say why. The first run needs the network; behind a proxy set\n"
            "    HTTPS_PROXY. Then type the same command again."
        )


def working_uv() -> "str | None":
    """Return the path of uv, or None where it is absent or does not run."""
    path = shutil.which("uv")
    works = path and subprocess.run([path, "--version"], capture_output=True).returncode == 0
    return path if works else None


def need_ensurepip() -> None:
    """Install the part of Python's venv that Debian keeps apart, or say how to."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{PYTHON}-venv"
    if apt_install(package):
        return
    how = f"sudo apt install {package}" if shutil.which("apt-get") else "pip install uv"
    raise Missing(
        f"This Python ({sys.executable}) has no ensurepip, so it makes no environments.\n"
        f"    Type this, then the same command again: {how}"
    )


def read(path: Path) -> str:
    """Return the file's text, or nothing where there is no such file."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def python_in(folder: Path) -> Path:
    """Return the environment's interpreter."""
    return folder / ("Scripts/python.exe" if WINDOWS else "bin/python")


def site_packages(folder: Path) -> Path:
    """Return where the environment keeps its packages."""
    return folder / ("Lib/site-packages" if WINDOWS else f"lib/python{PYTHON}/site-packages")


def apt_install(*packages: str) -> bool:
    """Install Debian packages when this is root on such a system; whether that worked."""
    if not (packages and IS_ROOT and shutil.which("apt-get")):
        return False
    print(f"Installing {' and '.join(packages)} with apt.", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-qq", "-o", "Dpkg::Use-Pty=0"]
    subprocess.call(["apt-get", "update", *options], env=environ)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *options, *packages]
    return subprocess.call(command, env=environ, stdout=subprocess.DEVNULL) == 0


def browser(folder: Path) -> str:
    """Return the path of a browser for the tests; install one where there is none."""
    found = os.environ.get("COURSE_BROWSER") or installed_browser()
    wanted = ["chromium"] if is_debian() and not found else []
    # Playwright brings a node that needs this library.
    wanted += ["libatomic1"] if libatomic_is_missing() else []
    apt_install(*wanted)
    return found or installed_browser() or playwrights_browser(folder)


def is_debian() -> bool:
    """Whether apt has a real Chromium: Ubuntu's only starts a snap, which containers lack."""
    return "\nID=debian\n" in read(Path("/etc/os-release"))


def libatomic_is_missing() -> bool:
    """Whether this is a Linux without libatomic in the folder where Debian keeps it."""
    return sys.platform == "linux" and not any(Path("/usr/lib").glob("*/libatomic.so.1"))


def installed_browser() -> "str | None":
    """Return Chrome, Chromium or Edge from where this system usually keeps it."""
    if sys.platform == "darwin":
        apps = ("Google Chrome", "Chromium", "Microsoft Edge")
        homes = (Path("/Applications"), Path.home() / "Applications")
        usual = [f"{home}/{app}.app/Contents/MacOS/{app}" for app in apps for home in homes]
    elif sys.platform == "win32":
        names = ("Google/Chrome/Application/chrome", "Microsoft/Edge/Application/msedge")
        homes = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        homes = tuple(os.environ[home] for home in homes if home in os.environ)
        usual = [f"{home}/{name}.exe" for name in names for home in homes]
    else:
        names = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")
        usual = [shutil.which(name) or "" for name in (*names, "microsoft-edge")]
    return next((path for path in usual if Path(path).is_file()), None)


def playwrights_browser(folder: Path) -> str:
    """Return the path of the Chromium that Playwright downloads, once it is there."""
    python = str(python_in(folder))
    script = "from playwright.sync_api import sync_playwright as start\n"
    script += "with start() as playwright: print(playwright.chromium.executable_path)"
    with_deps = ["--with-deps"] if sys.platform == "linux" and IS_ROOT else []
    print("Downloading a browser for the tests.", flush=True)
    subprocess.call([python, "-m", "playwright", "install", *with_deps, "chromium"])
    answer = subprocess.run([python, "-c", script], capture_output=True, text=True)
    path = answer.stdout.strip()
    if Path(path).is_file():
        return path
    raise Missing(
        "There is no browser for the browser tests, and none could be downloaded.\n"
        "    Install Chrome, Chromium or Edge, or name one in the variable COURSE_BROWSER.\n"
        '    All other tests: python3 course.py test -m "not browser"'
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
