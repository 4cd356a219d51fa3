"""Checks of ex01_first_view: `/headlines/` hands on what the slow source says."""

import secrets
import time

import httpx

from course_support.grading.checks import Client, InFlight, json_of, short
from course_support.live.newswire import SOURCES, Held, Newswire

PATH = "/headlines/"
MARK = "Story"  # begins each headline of a check's own documents


def new_document() -> dict:
    """A document that no view can know before the wire has answered."""
    return {"source": "slow", "headlines": [f"{MARK} {secrets.token_hex(4)}" for _ in range(3)]}


async def check_hands_on_the_document(client: Client, newswire: Newswire) -> None:
    """It answers 200 with the wire's JSON document."""
    document = new_document()
    start_s = time.perf_counter()
    with newswire.answers("slow", document):
        response = await client.get(PATH)
    assert response.status_code == 200, (
        f"The status was {response.status_code}, not 200.\n"
        "Return a JsonResponse without a status of its own."
    )
    assert_asked(newswire, start_s, response)
    kind = response.headers.get("content-type", "nothing")
    assert kind.startswith("application/json"), (
        f"The content type was {kind}, not application/json.\n"
        "Return a JsonResponse: it turns a dict into JSON and says so in the header."
    )
    assert_same(json_of(response), document)


def assert_asked(newswire: Newswire, start_s: float, response: httpx.Response) -> None:
    """Was the slow source asked since `start_s`? If not, the words say what was done instead."""
    took_s = time.perf_counter() - start_s
    counts = newswire.seen.since(start_s).counts
    assert not counts or "slow" in counts, (
        f"The wire was asked for {', '.join(counts)}, and not for slow.\n"
        'Take the address from newswire.url("slow").'
    )
    assert counts or MARK not in response.text, (
        "The wire was not asked again: the view sent what an earlier request had got.\n"
        "Ask inside the view, and keep nothing from one request to the next."
    )
    # The clock chooses the words here, not the verdict.
    assert counts or took_s < SOURCES["slow"].delay_s, (
        f"The wire was not asked, though the view took {took_s:.1f} s.\n"
        "A sleep stands in for the wait. Let the view await the wire itself: "
        'await client.get(newswire.url("slow")).'
    )
    assert counts, (
        "The wire was not asked: the answer was made without it.\n"
        'Ask newswire.url("slow") in the view, at each request.'
    )


def assert_same(seen: object, document: dict) -> None:
    """Is what the view sent the very document of the wire?"""
    if isinstance(seen, str):
        raise AssertionError(
            "The JSON was one text with the document inside it, in JSON a second time.\n"
            "Give JsonResponse the dict that response.json() makes, not response.text."
        )
    if isinstance(seen, list):
        raise AssertionError(
            f"The JSON was a list of {len(seen)}; the wire sends a dict with a list inside.\n"
            "Hand the whole document on: source and headlines."
        )
    if isinstance(seen, dict) and document in seen.values():
        key = next(key for key, value in seen.items() if value == document)
        raise AssertionError(
            f"The wire's document came inside another one, under the key '{key}'.\n"
            "Give JsonResponse the document itself, without a dict around it."
        )
    assert seen == document, (
        f"The JSON was {short(seen)}; the wire had sent {short(document)}.\n"
        "Hand on what response.json() gives, as it is."
    )


async def check_asks_once(client: Client, newswire: Newswire) -> None:
    """Each request asks the wire exactly once."""
    for ordinal in ("first", "second"):
        start_s = time.perf_counter()
        with newswire.answers("slow", new_document()):
            response = await client.get(PATH)
        assert_asked(newswire, start_s, response)
        counts = newswire.seen.since(start_s).counts
        number = sum(counts.values())
        assert number == 1, (
            f"The {ordinal} request asked the wire {number} times ({told(counts)}).\n"
            "Keep the answer of one await in a name, and use that name twice."
        )


def told(counts: dict[str, int]) -> str:
    return ", ".join(f"{source}: {number}" for source, number in counts.items())


async def check_waits_for_the_wire(client: Client, newswire: Newswire) -> None:
    """It does not answer before the wire has answered."""
    with newswire.hold("slow") as held:
        request = await start_and_reach(client, newswire, held)
        assert not request.answered, (
            "The view answered while the wire was still silent.\n"
            "Await the call to the wire before the return."
        )
        held.release()
        await request.answer()


async def check_gives_the_loop_back(client: Client, newswire: Newswire) -> None:
    """While one request waits, the next one gets as far as the wire."""
    with newswire.hold("slow") as held:
        first = await start_and_reach(client, newswire, held)
        try:
            second = await start_and_reach(client, newswire, held, number=2)
        except TimeoutError:
            raise AssertionError(
                "The second request did not reach the wire while the first was waiting there.\n"
                "Take away what lets them in one at a time, such as a lock."
            ) from None
        held.release()
        await first.answer()
        await second.answer()


async def check_stops_when_the_reader_leaves(client: Client, newswire: Newswire) -> None:
    """When the reader leaves, the call to the wire is dropped too."""
    with newswire.hold("slow") as held:
        request = await start_and_reach(client, newswire, held)
        request.leave()
        try:
            await client.until(held.left(1))
        except TimeoutError:
            raise AssertionError(
                "The reader left, and the call to the wire went on.\n"
                "It runs in a thread, which cannot be cancelled: the view is a plain `def`, or "
                "hands its call to one. Write `async def` and await an httpx.AsyncClient."
            ) from None


async def start_and_reach(
    client: Client, newswire: Newswire, held: Held, number: int = 1
) -> InFlight:
    """Start a request and wait until `number` calls are held."""
    start_s = time.perf_counter()
    request = client.start(PATH)
    if not await request.before_answer(held.arrived(number)):
        assert_asked(newswire, start_s, await request.answer())
    return request
