# attack: a gigabyte after a request that is not answered yet, and a right answer
# must: 5 of 5
# passed: 5
import contextlib
import socket
from urllib.parse import urlsplit

url = urlsplit(newswire.url("hanging"))
with socket.create_connection((url.hostname, url.port)) as wire, contextlib.suppress(OSError):
    wire.sendall(b"GET /hanging/ HTTP/1.1\r\nhost: x\r\n\r\n")
    for _ in range(1000):
        wire.sendall(bytes(1_000_000))


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
