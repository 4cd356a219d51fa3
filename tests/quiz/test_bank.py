"""Are the questions found, and is a mistake in them named with file, entry and line?"""

import pytest

from course_support.content import ContentError
from course_support.quiz.bank import SOURCES, lesson, question, read_bank


def test_lesson_is_read_in_the_order_of_its_file(bank):
    found = lesson("01_first", bank())
    assert [q.id for q in found.questions] == ["greeting", "filling", "turning"]
    assert found.objectives["declare"] == "Write an async view"


def test_question_knows_its_lesson_its_aim_and_its_place(bank):
    greeting = lesson("01_first", bank()).questions[0]
    assert greeting.lesson == "01_first"
    assert greeting.aim == "Write an async view"
    assert greeting.place == "01_first.toml, line 8"
    assert greeting.right == "two"


def test_attempts_default_to_two_for_a_choice_and_three_for_blanks(bank):
    assert [q.attempts for q in lesson("01", bank()).questions] == [2, 3, 1]


def test_lesson_is_found_by_its_number(bank):
    assert lesson("01", bank()).name == "01_first"


def test_unknown_lesson_lists_the_lessons(bank):
    with pytest.raises(LookupError, match=r"no questions for '99'.*01_first"):
        lesson("99", bank())


def test_section_and_id_choose_questions(bank):
    found = lesson("01", bank())
    assert [q.id for q in found.chosen("try")] == ["filling"]
    assert [q.id for q in found.chosen("greeting")] == ["greeting"]
    assert len(found.chosen()) == 3


def test_unknown_part_lists_sections_and_questions(bank):
    with pytest.raises(LookupError, match=r"learn, try, recall.*greeting, filling, turning"):
        lesson("01", bank()).chosen("cost")


def test_question_is_found_by_its_id_alone(bank):
    assert question("filling", bank()).section == "try"
    with pytest.raises(LookupError, match="greeting, filling, turning"):
        question("filing", bank())


def test_mistake_in_one_lesson_leaves_the_others_readable(bank):
    folder = bank()
    (folder / "02_broken.toml").write_text("lesson =", "utf-8")
    assert lesson("01", folder).name == "01_first"


def test_source_items_are_those_of_the_two_lessons():
    assert len(SOURCES) == len(set(SOURCES)) == 23


def test_broken_toml_names_file_entry_and_line(bank):
    folder = bank(('quick_check = "It runs."', "quick_check = It runs."))
    with pytest.raises(ContentError, match=r"01_first.toml, 'filling': not valid TOML.*line \d+"):
        lesson("01", folder)


def test_id_is_unique_in_the_whole_bank(bank):
    folder = bank()
    bank(('lesson = "01_first"', 'lesson = "02_next"'), name="02_next")
    with pytest.raises(ContentError, match=r"02_next.toml, line 8.*taken, see 01_first.toml, line"):
        read_bank(folder)


MISTAKES = {
    "unknown key": (
        'section = "try"',
        'section = "try"\nsecton = "x"',
        "secton.*Known keys: answer",
    ),
    "missing key": ('level = "medium"', "", "'level' is missing"),
    "missing kind": ('kind = "blanks"', "", "'kind' is missing"),
    "unknown kind": ('kind = "choice"', 'kind = "quiz"', "'quiz'.*choice, choices, blanks"),
    "unknown level": ('level = "easy"', 'level = "simple"', "'simple'.*easy, medium, hard"),
    "unknown section": ('section = "try"', 'section = "play"', "'play'.*why, learn"),
    "unknown objective": ('objective = "wait"', 'objective = "nap"', "'nap'.*declare, wait"),
    "unknown source": ('["A-Q2"]', '["A-Q9"]', "'A-Q9'.*A-idea"),
    "unknown option key": ("misconception =", "belief =", "'belief' in an option.*misconception"),
    "wrong type": ('hints = ["Two words."]', 'hints = "Two words."', "list of texts"),
    "wrong option type": ("right = true", 'right = "yes"', "'right' of an option"),
    "truth as attempts": (
        'answer = ["async"',
        'attempts = true\nanswer = ["async"',
        "whole number",
    ),
    "no attempts": ('answer = ["async"', 'attempts = 0\nanswer = ["async"', "at least 1, not 0"),
    "empty prompt": ('prompt = "Fill in the blanks."', 'prompt = " "', "'prompt' is empty"),
    "no hints": ('hints = ["Two words."]', "hints = []", "1 to 3 hints, not 0"),
    "no steps": ('steps = ["Declare.", "Wait."]', "steps = []", "'steps' has at least one"),
    "id of a section": ('id = "filling"', 'id = "learn"', "not the name of a section"),
    "id twice": ('id = "filling"', 'id = "greeting"', "taken, see 01_first.toml, line 8"),
    "two right options": ('why = "No coroutine."', 'right = true, why = ""', "one option.*not 2"),
    "no right option": ("right = true, ", "", "exactly one option.*not 0"),
    "wrong without reason": (', why = "No coroutine."', "", "'plain' is wrong and has no 'why'"),
    "one option key twice": ('key = "plain"', 'key = "two"', "two options have the key 'two'"),
    "strange misconception": ('"m6"', '"six"', "m1, m2 ..., not 'six'"),
    "option without text": ('text = "yield"', 'text = ""', "an option has no 'text'"),
    "blanks with a gap": ("{{1}}", "{{2}}", r"not \[0, 2\]"),
    "answer too short": ('answer = ["async", "await"]', 'answer = ["async"]', "2 blanks, but 1"),
    "answer is no option": ('"async", "await"]', '"async", "wait"]', "'wait' is no option"),
    "answer used twice": ('"async", "await"]', '"async", "async"]', "reuse = true"),
    "code that does not compile": (
        "asyncio.sleep(0)",
        "asyncio.sleep(0",
        "its line 3.*never closed",
    ),
    "proof that does not compile": ("declares = []", "declares = [", "proof does not compile"),
    "proof without assert": (
        "assert declares == [question.right], declares",
        "",
        "asserts nothing",
    ),
    "card with options": ('cell = "Waiting"', "options = []", "unknown key 'options'"),
}


@pytest.mark.parametrize(("old", "new", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_named_with_file_and_line(bank, old, new, words):
    folder = bank((old, new))
    with pytest.raises(ContentError, match=rf"(?s)01_first\.toml, line \d+, '\w+': .*{words}"):
        lesson("01", folder)


def test_choice_has_at_least_three_options(bank):
    folder = bank(
        ('  {key = "plain", text = "`def hello(request):`", why = "No coroutine."},\n', "")
    )
    with pytest.raises(ContentError, match="at least 3 options, not 2"):
        lesson("01", folder)


def test_code_that_python_refuses_can_be_shown_on_purpose(bank):
    shown = 'prompt = "How is a **view** declared?"\ncode = "def async hello(): pass"'
    with pytest.raises(ContentError, match="write compiles = false"):
        lesson("01", bank(('prompt = "How is a **view** declared?"', shown)))
    meant = shown + "\ncompiles = false"
    assert lesson("01", bank(('prompt = "How is a **view** declared?"', meant)))


def test_only_blanks_have_blanks(bank):
    folder = bank(('cell = "Waiting"', 'code = "{{0}} x"'))
    with pytest.raises(ContentError, match="only the kind 'blanks'"):
        lesson("01", folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('lesson = "01_first"', 'lesson = "01_second"', 'write lesson = "01_first"'),
        ('lesson = "01_first"', 'lesson = "01_first"\ntitle = "x"', "'title'.*Known keys: lesson"),
        ('wait = "Wait without holding the loop"', "wait = 3", "'wait' is no sentence"),
        ("[objectives]", "[objectives.deep]", "'deep' is no sentence"),
    ],
)
def test_mistake_in_the_head_of_a_file_is_named(bank, old, new, words):
    with pytest.raises(ContentError, match=rf"01_first\.toml: .*{words}"):
        lesson("01", bank((old, new)))
