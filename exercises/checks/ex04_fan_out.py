"""Checks of ex04_fan_out: `/front-page/` gathers eight sources, four at a time."""

import secrets
from contextlib import ExitStack, contextmanager, suppress

from course_support.grading.checks import (
    Client,
    InFlight,
    LoopBlocked,
    ViewRaised,
    in_time,
    json_of,
    short,
)
from course_support.live.calls import Seen
from course_support.live.newswire import Held, Newswire

PATH = "/front-page/"
NAMES = ("harbour", "hill", "night", "coast", "market", "valley", "station", "garden")
BUSY_S = 2.0  # a site that had more to do, or to wait for a processor, may be late for that
AT_ONCE = 4
# How long a call that should not come is given time to come, and one that should: of the site's rest.
WINDOW_S = 0.2
ARRIVAL_S = 2.0


async def check_gathers_all_sources(client: Client, newswire: Newswire) -> None:
    """It answers 200 with the documents of all eight sources."""
    with saying(newswire) as documents:
        response = await client.get(PATH)
    assert response.status_code == 200, (
        f"The status was {response.status_code}, not 200.\n"
        "Return a JsonResponse without a status of its own."
    )
    found = sources_in(json_of(response))
    missing = [name for name in NAMES if documents[name] not in found]
    assert len(missing) < len(NAMES), (
        f"No document of the wire was on the page: {short(found)}.\n"
        "Ask the wire at each request, and hand each document on as it came."
    )
    assert not missing, (
        f"{len(NAMES) - len(missing)} of {len(NAMES)} documents were on the page; "
        f"those of {', '.join(missing)} were missing.\n"
        "Ask for each name in NAMES, and hand each document on as it came."
    )


def sources_in(value: object) -> list:
    """What stands under "sources" on the page."""
    assert isinstance(value, dict) and "sources" in value, (
        f"The JSON was {short(value)}, without the key 'sources'.\n"
        'Return JsonResponse({"sources": ...}) with the list of documents.'
    )
    sources = value["sources"]
    assert isinstance(sources, list), (
        f"Under 'sources' stood a {type(sources).__name__}, not a list.\n"
        "The page has an order, so the documents come in a list."
    )
    return sources


@contextmanager
def saying(newswire: Newswire, failing: str = ""):
    """Documents that no view can know before the wire has answered, by source."""
    documents = {
        name: {"source": name, "headlines": [f"Story {secrets.token_hex(4)}"]} for name in NAMES
    }
    with ExitStack() as stack:
        for name, document in documents.items():
            status = 503 if name == failing else 200
            stack.enter_context(newswire.answers(name, document, status=status))
        yield documents


async def check_asks_each_source_once(client: Client, newswire: Newswire) -> None:
    """Each request asks each source exactly once."""
    with saying(newswire), newswire.hold() as held:
        held.release()
        await client.get(PATH)
        asked = [call.source for call in held.calls]
    often = {name: asked.count(name) for name in NAMES if asked.count(name) != 1}
    assert not often, (
        f"One request asked {told(often)}.\n"
        "Make one call for each name, and keep its document in a name of your own."
    )


def told(counts: dict[str, int]) -> str:
    return ", ".join(f"{source} {number} times" for source, number in counts.items())


@in_time(BUSY_S)
async def check_four_at_once(client: Client, newswire: Newswire) -> None:
    """Four calls are at the wire at one time, and when one is answered the fifth comes."""
    with newswire.hold(*NAMES) as held:
        request = await four_at_the_wire(client, held)
        held.release(waiting(held)[-1])
        try:
            await reach(request, held, AT_ONCE + 1, ARRIVAL_S)
        except TimeoutError:
            await let_through(client, held, request)
            assert len(held.calls) >= len(NAMES), (
                f"{len(held.calls)} of {len(NAMES)} sources were asked in one request.\n"
                "Make one call for each name in NAMES."
            )
            raise AssertionError(
                "One of the four calls was answered, and the fifth did not come.\n"
                "A group of four is waited for as a whole. Let each call take its place "
                "by itself: an asyncio.Semaphore(4), and one task for each name."
            ) from None
        await let_through(client, held, request)
        assert_at_most_four(held)


async def four_at_the_wire(client: Client, held: Held) -> InFlight:
    """A request whose four calls are held, and no fifth."""
    request = client.start(PATH)
    try:
        await reach(request, held, AT_ONCE, ARRIVAL_S)
    except TimeoutError:
        stuck = await client.stuck_at(PATH)
        if isinstance(stuck, LoopBlocked):
            raise stuck from None
        number = len(held.calls)
        assert number != 1, (
            "One call was at the wire, and no second one came before it was answered.\n"
            "The view awaits each call before it makes the next. Make them all first, as "
            "arguments of asyncio.gather or as tasks of a TaskGroup."
        )
        raise AssertionError(
            f"{number} calls were at the wire, and no further one came.\n"
            "Four may be there at one time: asyncio.Semaphore(4), one for the whole request."
        ) from None
    with suppress(TimeoutError):
        await reach(request, held, AT_ONCE + 1, WINDOW_S)
    assert_at_most_four(held)
    return request


async def reach(request: InFlight, held: Held, number: int, limit_s: float) -> None:
    """Wait until `number` calls have come; the page must not be there before."""
    if not await request.before_answer(held.arrived(number), limit_s=limit_s):
        raise AssertionError(
            "The page was there before its sources had answered.\n"
            "Await every call in the view, and make the page of what they give."
        )


def assert_at_most_four(held: Held) -> None:
    assert Seen(held.calls).peak <= AT_ONCE, (
        "More than four calls were at the wire at one time.\n"
        "Let each call pass the same asyncio.Semaphore(4), made once in the request."
    )


def waiting(held: Held) -> list[str]:
    """The sources whose calls are at the wire and held, in order of arrival."""
    return [call.source for call in held.calls if held.holds(call.source)]


async def let_through(client: Client, held: Held, request: InFlight) -> None:
    """Answer the calls one by one, always the newest first."""
    while there := waiting(held):
        number = len(held.calls)
        held.release(there[-1])
        await held.ended(number - len(there) + 1)
        await client.settle()  # the page has taken this answer in before the next one leaves
        if number < len(NAMES):
            with suppress(TimeoutError):
                await reach(request, held, number + 1, WINDOW_S)
    held.release()
    await request.answer()


@in_time(BUSY_S)
async def check_keeps_the_order(client: Client, newswire: Newswire) -> None:
    """The page has the order of NAMES, whichever source answers first."""
    with newswire.hold(*NAMES) as held:
        request = await started(client, held)
        await let_through(client, held, request)
        response = await request.answer()
    sources = sources_in(json_of(response))
    strange = [source for source in sources if not isinstance(source, dict)]
    assert not strange, (
        f"Among the sources stood {short(strange[0])}, which is no document.\n"
        "Hand the whole document of each source on: the dict that response.json() makes."
    )
    order = [source.get("source") for source in sources]
    assert order == list(NAMES), (
        f"The order on the page was {', '.join(map(str, order))}.\n"
        "That is the order of arrival. Take the results in the order of NAMES: gather gives "
        "them so, and so does a list of tasks."
    )


@in_time(BUSY_S)
async def check_reuses_connections(client: Client, newswire: Newswire) -> None:
    """The eight calls of a request share four connections."""
    with newswire.hold(*NAMES) as held:
        request = await started(client, held)
        await let_through(client, held, request)
        assert_at_most_four(held)
        opened = len({call.connection for call in held.calls})
    assert opened <= AT_ONCE, (
        f"{opened} connections were opened for {len(NAMES)} calls: none was used again.\n"
        "A client keeps its connections. Open one AsyncClient for the whole request, and hand "
        "it to each call."
    )


async def started(client: Client, held: Held) -> InFlight:
    """A request with as many calls at the wire as it makes without an answer."""
    request = client.start(PATH)
    await reach(request, held, 1, client.limit_s)
    with suppress(TimeoutError):
        await reach(request, held, len(NAMES), WINDOW_S)
    return request


@in_time(BUSY_S)
async def check_stops_when_the_reader_leaves(client: Client, newswire: Newswire) -> None:
    """When the reader leaves, the calls at the wire are dropped."""
    with newswire.hold(*NAMES) as held:
        request = await started(client, held)
        number = len(held.calls)
        request.leave()
        try:
            await client.until(held.left(number))
        except TimeoutError:
            raise AssertionError(
                "The reader left, and the calls to the wire went on.\n"
                "They run in threads, or in tasks that nobody waits for. Await them in an "
                "`async def` view, through gather or a TaskGroup."
            ) from None


@in_time(BUSY_S)
async def check_does_not_hide_a_failure(client: Client, newswire: Newswire) -> None:
    """When a source fails, the page is an error and not a page with a hole."""
    with saying(newswire, failing="coast"), newswire.hold(*NAMES) as held:
        request = await started(client, held)
        try:
            await let_through(client, held, request)
            response = await request.answer()
        except ViewRaised:
            await settle(client, held)
            return
    assert response.status_code >= 500, (
        f"The source coast answered 503, and the page answered {response.status_code}.\n"
        "Call raise_for_status() on each answer, and let its exception through. What a page "
        "does better than that is lesson 5."
    )


async def settle(client: Client, held: Held) -> None:
    """Let calls come and go that nobody waits for any more."""
    held.release()
    with suppress(TimeoutError):
        while (number := len(held.calls)) < len(NAMES):
            await client.until(held.arrived(number + 1), limit_s=WINDOW_S)
