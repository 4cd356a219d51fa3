"""A teacher's own check of ex04_fan_out: whose limit is it, the page's or the request's?"""

from course_support.grading.checks import Client, InFlight
from course_support.live.newswire import Held, Newswire

PATH = "/front-page/"
EACH = 4

weights = {"check_limit_of_each_request": 2}


async def check_limit_of_each_request(client: Client, newswire: Newswire) -> None:
    """A second reader's four calls go out while the first reader's are at the wire."""
    with newswire.hold() as held:
        first = client.start(PATH)
        assert await reached(first, held, EACH), "One request had fewer than four calls at once."
        second = client.start(PATH)
        assert await reached(second, held, 2 * EACH), (
            "The second reader's calls waited for the first reader's.\n"
            "Make the Semaphore in the view, so that each request has its own."
        )
        held.release()
        await first.answer()
        await second.answer()


async def reached(request: InFlight, held: Held, number: int) -> bool:
    """Whether so many calls are at the wire before the page is there."""
    try:
        return await request.before_answer(held.arrived(number, limit_s=2.5))
    except TimeoutError:
        return False
