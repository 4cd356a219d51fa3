"""What site.get() adds to a request, against the same request sent by httpx's own ASGITransport.

    python benchmarks/one_request.py [--requests 500]

Both send to the same Site, in turns, in one process. Printed: the medians in milliseconds, and
the ratio. No bar: it shows what streaming, time-outs and the stop button cost.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time

import httpx

from course_support import Site


async def compare(requests: int) -> tuple[float, float]:
    """Median seconds of one request: (httpx's transport, the site's own)."""
    site = Site()
    from django.http import HttpResponse
    from django.urls import path

    async def hello(request):  # type: ignore[no-untyped-def]
        return HttpResponse("hello")

    site.urlpatterns = [path("hello/", hello)]
    bare = httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://localhost")
    times: dict[str, list[float]] = {"bare": [], "site": []}
    for _ in range(requests):
        for name, get in (("bare", bare.get), ("site", site.get)):
            start = time.perf_counter()
            await get("/hello/")
            times[name].append(time.perf_counter() - start)
    return statistics.median(times["bare"]), statistics.median(times["site"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=500)
    bare_s, site_s = asyncio.run(compare(parser.parse_args().requests))
    print(f"httpx.ASGITransport  {1000 * bare_s:.3f} ms")
    print(f"site.get             {1000 * site_s:.3f} ms")
    print(f"ratio                {site_s / bare_s:.2f}")


if __name__ == "__main__":
    main()
