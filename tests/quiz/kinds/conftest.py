"""A bank with one question of each kind, as an author writes it."""

import pytest

from course_support.quiz.bank import lesson

HEAD = """\
#:schema ./schema.json
lesson = "07_kinds"

[objectives]
see = "Tell the kinds apart"
"""

EACH = """
section = "try"
level = "easy"
objective = "see"
prompt = "What about *this*?"
"""

HELP = """
hints = ["Look again."]
steps = ["Read it."]
quick_check = "Read it twice."
mistakes = ["Not reading it."]
"""

OWN = {
    "choices": """
options = [
  {key = "gather", text = "`asyncio.gather`", right = true, why = "It starts them all."},
  {key = "group", text = "`asyncio.TaskGroup`", right = true, why = "So does a group."},
  {key = "wait", text = "`await` in a row", why = "One after the other.", misconception = "m25"},
  {key = "sleep", text = "`time.sleep`", why = "It holds the loop.", misconception = "m1"},
]
proof = "assert question.answer == ('gather', 'group')"
""",
    "order": """
is_code = true
options = [
  {text = "first = 1", why = "The second needs it."},
  {text = "second = first + 1"},
  {text = "third = first + second"},
  {text = "print(third)"},
]
proof = "assert (await run(completed()))['third'] == 3"
""",
    "predict": """
code = '''
for n in (1, 2, 3):
    print(n * n)
print("end")
'''
output = '''
1
4
9
end
'''
options = [
  {text = "1\\n2\\n3\\nend", why = "`n * n` is printed, not `n`.", misconception = "m2"},
]
""",
    "line": """
code = '''
async def page(request):
    name = request.GET["name"]
    time.sleep(1)
    return HttpResponse(name)
'''
options = [
  {text = "time.sleep(1)", right = true, why = "It holds the loop."},
  {text = 'name = request.GET["name"]', why = "A dictionary waits for nothing."},
]
proof = "assert 'sleep' in question.code.strip().splitlines()[int(question.right) - 1]"
""",
    "match": """
pairs = [
  {left = "`RuntimeWarning`: never awaited", right = "Write `await`", why = "It was only called."},
  {left = "`SyntaxError`: 'await' outside", right = "Write `async def`", why = "Only there."},
]
options = [{text = "Restart the kernel", why = "Nothing is broken there."}]
proof = '''
right = [question.option(key).text for key in question.answer]
assert right == ['Write `await`', 'Write `async def`'], right
'''
""",
    "repair": """
code = '''
import asyncio

async def add(one, other):
    return one - other
'''
judge = '''
assert await add(1, 1) == 2, "1 and 1 make 2 here."
assert await add(2, 3) == 5, "2 and 3 make 5 here."
'''
repaired = '''
import asyncio

async def add(one, other):
    return one + other
'''
options = [
  {text = '''
async def add(one, other):
    return 2
''', why = "It knows one sum."},
]
""",
    "recall": """
points = ["Views", "Middleware", "The *ORM*", "Signals"]
cell = "What is async"
""",
}


@pytest.fixture
def kinds_text():
    """`kinds_text(...)`: a file with one question of each kind named, or of all."""

    def write(*names):
        entries = [
            f'[[question]]\nid = "{name}_one"\nkind = "{name}"{EACH}'
            f"{'' if name == 'recall' else HELP}{OWN[name]}"
            for name in names or OWN
        ]
        return "\n".join([HEAD, *entries])

    return write


@pytest.fixture
def asked(tmp_path, kinds_text):
    """`asked(kind, (old, new) ...)`: the bank's question of this kind, with replacements."""

    def read(kind, *replacements):
        text = kinds_text(kind)
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "07_kinds.toml").write_text(text, "utf-8")
        return lesson("07", tmp_path).questions[0]

    return read
