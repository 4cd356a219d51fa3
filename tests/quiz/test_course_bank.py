"""Is the course's own bank well-formed, and is each key in it true on this Django?"""

import pytest

from course_support.content import ContentError
from course_support.places import QUESTIONS
from course_support.quiz.bank import read_bank
from course_support.quiz.proofs import prove

STORY = ["idea", "scenario", "problem", "solution", "before-after", "enables", "takeaways"]
REQUIRED = {
    "01_first_async_view": ["A-Q2", "A-Q3", "A-Q4", "B-Q2", "B-T1"],
    "02_wsgi_asgi_measured": [*(f"A-{item}" for item in STORY), "A-Q1", "B-Q1", "B-Q3"],
    "03_do_not_block_the_loop": ["A-Q1", "B-Q1", "B-Q4", "B-Q5"],
    "04_fan_out": ["A-Q5", "A-real-life"],
    "05_deadlines_and_cancellation": ["A-Q5", "A-real-life"],
    "06_async_orm": ["A-before-after", "B-T2", "B-T3", "B-T4", "B-T5"],
}


def lessons():
    """The bank, or nothing where it cannot be read: one test below says why, in words."""
    try:
        return read_bank()
    except ContentError:
        return ()


PROVEN = [question for lesson in lessons() for question in lesson.questions if question.proof]
PLANTED = {one.id: planted for one in PROVEN if (planted := list(one.form.mistaken(one)))}


def test_bank_is_well_formed_and_has_a_lesson():
    folder = "notebooks/questions"
    assert read_bank(), f"{folder} has no lesson: write {folder}/01_first_async_view.toml."
    assert PROVEN, f"No question in {folder} has a proof."


@pytest.fixture(scope="module")
def proofs():
    """What came of each proof, by id; all are run together, some at a time."""
    return {proof.question.id: proof for proof in prove(PROVEN)}


@pytest.fixture(scope="module")
def misled():
    """What came of each proof with each wrong key, by id; all are run together, some at a time."""
    found = {question_id: [] for question_id in PLANTED}
    for proof in prove(one for planted in PLANTED.values() for one in planted):
        found[proof.question.id].append(proof)
    return found


@pytest.mark.parametrize("question_id", [question.id for question in PROVEN])
def test_proof_holds_on_the_installed_django(proofs, question_id):
    assert proofs[question_id], proofs[question_id].text()


# A card is judged by its reader, and a prediction by the run: neither has a key to change.
@pytest.mark.slow
@pytest.mark.parametrize("question_id", PLANTED)
def test_proof_fails_with_each_wrong_key(misled, question_id):
    held = [proof.question for proof in misled[question_id] if proof]
    keys = " and ".join(str(question.form.key(question)) for question in held)
    assert not held, (
        f"{held[0].place}, '{question_id}': the proof also holds when the key is {keys}. Let it "
        "find out about every option, and compare with question.right or completed()."
    )


@pytest.mark.parametrize(
    ("lesson_name", "source"),
    [(name, source) for name, sources in REQUIRED.items() for source in sources],
)
def test_lesson_answers_its_source_items(lesson_name, source):
    known = {lesson.name: lesson for lesson in lessons()}
    assert lesson_name in known, f"{QUESTIONS.name}/{lesson_name}.toml is missing or has a mistake."
    answering = [q for q in known[lesson_name].questions if source in q.source]
    assert answering, f"No question of {lesson_name} has {source} in its 'source'."
    assert all(question.proof for question in answering), f"{source} is answered without a proof."


def test_blanks_of_the_first_keyword_do_not_show_their_answer():
    asking = [q for lesson in lessons() for q in lesson.questions if "B-T1" in q.source]
    assert asking, "No question answers B-T1."
    for question in asking:
        shown = question.completed(*[""] * question.blanks).split()
        for key in question.answer:
            assert question.option(key).text not in shown, f"'{question.id}' shows its answer."
