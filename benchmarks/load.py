"""What load_test adds to a load, against the same load sent by raw asyncio streams.

    python benchmarks/load.py [--rounds 5] [--wait 0.2] [--many 1000]

One uvicorn in this process serves an async view that waits. Both send 200 requests at once, in
turns, each on a connection of its own; then 1,000 at once. Printed: the median wall times, and
their ratio. The bars: 1.25 for 200 at once; for 1,000 at once, 2 x the wait itself plus what the
streams need beyond it.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from course_support import Site
from course_support.live.servers import Server
from course_support.live.workload import load_test

ASKING = b"GET /waits/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


async def by_streams(server: Server, requests: int) -> float:
    """Wall seconds of `requests` at once, sent by raw asyncio streams."""
    host, port = urlsplit(server.url).hostname, urlsplit(server.url).port

    async def ask() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(ASKING)
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 200"), answer[:80]
        writer.close()

    await ask()
    start_s = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(requests):
            group.create_task(ask())
    return time.perf_counter() - start_s


async def by_load_test(server: Server, requests: int) -> float:
    """Wall seconds of `requests` at once, sent by load_test."""
    result = await load_test(server, "/waits/", requests=requests)
    assert not result.failed, result.failures
    return result.wall_s


async def medians(server: Server, requests: int, rounds: int) -> tuple[float, float]:
    """Median wall seconds: (streams, load_test)."""
    ways: list[Callable[[Server, int], Awaitable[float]]] = [by_streams, by_load_test]
    times: list[list[float]] = [[], []]
    for turn in range(rounds):
        for at in (0, 1) if turn % 2 else (1, 0):
            times[at].append(await ways[at](server, requests))
    return statistics.median(times[0]), statistics.median(times[1])


async def measure(wait_s: float, rounds: int, many: int) -> None:
    site = Site()
    from django.http import HttpResponse
    from django.urls import path

    async def waits(request):  # type: ignore[no-untyped-def]
        await asyncio.sleep(wait_s)
        return HttpResponse("waited")

    site.urlpatterns = [path("waits/", waits)]
    async with site.serve("asgi") as server:
        for requests in (200, many):
            streams_s, ours_s = await medians(server, requests, rounds)
            bar = 1.25 if requests == 200 else (2 * wait_s + streams_s - wait_s) / streams_s
            print(f"{requests} at once, each {wait_s:g} s")
            print(f"  raw streams  {streams_s:.3f} s (x{streams_s / wait_s:.1f} of the wait)")
            print(f"  load_test    {ours_s:.3f} s (x{ours_s / wait_s:.1f} of the wait)")
            print(f"  ratio        {ours_s / streams_s:.2f} (the bar: {bar:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--wait", type=float, default=0.2)
    parser.add_argument("--many", type=int, default=1000)
    told = parser.parse_args()
    asyncio.run(measure(told.wait, told.rounds, told.many))


if __name__ == "__main__":
    main()
