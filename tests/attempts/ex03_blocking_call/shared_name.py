# words: share a name in which the digest is kept
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


import threading

done = {}


async def digest(request):
    document = request.body.decode()
    done.clear()
    threading.Thread(target=lambda: done.update(digest=digest_of(document))).start()
    while "digest" not in done:
        await asyncio.sleep(0.01)
    return JsonResponse({"digest": done["digest"]})


site.urlpatterns = [path("digest/", digest), path("ping/", ping)]
