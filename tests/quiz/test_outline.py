"""Does the quick reading of the course agree with the thorough one?"""

from course_support.grading.exercises import exercises
from course_support.quiz import sections
from course_support.quiz.bank import read_bank
from course_support.quiz.outline import MODES, minutes, outlines, to_read


def test_each_question_is_read_as_the_bank_reads_it():
    quick = {
        outline.lesson: [(a.id, a.kind, a.section, a.objective, a.cell) for a in outline.asked]
        for outline in outlines()
    }
    bank = {lesson.name: lesson for lesson in read_bank()}
    assert quick
    for name, asked in quick.items():
        heads = [(q.id, q.kind, q.section, q.objective, q.cell) for q in bank[name].questions]
        assert asked == heads


def test_what_is_to_be_read_for_an_objective_is_what_the_bank_says():
    bank = {lesson.name: lesson for lesson in read_bank()}
    for outline in outlines():
        for objective in outline.objectives:
            found = to_read(outline, objective)
            assert found == sections.to_read(bank[outline.lesson], objective)


def test_objectives_and_exercises_are_those_of_the_lesson():
    bank = {lesson.name: lesson for lesson in read_bank()}
    for outline in outlines():
        assert outline.objectives == bank[outline.lesson].objectives
        assert {task.key for task in outline.tasks} == {
            key for key, one in exercises().items() if one.lesson == outline.lesson
        }


def test_each_lesson_has_the_ten_ways_in_with_their_minutes():
    for outline in outlines():
        assert tuple(outline.ways) == MODES
        assert all(minutes(section) for section in outline.ways.values())
        assert outline.minutes == sum(map(minutes, outline.ways.values())) > 30


def test_the_start_page_is_no_lesson_with_ways_in():
    assert all(not outline.lesson.startswith("00") for outline in outlines())
