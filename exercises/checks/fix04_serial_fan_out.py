"""Checks of fix04_serial_fan_out: three pages of lesson 4, one defect each."""

from contextlib import suppress

from course_support.grading.checks import Client, InFlight, in_time, json_of, short
from course_support.live.calls import Seen
from course_support.live.newswire import Held, Newswire

BUSY_S = 2.0  # a site that had more to do, or to wait for a processor, may be late for that
NAMES = ("harbour", "hill", "night", "coast")
# How long a call that should not come is given time to come, and one that should: of the site's rest.
WINDOW_S = 0.2
ARRIVAL_S = 2.0


@in_time(BUSY_S)
async def check_front_asks_all_at_once(client: Client, newswire: Newswire) -> None:
    """/front/ asks all four sources before the first has answered."""
    with newswire.hold(*NAMES) as held:
        request = client.start("/front/")
        await reach(
            request,
            held,
            len(NAMES),
            "/front/: one call was at the wire, and the others waited for its answer.\n"
            "Each task is awaited in the turn of the loop that made it. Make them all, then wait.",
        )
        await order_of(client, request, held)


@in_time(BUSY_S)
async def check_morning_keeps_its_limit(client: Client, newswire: Newswire) -> None:
    """/morning/ asks two sources at one time, never three."""
    with newswire.hold(*NAMES) as held:
        request = client.start("/morning/")
        await reach(
            request,
            held,
            2,
            "/morning/: one call was at the wire at one time; two are allowed.\n"
            "Leave the limit at two, and let all calls share it.",
        )
        with suppress(TimeoutError):
            await request.before_answer(held.arrived(3), limit_s=WINDOW_S)
        assert Seen(held.calls).peak == 2, (
            "/morning/: more than two calls were at the wire at one time.\n"
            "A semaphore limits those who share it. How many are made in one request?"
        )
        await order_of(client, request, held)


@in_time(BUSY_S)
async def check_ticker_keeps_its_order(client: Client, newswire: Newswire) -> None:
    """/ticker/ asks all at once, and answers in the order of NAMES."""
    with newswire.hold(*NAMES) as held:
        request = client.start("/ticker/")
        await reach(
            request,
            held,
            len(NAMES),
            "/ticker/: the order may be right, but the calls no longer overlap.\n"
            "Keep all four under way, and take their results in the order of NAMES.",
        )
        order = await order_of(client, request, held)
    assert order == list(NAMES), (
        f"/ticker/: the order was {', '.join(order)}.\n"
        "The first to answer came first. Take the results in the order of NAMES."
    )


async def reach(request: InFlight, held: Held, number: int, otherwise: str) -> None:
    """Wait until `number` calls are held."""
    try:
        await request.before_answer(held.arrived(number), limit_s=ARRIVAL_S)
    except TimeoutError:
        raise AssertionError(otherwise) from None


async def order_of(client: Client, request: InFlight, held: Held) -> list[str]:
    """Answer the last of NAMES first, and read the order of the sources on the page."""
    while there := [call.source for call in held.calls if held.holds(call.source)]:
        number = len(held.calls)
        held.release(max(there, key=NAMES.index))
        await held.ended(number - len(there) + 1)
        await client.settle()  # the page has taken this answer in before the next one leaves
        if number < len(NAMES):
            with suppress(TimeoutError):
                await request.before_answer(held.arrived(number + 1), limit_s=WINDOW_S)
    value = json_of(await request.answer())
    assert isinstance(value, dict) and isinstance(value.get("sources"), list), (
        f"The JSON was {short(value)}, without a list of sources.\n"
        'Leave the last line of the view as it was: JsonResponse({"sources": documents}).'
    )
    strange = [one for one in value["sources"] if not isinstance(one, dict) or "source" not in one]
    assert not strange, (
        f"Among the sources stood {short(strange[0])}, which is no document of the wire.\n"
        "Hand each document on as it came."
    )
    return [str(document["source"]) for document in value["sources"]]
