# words: stood still on the event loop and waited for others
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
    found = []
    thread = threading.Thread(target=lambda: found.append(digest_of(document)))
    thread.start()
    thread.join()
    return JsonResponse({"digest": found[0]})


site.urlpatterns = [path("digest/", digest), path("ping/", ping)]
