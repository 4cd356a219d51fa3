# attack: thousands of sources that do not exist, with names of kilobytes, while a view is awaited
# must: did not answer within|kept the event loop|asked for|more than [0-9]+ (calls|MiB)
# passed: 0
import asyncio
import contextlib
import socket
from urllib.parse import urlsplit


def ask():
    url = urlsplit(newswire.url("quick"))
    with socket.create_connection((url.hostname, url.port)) as wire, contextlib.suppress(OSError):
        for number in range(4500):
            name = f"{number}".ljust(10_000, "n")
            wire.sendall(f"HEAD /{name}/ HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            wire.recv(10_000)


async def headlines(request):
    await asyncio.to_thread(ask)
    return JsonResponse({})


site.urlpatterns = [path("headlines/", headlines)]
