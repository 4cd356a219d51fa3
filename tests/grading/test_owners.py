"""Whose is a file? The platforms' manners, twins, hidden signs, and wrapping folders."""

import pytest

from course_support.grading.owners import names, owner, without_exercise, wrapping

KNOWN = {"ex01_first_view": ("answer-a",), "ex02_choose": ("answer-b",)}
BRIGHTSPACE = "90123-4711 - Ana Silva - Nov 26, 2026 1105 PM"
BLACKBOARD = "Week 1_ana_silva_attempt_2026-11-26-10-22-33"


@pytest.mark.parametrize(
    ("file", "student", "number"),
    [
        ("Ana Silva_4711_assignsubmission_file_ex01_first_view.ipynb", "Ana Silva", "4711"),
        ("Ana Silva_4711_assignsubmission_onlinetext/onlinetext.html", "Ana Silva", "4711"),
        ("Participant_4711_assignsubmission_file_/ex01.ipynb", "Participant 4711", "4711"),
        (f"{BLACKBOARD}_ex01_first_view.ipynb", "ana_silva", ""),
        (f"{BLACKBOARD}.txt", "ana_silva", ""),
        (f"{BRIGHTSPACE}/ex01_first_view.ipynb", "Ana Silva", "90123-4711"),
        (f"{BRIGHTSPACE} - ex01_first_view.ipynb", "Ana Silva", "90123-4711"),
        ("Ana Silva - ex01_first_view.ipynb", "Ana Silva", ""),
        ("Ana Silva - Copy of ex01_first_view.ipynb", "Ana Silva - Copy of", ""),
        ("Copy of ana_ex01.ipynb", "ana", ""),
        ("ana_ex01-Copy1.ipynb", "ana", ""),
        ("ana_ex01 (1).IPYNB", "ana", ""),
        ("ana.ex02.ipynb", "ana", ""),
        ("alex01.ipynb", "alex01", ""),
        ("alex02.ipynb", "alex02", ""),
        ("-rf.ipynb", "-rf", ""),
        ("..ipynb", ".", ""),
        ("=cmd|'calc'!A0/ex01.ipynb", "=cmd|'calc'!A0", ""),
        ("a\x1b[31m\u202eb\u200b\nc/ex01.ipynb", "ab c", ""),
        ("\u200b/ex01.ipynb", "(no name)", ""),
        ("Zoe\u0308/ex01.ipynb", "Zoë", ""),
        ("👩\u200d🎓 Ana/ex01.ipynb", "👩\u200d🎓 Ana", ""),
        ("ana\u200d/ex01.ipynb", "ana", ""),
    ],
)
def test_path_says_whose_it_is(file, student, number):
    found = owner(file, KNOWN)
    assert (found.student, found.number) == (student, number)


def test_what_was_handed_in_later_sorts_behind():
    days = (
        "Nov 9, 2026 1105 PM",
        "Nov 26, 2026 1205 AM",
        "Nov 26, 2026 905 AM",
        "Dec 1, 2026 1205 PM",
    )
    found = [owner(f"1-2 - Ana - {day}/ex01.ipynb", KNOWN).when for day in days]
    assert found == sorted(found) and found[1:3] == ["2026-11-26 00:05", "2026-11-26 09:05"]


def test_two_of_one_name_get_their_numbers_and_one_alone_keeps_the_name():
    files = ("Bo Li_11_assignsubmission_file_/a", "Bo Li_12_assignsubmission_file_/a", "Bo/a")
    people = [owner(file, KNOWN) for file in files]
    assert list(map(names(people).get, (one.person for one in people))) == [
        "Bo Li (11)", "Bo Li (12)", "Bo",
    ]  # fmt: skip


def test_names_that_only_look_the_same_are_told_apart_and_take_nobody_elses():
    people = [owner(f"{name}/a", KNOWN) for name in ("ana", "ana\u200b", "ana (1)")]
    found = names(people)
    assert len(set(found.values())) == 3 and "ana (1)" in found.values()
    assert found == names(people[::-1])


@pytest.mark.parametrize("name", ["_" * 200, "ex01" * 50, "a_" * 100 + "1", " -" * 100])
def test_long_name_is_read_at_once(name):
    assert isinstance(without_exercise(name, KNOWN), str)


@pytest.mark.parametrize(
    ("files", "wrapper"),
    [
        (["export/ana.ipynb", "export/bo.ipynb"], "export/"),
        (["export/ana_ex01.ipynb", "export/ana_ex02.ipynb"], "export/"),
        (["a/b/ana/ex01.ipynb", "a/b/bo/ex01.ipynb"], "a/b/"),
        ([f"export/{BRIGHTSPACE}/ex01.ipynb"], "export/"),
        ([f"export/{BLACKBOARD}_ex01.ipynb"], "export/"),
        (["ana/ex01.ipynb", "ana/ex02-2.ipynb"], ""),
        (["ana/ex01_first_view/ex01_first_view.ipynb", "ana/ex02_choose/x.ipynb"], ""),
        (["ana/ex01_first_view/ex01_first_view.ipynb"], ""),
        (["ana/Untitled.ipynb", "ana/Untitled1.ipynb"], ""),
        (["ana/ex01.ipynb", "ana/old/ex01.ipynb"], ""),
        (["ana/ex01.ipynb", "bo/ex01.ipynb"], ""),
        (["ana.ipynb"], ""),
        ([], ""),
    ],
)
def test_folder_around_everything_is_taken_off_and_a_students_own_is_not(files, wrapper):
    assert wrapping(files, KNOWN) == wrapper
