"""Checks of fix05_endless_pages: three pages of lesson 5 that do not end well."""

import secrets
from contextlib import ExitStack, contextmanager, suppress

from course_support.grading.checks import Client, NoAnswer, in_time, json_of, short
from course_support.live.newswire import Newswire

NAMES = ("hill", "coast", "valley")
CALM_S = 0.2  # a site that had more to do, or to wait for a processor, may be late for that
WINDOW_S = 0.3  # how long a call that should not come is given time to come: of the site's rest
WHOLE_S = 10.0  # how long a source drips: far longer than anybody here waits


@in_time(CALM_S)
async def check_front_ends_a_source_that_drips(client: Client, newswire: Newswire) -> None:
    """/front/ calls the market late when it sends its news in drops, and ok when it does not."""
    with saying(newswire, ("market",), pieces=40, pause_s=WHOLE_S / 40):
        try:
            entry = (await entries_of(client, "/front/"))["market"]
        except NoAnswer:
            raise AssertionError(
                "/front/: the market sent a piece now and then, and the page waited for the last.\n"
                "The client's timeout is for one operation, and each piece sets it back. What "
                "limits a whole block?"
            ) from None
    assert entry["status"] == "late", (
        f'/front/: the market was still sending, and on the page it was "{entry["status"]}".\n'
        "asyncio.timeout raises TimeoutError, which is not httpx's TimeoutException."
    )
    with saying(newswire, ("market",)) as documents:
        entry = (await entries_of(client, "/front/"))["market"]
    assert entry == {"status": "ok", **documents["market"]}, (
        f"/front/: the market answered at once, and on the page was {short(entry)}.\n"
        "The limit is half a second. Hand the document on as it came."
    )


@in_time(CALM_S)
async def check_morning_keeps_what_it_has(client: Client, newswire: Newswire) -> None:
    """/morning/ shows the two that have answered, also when the third hangs."""
    with saying(newswire, NAMES) as documents, newswire.hold("valley"):
        page = await entries_of(client, "/morning/")
    known = {name: entry["status"] for name, entry in page.items()}
    assert known.get("hill") != "late" or known.get("coast") != "late", (
        "/morning/: two of three had answered, and the page calls all of them late.\n"
        "The deadline ended the gather, and with it what the others had found. One deadline for "
        "each call ends only that call."
    )
    wanted = {"hill": "ok", "coast": "ok", "valley": "late"}
    assert known == wanted, (
        f"/morning/: valley never answered, and the page said {short(known)}.\n"
        "Each of the three has an entry: the two that answered are ok, the third is late."
    )
    assert page["hill"]["headlines"] == documents["hill"]["headlines"], (
        f"/morning/: of hill the page shows {short(page['hill'])}.\n"
        "Hand the document on as it came."
    )


async def check_ticker_ends_with_its_reader(client: Client, newswire: Newswire) -> None:
    """/ticker/ asks again when harbour fails, and no longer when its reader has left."""
    with newswire.hold("harbour") as held:
        request = client.start("/ticker/")
        await request.before_answer(held.arrived(1))
        request.leave()
        with suppress(TimeoutError):
            await client.until(held.arrived(2), limit_s=WINDOW_S)
        await newswire.settle()
        again = len(held.calls) - 1
        dropped = held.calls[0].left_s is not None
    assert not again, (
        "/ticker/: its reader left, and the view asked again.\n"
        "The CancelledError of a reader who leaves was caught with the failures. Which exceptions "
        "mean that harbour has failed?"
    )
    assert dropped, (
        "/ticker/: its reader left, and the call stayed at the wire.\n"
        "Await the call in the view itself."
    )
    await still_tries(client, newswire)


async def still_tries(client: Client, newswire: Newswire) -> None:
    with newswire.hold("harbour") as held:
        held.release()
        with newswire.answers("harbour", {"error": "strike"}, status=503):
            request = client.start("/ticker/")
            with suppress(TimeoutError):
                await request.before_answer(held.arrived(2), limit_s=client.limit_s)
        with saying(newswire, ("harbour",)) as documents:
            value = json_of(await request.answer())
    assert isinstance(value, dict) and value.get("status") == "ok", (
        f"/ticker/: harbour failed once, and the page was {short(value)}.\n"
        "Let it try again when a call has failed: that is what it is for."
    )
    assert value.get("headlines") == documents["harbour"]["headlines"], (
        f"/ticker/: the page shows {short(value)}.\nHand the document on as it came."
    )


@contextmanager
def saying(newswire: Newswire, names: tuple[str, ...], **manner):
    """Documents that no view can know before the wire has answered, by source."""
    documents = {
        name: {"source": name, "headlines": [f"Story {secrets.token_hex(40)}"]} for name in names
    }
    with ExitStack() as stack:
        for name, document in documents.items():
            stack.enter_context(newswire.answers(name, document, **manner))
        yield documents


async def entries_of(client: Client, path: str) -> dict[str, dict]:
    """The entries of a page, by source."""
    value = json_of(await client.get(path))
    entries = value.get("sources") if isinstance(value, dict) else None
    whole = isinstance(entries, list) and all(
        isinstance(entry, dict) and {"source", "status", "headlines"} <= set(entry)
        for entry in entries
    )
    assert entries and whole, (
        f"{path}: the JSON was {short(value)}.\n"
        "Leave its form as it was: a list under 'sources', of entries with source, status and "
        "headlines."
    )
    return {entry["source"]: entry for entry in entries}
