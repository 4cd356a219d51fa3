"""A teacher's hidden checks: judged like the others, and no word of them reaches a student."""

import asyncio
import csv
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import pytest

from course_support import cli
from course_support.content import ContentError
from course_support.grading.apart import judge_apart
from course_support.grading.batch import Graded, all_kept, grade, on_executor
from course_support.grading.exercises import exercises, find
from course_support.grading.forking import GraderFault
from course_support.grading.loading import hidden_checks, read_hidden, title_of
from course_support.grading.marks import with_marks
from course_support.grading.outside import Grader
from course_support.grading.points import weigh
from course_support.grading.records import Store, from_json, to_json
from course_support.grading.reports import platforms
from course_support.grading.reports.tables import feedback
from course_support.grading.reports.writing import write_reports
from course_support.grading.results import ClassResults
from course_support.grading.submissions import Submission
from course_support.grading.trying import try_out
from course_support.places import ROOT
from course_support.verdicts import Outcome, Verdict, report

KEY, CELL = "ex01_first_view", "answer-headlines"
FOLDER = ROOT / "tests" / "samples" / "hidden"
CLASS = ROOT / "tests" / "samples" / "class"
TEXTS = read_hidden(FOLDER, exercises())
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="judges on Linux only")

FUSSY = """\
async def check_no_gaps(client, newswire):
    \"\"\"It refuses a day without headlines.\"\"\"
    with newswire.answers("slow", {"headlines": []}):
        response = await client.get("/headlines/")
    assert response.status_code == 404, "SECRET seen"
"""
BROKEN = FUSSY.replace("response.status_code == 404", "response.no_such_thing")


# What a folder must be like


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n", "there is no check in it"),
        ("async def check_x(client, newswire):\n    pass\n", "'check_x' is not an `async def`"),
        ("def check_x(client, newswire):\n    'Doc.'\n", "with a docstring"),
        ("import os\nimport no_such_module\n", "py, line 2: ModuleNotFoundError"),
        ("async def check_x(:\n", "py, line 1: SyntaxError"),
        (f"{FUSSY}weights = {{'check_y': 2}}\n", "names 'check_y', and there is no such check"),
        (f"{FUSSY}weights = {{'check_no_gaps': 0.5}}\n", "write whole numbers"),
        (f"{FUSSY}weights = {{'check_no_gaps': -1}}\n", "write whole numbers"),
    ],
)
def test_file_that_is_not_well_formed_is_refused_with_its_name(tmp_path, text, words):
    (tmp_path / f"{KEY}.py").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=words) as told:
        read_hidden(tmp_path, exercises())
    assert KEY in str(told.value)


def test_folder_without_checks_and_name_of_no_exercise_are_refused(tmp_path):
    with pytest.raises(ContentError, match="There are no hidden checks in"):
        read_hidden(tmp_path / "nowhere", exercises())
    (tmp_path / "ex1.py").write_text(FUSSY, "utf-8")
    with pytest.raises(ContentError, match="no exercise 'ex1'. The exercises are: ex01_first"):
        read_hidden(tmp_path, exercises())


def test_folder_may_be_a_package_made_on_another_system(tmp_path):
    (tmp_path / f"{KEY}.py").write_text(FUSSY, "utf-8-sig")
    for name in ("__init__.py", f"._{KEY}.py", "notes.md"):
        (tmp_path / name).write_bytes(b"\x00\xff")
    assert read_hidden(tmp_path, exercises()) == {KEY: FUSSY}


def test_nothing_is_judged_where_the_folder_is_of_no_use(tmp_path, capsys):
    words = ["grade", str(CLASS), "--out", str(tmp_path / "out"), "--hidden", str(tmp_path)]
    assert cli.main(words) == 1
    assert "There are no hidden checks in" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_teachers_folder_is_only_read(tmp_path):
    (tmp_path / f"{KEY}.py").write_text(FUSSY, "utf-8")
    hidden_checks(KEY, read_hidden(tmp_path, exercises())[KEY])
    assert [path.name for path in tmp_path.rglob("*")] == [f"{KEY}.py"]


# What they count


def verdicts(passed, hidden):
    """Five visible verdicts and those of hidden checks, of which so many are correct."""
    right, wrong = Verdict(Outcome.CORRECT, "Seen"), Verdict(Outcome.INCORRECT, "Seen", "v", "w")
    found = [right] * passed + [wrong] * (5 - passed)
    words = ("SECRET title", "SECRET seen", "SECRET step", "SECRET line")
    secret = [Verdict(one, *words, hidden=True) for one in hidden]
    return report(KEY, found + secret, "What you proved.")


YES, NO = Outcome.CORRECT, Outcome.INCORRECT


def test_hidden_check_counts_as_much_as_a_visible_one():
    found = weigh(find(KEY), verdicts(5, [YES, NO]), [1, 1])
    assert found.points == 2.0 and found.earned == 1.71
    assert {round(one.points, 6) for one in found.verdicts} == {round(2 / 7, 6)}


def test_weights_in_the_teachers_file_make_it_count_more_or_nothing():
    assert hidden_checks("ex04_fan_out", TEXTS["ex04_fan_out"]).weights == [2]
    assert weigh(find(KEY), verdicts(5, [NO]), [5]).earned == 1.0
    assert weigh(find(KEY), verdicts(5, [NO]), [0]).earned == 2.0


def test_changed_hidden_checks_are_another_key_and_none_are_the_old_one(tmp_path):
    store, one = Store(tmp_path), Submission("ana", KEY, {CELL: "x"})
    keys = [store.key(find(KEY), one, text) for text in ("", "a", "b")]
    assert len(set(keys)) == 3 and keys[0] == store.key(find(KEY), one)


def test_report_keeps_its_hidden_verdicts_as_json():
    found = verdicts(4, [YES])
    assert from_json(json.loads(json.dumps(to_json(found)))) == found


def test_what_was_judged_is_known_as_kept_right_or_wrong_and_by_its_hidden_checks(tmp_path):
    store, one = Store(tmp_path), Submission("ana", KEY, {CELL: "x"})
    store.keep(store.key(find(KEY), one, "a"), verdicts(3, [NO]))
    assert all_kept([one], store, {KEY: "a"})
    assert not all_kept([one], store, {KEY: "b"}) and not all_kept([one], store)


# What a student reads


def test_report_shows_of_hidden_checks_the_number_only():
    found = verdicts(5, [YES, NO])
    assert not found and found.visible and found.outcome is NO
    for shown in (found.text(), found._repr_html_(), repr(found)):
        assert "SECRET" not in shown
        assert "all visible checks passed (5 of 5), 1 of 2 hidden checks passed" in shown
    assert "What you proved." in found.text()


def class_of(*reports):
    names = ["ana", "bo", "cy", "di"]
    graded = [
        Graded(Submission(name, KEY, {CELL: name}), weigh(find(KEY), one, [1] * len(one.hidden)))
        for name, one in zip(names, reports, strict=False)
    ]
    return ClassResults(tuple(with_marks(graded, {})), (), "How.")


def test_no_word_of_a_hidden_check_is_in_anything_a_student_gets(tmp_path):
    found = class_of(verdicts(5, [YES, YES]), verdicts(5, [YES, NO]), verdicts(2, [NO, NO]))
    write_reports(tmp_path, found)
    roster = tmp_path / "roster.csv"
    roster.write_text("Student,ID\n    Points Possible,\nana,1\nbo,2\ncy,3\n", "utf-8")
    platforms.write_canvas(tmp_path / "canvas.csv", roster, found)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Identifier,Full name,Grade,Feedback comments\n1,ana,,\n2,bo,,\n", "utf-8")
    platforms.write_moodle(tmp_path / "moodle.csv", sheet, found)
    platforms.write_moodle_import(tmp_path / "import.csv", found)
    pages = sorted((tmp_path / "students").iterdir())
    for path in (*pages, *(tmp_path / f"{name}.csv" for name in ("canvas", "moodle", "import"))):
        assert "SECRET" not in path.read_text("utf-8"), path.name
    assert "SECRET" not in feedback(list(found.results))  # also nbgrader's comments


def test_students_page_says_how_many_hidden_checks_passed(tmp_path):
    found = class_of(verdicts(5, [YES, NO]), verdicts(0, [NO, NO]))
    write_reports(tmp_path, found)
    page = (tmp_path / "students" / "ana.html").read_text("utf-8")
    assert "all visible checks passed (5 of 5) · 1 of 2 hidden checks passed" in page
    assert "✗ 1 of 2" in page and "0.29 of 0.57" in page
    assert "What you proved." in page and "Hint" not in page
    assert "1 of 2 hidden checks passed." in feedback(found.of_student("ana"))


def test_teacher_reads_everything(tmp_path):
    found = class_of(verdicts(5, [YES, NO]), verdicts(5, [NO, NO]))
    write_reports(tmp_path, found)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert page.count("SECRET title <span") == 2 and "SECRET step" in page
    assert page.count('<i class="apart">') == 2
    result = json.loads((tmp_path / "grades.json").read_text("utf-8"))["results"][0]
    assert result["report"]["verdicts"][-1]["seen"] == "SECRET seen"
    with (tmp_path / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = [
        (row["outcome"], row["checks"], row["hidden_passed"], row["hidden_checks"]) for row in rows
    ]
    assert counts == [("incorrect", "5", "1", "2"), ("incorrect", "5", "0", "2")]


def test_without_hidden_checks_nothing_speaks_of_them(tmp_path):
    write_reports(tmp_path, class_of(verdicts(5, [])))
    for name in ("index.html", "students/ana.html"):
        assert "idden checks" not in (tmp_path / name).read_text("utf-8")


# The judge


EMPTY_IS_404 = """
inner = headlines
async def headlines(request):
    answer = await inner(request)
    return answer if b"Story" in answer.content else JsonResponse({"none": "today"}, status=404)
site.urlpatterns = [path("headlines/", headlines)]
"""


@pytest.fixture(scope="module")
def seen(reference):
    """What one grader says: reports by name, and what is told of checks that cannot be used."""
    if sys.platform != "linux":
        pytest.skip("judges on Linux only")
    return asyncio.run(_seen(reference))


async def _seen(reference):
    hunter = (ROOT / "tests" / "hostile" / "hunts_hidden_checks.py").read_text("utf-8")
    planted = 'planted = "".join(["a quiet", " day"])\n'
    answers = {
        "right": reference,
        "fitted": reference + EMPTY_IS_404,
        "hunter": hunter,
        "control": planted + hunter,
    }
    found = {}
    async with Grader(4, unsafe=True) as grader:
        found["mode"] = grader.mode
        judge = partial(grader.judge, hidden=TEXTS)
        reports = await asyncio.gather(*(judge(KEY, {CELL: one}) for one in answers.values()))
        found |= dict(zip(answers, reports, strict=True))
        for name, text in (("fussy", FUSSY), ("broken", BROKEN)):
            hidden = {KEY: text}
            judge = partial(grader.judge, hidden=hidden)
            with pytest.raises(ContentError) as told:
                await try_out(hidden, partial(grade, judge=judge, hidden=hidden))
            found[name] = str(told.value)
        judge = partial(grader.judge, hidden={KEY: BROKEN})
        with pytest.raises(GraderFault) as fault:
            await grade([Submission("ana", KEY, {CELL: reference})], judge)
        found["fault"] = str(fault.value)
    return found


def test_right_answer_passes_and_one_fitted_to_the_visible_checks_does_not(seen):
    right = seen["right"]
    assert right and [one.hidden for one in right.verdicts] == [False] * 5 + [True] * 2
    fitted = seen["fitted"]
    assert fitted.visible and [bool(one) for one in fitted.hidden] == [False, False]
    assert "answered 404" in fitted.hidden[0].seen


def test_submission_that_hunts_for_them_finds_none(seen):
    if seen["mode"] != "namespaces":
        pytest.skip("This machine does not let a stranger's code be shut in.")
    assert seen["hunter"], seen["hunter"].verdicts
    assert "found b'quiet day'" in seen["control"].text()


def test_check_that_does_not_hold_for_the_courses_answer_is_told_of_before_anybody_is_judged(seen):
    assert seen["fussy"].startswith(
        f"hidden checks, {KEY}.py: 'It refuses a day without headlines' does not hold"
    )
    assert "SECRET seen" in seen["fussy"] and "Nobody was judged" in seen["fussy"]


def test_check_that_breaks_is_told_of_by_name(seen):
    assert f"{KEY}.py: check_no_gaps of {KEY} broke: AttributeError" in seen["broken"]
    assert "check_no_gaps" in seen["fault"]  # and where nobody tried it, it is no zero


def test_break_fix_is_tried_with_what_there_is_to_mend(monkeypatch):
    asked = []

    async def fake(submissions):
        asked.extend(submissions)
        return [Graded(one, verdicts(0, [NO])) for one in submissions]

    asyncio.run(try_out({"fix01_three_awaits": FUSSY}, fake))
    assert asked[0].exercise == "fix01_three_awaits" and all(asked[0].cells.values())
    with pytest.raises(ContentError, match="does not hold for the course's own answer"):
        asyncio.run(try_out({KEY: FUSSY}, fake))


@on_linux
def test_worker_of_a_pool_is_sent_the_text_and_needs_no_folder(reference):
    """The strings go to a process that has no such file, as to a machine of a cluster."""
    hidden = {KEY: TEXTS[KEY]}
    found = [Submission("ana", KEY, {CELL: reference + EMPTY_IS_404})]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        judge = on_executor(pool, partial(judge_apart, unsafe=True, hidden=hidden))
        (graded,) = asyncio.run(grade(found, judge, hidden=hidden))
    titles = [title_of(one) for one in hidden_checks(KEY, TEXTS[KEY]).checks]
    assert [one.title for one in graded.report.hidden] == titles
    assert graded.report.earned == 1.43


@on_linux
def test_class_is_graded_with_hidden_checks_by_one_command(tmp_path, capsys):
    words = ["grade", str(CLASS / "Dora Lind"), "--unsafe", "--out", str(tmp_path)]
    assert cli.main([*words, "--hidden", str(FOLDER)]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "5 of 5 checks, 2 of 2 hidden" in said and "1 of 1 hidden" in said
    pages = "".join(path.read_text("utf-8") for path in (tmp_path / "students").iterdir())
    for text in TEXTS.values():
        for check in hidden_checks(KEY, text).checks:
            assert title_of(check) not in pages
            assert title_of(check) in (tmp_path / "grades.json").read_text("utf-8")
    before = (tmp_path / "grades.json").read_text("utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / f"{KEY}.py").write_text(FUSSY, "utf-8")
    assert cli.main([*words, "--hidden", str(tmp_path / "mine")]) == 1
    assert "does not hold" in capsys.readouterr().err
    assert (tmp_path / "grades.json").read_text("utf-8") == before
