"""Checks of ex03_blocking_call: `/digest/` is right, and others are served while it computes."""

import hashlib
import secrets
import string
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache

import httpx

from course_support.grading.checks import (
    Client,
    InFlight,
    LoopBlocked,
    NoAnswer,
    json_of,
    short,
)
from course_support.live.newswire import Newswire
from course_support.live.watching import Hold

PATH, PING = "/digest/", "/ping/"
ROUNDS = 400
PINGS = 10  # that a free loop answers while a digest is under way
LONG_S = 0.2  # a digest of this length, on this machine; where it is too short, three or nine times
LENGTHS = (1, 3, 9)
TRIES = 6  # waits for a digest: a slow machine takes its time, and a view that never answers too
SAMPLE_S = 0.04
LETTERS = string.ascii_letters + "äéß "


def digest_of(document: str) -> str:
    """What the exercise calls the digest of a document."""
    found = b"newsdesk"
    for line in document.splitlines(keepends=True):
        found = hashlib.pbkdf2_hmac("sha256", line.encode(), found, ROUNDS * len(line))
    return found.hex()


def new_line(letters: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(letters))


@cache  # this file is loaded anew for each verdict
def letters_a_second() -> float:
    """How many characters this machine digests in a second of a processor's time."""
    # Not of a clock's: where others have the processor, so would they have it during a digest.
    start_s, number = time.thread_time(), 0
    while (used_s := time.thread_time() - start_s) < SAMPLE_S:
        digest_of("x" * 25)
        number += 1
    return 25 * number / used_s


def letters_in(seconds: float) -> int:
    return max(100, int(seconds * letters_a_second()))


def many_lines(seconds: float) -> str:
    return "".join(f"{new_line(2)}\n" for _ in range(letters_in(seconds) // 3))


def one_line(seconds: float) -> str:
    return new_line(letters_in(seconds))


async def check_digest_is_unchanged(client: Client, newswire: Newswire) -> None:
    """It answers 200 with the digest of the posted text, unchanged."""
    for document in (new_line(20), f"{new_line(9)}\n\n{new_line(9)}\n"):
        assert_right(await client.post(PATH, content=document), digest_of(document))


def assert_right(response: httpx.Response, digest: str) -> None:
    """Is this the answer with this digest?"""
    assert response.status_code == 200, (
        f"The status was {response.status_code}, not 200.\n"
        "Return a JsonResponse without a status of its own, when the digest is there."
    )
    seen = json_of(response)
    assert isinstance(seen, dict) and "digest" in seen, (
        f"The JSON was {short(seen)}, without a digest.\n"
        'Give JsonResponse a dict with the digest in it: {"digest": found}.'
    )
    assert seen["digest"] is not None, (
        "The digest was null: the view answered before there was one.\n"
        "Whatever computes it has to be awaited before the return."
    )
    assert seen["digest"] == digest, (
        "The digest is not the one that the old view gives for the same text.\n"
        f"It began with {str(seen['digest'])[:8]}, not with {digest[:8]}. "
        "Leave digest_of as it was, and give it the whole text of the request."
    )


async def check_ping_is_answered_meanwhile(client: Client, newswire: Newswire) -> None:
    """While a digest is under way, /ping/ is answered."""
    ping = await client.get(PING)
    assert ping.status_code == 200, (
        f"The status of {PING} was {ping.status_code}, with no digest under way.\n"
        "Leave the ping view as it was."
    )
    await assert_loop_is_free(client)


async def check_two_at_once(client: Client, newswire: Newswire) -> None:
    """Two digests at once are both right, and a short one does not wait for a long one."""
    for length in LENGTHS:
        slow, quick = one_line(length * LONG_S), new_line(10)
        first = client.start(PATH, method="POST", content=slow)
        if await pings_before(client, first) < PINGS:
            await assert_loop_is_free(client)
        second = client.start(PATH, method="POST", content=quick)
        try:
            overtook = await first.before_answer(second.answer())
            # Both answers can leave a loop together that was held: then nobody has overtaken.
            overtook = overtook and await first.before_answer(client.get(PING))
        except NoAnswer:
            break  # on a slow machine, a long digest takes longer than the client waits
        answers = await first.answer(), await second.answer()
        assert_not_mixed(answers, [slow, quick])
        if overtook:
            return
    await assert_loop_is_free(client)
    raise AssertionError(
        "A text of ten letters had to wait until a long one was digested.\n"
        "Something lets in one digest at a time: a lock, or a pool with a single thread."
    )


def assert_not_mixed(answers: Sequence[httpx.Response], documents: Sequence[str]) -> None:
    """Has each of two clients the digest of its own document?"""
    digests = [digest_of(document) for document in documents]
    others = [{"digest": digest} for digest in reversed(digests)]
    assert all(json_of(one) != other for one, other in zip(answers, others, strict=True)), (
        "Of two clients at once, one was answered with the digest of the other's text.\n"
        "Two requests share a name in which the digest is kept. Keep it in the view."
    )
    for answer, digest in zip(answers, digests, strict=True):
        assert_right(answer, digest)


async def assert_loop_is_free(client: Client) -> None:
    """Are pings answered while a digest is under way, however the text is cut into lines?"""
    free, hold = await pings_meanwhile(client, many_lines)
    assert free, told(hold)
    free, _ = await pings_meanwhile(client, one_line)
    assert free, (
        "Pings were answered while many short lines were digested, but not during one long line.\n"
        "One line is one call, and there is no place in it to give way. Move the call off the loop."
    )


async def pings_meanwhile(
    client: Client, document: Callable[[float], str]
) -> tuple[bool, Hold | None]:
    """Was each ping answered in time while a digest was under way, and what held the loop?"""
    free, holds = False, []
    for length in LENGTHS:
        text = document(length * LONG_S)
        async with client.watch(LONG_S / 4) as seen:
            request = client.start(PATH, method="POST", content=text)
            number = await pings_before(client, request)
            # A view that holds the loop at its end only has answered some pings before.
            free = number == PINGS and await longest_ping_s(client, request) < length * LONG_S / 2
        # The checks' own lines run on another loop, and are no concern of the learner's.
        holds = [hold for hold in seen.holds if "ex03_blocking_call.py" not in hold.line]
        with suppress(LoopBlocked):  # a slow machine; what counts has been seen
            assert_right(await patiently(request), digest_of(text))
        if free or (number == 0 and length > 1):
            break  # a loop that is free answers one at least, on the slowest machine too
    return free, max(holds, key=lambda hold: hold.held_s, default=None)


async def patiently(request: InFlight) -> httpx.Response:
    """The answer, however long a slow machine takes."""
    for _ in range(TRIES - 1):
        with suppress(NoAnswer):
            return await request.answer()
    return await request.answer()


async def longest_ping_s(client: Client, request: InFlight) -> float:
    """How long the slowest ping waited for its answer, or for that of `request`."""
    longest_s, begun_s = 0.0, time.perf_counter()
    while not request.answered and time.perf_counter() - begun_s < client.limit_s:
        sent_s = time.perf_counter()
        try:
            await request.before_answer(client.get(PING))
        except (LoopBlocked, NoAnswer):
            return client.limit_s
        longest_s = max(longest_s, time.perf_counter() - sent_s)
    return longest_s


async def pings_before(client: Client, request: InFlight) -> int:
    """Send pings, each after the last one's answer, until `request` or enough are answered."""
    for number in range(PINGS):
        try:
            if not await request.before_answer(client.get(PING)):
                return number
        except (LoopBlocked, NoAnswer):
            # On a slow machine, a loop that is held is held for longer than the client waits.
            return number
    return PINGS


def told(hold: Hold | None) -> str:
    """What kept the pings from being answered, as far as it could be seen."""
    if hold is None:
        return (
            "The digest was answered first, and pings that had been sent before it had to wait.\n"
            "Look for what keeps the event loop, or every other request, from going on."
        )
    if hold.kind == "waiting":
        return (
            f"The view stood still on the event loop and waited for others, at {hold.line}.\n"
            "The work is elsewhere, and the loop is held all the same. Wait with an `await`: "
            "asyncio.to_thread gives something that can be awaited."
        )
    return (
        f"The view computed on the event loop, and no ping was answered meanwhile: {hold.line}.\n"
        "No word in front of it makes it lighter. Hand the function to a thread, and await that."
    )
