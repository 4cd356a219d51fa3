# words: cannot be sent to another process
import asyncio
import hashlib

from django.http import HttpResponse, JsonResponse
from django.urls import path


def digest_of(document):
    found = b"newsdesk"
    for line in document.splitlines(keepends=True):
        found = hashlib.pbkdf2_hmac("sha256", line.encode(), found, 400 * len(line))
    return found.hex()


async def ping(request):
    return HttpResponse("pong")


import multiprocessing
from concurrent.futures import ProcessPoolExecutor


pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


async def digest(request):
    document = request.body.decode()
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(pool, lambda: digest_of(document))
    return JsonResponse({"digest": found})


site.urlpatterns = [path("digest/", digest), path("ping/", ping)]
