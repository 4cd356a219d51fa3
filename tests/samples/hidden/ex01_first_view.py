"""A teacher's own checks of ex01_first_view: documents that the visible checks do not send."""

from course_support.grading.checks import Client, json_of, short
from course_support.live.newswire import Newswire

PATH = "/headlines/"


async def check_quiet_day(client: Client, newswire: Newswire) -> None:
    """On a quiet day it hands on the document without a headline."""
    await assert_handed_on(client, newswire, {"source": "slow", "headlines": []})


async def check_other_scripts(client: Client, newswire: Newswire) -> None:
    """Headlines in any script arrive as the wire sent them."""
    headlines = ["Überfahrt", "Η θάλασσα", "海の朝"]
    await assert_handed_on(client, newswire, {"source": "slow", "headlines": headlines})


async def assert_handed_on(client: Client, newswire: Newswire, document: dict) -> None:
    with newswire.answers("slow", document):
        response = await client.get(PATH)
    assert response.status_code == 200, (
        f"To the document {short(document)} the view answered {response.status_code}.\n"
        "Hand on what the wire sends, whatever is in it."
    )
    assert json_of(response) == document, (
        f"The wire sent {short(document)}, and the page had {short(response.text)}.\n"
        "Hand on what response.json() gives, as it is."
    )
