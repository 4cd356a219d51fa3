"""Checks of ex02_choose_a_server: three workloads, each run on the server that the form chose."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from django.http import HttpRequest, JsonResponse
from django.urls import path

from course_support.grading.checks import Client, short
from course_support.live.newswire import Newswire
from course_support.live.site import Site

PATH = "/choice/"
SERVERS = ("asgi", "wsgi")
MOST_THREADS = 64
AGREED = 4  # calls at a time, says the owner of the archive
READERS = {"front": 20, "archive": 12, "live": 30}
KEYS = ("server", "threads", "at_the_wire")
ARRIVE_S = 60.0  # they all come, however slow the machine
NOBODY_ELSE_S = 0.3

counted: "dict[Choice, int]" = {}  # this file is loaded anew for each verdict


@dataclass(frozen=True)
class Choice:
    """What the form says of one workload."""

    name: str
    server: str
    threads: int | None
    at_the_wire: int

    @property
    def readers(self) -> int:
        """How many come; at the live page always one more than a pool has threads."""
        more = (self.threads or 0) + 1 if self.name == "live" else 0
        return max(READERS[self.name], more)

    def __str__(self) -> str:
        pool = f" with {self.threads} threads" if self.threads else ""
        return f"{self.server}{pool}"


def view_of(choice: Choice, wire: Newswire) -> Callable[..., Any]:
    """The page's view: a plain one that asks the wire and waits, or one that awaits the wire."""

    def plain(request: HttpRequest) -> JsonResponse:
        return JsonResponse(httpx.get(wire.url("slow"), timeout=None, verify=False).json())

    async def waiting(request: HttpRequest) -> JsonResponse:
        async with httpx.AsyncClient(timeout=None, verify=False) as client:
            return JsonResponse((await client.get(wire.url("slow"))).json())

    return waiting if choice.name == "live" else plain


async def read_form(client: Client) -> dict[str, Choice]:
    """The form behind /choice/, each line of it looked over."""
    response = await client.get(PATH)
    assert response.status_code == 200, (
        f"The status of {PATH} was {response.status_code}, not 200.\n"
        "Return a JsonResponse without a status of its own."
    )
    try:
        form = response.json()
    except (ValueError, RecursionError):
        raise AssertionError(
            f"The body of {PATH} was {short(response.text)}, which is not JSON.\n"
            "Return JsonResponse(form)."
        ) from None
    assert isinstance(form, dict), (
        f"The form was {short(form)}; it is a dict with the keys {', '.join(READERS)}.\n"
        "Give JsonResponse the dict, with one entry for each workload."
    )
    return {name: read_choice(name, form.get(name)) for name in READERS}


def read_choice(name: str, entry: object) -> Choice:
    """One entry of the form."""
    assert isinstance(entry, dict), (
        f"The form has no entry for '{name}'.\n"
        f'Write "{name}": {{"server": ..., "threads": ..., "at_the_wire": ...}}.'
    )
    missing = [key for key in KEYS if key not in entry]
    assert not missing, (
        f"The entry '{name}' has no {' and no '.join(missing)}.\n"
        "Each entry has three keys: server, threads, at_the_wire."
    )
    refuse_strange(name, entry["server"], entry["threads"])
    predicted = entry["at_the_wire"]
    assert isinstance(predicted, int) and not isinstance(predicted, bool), (
        f"at_the_wire of '{name}' is {predicted!r}; it is a whole number.\n"
        "Write how many requests will be at the wire at the same moment."
    )
    return Choice(name, entry["server"], entry["threads"], predicted)


def refuse_strange(name: str, server: object, threads: object) -> None:
    """Is this a server, and a size that it can have?"""
    assert server in SERVERS, (
        f"'{name}' asks for the server {server!r}. The servers are: asgi, wsgi.\n"
        'Write "asgi" for uvicorn, "wsgi" for waitress.'
    )
    if server == "asgi":
        assert threads is None, (
            f"'{name}' asks for asgi with {threads!r} threads, and an ASGI server has no pool "
            'to set.\nWrite "threads": None there, or choose "wsgi".'
        )
        return
    assert isinstance(threads, int) and not isinstance(threads, bool), (
        f"'{name}' asks for wsgi with {threads!r} threads; the size of a pool is a whole number.\n"
        "Write it as a number, without quotes."
    )
    assert 1 <= threads <= MOST_THREADS, (
        f"'{name}' asks for a pool of {threads}; this machine gives 1 to {MOST_THREADS} threads.\n"
        "Choose within these limits, or a server without a pool."
    )


async def count_at_the_wire(choice: Choice) -> int:
    """How many requests of the workload are at the wire together, on the chosen server?"""
    if choice not in counted:
        counted[choice] = await run(choice)
    return counted[choice]


async def run(choice: Choice) -> int:
    """Run the workload, and hold the wire's answers back until its calls are counted."""
    # The pages are ours and run here, and so does the wire they ask: not the learner's one.
    site, wire = Site(), Newswire()
    site.urlpatterns = [path("page/", view_of(choice, wire))]
    with ExitStack() as stack:
        stack.callback(wire.stop)
        held = stack.enter_context(wire.hold("slow"))
        async with site.serve(choice.server, threads=choice.threads) as server:
            sending = asyncio.create_task(send(f"{server.url}/page/", choice.readers))
            try:
                let_in = min(choice.readers, choice.threads or choice.readers)
                await held.arrived(let_in, limit_s=ARRIVE_S)
                with suppress(TimeoutError):  # who else comes, although the pool is full?
                    await held.arrived(choice.readers, limit_s=NOBODY_ELSE_S)
                return len(held.calls)
            finally:
                held.release()
                await sending


async def send(url: str, readers: int) -> None:
    """Let so many readers ask at the same moment, and wait until each has the page."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=ARRIVE_S, limits=limits, verify=False) as client:
        await asyncio.gather(*(client.get(url) for _ in range(readers)))


async def check_the_form_is_complete(client: Client, newswire: Newswire) -> None:
    """The form names a server, a pool and a prediction for each workload."""
    await read_form(client)


async def check_front(client: Client, newswire: Newswire) -> None:
    """Front page: all 20 readers are at the wire at the same time."""
    choice = (await read_form(client))["front"]
    seen = await count_at_the_wire(choice)
    assert seen == choice.readers, (
        f"20 readers asked the front page, and {seen} of them reached the wire together on "
        f"{choice}; the other {choice.readers - seen} stood in line for a thread.\n"
        "A pool lets in as many as it has threads. Which pool is large enough, or which server "
        "has none?"
    )


async def check_archive(client: Client, newswire: Newswire) -> None:
    """Archive: four calls at a time, never five and never fewer."""
    choice = (await read_form(client))["archive"]
    seen = await count_at_the_wire(choice)
    if seen > AGREED and choice.threads is None:
        raise AssertionError(
            f"All {seen} readers were at the archive at once; {AGREED} are agreed.\n"
            "An ASGI server has no pool, so nothing holds anybody back. Choose what has a limit."
        )
    assert seen <= AGREED, (
        f"The archive had {seen} calls at once on {choice}; {AGREED} are agreed.\n"
        "Each thread of the pool can make a call. Make the pool as large as the agreement."
    )
    assert seen == AGREED, (
        f"The archive had {seen} at a time on {choice}; {AGREED} are agreed, so readers wait "
        "for nothing.\nMake the pool as large as the agreement."
    )


async def check_live(client: Client, newswire: Newswire) -> None:
    """Live page: however many readers stay, one more gets through."""
    choice = (await read_form(client))["live"]
    seen = await count_at_the_wire(choice)
    assert seen == choice.readers, (
        f"{choice.readers} readers came to the live page and stayed; {seen} were let in on "
        f"{choice}, and the next one waits until somebody leaves.\n"
        "These readers do not leave. A pool of any size has an end: choose what has no pool."
    )


async def check_predictions(client: Client, newswire: Newswire) -> None:
    """The wire counts what the form predicts."""
    for name, choice in (await read_form(client)).items():
        seen = await count_at_the_wire(choice)
        assert seen == choice.at_the_wire, (
            f"For '{name}' the form predicts {choice.at_the_wire} at the wire; on {choice} the "
            f"wire counted {seen} of {choice.readers}.\n"
            "A pool lets in its threads and no more; without a pool everybody gets there. "
            "Predict again."
        )
