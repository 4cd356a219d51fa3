"""Checks of fix02_hidden_queues: who may be at the wire together, behind a server without a pool."""

import secrets
import time
from contextlib import suppress

from httpx import Response

from course_support.grading.checks import Client, InFlight, LoopBlocked, in_time, json_of
from course_support.live.newswire import Held, Newswire

READERS = 8
BUSY_S = 2.0  # a site that had more to do, or to wait for a processor, may be late for that
AGREED = 4  # calls at a time, says the owner of the archive
ARRIVE_S = 2.0
NOBODY_ELSE_S = 0.2  # as the line above, seconds in which the site does nothing


async def count_at_the_wire(
    client: Client, newswire: Newswire, path: str, readers: int, wanted: int
) -> int:
    """How many of these readers' calls are at the wire before it has answered anybody?"""
    with newswire.hold("slow") as held:
        # Two first: where one keeps the other out, the verdict is there before the rest come.
        requests = [client.start(path), client.start(path)]
        try:
            if await arrive(client, requests[0], held, path, 2):
                requests += [client.start(path) for _ in range(readers - 2)]
                await arrive(client, requests[0], held, path, wanted)
                with suppress(TimeoutError):  # who else comes?
                    await client.until(held.arrived(readers), limit_s=NOBODY_ELSE_S)
            seen = len(held.calls)
            held.release()
            assert_served(path, [await one.answer() for one in requests])
            return seen
        finally:
            for one in requests:
                one.leave()


async def arrive(client: Client, first: InFlight, held: Held, path: str, wanted: int) -> bool:
    """Wait until the wanted calls are there; False when it is clear that they will not be."""
    try:
        waited = await first.before_answer(held.arrived(wanted), limit_s=ARRIVE_S)
    except TimeoutError:
        reason = await client.stuck_at(path)
        if isinstance(reason, LoopBlocked) or not held.calls:
            raise reason from None
        return False
    if not waited:
        assert_served(path, [await first.answer()])
        raise AssertionError(
            f"{path} answered before the wire had.\nAsk the wire at each request, and wait for it."
        )
    return True


def assert_served(path: str, responses: list[Response]) -> None:
    """Has every reader the page?"""
    for response in responses:
        assert response.status_code == 200, (
            f"{path} sent a reader away with status {response.status_code}.\n"
            "A reader who comes while all lines are taken waits; nobody is turned away."
        )


@in_time(BUSY_S)
async def check_story_lets_all_in(client: Client, newswire: Newswire) -> None:
    """/story/: eight readers are at the wire at the same time."""
    seen = await count_at_the_wire(client, newswire, "/story/", READERS, READERS)
    assert seen > 2, (
        f"8 readers asked for /story/, and {seen} calls were at the wire; the others had not left "
        "the house.\nWho counts to two between the view and the wire?"
    )
    assert seen == READERS, (
        f"8 readers asked for /story/, and {seen} calls were at the wire: more than before, "
        "and still a queue.\nThe pool behind the view needs a thread for each reader who waits."
    )


@in_time(BUSY_S)
async def check_front_lets_all_in(client: Client, newswire: Newswire) -> None:
    """/front/: eight readers are at the wire at the same time."""
    seen = await count_at_the_wire(client, newswire, "/front/", READERS, READERS)
    assert seen > 1, (
        f"Two readers asked for /front/, and {seen} call was at the wire.\n"
        "Each request has a thread of its own here. What do these threads share, and how long "
        "does one of them keep it?"
    )
    assert seen == READERS, (
        f"8 readers asked for /front/, and {seen} calls were at the wire together.\n"
        "No reader has to wait for another one there: keep the lock for the counting alone."
    )


async def check_front_still_counts(client: Client, newswire: Newswire) -> None:
    """/front/: the wire's document, with the next number on each page."""
    document = {"source": "slow", "headlines": [f"Story {secrets.token_hex(4)}"]}
    with newswire.answers("slow", document):
        pages = [json_of(await client.get("/front/")) for _ in range(3)]
    for page in pages:
        assert isinstance(page, dict) and page.get("headlines") == document["headlines"], (
            f"A page of /front/ was {page}, without the headlines of the wire.\n"
            "Hand on the document of the wire, and the number of the page with it."
        )
    numbers = [page.get("page") for page in pages]
    first = numbers[0] if isinstance(numbers[0], int) else 0
    assert numbers == [first, first + 1, first + 2], (
        f"Three pages of /front/ in a row had the numbers {numbers}.\n"
        "Each page counts one further: the counting stays, only the waiting leaves the lock."
    )


@in_time(BUSY_S)
async def check_archive_keeps_the_agreement(client: Client, newswire: Newswire) -> None:
    """/archive/: four calls at a time, never five and never fewer."""
    start_s = time.perf_counter()
    seen = await count_at_the_wire(client, newswire, "/archive/", 12, AGREED)
    seen = max(seen, newswire.seen.since(start_s).peak)
    assert seen <= AGREED, (
        f"12 readers asked the archive, and {seen} calls were there at the same time; "
        f"{AGREED} are agreed.\nWhat says how many may go at a time, and do all requests share it?"
    )
    assert seen == AGREED, (
        f"Of the readers who asked the archive, {seen} went at a time; {AGREED} are agreed.\n"
        "Let as many go as were agreed, so that no reader waits for nothing."
    )
