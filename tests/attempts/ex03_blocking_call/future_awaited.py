# words: What `pool.submit` gives cannot be awaited
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


from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(4)


async def digest(request):
    document = request.body.decode()
    found = await pool.submit(digest_of, document)
    return JsonResponse({"digest": found})


site.urlpatterns = [path("digest/", digest), path("ping/", ping)]
