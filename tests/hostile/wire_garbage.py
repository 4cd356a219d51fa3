# attack: bytes that are no HTTP, on many open connections
# must: 5 of 5
# passed: 5
import os
import socket
from urllib.parse import urlsplit

url = urlsplit(newswire.url("quick"))
kept = [socket.create_connection((url.hostname, url.port)) for _ in range(100)]
for wire in kept:
    wire.sendall(os.urandom(1000))
for wire in kept:
    wire.close()


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
