# words: Nothing is at /digest/ (404)
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
    return JsonResponse({"digest": await asyncio.to_thread(digest_of, request.body.decode())})




site.urlpatterns = [path("digest", digest), path("ping/", ping)]
