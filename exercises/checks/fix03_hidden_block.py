"""Checks of fix03_hidden_block: a page whose blocking call is two calls deep."""

import asyncio
import secrets

from course_support.grading.checks import Client, InFlight, LoopBlocked, NoAnswer, json_of, short
from course_support.live.newswire import Held, Newswire

PATH, PING = "/front/", "/ping/"
PING_S = 2.0  # shorter than the 5 s after which httpx itself gives up, and lets the loop go


def new_document() -> dict:
    """A document that no view can know before the wire has answered."""
    return {"source": "quick", "headlines": [f"Story {secrets.token_hex(4)}" for _ in range(3)]}


async def check_front_leads_with_the_first_headline(client: Client, newswire: Newswire) -> None:
    """/front/ shows the wire's first headline and their number."""
    document = new_document()
    wanted = {"lead": document["headlines"][0], "stories": 3}
    with newswire.answers("quick", document):
        seen = json_of(await client.get(PATH))
    assert seen == wanted, (
        f"The page sent {short(seen)}; with what the wire said, it is {short(wanted)}.\n"
        "Change how the wire is asked, at each request, and nothing of what the page says."
    )


async def check_ping_is_answered_meanwhile(client: Client, newswire: Newswire) -> None:
    """While /front/ waits for the wire, /ping/ is answered."""
    with newswire.hold("quick") as held:
        front = await start_free(client, held)
        held.release()
        await front.answer()


async def check_two_readers_at_the_wire(client: Client, newswire: Newswire) -> None:
    """While one reader of /front/ waits, the next one gets as far as the wire."""
    with newswire.hold("quick") as held:
        first = await start_free(client, held)
        try:
            second = await start_and_reach(client, held, number=2)
        except TimeoutError:
            raise AssertionError(
                "The second reader did not reach the wire while the first was waiting there.\n"
                "Something lets in one reader at a time: a lock, or a pool with a single thread."
            ) from None
        held.release()
        await first.answer()
        await second.answer()


async def start_free(client: Client, held: Held) -> InFlight:
    """Start /front/; when the wire has its call, a ping must be answered."""
    async with client.watch() as seen:
        front = await start_and_reach(client, held)
        ping = asyncio.ensure_future(client.get(PING))
        ping.add_done_callback(lambda task: task.cancelled() or task.exception())
        in_time = await client.first_of(ping, limit_s=PING_S)
    if not in_time:
        # The checks' own lines run on another loop, and are no concern of the learner's.
        lines = [hold.line for hold in seen.holds if "fix03_hidden_block.py" not in hold.line]
        raise LoopBlocked(PATH, lines[0]) if lines else NoAnswer(PATH, "")
    await ping
    return front


async def start_and_reach(client: Client, held: Held, number: int = 1) -> InFlight:
    """Start a request of /front/ and wait until `number` calls are held."""
    request = client.start(PATH)
    if not await request.before_answer(held.arrived(number)):
        await request.answer()
        raise AssertionError(
            "The page answered without asking the wire.\n"
            "Ask inside the view, at each request, and keep nothing from one to the next."
        )
    return request
