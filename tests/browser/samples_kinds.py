"""One question of each kind beside those in samples.py; "Secret..." is not sent early."""

from dataclasses import replace

import samples  # beside this file, wherever a test's notebook lies

from course_support.quiz.questions import Option, Question
from course_support.quiz.widgets import QuizWidget

HELP = {
    "hints": ("Secret-hint: where does the view give the loop back?",),
    "steps": ("Secret-step: follow the `await`s.", "What has none keeps the loop."),
    "quick_check": "Secret-check: who runs meanwhile?",
    "mistakes": ("Secret-mistake: reading `async` as faster.",),
}

CHOICES = Question(
    id="what_waits",
    kind="choices",
    level="medium",
    aim="Tell what gives the loop back",
    prompt="Which of these lines give the event loop **back** while they wait?",
    options=(
        Option("sleep", "`await asyncio.sleep(1)`", "Secret-why: a timer of the loop.", True),
        Option("query", "`await Story.objects.acount()`", "Secret-why: a thread asks.", True),
        Option("block", "`time.sleep(1)`", "Secret-why-block: the thread itself sleeps."),
        Option("get", '`httpx.get("https://one.test/")`', "Secret-why-get: it waits inside."),
    ),
    answer=("sleep", "query"),
    attempts=3,
    **HELP,
)

ORDER = Question(
    id="story_of_a_request",
    kind="order",
    level="easy",
    aim="Tell the story of a request",
    prompt="Put in order what happens to one request on an ASGI server.",
    options=(
        Option("c", "The server hands `scope`, `receive` and `send` to Django", "Secret-why-1"),
        Option("a", "Django resolves the URL", "Secret-why-2: the view is known now."),
        Option("d", "The view awaits the upstream source", "Secret-why-3: the loop is free."),
        Option("b", "`send` gets the body", "Secret-why-4: last of all."),
    ),
    answer=("c", "a", "d", "b"),
    attempts=3,
    **HELP,
)

LINES = Question(
    id="lines_of_a_view",
    kind="order",
    level="medium",
    aim="Write a view that asks two sources",
    prompt="Put the lines in order, so that both sources are asked at once.",
    is_code=True,
    options=(
        Option("b", "async def prices(request):"),
        Option("d", "    one = asyncio.create_task(ask(1))"),
        Option("a", "    two = asyncio.create_task(ask(2))"),
        Option("c", '    return JsonResponse({"prices": [await one, await two]})'),
    ),
    answer=("b", "d", "a", "c"),
    attempts=3,
    **HELP,
)

PREDICT = Question(
    id="what_is_printed",
    kind="predict",
    level="hard",
    aim="Say in which order tasks run",
    prompt="What does this cell print?",
    code=(
        "import asyncio\n\n"
        "async def visit(name, waits_s):\n"
        '    print(name, "asks")\n'
        "    await asyncio.sleep(waits_s)\n"
        '    print(name, "has it")\n\n'
        'await asyncio.gather(visit("Ada", 0.02), visit("Bob", 0.01))'
    ),
    output="Ada asks\nBob asks\nBob has it\nAda has it\n",
    options=(
        Option("", "Ada asks\nAda has it\nBob asks\nBob has it", "Secret-why: the waits overlap."),
    ),
    attempts=2,
    **HELP,
)

LINE = Question(
    id="find_the_blocking_line",
    kind="line",
    level="easy",
    aim="Find the line that holds the loop",
    prompt="While this view runs, **no other request is answered**. Which line is it?",
    code=(
        "async def digest(request):\n"
        "    story = await Story.objects.afirst()\n"
        '    text = story.text.encode("utf-8")\n\n'
        '    key = hashlib.pbkdf2_hmac("sha256", text, SALT, 5_000_000)\n'
        '    return JsonResponse({"digest": key.hex()})'
    ),
    options=(
        Option("5", "", "Secret-why: it computes for seconds, with no `await`.", True),
        Option("2", "", "Secret-why-2: the query runs in a thread, the loop is free meanwhile."),
    ),
    answer=("5",),
    attempts=2,
    **HELP,
)

MATCH = Question(
    id="traceback_to_edit",
    kind="match",
    level="medium",
    aim="Read a traceback of async Django",
    prompt="Which edit ends which message?",
    lefts=(
        "`SynchronousOnlyOperation`: You cannot call this from an async context",
        "`RuntimeWarning`: coroutine `ask` was never awaited",
        "`SyntaxError`: `await` outside async function",
    ),
    options=(
        Option("b", "Write `acount()` for `count()`, and await it", "Secret-why: the ORM."),
        Option("d", "Write `await` before `ask()`", "Secret-why: it was only called."),
        Option("a", "Write `async def` for `def`", "Secret-why: only there may it stand."),
        Option("c", "Restart the kernel", "Secret-why-c: nothing is broken there."),
    ),
    answer=("b", "d", "a"),
    attempts=3,
    **HELP,
)

REPAIR = Question(
    id="await_both",
    kind="repair",
    level="medium",
    aim="Wait for two things at once",
    prompt="`both` waits for one after the other. Let it wait for **both at once**.",
    code=(
        "import asyncio\n\n"
        "async def both(one, two):\n"
        "    first = await one\n"
        "    second = await two\n"
        "    return first, second\n"
    ),
    judged_by=(
        "import asyncio\n"
        "begun = []\n"
        "async def waiting(name):\n"
        "    begun.append(name)\n"
        "    await asyncio.sleep(0)\n"
        "    assert len(begun) == 2, 'The second is begun only when the first is done.'\n"
        "    return name\n"
        "assert await both(waiting('a'), waiting('b')) == ('a', 'b'), 'Secret-judge: both results.'"
    ),
    repaired=(
        "import asyncio\n\n"
        "async def both(one, two):\n"
        "    return tuple(await asyncio.gather(one, two))  # Secret-repaired\n"
    ),
    attempts=5,
    **HELP,
)

RECALL = Question(
    id="what_is_async_in_django",
    kind="recall",
    level="hard",
    aim="Say what of Django is async",
    prompt="Which parts of Django can be asynchronous? Write down what you remember.",
    points=(
        "Secret-point: **views**",
        "Secret-point: middleware",
        "Secret-point: the ORM's `a...` methods",
        "Secret-point: signals",
    ),
    cell="What is async in Django",
    hints=("Secret-hint: follow a request.",),
)

KINDS = (CHOICES, ORDER, LINES, PREDICT, LINE, MATCH, REPAIR, RECALL)


def twenty() -> QuizWidget:
    """Twenty questions, of the kinds that are judged on the spot, under ids of their own."""
    mixed = (samples.CHOICE, samples.BLANKS, CHOICES, ORDER, LINES, PREDICT, LINE, MATCH)
    questions = [replace(mixed[n % len(mixed)], id=f"q{n}") for n in range(20)]
    return samples.widget(*questions, title="Twenty")
