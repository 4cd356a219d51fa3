"""Attacks: the first lines of each file in tests/hostile say what it tries and what must happen."""

import asyncio
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from course_support.grading import judge, memory
from course_support.grading.children import Limits
from course_support.grading.forking import GraderFault
from course_support.grading.outside import Grader, start_zygote
from course_support.places import ROOT

FOLDER = ROOT / "tests" / "hostile"
ATTACKS = sorted(FOLDER.glob("*.py"))
KEY, CELL = "ex01_first_view", "answer-headlines"
LIMITS = Limits(cell_s=3.0)
MARK = "hostile-was-here"


@dataclass
class Attack:
    """What a file of the folder says of itself."""

    path: Path

    @property
    def source(self):
        return self.path.read_text("utf-8")

    def says(self, key):
        return re.search(rf"^# {key}: (.*)$", self.source, re.MULTILINE)[1]

    @property
    def disturbs(self):
        """Whether right answers are judged as long as it is at work."""
        return "\n# beside: " in self.source


@pytest.fixture(scope="module")
def run(reference):
    """All attacks at once, among right answers: reports by name, and what was left behind."""
    try:
        start_zygote(["namespaces"]).close()
    except GraderFault as fault:
        pytest.skip(f"This machine does not let a stranger's code be shut in: {fault}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge, "ALL_CHECKS_S", 60.0)
        return asyncio.run(_judge_all(reference))


async def _judge_all(reference):
    reports, right = {}, []
    async with Grader(jobs=8, limits=LIMITS) as grader:

        async def attack(path):
            reports[path.stem] = await grader.judge(KEY, {CELL: Attack(path).source})

        async def honest():
            right.append(await grader.judge(KEY, {CELL: reference}))

        async def among_others(path):
            attacking = asyncio.create_task(attack(path))
            while not attacking.done():
                await honest()
            await attacking

        disturbing = [path for path in ATTACKS if Attack(path).disturbs]
        others = [path for path in ATTACKS if path not in disturbing]
        for path in disturbing:  # one by one: it is to be known which it was
            await among_others(path)
        await asyncio.gather(honest(), *map(attack, others), honest())
        left = await _left_behind(grader)
    return reports, right, left


async def _left_behind(grader):
    """What still runs of the children, after a while in which a keeper may end."""
    for _ in range(100):
        if not (left := list(memory.tree(grader._zygote.pid))[1:]):
            break
        await asyncio.sleep(0.05)
    return left


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_attack_earns_nothing_and_is_told_in_words(run, path):
    attack, report = Attack(path), run[0][path.stem]
    assert attack.says("passed") in (str(report.passed), "any"), report.text()
    assert re.search(attack.says("must"), report.text()), report.text()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", report.text())
    assert "<script" not in report._repr_html_()


def test_results_of_others_are_unchanged(run):
    assert {report.passed for report in run[1]} == {5}
    assert len(set(run[1])) == 1


def test_nothing_is_left_running_or_written(run):
    assert run[2] == []
    places = (Path("/"), Path(tempfile.gettempdir()), Path.home(), ROOT, ROOT / "course_support")
    assert [place for place in places if (place / MARK).exists()] == []


def test_table_of_the_attacks(run, capsys):
    with capsys.disabled():
        print()
        for path in ATTACKS:
            report = run[0][path.stem]
            said = next((v.seen or v.title for v in report.verdicts if not v), "as without it")
            print(f"  {path.stem:32} {report.passed} of 5  {said.splitlines()[0][:90]}")
