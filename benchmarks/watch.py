"""What watch() adds to a load of 200 requests.

    python benchmarks/watch.py [--requests 200] [--rounds 15] [--wait 0.2]

All requests of a round are in flight at once, to an async view that waits `--wait` seconds. Rounds
with watch() and without are sent in turns, in one process. Printed: the medians of the wall time
and of the processor time, and the ratios. The bar is 1.05 of the wall time.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from contextlib import nullcontext

from course_support import Site
from course_support.live.watching import watch


async def load(site: Site, requests: int) -> tuple[float, float]:
    """Wall and processor seconds for `requests` requests at once."""
    start_s, start_cpu_s = time.perf_counter(), time.process_time()
    await asyncio.gather(*(site.get("/waits/") for _ in range(requests)))
    return time.perf_counter() - start_s, time.process_time() - start_cpu_s


async def compare(
    requests: int, rounds: int, wait_s: float
) -> dict[str, list[tuple[float, float]]]:
    """Wall and processor seconds of each round, with watch() and without."""
    site = Site(timeout_s=60)
    from django.http import HttpResponse
    from django.urls import path

    async def waits(request):  # type: ignore[no-untyped-def]
        await asyncio.sleep(wait_s)
        return HttpResponse("done")

    site.urlpatterns = [path("waits/", waits)]
    await load(site, requests)  # threads and imports, not counted
    times: dict[str, list[tuple[float, float]]] = {"off": [], "on": []}
    for number in range(rounds):
        for name in sorted(times, reverse=bool(number % 2)):
            with watch() if name == "on" else nullcontext():
                times[name].append(await load(site, requests))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--wait", type=float, default=0.2)
    given = parser.parse_args()
    times = asyncio.run(compare(given.requests, given.rounds, given.wait))
    medians = {
        name: [statistics.median(column) for column in zip(*rounds, strict=True)]
        for name, rounds in times.items()
    }
    for name, (wall_s, cpu_s) in medians.items():
        print(f"watch {name:3}  wall {wall_s:.3f} s  processor {cpu_s:.3f} s")
    wall, cpu = (on / off for on, off in zip(medians["on"], medians["off"], strict=True))
    print(f"ratio      wall {wall:.2f} (the bar: 1.05)  processor {cpu:.2f}")


if __name__ == "__main__":
    main()
