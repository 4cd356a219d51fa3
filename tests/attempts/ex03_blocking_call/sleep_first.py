# words: sleep_first.py, line 12: `hashlib
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


async def digest(request):
    document = request.body.decode()
    await asyncio.sleep(0.2)
    found = digest_of(document)
    return JsonResponse({"digest": found})


site.urlpatterns = [path("digest/", digest), path("ping/", ping)]
