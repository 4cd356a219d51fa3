"""What the tests of grading share: sites with an answer in them, and their reports."""

import asyncio
from pathlib import Path

import pytest

from course_support.grading.judge import check
from course_support.grading.outside import MODES, start_zygote
from course_support.live.newswire import newswire
from course_support.live.site import Site

REFERENCE = """\
import httpx
from django.http import JsonResponse
from django.urls import path

async def headlines(request):
    async with httpx.AsyncClient() as client:
        response = await client.get(newswire.url("slow"))
    return JsonResponse(response.json())

site.urlpatterns = [path("headlines/", headlines)]
"""


@pytest.fixture(scope="module")
def zygote():
    """A process to be forked."""
    made = start_zygote(MODES)
    yield made
    made.close()


@pytest.fixture(scope="session")
def site_with():
    """A fresh site on which an answer cell was run: `site_with(source, file)`."""

    def make(source: str, file: Path | str = "answer.py", **options) -> Site:
        site = Site(**options)
        names = {"__name__": "__main__", "site": site, "newswire": newswire}
        exec(compile(source, str(file), "exec"), names)
        return site

    return make


@pytest.fixture(scope="session")
def judged(site_with):
    """The report on an answer cell: `judged(source)`."""

    def judge(source: str, key: str = "ex01_first_view", file: Path | str = "answer.py"):
        return asyncio.run(check(key, site_with(source, file)))

    return judge


@pytest.fixture(scope="session")
def reference():
    """A right answer to ex01_first_view."""
    return REFERENCE
