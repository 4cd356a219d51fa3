"""A folder or a zip of notebooks: whose they are, and what is left out with a reason."""

import json
import os
import zipfile

import pytest

from course_support import content
from course_support.content import ContentError
from course_support.grading import folders
from course_support.grading.collecting import collect
from course_support.grading.owners import owner
from course_support.grading.submissions import LIMIT_BYTES

KNOWN = {"ex01_first_view": ("answer-a",), "ex02_choose": ("answer-b",)}


def notebook(source="1", cell_id="answer-a"):
    cell = {"cell_type": "code", "id": cell_id, "metadata": {}, "source": source}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


@pytest.fixture
def laid(tmp_path):
    """`laid({"ana/ex01.ipynb": text})` writes files and collects them."""

    def lay(files):
        for name, text in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return collect(tmp_path / "in", KNOWN)

    lay.folder = tmp_path / "in"
    lay.folder.mkdir()
    return lay


@pytest.fixture
def zipped(tmp_path):
    """`zipped({"ana/ex01.ipynb": text})` writes a zip and collects it."""

    def pack(files):
        path = tmp_path / "class.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in files.items():
                file.writestr(name, text)
        return collect(path, KNOWN)

    return pack


def whose(found):
    return [(one.student, one.exercise, one.number) for one in found.submissions]


def refused(found):
    return {one.file: one.reason for one in found.refused}


@pytest.mark.parametrize(
    ("file", "student", "number"),
    [
        ("ana.ipynb", "ana", ""),
        ("ana_ex01_first_view.ipynb", "ana", ""),
        ("ana-ex01-first-view (2).ipynb", "ana", ""),
        ("ana_ex02.ipynb", "ana", ""),
        ("ex01_first_view.ipynb", "ex01_first_view", ""),
        ("ana/ex01_first_view.ipynb", "ana", ""),
        ("ana/ex01_first_view/ex01_first_view.ipynb", "ana", ""),
        ("Ana de Silva_4711_assignsubmission_file_/x.ipynb", "Ana de Silva", "4711"),
        ("Ana de Silva_4711_assignsubmission_file/x.ipynb", "Ana de Silva", "4711"),
        ("silvaana_4711_90210_ex01_first_view.ipynb", "silvaana", "4711"),
        ("silvaana_LATE_4711_90210_ex01_first_view-2.ipynb", "silvaana", "4711"),
    ],
)
def test_path_says_whose_it_is(file, student, number):
    assert owner(file, KNOWN)[:2] == (student, number)


def test_folder_of_notebooks_and_of_folders(laid):
    found = laid(
        {
            "bo.ipynb": notebook(),
            "ana/ex01.ipynb": notebook(),
            "ana/ex02.ipynb": notebook("2", "answer-b"),
            "ana/notes.txt": "",
            "ana/.ipynb_checkpoints/ex01-checkpoint.ipynb": notebook("old"),
        }
    )
    assert whose(found) == [
        ("ana", "ex01_first_view", ""), ("ana", "ex02_choose", ""), ("bo", "ex01_first_view", ""),
    ]  # fmt: skip
    assert found.refused == ()


def test_moodles_zip(zipped):
    found = zipped(
        {
            "Ana Silva_11_assignsubmission_file_/ex01.ipynb": notebook(),
            "Bo Li_12_assignsubmission_file_/ex01.ipynb": notebook("2"),
        }
    )
    assert whose(found) == [
        ("Ana Silva", "ex01_first_view", "11"),
        ("Bo Li", "ex01_first_view", "12"),
    ]


def test_canvas_zip_says_who_was_late(zipped):
    found = zipped({"silvaana_LATE_11_22_ex01_first_view.ipynb": notebook()})
    assert whose(found) == [("silvaana", "ex01_first_view", "11")]
    assert "Canvas marks it as late." in found.submissions[0].remarks


def test_folder_around_everything_is_no_student(zipped):
    found = zipped({"export/ana/ex01.ipynb": notebook(), "export/bo/ex01.ipynb": notebook()})
    assert [one.student for one in found.submissions] == ["ana", "bo"]


def test_of_two_for_one_exercise_the_last_by_name_counts_and_the_other_is_named(laid):
    found = laid({f"ana/ex01{n}.ipynb": notebook(n) for n in ("", "-2", "-10")})
    (one,) = found.submissions
    assert one.cells == {"answer-a": "-10"}
    assert set(refused(found)) == {"ana/ex01.ipynb", "ana/ex01-2.ipynb"}


def test_broken_file_is_refused_and_the_others_are_collected(laid):
    found = laid({"ana.ipynb": "{", "bo.ipynb": notebook(), "cy/readme.md": ""})
    assert [one.student for one in found.submissions] == ["bo"]
    assert "not whole JSON" in refused(found)["ana.ipynb"]
    assert "no notebook" in refused(found)["cy/"]


def test_links_are_not_followed(laid, tmp_path):
    secret = tmp_path / "solution.ipynb"
    secret.write_text(notebook())
    laid.folder.joinpath("ana.ipynb").symlink_to(secret)
    laid.folder.joinpath("bo").symlink_to(tmp_path)
    (laid.folder / "cy").mkdir()
    laid.folder.joinpath("cy", "in").symlink_to(tmp_path)
    laid.folder.joinpath("cy", "ex01.ipynb").symlink_to(secret)
    found = laid({})
    assert found.submissions == ()
    assert {"ana.ipynb", "bo", "cy/in", "cy/ex01.ipynb"} == set(refused(found))
    assert all("links are not followed" in reason for reason in refused(found).values())


def test_fifty_megabytes_are_not_read(laid):
    with laid.folder.joinpath("ana.ipynb").open("wb") as file:
        file.truncate(50 * 2**20)
    assert "has 50.0 MiB" in refused(laid({}))["ana.ipynb"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipe_is_refused_and_not_waited_for(laid):
    os.mkfifo(laid.folder / "ana.ipynb")
    assert "no regular file" in refused(laid({}))["ana.ipynb"]


def test_zip_that_leads_out_writes_nothing_and_is_refused(zipped, tmp_path):
    names = ("../out.ipynb", "/out.ipynb", "ana/../../out.ipynb", "C:\\out.ipynb")
    found = zipped(dict.fromkeys(names, notebook()) | {"bo/ex01.ipynb": notebook()})
    assert [one.student for one in found.submissions] == ["bo"]
    assert len(found.refused) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.zip"]


def test_link_in_a_zip_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as file:
        link = zipfile.ZipInfo("ana/ex01.ipynb")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    assert (
        "links are not followed"
        in refused(collect(tmp_path / "class.zip", KNOWN))["ana/ex01.ipynb"]
    )


def test_member_that_unpacks_to_too_much_is_refused(zipped):
    found = zipped({"ana/ex01.ipynb": "0" * (LIMIT_BYTES + 1), "bo/x.zip": "PK"})
    assert "at most 4 MiB" in refused(found)["ana/ex01.ipynb"]
    assert "zip within the zip" in refused(found)["bo/x.zip"]


def test_damaged_member_is_refused_alone(tmp_path):
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("ana/ex01.ipynb", notebook("damaged"))
        file.writestr("bo/ex01.ipynb", notebook())
    path.write_bytes(path.read_bytes().replace(b"damaged", b"damXged", 1))
    found = collect(path, KNOWN)
    assert [one.student for one in found.submissions] == ["bo"]
    assert "damaged within the zip" in refused(found)["ana/ex01.ipynb"]


def test_nothing_there_and_a_zip_that_is_none(tmp_path):
    with pytest.raises(ContentError, match="nowhere is not there"):
        collect(tmp_path / "nowhere", KNOWN)
    (tmp_path / "x.tar.gz").write_bytes(b"\x1f\x8b")
    with pytest.raises(ContentError, match="no folder, no zip and no notebook"):
        collect(tmp_path / "x.tar.gz", KNOWN)
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(ContentError, match="cannot be opened as a zip"):
        collect(tmp_path / "x.zip", KNOWN)


def test_one_notebook_by_itself(tmp_path):
    (tmp_path / "ana.ipynb").write_text(notebook())
    assert whose(collect(tmp_path / "ana.ipynb", KNOWN)) == [("ana", "ex01_first_view", "")]


def test_two_students_of_one_name_are_two(zipped):
    found = zipped(
        {f"Bo Li_{n}_assignsubmission_file_/ex01.ipynb": notebook(n) for n in ("11", "12")}
    )
    assert whose(found) == [
        ("Bo Li (11)", "ex01_first_view", "11"), ("Bo Li (12)", "ex01_first_view", "12"),
    ]  # fmt: skip
    assert found.refused == ()


@pytest.mark.parametrize("pack", ["laid", "zipped"])
def test_flat_folder_within_is_a_class_and_no_student(pack, request):
    found = request.getfixturevalue(pack)(
        {"export/ana.ipynb": notebook(), "export/bo.ipynb": notebook("2")}
    )
    assert [one.student for one in found.submissions] == ["ana", "bo"]


@pytest.mark.parametrize("pack", ["laid", "zipped"])
def test_whoever_handed_in_something_else_is_named_with_what_it_is(pack, request):
    found = request.getfixturevalue(pack)(
        {
            "ana/ex01.ipynb": notebook(),
            "ana/notes.txt": "",
            "bo/ex01.py": "",
            "cy/deep/x.pdf": "",
            "readme.md": "",
            "silvaana_1_2_answer.pdf": "",
            "Week_li_attempt_2026-11-26-10-22-33.txt": "",
            "dee/x.zip": "",
            "all.zip": "",
        }
    )
    assert {file: reason.partition(". ")[0] for file, reason in refused(found).items()} == {
        "bo/": "There is no notebook in this folder, only: ex01.py",
        "cy/": "There is no notebook in this folder, only: x.pdf",
        "silvaana_1_2_answer.pdf": "It is no notebook",
        "Week_li_attempt_2026-11-26-10-22-33.txt": "It is no notebook",
        "dee/x.zip": refused(found)["all.zip"],
        "all.zip": refused(found)["all.zip"],
    }
    assert {one.student for one in found.refused} >= {"bo", "cy", "silvaana", "li", "dee"}


def test_latest_attempt_counts_by_its_date(laid):
    days = ("Nov 9, 2026 1105 PM", "Dec 1, 2026 905 AM", "Nov 26, 2026 1105 PM")
    found = laid({f"1-2 - Ana - {day}/ex01.ipynb": notebook(day) for day in days})
    (one,) = found.submissions
    assert one.cells == {"answer-a": days[1]} and len(found.refused) == 2


def test_a_cell_that_stands_in_another_exercises_notebook_does_not_replace_the_own(laid):
    found = laid({"ana/ex01.ipynb": notebook("own"), "ana/ex02.ipynb": notebook("stale")})
    (one,) = found.submissions
    assert (one.exercise, one.cells) == ("ex01_first_view", {"answer-a": "own"})


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_no_utf8_and_twins_of_other_bytes(laid):
    for name in (b"Jos\xe9", b"Jos\xe8", "Zo\u00eb".encode(), "Zoe\u0308".encode()):
        folder = laid.folder / os.fsdecode(name)
        folder.mkdir()
        (folder / "ex01.ipynb").write_text(notebook(name.hex()))
    found = laid({})
    assert [one.student for one in found.submissions] == ["Jos\\xe8", "Jos\\xe9", "Zoë"]
    assert [one.student for one in found.refused] == ["Zoë"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_file_and_folder_that_may_not_be_read(laid):
    laid({"ana.ipynb": notebook(), "bo/ex01.ipynb": notebook(), "cy/ex01.ipynb": notebook()})
    shut = [laid.folder / "ana.ipynb", laid.folder / "bo"]
    for path in shut:
        path.chmod(0)
    try:
        found = laid({})
    finally:
        for path in shut:
            path.chmod(0o700)
    assert [one.student for one in found.submissions] == ["cy"]
    assert {name: "Permission denied" in why for name, why in refused(found).items()} == {
        "ana.ipynb": True, "bo/": True,
    }  # fmt: skip


def test_file_that_vanishes_is_named(laid, monkeypatch):
    (laid.folder / "ana.ipynb").write_text(notebook())
    really = os.open
    monkeypatch.setattr(folders.os, "open", lambda path, how: really(f"{path}.gone", how))
    assert "No such file" in refused(laid({}))["ana.ipynb"]


def test_folders_without_end_are_named(laid):
    deep = laid.folder / "ana"
    for _ in range(30):
        deep /= "a"
    deep.mkdir(parents=True)
    (reason,) = refused(laid({"bo.ipynb": notebook()})).values()
    assert "folders within folders" in reason


def test_folder_of_the_reports_is_left_alone(laid):
    laid({"ana.ipynb": notebook(), "reports/students/ana.html": ""})
    found = collect(laid.folder, KNOWN, leave=laid.folder / "reports")
    assert whose(found) == [("ana", "ex01_first_view", "")] and found.refused == ()


def test_system_files_and_upper_case_endings(zipped):
    found = zipped(
        {
            "ana/EX01.IPYNB": notebook(),
            "__MACOSX/ana/._EX01.IPYNB": "x",
            "ana/.DS_Store": "x",
            "ana/.ipynb_checkpoints/EX01-checkpoint.ipynb": "x",
        }
    )
    assert whose(found) == [("ana", "ex01_first_view", "")] and found.refused == ()


def test_names_in_a_zip_of_macos_and_of_windows(tmp_path):
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name in ("XXXX/ex01.ipynb", "bo\\ex01.ipynb", "CXF/ex01.ipynb"):
            member = zipfile.ZipInfo("x")
            member.filename = name
            file.writestr(member, notebook())
    data = path.read_bytes().replace(b"XXXX", "Zoë".encode()).replace(b"CXF", b"\x90va")
    path.write_bytes(data)
    assert [one.student for one in collect(path, KNOWN).submissions] == ["bo", "Zoë", "Éva"]


def test_zip_with_a_name_without_end(zipped):
    found = zipped({"_" * 60_000 + "/ex01.ipynb": notebook(), "bo/ex01.ipynb": notebook()})
    assert [one.student for one in found.submissions] == ["bo"]
    assert "no end" in found.refused[0].reason


def test_members_that_overlap_are_refused(tmp_path):
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("ana/ex01.ipynb", notebook())
        file.writestr("bob/ex01.ipynb", notebook())
        file.filelist[1].header_offset = 0
    found = collect(path, KNOWN)
    assert "damaged within the zip" in refused(found)["bob/ex01.ipynb"]


def test_zip_by_another_name_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip.download", "w") as file:
        file.writestr("ana/ex01.ipynb", notebook())
    assert whose(collect(tmp_path / "class.zip.download", KNOWN)) == [
        ("ana", "ex01_first_view", "")
    ]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_folder_that_may_not_even_be_looked_for_is_said(laid):
    (laid.folder / "shut" / "in").mkdir(parents=True)
    (laid.folder / "shut").chmod(0)
    try:
        with pytest.raises(ContentError, match="Permission denied"):
            collect(laid.folder / "shut" / "in", KNOWN)
    finally:
        (laid.folder / "shut").chmod(0o700)


def test_list_of_exercises_is_parsed_once_for_a_class(laid, monkeypatch):
    parsed = []
    really = content.tomllib.loads
    monkeypatch.setattr(content.tomllib, "loads", lambda text: parsed.append(1) or really(text))
    laid({f"s{at}.ipynb": notebook() for at in range(30)})
    assert len(parsed) <= 1
