"""The same answer is the same whatever its spaces, comments and quotes; a starter is nobody's."""

import pytest

from course_support.grading.exercises import find
from course_support.grading.sameness import LONGEST, essence, is_untouched
from course_support.grading.setups import setup_of

ANSWER = """\
async def page(request):
    '''Says "hi".'''
    names = ['a', f"{request}'s"]  # two of them

    return JsonResponse({"names": names})
"""


@pytest.mark.parametrize(
    "other",
    [
        ANSWER.rstrip(),
        ANSWER.replace("    ", "\t"),
        ANSWER.replace("\n", "\r\n"),
        ANSWER.replace("  # two of them", "# my own idea"),
        "# Ana Silva\n\n" + ANSWER.replace("'a'", '"a"'),
        ANSWER.replace("['a', ", "[ 'a' ,"),
        ANSWER.replace("['a', ", "[\n        'a',\n        "),
        ANSWER.replace("\n\n", "\n    # a line\n"),
    ],
)
def test_spaces_comments_and_quotes_do_not_count(other):
    assert essence([other]) == essence([ANSWER])


@pytest.mark.parametrize(
    "other",
    [
        ANSWER.replace("names", "found"),
        ANSWER.replace("['a', ", "['A', "),
        ANSWER.replace('"hi"', '"ho"'),
        ANSWER.replace("return ", "return not "),
        ANSWER.replace("return J", "returnJ"),
        "",
    ],
)
def test_what_python_sees_counts(other):
    assert essence([other]) != essence([ANSWER])


@pytest.mark.parametrize(
    "text",
    ["%time x", "a = '''", "(", "\x00", "if:\n  a\n b", "\u00a0x", "(" * 15_000, "-" * LONGEST],
)
def test_text_that_is_no_python_is_compared_by_its_lines(text):
    assert essence([text, ANSWER]) == essence([f"{text}\n", ANSWER])
    assert essence([text]) != essence([ANSWER])


def test_empty_cells_do_not_count():
    assert essence(["", ANSWER, "# nothing"]) == essence([ANSWER])
    assert essence(["\n"]) == ""


@pytest.mark.parametrize("key", ["ex01_first_view", "fix01_three_awaits"])
def test_starter_is_untouched_and_an_answer_is_not(key):
    exercise = find(key)
    given = {cell.id: cell.source for cell in setup_of(exercise).answers}
    noted = {one: f"# Ana\n{source}\n\n" for one, source in given.items()}
    assert is_untouched(exercise, given) and is_untouched(exercise, noted)
    assert is_untouched(exercise, {}) and is_untouched(exercise, dict.fromkeys(given, ""))
    assert not is_untouched(exercise, dict.fromkeys(given, ANSWER))
