"""What several test files about questions share: a small bank on disk."""

import pytest

from course_support.quiz.questions import Option, Question

GREETING = '''\
[[question]]
id = "greeting"
source = ["A-Q2"]
section = "learn"
kind = "choice"
level = "easy"
objective = "declare"
prompt = "How is a **view** declared?"
options = [
  {key = "two", text = "`async def hello(request):`", right = true, why = "Both words."},
  {key = "swapped", text = "`def async hello(request):`", why = "Swapped.", misconception = "m6"},
  {key = "plain", text = "`def hello(request):`", why = "No coroutine."},
]
hints = ["Count the keywords.", "Which comes first?"]
steps = ["Start from def.", "Put async before it."]
quick_check = "Call it: a coroutine comes back."
mistakes = ["The words swapped."]
proof = """
from inspect import iscoroutinefunction
declares = []
for key in options:
    try:
        names = await run(code_of(key) + " pass")
    except SyntaxError:
        continue
    if iscoroutinefunction(names["hello"]):
        declares.append(key)
assert declares == [question.right], declares
"""
'''

FILLING = '''\
[[question]]
id = "filling"
section = "try"
kind = "blanks"
level = "medium"
objective = "wait"
prompt = "Fill in the blanks."
code = """
import asyncio
{{0}} def nap():
    {{1}} asyncio.sleep(0)
"""
options = [
  {key = "async", text = "async"},
  {key = "await", text = "await"},
  {key = "yield", text = "yield", why = "A generator is no coroutine."},
]
answer = ["async", "await"]
hints = ["Two words."]
steps = ["Declare.", "Wait."]
quick_check = "It runs."
mistakes = ["One word only."]
proof = """
names = await run(completed())
assert await names["nap"]() is None
"""
'''

CARD = """\
[[question]]
id = "turning"
section = "recall"
kind = "card"
level = "hard"
objective = "wait"
prompt = "What does `await` give back?"
back = "The *loop*."
cell = "Waiting"
"""

HEAD = """\
lesson = "01_first"

[objectives]
declare = "Write an async view"
wait = "Wait without holding the loop"

"""


@pytest.fixture
def bank_text():
    """A well-formed file `01_first.toml` with a choice, blanks and a card."""
    return "\n".join([HEAD, GREETING, FILLING, CARD])


@pytest.fixture
def bank(tmp_path, bank_text):
    """A function that writes `01_first.toml` with replacements and returns its folder."""

    def write(*replacements, name="01_first"):
        text = bank_text
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
        return tmp_path

    return write


@pytest.fixture
def choice():
    return Question(
        id="meaning",
        lesson="01_first",
        kind="choice",
        prompt="What *does* `await` do?",
        options=(
            Option("waits", "Waits", "It gives the loop back.", right=True),
            Option("blocks", "Blocks", "That is `time.sleep`."),
            Option("nothing", "Nothing", "It drives the coroutine."),
        ),
        answer=("waits",),
        attempts=2,
        hints=("Think of the loop.", "Who runs meanwhile?"),
        steps=("Look at the loop.",),
        quick_check="Two sleeps overlap.",
        mistakes=("Calling is not awaiting.",),
        proof="assert 'proven'",
    )


@pytest.fixture
def blanks():
    return Question(
        id="filling",
        lesson="01_first",
        kind="blanks",
        prompt="Fill in.",
        code="{{0}} def nap():\n    {{1}} asyncio.sleep(0)\n",
        options=(
            Option("async", "async"),
            Option("await", "await"),
            Option("yield", "yield", "A generator is no coroutine."),
        ),
        answer=("async", "await"),
        attempts=3,
        hints=("Two words.",),
    )


@pytest.fixture
def card():
    return Question(
        id="turning",
        lesson="01_first",
        kind="card",
        prompt="Front",
        back="The *loop*.",
        cell="Waiting",
    )
