"""Of a stranger's notebook, the answer cells; of one that cannot be read, the reason."""

import json

import pytest

from course_support.grading.answers import answer_ids, reference
from course_support.grading.exercises import find
from course_support.grading.submissions import (
    LIMIT_BYTES,
    Refusal,
    exercise_named,
    read_notebook,
)

KNOWN = {"ex01_view": ("answer-a", "answer-b"), "ex02_other": ("answer-c",)}


def code(source, cell_id=None, **metadata):
    own = {} if cell_id is None else {"id": cell_id}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], **own}


def notebook(*cells, **other):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | other)


def read(text, file="ana.ipynb"):
    data = text.encode() if isinstance(text, str) else text
    return read_notebook(data, "ana", file, KNOWN)


def only(text, **options):
    (one,) = read(text, **options)
    return one


def test_only_answer_cells_are_taken():
    one = only(
        notebook(
            code("import os", "setup"),
            code(["a = 1\n", "b = 2"], "answer-a"),
            code("check = lambda: 1", "check-ex01"),
            code("c", "answer-b"),
            metadata={"kernelspec": {"name": "evil", "language": "bash"}},
        )
    )
    assert dict(one.cells) == {"answer-a": "a = 1\nb = 2", "answer-b": "c"}
    assert (one.exercise, one.student, one.remarks) == ("ex01_view", "ana", ())


def test_cells_are_found_by_nbgraders_name_as_well():
    one = only(
        notebook(
            code("1", "x", nbgrader={"grade_id": "answer-a", "points": 100, "solution": False}),
            code("2", "y", nbgrader={"grade_id": "answer-b"}),
        )
    )
    assert list(one.cells.values()) == ["1", "2"]


def test_missing_cell_is_named_and_the_other_is_judged():
    one = only(notebook(code("1", "answer-a")))
    assert dict(one.cells) == {"answer-a": "1"}
    assert "`answer-b` is not in the notebook" in one.remarks[0]


def test_of_a_doubled_cell_the_last_counts_as_when_it_is_run_from_the_top():
    one = only(notebook(code("1", "answer-c"), code("2", "answer-c")))
    assert dict(one.cells) == {"answer-c": "2"}
    assert "there 2 times; the last one was judged" in one.remarks[0]


def test_a_copy_of_the_same_words_is_no_remark():
    assert only(notebook(code("1", "answer-c"), code("1", "answer-c"))).remarks == ()


def test_renamed_cells_are_not_judged_and_the_name_of_the_file_says_which_exercise():
    one = only(notebook(code("1", "mine")), file="ana_ex02_other.ipynb")
    assert (one.exercise, dict(one.cells)) == ("ex02_other", {})
    assert "not in the notebook" in one.remarks[0]


def test_notebook_without_cell_ids_is_read_by_its_tags():
    cells = [code("1", tags=["answer"]), code("x"), code("2", tags=["answer"])]
    one = only(notebook(*cells, nbformat_minor=4), file="ex01.ipynb")
    assert list(one.cells.values()) == ["1", "2"]
    assert "lost its cell ids" in one.remarks[0]


def test_answer_turned_into_text_is_not_run():
    cell = code("1", "answer-c") | {"cell_type": "markdown"}
    one = only(notebook(cell))
    assert not one.cells and "no code cell any more" in one.remarks[0]


@pytest.mark.parametrize("source", [None, 7, {"a": 1}, ["x", 7]])
def test_source_that_is_no_text_is_no_answer(source):
    one = only(notebook(code(source, "answer-c")))
    assert not one.cells and "no text that could be run" in one.remarks[0]


def test_strange_cells_and_metadata_are_passed_over():
    strange = [1, None, "x", {}, {"metadata": 3, "id": 4}, code("1", tags=7, nbgrader=[])]
    assert list(only(notebook(*strange, code("2", "answer-c"))).cells.values()) == ["2"]


def test_one_notebook_may_hold_several_exercises():
    found = read(notebook(code("1", "answer-a"), code("3", "answer-c")))
    assert [one.exercise for one in found] == ["ex01_view", "ex02_other"]


ALIKE = {"ex04_fan": ("answer-page",), "ex05_limits": ("answer-page", "answer-limit")}


@pytest.mark.parametrize(
    ("file", "cells", "key"),
    [
        ("ana/ex05_limits.ipynb", [], "ex05_limits"),
        ("ana_ex04.ipynb", [], "ex04_fan"),
        ("ana.ipynb", [code('await check("ex05_limits", site)')], "ex05_limits"),
        ("ana_ex04_fan.ipynb", [code('await check("ex05_limits", site)')], "ex04_fan"),
    ],
)
def test_cell_of_two_exercises_goes_to_the_one_that_is_named_or_asked_for(file, cells, key):
    text = notebook(code("1", "answer-page"), *cells)
    (one,) = read_notebook(text.encode(), "ana", file, ALIKE)
    assert (one.exercise, one.cells["answer-page"]) == (key, "1")


def test_cell_of_two_exercises_with_nothing_to_tell_them_apart_is_refused():
    with pytest.raises(Refusal, match="ex04_fan or for ex05_limits. Name the file"):
        read_notebook(notebook(code("1", "answer-page")).encode(), "ana", "ana.ipynb", ALIKE)


def test_half_a_surrogate_pair_can_be_hashed_and_stored():
    one = only('{"nbformat": 4, "cells": [{"cell_type": "code", "id": "answer-c", '
               '"source": "\\ud800"}]}')  # fmt: skip
    assert list(one.cells.values()) == ["?"] and one.digest


WHOLE = notebook(code("1", "answer-c"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "is empty"),
        ("{not json", "not whole JSON"),
        (WHOLE[: len(WHOLE) // 2], "it was cut off"),
        ("[" * 100_000, "nested too deep"),
        ('{"nbformat": 4, "cells": ' + '{"a":' * 100_000, "nested too deep"),
        ("9" * 100_000, "no text that JSON could be"),
        (b'"\xff"', "no text that JSON could be"),
        ("[]", "JSON but no notebook"),
        ('{"a": 1}', "JSON but no notebook"),
        (WHOLE.replace('"nbformat": 4', '"nbformat": 3'), "format 3, and only format 4"),
        (WHOLE.replace('"nbformat": 4', '"nbformat": 99'), "format 99"),
        (WHOLE.replace('"nbformat": 4', '"nbformat": "4\\u001b[2J"'), "format 4"),
        (WHOLE.replace('"nbformat": 4', '"nbformat": NaN'), "format nan"),
        ('{"nbformat": ' + "[" * 900 + "]" * 900 + "}", "format of another kind|nested too deep"),
        ('{"nbformat": 4, "cells": {}}', "no list of cells"),
        ('{"nbformat": 4, "cells": [' + "{}," * 1_300_000 + "{}]}", "has 1300001 cells"),
        (notebook(code("x" * 200_001, "answer-c")), "has 200001 characters"),
        (notebook(code("1", "other")), "no answer cell of any exercise"),
        (WHOLE + " " * LIMIT_BYTES, "at most 4 MiB are read"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data, words):
    with pytest.raises(Refusal, match=words):
        read(data)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_and_other_encodings_of_json_are_read(encoding):
    assert list(only(WHOLE.encode(encoding)).cells.values()) == ["1"]


def test_of_a_doubled_key_the_last_counts_as_json_readers_have_it():
    text = WHOLE.replace('"source": "1"', '"source": "0", "source": "1"')
    assert list(only(text).cells.values()) == ["1"]


@pytest.mark.parametrize(
    ("file", "named"),
    [("ana_ex02.ipynb", ["ex02_other"]), ("EX02 (1).ipynb", ["ex02_other"]), ("alex02.ipynb", [])]
    + [("ex021.ipynb", []), ("x/ana-ex02-other.ipynb", ["ex02_other"]), ("ex02/ana.ipynb", [])],
)
def test_name_of_a_file_names_an_exercise_by_a_word(file, named):
    assert exercise_named(file, KNOWN) == named


def test_digest_is_of_the_answer_and_not_of_the_student():
    one, other = only(WHOLE), read_notebook(WHOLE.encode(), "bo", "b.ipynb", KNOWN)[0]
    assert one.digest == other.digest
    assert one.digest != only(notebook(code("2", "answer-c"))).digest


def test_every_exercise_of_the_course_has_answer_cells():
    assert answer_ids()["ex01_first_view"] == ("answer-headlines",)
    assert answer_ids()["fix01_three_awaits"] == ("fix01-three-awaits",)


def test_the_courses_own_answer_is_that_of_its_solution():
    assert "JsonResponse(answer.json())" in reference(find("ex01_first_view"))["answer-headlines"]
    assert reference(find("fix01_three_awaits")) == {}


def by_hand(*cells):
    known = {"ex02_other": ("record",)}
    (one,) = read_notebook(
        notebook(code("c", "answer-c"), *cells).encode(), "ana", "a.ipynb", KNOWN, by_hand=known
    )
    return one


def prose(source, cell_id=None, **metadata):
    return code(source, cell_id, **metadata) | {"cell_type": "markdown"}


@pytest.mark.parametrize("make", [code, prose])
def test_what_a_person_marks_is_taken_as_text_prose_or_code(make):
    one = by_hand(make(["We chose\n", "asgi. \ud83d"], "record"))
    assert dict(one.texts) == {"record": "We chose\nasgi. ?"}
    assert dict(one.cells) == {"answer-c": "c"} and one.remarks == ()


def test_text_that_is_missing_is_left_out_and_of_two_both_are_there():
    assert dict(by_hand(prose("x", "mine")).texts) == {}
    two = by_hand(prose("x", "record"), prose("y", "record"), prose("x", "record"))
    assert two.texts["record"] == "x\n\ny" and "2 times; all texts are shown" in two.remarks[0]
    assert dict(by_hand(prose({"no": "text"}, "record")).texts) == {}


def test_of_a_text_of_megabytes_enough_is_taken_to_see_what_it_is():
    one = by_hand(prose("x" * 3_000_000, "record"))
    assert len(one.texts["record"]) == 200_000
    assert "3,000,000 characters; 200,000 were taken" in one.remarks[0]


def test_text_without_cell_ids_is_read_by_its_tag():
    known = {"ex02_other": ("record",)}
    cells = [code("1", tags=["answer"]), prose("why", tags=["manual"])]
    data = notebook(*cells, nbformat_minor=4).encode()
    (one,) = read_notebook(data, "ana", "ana_ex02_other.ipynb", KNOWN, by_hand=known)
    assert (dict(one.cells), dict(one.texts)) == ({"answer-c": "1"}, {"record": "why"})


def test_another_text_is_no_other_answer():
    one, two = by_hand(prose("x", "record")), by_hand(prose("y", "record"))
    assert one.digest == two.digest
