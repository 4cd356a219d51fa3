# words: the view answered before there was one
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


async def digest(request):
    document = request.body.decode()
    found = {}
    threading.Thread(target=lambda: found.update(digest=digest_of(document))).start()
    return JsonResponse({"digest": found.get("digest")})


site.urlpatterns = [path("digest/", digest), path("ping/", ping)]
