"""environment.yml, pyproject.toml and the locks name the same packages."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {
    "course.lock": (),
    "cluster.lock": ("cluster",),
    "test.lock": ("test", "cluster"),
    "lint.lock": ("lint",),
    "pins.txt": ("test", "cluster"),
}
LOCKS = [name for name in EXTRAS if name.endswith(".lock")]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = ("linux", "darwin", "win32")


def wanted(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for in this lock."""
    extras = [PROJECT["optional-dependencies"][extra] for extra in EXTRAS[lock]]
    return [Requirement(line) for line in sum(extras, PROJECT["dependencies"])]


def blocks(lock: str) -> Iterator[str]:
    """The lock's entries: a requirement and its hashes, joined to one line each."""
    text = (REQUIREMENTS / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def pinned(lock: str, python: str, system: str = "linux") -> dict[str, Version]:
    """The versions that this Python on this system installs from the lock."""
    place = {"python_version": python, "python_full_version": f"{python}.9"}
    place |= {"sys_platform": system, "os_name": "nt" if system == "win32" else "posix"}
    found: dict[str, Version] = {}
    for block in blocks(lock):
        requirement = Requirement(block.split(" --hash=")[0])
        if requirement.marker is None or requirement.marker.evaluate(place):
            name = canonicalize_name(requirement.name)
            assert name not in found, f"{lock} pins {name} twice for Python {python}"
            (specifier,) = requirement.specifier
            assert specifier.operator == "==", f"{lock} does not pin {name}: {specifier}"
            found[name] = Version(specifier.version)
    return found


@pytest.mark.parametrize("lock", EXTRAS)
@pytest.mark.parametrize("python", PYTHONS)
def test_each_dependency_is_pinned_at_an_allowed_version(lock: str, python: str) -> None:
    for system in SYSTEMS:
        pins = pinned(lock, python, system)
        for requirement in wanted(lock):
            version = pins.get(canonicalize_name(requirement.name))
            assert version is not None, f"{lock} lacks {requirement}; run requirements/update.py"
            assert version in requirement.specifier, f"{lock} has {version} against {requirement}"


@pytest.mark.parametrize("python", PYTHONS)
def test_a_package_has_the_same_version_in_all_locks(python: str) -> None:
    everything: dict[str, Version] = {}
    for lock in EXTRAS:
        for name, version in pinned(lock, python).items():
            assert everything.setdefault(name, version) == version, (lock, name)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_each_lock_holds_all_that_the_smaller_one_holds(python: str, system: str) -> None:
    course, cluster, test = (
        pinned(lock, python, system).items()
        for lock in ("course.lock", "cluster.lock", "test.lock")
    )
    assert course <= cluster <= test


def test_pins_for_conda_are_the_test_lock_without_its_hashes() -> None:
    without_hashes = [re.sub(r"\s+--hash=.*", "", block) for block in blocks("test.lock")]
    assert list(blocks("pins.txt")) == without_hashes


def test_python_3_11_gets_the_django_lts_and_later_pythons_the_newest() -> None:
    assert pinned("course.lock", "3.11")["django"].release[:2] == (5, 2)
    assert pinned("course.lock", "3.13")["django"] >= Version("6.1")


@pytest.mark.parametrize("lock", LOCKS)
def test_each_pin_has_hashes(lock: str) -> None:
    for block in blocks(lock):
        assert re.search(r" --hash=sha256:[0-9a-f]{64}", block), block


@pytest.mark.parametrize("lock", EXTRAS)
def test_no_lock_names_a_host_or_a_path(lock: str) -> None:
    # Compiled beside a mirror or a folder of wheels, a lock may come to name it.
    for line in (REQUIREMENTS / lock).read_text(encoding="utf-8").splitlines():
        assert not re.search(r"://| @ |^\s*(-e|-f|-i|--(?!hash=))|[/\\]\w", line), line


def test_learners_download_no_test_packages() -> None:
    assert not {"pytest", "playwright", "nbval", "mypy", "ruff", "distributed"} & set(
        pinned("course.lock", "3.12")
    )


def test_environment_yml_leaves_all_packages_to_pip_and_the_pins() -> None:
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    listed = [line.strip(" -") for line in lines if line.strip().startswith("- ")]
    python = next(line for line in listed if line.startswith("python="))
    assert listed == [
        "conda-forge",
        python,
        "pip",
        "pip:",
        "c requirements/pins.txt",
        "e .",
    ]
    assert python.removeprefix("python=") in PYTHONS


def test_all_files_ask_for_the_same_oldest_python() -> None:
    assert PROJECT["requires-python"] == ">=3.11"
    course = (ROOT / "course.py").read_text(encoding="utf-8")
    assert '# requires-python = ">=3.11"' in course
    assert "sys.version_info < (3, 11)" in course
    assert 'OLDEST_PYTHON = "3.11"' in (REQUIREMENTS / "update.py").read_text(encoding="utf-8")


def test_no_folder_hides_environment_yml_from_binder() -> None:
    # repo2docker reads only that folder when there is one.
    assert not (ROOT / "binder").exists()
    assert not (ROOT / ".binder").exists()
