"""Site() to its first response, against a bare Django with the same apps written by hand.

    python benchmarks/site_start.py [--rounds 7]

Each round starts both in a fresh process, one after the other. Printed: the median wall time of
each in seconds, and the ratio. The bar is 1.3.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

BARE = """
import asyncio, pathlib, tempfile
from django.conf import settings
settings.configure(
    SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF="__main__", MIDDLEWARE=[],
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
                    "course_support.live.newsdesk.apps.NewsdeskConfig"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3",
                           "NAME": pathlib.Path(tempfile.gettempdir(), "unused.sqlite3")}},
)
import django
django.setup()
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse
from django.urls import path

async def hello(request):
    return HttpResponse("hello")

urlpatterns = [path("hello/", hello)]

async def main():
    sent, asked = [], [{"type": "http.request", "body": b"", "more_body": False}]
    async def send(message):
        sent.append(message)
    async def receive():
        return asked.pop() if asked else await asyncio.Event().wait()
    scope = {"type": "http", "method": "GET", "path": "/hello/", "query_string": b"",
             "http_version": "1.1", "headers": [(b"host", b"localhost")]}
    await ASGIHandler()(scope, receive, send)
    assert sent[1]["body"] == b"hello"

asyncio.run(main())
"""

SITE = """
import asyncio
from course_support import Site
site = Site()
from django.http import HttpResponse
from django.urls import path

async def hello(request):
    return HttpResponse("hello")

site.urlpatterns = [path("hello/", hello)]
assert asyncio.run(site.get("/hello/")).text == "hello"
"""


def wall_s(code: str) -> float:
    """Seconds for a fresh process that runs `code`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    wall_s(BARE), wall_s(SITE)  # byte-code and disk cache, not counted
    pairs = [(wall_s(BARE), wall_s(SITE)) for _ in range(rounds)]
    bare_s, site_s = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"bare Django  {bare_s:.3f} s")
    print(f"Site()       {site_s:.3f} s")
    print(f"ratio        {site_s / bare_s:.2f} (the bar: 1.3)")


if __name__ == "__main__":
    main()
