"""Checks of ex05_deadlines: `/front-page/` has a budget, labels its sources, and tidies up."""

import asyncio
import math
import secrets
import time
from contextlib import ExitStack, contextmanager, suppress

from course_support.grading.checks import (
    Client,
    InFlight,
    NoAnswer,
    in_time,
    json_of,
    short,
)
from course_support.live.newswire import Held, Newswire

PATH = "/front-page/"
NAMES = ("harbour", "hill", "night", "coast", "market", "valley", "station", "garden")
BUDGET_S = 1.0
SLOW_S = 0.3  # well within the page's second
WHOLE_S = 10.0  # how long a source drips: far longer than anybody here waits
CALM_S = 0.3  # a site that had more to do, or to wait for a processor, may be late for that
WINDOW_S = 0.2  # how long what should not happen is given time to happen: of the site's rest
TRIES = 20


@in_time(CALM_S)
async def check_gathers_all_sources(client: Client, newswire: Newswire) -> None:
    """With every source in time, each is "ok" with its headlines, in the order of NAMES."""
    with saying(newswire, night={"delay_s": SLOW_S}) as documents:
        page = await page_of(client)
    late = [name for name, status in statuses(page).items() if status == "late"]
    assert not late, (
        f"The page calls {', '.join(late)} late; every source had answered within {SLOW_S:g} s.\n"
        "The budget is one second, and it is BUDGET_S."
    )
    assert_ok(page, documents, NAMES)
    order = [entry["source"] for entry in page]
    assert order == list(NAMES), (
        f"The order on the page was {', '.join(order)}.\n"
        "Take the results in the order of NAMES: gather gives them so, and so does a list of tasks."
    )


@in_time(CALM_S)
async def check_late_sources_cost_only_themselves(client: Client, newswire: Newswire) -> None:
    """A source that hangs and one that drips are "late"; the others are on the page."""
    drip = {"pieces": 40, "pause_s": WHOLE_S / 40}
    others = [name for name in NAMES if name not in ("night", "market")]
    with saying(newswire, market=drip) as documents, newswire.hold("night") as held:
        try:
            page = await page_of(client)
        except NoAnswer:
            raise AssertionError(why_no_answer(held)) from None
    known = statuses(page)
    for name, what in (("night", "never answered"), ("market", "was still sending")):
        assert known.get(name) == "late", (
            f"The source {name} {what}, and on the page it was {told(known.get(name))}.\n"
            "asyncio.timeout raises TimeoutError where the block ends: catch that one first, and "
            "call it late."
        )
    assert known.get(others[0]) != "late", (
        f"Two sources were late, and the page calls {told_of(known, 'late')} late.\n"
        "Those that had answered in time were lost with them. Put the deadline round each call, "
        "not round all of them."
    )
    assert_ok(page, documents, others)


def why_no_answer(held: Held) -> str:
    if any(call.left_s is not None for call in held.calls):
        return (
            "The source that hangs was given up, and the one that sends a few bytes now and then "
            "held the page.\nAn httpx timeout is for one operation, and starts anew with each "
            "byte. Put asyncio.timeout round the whole call."
        )
    return (
        "One source never answered, and neither did the page.\n"
        "Give each call a deadline: async with asyncio.timeout(BUDGET_S)."
    )


@in_time(CALM_S)
async def check_one_budget_for_the_page(client: Client, newswire: Newswire) -> None:
    """With eight sources that hang, the page is there after its one second."""
    with newswire.hold(*NAMES) as held:
        request = client.start(PATH)
        await request.before_answer(held.ended(1))
        number = asked_together(held)
        assert number == len(NAMES), (
            f"{number} of {len(NAMES)} sources were asked before the first was given up.\n"
            "Their seconds then add up, and the page has only one. Make all calls first, so "
            "that all deadlines run at the same time."
        )
        page = entries_in(json_of(await request.answer()))
        await gone(client, held)
    known = statuses(page)
    late = [name for name in NAMES if known.get(name) == "late"]
    assert late == list(NAMES), (
        f"No source answered, and on the page were late: {', '.join(late) or 'none'}.\n"
        "A source without an answer is late, and has an entry all the same."
    )


def asked_together(held: Held) -> int:
    """How many calls had come when the first was half through the time that it was given."""
    first = held.calls[0] if held.calls else None
    if first is None or first.ended_s is None:
        return len(held.calls)
    half_s = (first.arrived_s + first.ended_s) / 2
    return sum(call.arrived_s < half_s for call in held.calls)


async def gone(client: Client, held: Held) -> None:
    """The calls that were late must not stay at the wire when the page is there."""
    try:
        await client.until(held.left(len(NAMES)), limit_s=WINDOW_S * 3)
    except TimeoutError:
        number = sum(call.ended_s is None for call in held.calls)
        raise AssertionError(
            f"The page was there, and {number} of its calls were still at the wire.\n"
            "Nobody waits for them any more: cancel what is late. asyncio.timeout does; "
            "asyncio.wait leaves it to you."
        ) from None


@in_time(CALM_S)
async def check_labels_a_failure(client: Client, newswire: Newswire) -> None:
    """A source that answers with an error is "failed", and the page is still there."""
    with saying(newswire, coast={"status": 503}) as documents:
        page = await page_of(client)
    known = statuses(page)
    assert "coast" in known, (
        "The source coast answered 503, and it is missing from the page.\n"
        "A hole that nobody notices is worse than an entry that says failed."
    )
    assert known["coast"] == "failed", (
        f"The source coast answered 503, and on the page it was {told(known['coast'])}.\n"
        "Call raise_for_status() on each answer, and label its exception as failed."
    )
    assert_ok(page, documents, [name for name in NAMES if name != "coast"])


@in_time(CALM_S)
async def check_stops_when_the_reader_leaves(client: Client, newswire: Newswire) -> None:
    """When the reader leaves, the calls at the wire are dropped."""
    stayed_s = await seconds_after_leaving(client, newswire)
    if stayed_s < BUDGET_S / 2:
        return
    until = "with nobody to end it" if stayed_s == math.inf else "until its second was over"
    raise AssertionError(
        f"The reader left, and a call to the wire went on, {until}.\n"
        "It runs in a thread, which nobody can cancel, or in a task that nobody ends: asyncio.wait "
        "leaves its tasks alone. Await the calls through gather or a TaskGroup."
    )


async def seconds_after_leaving(client: Client, newswire: Newswire) -> float:
    """How long the last call stays at the wire when the reader has left."""
    with newswire.hold(*NAMES) as held:
        request = await under_way(client, held)
        number = len(held.calls)
        left_s = time.perf_counter()
        request.leave()
        try:
            await client.until(held.left(number))
        except TimeoutError:
            return math.inf
        return max(call.left_s or math.inf for call in held.calls) - left_s


@in_time(CALM_S)
async def check_keeps_the_desk(client: Client, newswire: Newswire) -> None:
    """The desk counts the pages being made, and the readers who left before theirs was there."""
    before = await desk_of(client)
    with newswire.hold(*NAMES) as held:
        request = await under_way(client, held)
        during = await desk_of(client)
        request.leave()
        with suppress(TimeoutError):
            await client.until(held.left(len(held.calls)), limit_s=BUDGET_S)
    after = await settled_desk(client, before)
    assert during["open"] == before["open"] + 1, (
        f"One page was being made, and the desk had {before['open']} open before and "
        f"{during['open']} during it.\n"
        'Add one to desk["open"] at the beginning of the view.'
    )
    assert after["open"] == before["open"], (
        f"The reader left, and the desk still says that {after['open']} pages are being made.\n"
        "What has to be undone in any case belongs into a `finally`."
    )
    assert after["left"] == before["left"] + 1, (
        f"One reader left, and the desk went from {before['left']} to {after['left']} left.\n"
        "A view whose reader leaves gets an asyncio.CancelledError at its `await`. It is no "
        "Exception: catch it by its name, count, and raise it again."
    )
    with saying(newswire):
        await client.get(PATH)
    stayed = await settled_desk(client, after)
    assert stayed == after, (
        f"A reader stayed and got the page, and the desk went from {short(after)} to "
        f"{short(stayed)}.\nCount only those who left."
    )


async def desk_of(client: Client) -> dict:
    value = json_of(await client.get("/desk/"))
    whole = isinstance(value, dict) and all(isinstance(value.get(k), int) for k in ("open", "left"))
    assert whole, (
        f"The desk said {short(value)}.\n"
        'Leave show_desk as it was, and keep two numbers: desk["open"] and desk["left"].'
    )
    return value


async def settled_desk(client: Client, before: dict) -> dict:
    """The desk when the view had time to tidy up."""
    for _ in range(TRIES):
        await client.settle()
        value = await desk_of(client)
        if value["open"] == before["open"]:
            break
        await asyncio.sleep(WINDOW_S / TRIES)
    return value


async def under_way(client: Client, held: Held) -> InFlight:
    """A request with as many calls at the wire as it makes without an answer."""
    request = client.start(PATH)
    if await request.before_answer(held.arrived(1)):
        with suppress(TimeoutError):
            await request.before_answer(held.arrived(len(NAMES)), limit_s=WINDOW_S)
    assert not request.answered, (
        "The page was there before its sources had answered, and before its second was over.\n"
        "Await every call in the view, and make the page of what they give."
    )
    return request


@contextmanager
def saying(newswire: Newswire, **manners: dict):
    """Documents that no view can know before the wire has answered, by source."""
    documents = {
        name: {"source": name, "headlines": [f"Story {secrets.token_hex(40)}"]} for name in NAMES
    }
    with ExitStack() as stack:
        for name, document in documents.items():
            manner = manners.get(name, {})
            said = document if "status" not in manner else {"source": name, "error": "Strike"}
            stack.enter_context(newswire.answers(name, said, **manner))
        yield documents


async def page_of(client: Client) -> list[dict]:
    response = await client.get(PATH)
    assert response.status_code == 200, (
        f"The status was {response.status_code}, not 200.\n"
        "Return a JsonResponse without a status of its own."
    )
    return entries_in(json_of(response))


def entries_in(value: object) -> list[dict]:
    """What stands under "sources": entries that each have a source and a status."""
    assert isinstance(value, dict) and isinstance(value.get("sources"), list), (
        f"The JSON was {short(value)}, without a list under 'sources'.\n"
        'Return JsonResponse({"sources": ...}) with one entry for each source.'
    )
    for entry in value["sources"]:
        whole = isinstance(entry, dict) and {"source", "status", "headlines"} <= set(entry)
        assert whole, (
            f"One entry was {short(entry)}.\n"
            "Each has three keys: source, status and headlines, also where it failed."
        )
    return value["sources"]


def statuses(page: list[dict]) -> dict[str, str]:
    return {entry["source"]: entry["status"] for entry in page}


def told(status: str | None) -> str:
    return "missing" if status is None else f'"{status}"'


def told_of(known: dict[str, str], status: str) -> str:
    return ", ".join(name for name in NAMES if known.get(name) == status)


def assert_ok(page: list[dict], documents: dict, names) -> None:
    """These sources are on the page as they answered."""
    found = {entry["source"]: entry for entry in page}
    missing = [name for name in names if name not in found]
    assert not missing, (
        f"{', '.join(missing)} had answered, and did not come on the page.\n"
        "Make one entry for each name in NAMES."
    )
    for name in names:
        entry = found[name]
        assert entry["status"] == "ok", (
            f'The source {name} had answered, and on the page it was "{entry["status"]}".\n'
            'A source that has answered in time, and without an error, is "ok".'
        )
        assert entry["headlines"] == documents[name]["headlines"], (
            f"The source {name} sent other headlines than {short(entry['headlines'])}.\n"
            "Ask the wire at each request, and hand on the headlines of its document."
        )
