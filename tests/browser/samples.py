"""Questions for the browser tests, as a cell of a test's notebook imports them."""

from course_support.quiz.numbers import Belief
from course_support.quiz.questions import Option, Question
from course_support.quiz.session import Session
from course_support.quiz.widgets import QuizWidget

CHOICE = Question(
    id="colour_of_a_view",
    kind="choice",
    level="easy",
    aim="Tell an async view from a sync one",
    prompt="Which change makes this Django view **asynchronous**?",
    code='def hello(request):\n    return HttpResponse("hi")',
    options=(
        Option("a", "Write `async def` instead of `def`", "Secret-why-a: a coroutine.", True),
        Option("b", "Start it in a `threading.Thread`", "Secret-why-b: a thread is no coroutine."),
        Option("c", "Add `@async_view` above it", "Secret-why-c: Django has no such decorator."),
        Option("d", "Write `await` before `HttpResponse`", "Secret-why-d: nothing to wait for."),
    ),
    answer=("a",),
    attempts=2,
    hints=("Secret-hint-1: look at the first word.", "Secret-hint-2: what makes a coroutine?"),
    steps=(
        "Secret-step: Django asks `iscoroutinefunction(view)`.",
        "`async def` makes that true, so the view is awaited on the event loop.",
    ),
    quick_check="Secret-check: what does `hello(request)` return before it is awaited?",
    mistakes=("Secret-mistake: `await` inside a plain `def` is a `SyntaxError`.",),
)

BLANKS = Question(
    id="both_at_once",
    kind="blanks",
    level="medium",
    aim="Wait for several things at once",
    prompt="Fill in the view so that both sources are asked **at the same time**.",
    code=(
        "import asyncio, httpx\n\n"
        "{{0}} def prices(request):\n"
        "    async with httpx.AsyncClient() as client:\n"
        "        one, two = {{1}} asyncio.{{2}}(\n"
        '            client.get("https://one.test/price"),\n'
        '            client.get("https://two.test/price"),\n'
        "        )\n"
        '    return JsonResponse({"one": one.json(), "two": two.json()})  # in EUR'
    ),
    options=(
        Option("async", "async", "Secret-why-async: the body awaits."),
        Option("await", "await", "Secret-why-await: `gather` gives an awaitable."),
        Option("gather", "gather", "Secret-why-gather: it starts both."),
        Option("sleep", "sleep", "Secret-why-sleep: it only waits."),
        Option("run", "run", "Secret-why-run: a loop is already running."),
    ),
    answer=("async", "await", "gather"),
    attempts=3,
    hints=("Secret-hint-blanks: three words, each used once.",),
    steps=("Secret-step-blanks: `gather` starts both requests.", "`await` waits for both."),
    quick_check="Which line gives the loop back?",
    mistakes=("Two `await`s in a row ask one after the other.",),
)

CARD = Question(
    id="what_is_awaitable",
    kind="card",
    level="hard",
    aim="Name the parts of asyncio",
    prompt="Which three kinds of objects can stand after `await`?",
    back="Secret-back: **coroutines**, **tasks** and **futures**.",
    cell="What an await gives back",
)

GUESS = Question(
    id="three_readers",
    kind="number",
    level="medium",
    aim="Say how long it takes",
    prompt="One reader waits 0.5 s. How many times as long do **three at once** wait?",
    code="async def page(request):\n    await asyncio.sleep(0.5)\n    return HttpResponse()",
    unit="times",
    beliefs=(Belief(3.0, "Secret-why-queue: that is a queue."),),
    hints=("Secret-hint-number: do the waits overlap?",),
    steps=("Secret-step-number: they overlap.",),
    quick_check="Secret-check-number: one wait.",
    mistakes=("Secret-mistake-number: adding up.",),
)


def widget(*questions: Question, title: str = "") -> QuizWidget:
    """A quiz of these questions, all three kinds where none is named."""
    return QuizWidget(Session(questions or (CHOICE, BLANKS, CARD), title))
