"""Checks of fix01_three_awaits: three endpoints of lesson 1, one edit each."""

import secrets

from course_support.grading.checks import Client, json_of
from course_support.live.newswire import Newswire


def new_document() -> dict:
    """A document that no view can know before the wire has answered."""
    return {"source": "quick", "headlines": [f"Story {secrets.token_hex(4)}"]}


async def check_story_hands_on_the_document(client: Client, newswire: Newswire) -> None:
    """/story/ answers 200 with the wire's document."""
    document = new_document()
    with newswire.answers("quick", document):
        response = await client.get("/story/")
    assert json_of(response) == document, (
        f"The page sent {response.text[:80]}; the wire had sent {document}.\n"
        "Give JsonResponse the document as it came."
    )


async def check_front_shows_the_headlines(client: Client, newswire: Newswire) -> None:
    """/front/ answers 200 with the wire's headlines."""
    document = new_document()
    with newswire.answers("quick", document):
        response = await client.get("/front/")
    assert document["headlines"][0] in response.text, (
        f"The page sent {response.text[:80]}, without the wire's headline.\n"
        "Return what make_front() gives when it has run."
    )


async def check_notify_reaches_the_wire(client: Client, newswire: Newswire) -> None:
    """/notify/ asks the wire before it answers."""
    with newswire.hold("quick") as held:
        request = client.start("/notify/")
        assert await request.before_answer(held.arrived(1)), (
            "The page answered, and the wire never got a call.\n"
            "A coroutine was made in notify() and never run. One word is missing before it."
        )
        held.release()
        await request.answer()
