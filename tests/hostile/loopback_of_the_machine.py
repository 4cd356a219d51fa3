# attack: every port of 127.0.0.1, and a right answer
# must: 5 of 5
# passed: 5
import os
import socket
from urllib.parse import urlsplit

mine = urlsplit(newswire.url("slow")).port
for port in range(1, 20_000):
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0 and port != mine:
            if probe.getsockname() != probe.getpeername():
                os._exit(1)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
