# words: without a digest
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


tasks = []


async def digest(request):
    document = request.body.decode()
    tasks.append(asyncio.create_task(asyncio.to_thread(digest_of, document)))
    return JsonResponse({"status": "under way"})


site.urlpatterns = [path("digest/", digest), path("ping/", ping)]
