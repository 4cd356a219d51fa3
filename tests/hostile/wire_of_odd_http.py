# attack: CONNECT, upgrades, HTTP/1.0, a body for HEAD, chunks of nothing; and a right answer
# must: 5 of 5
# passed: 5
import contextlib
import socket
from urllib.parse import urlsplit

url = urlsplit(newswire.url("quick"))
for request in (
    b"CONNECT /quick/ HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET /quick/ HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
    b"GET /quick/ HTTP/1.0\r\n\r\n",
    b"HEAD /quick/?status=204 HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc",
    b"GET /quick/?status=204 HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET /quick/?status=304 HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET /quick/?status=101 HTTP/1.1\r\nhost: x\r\n\r\n",
    b"POST /quick/ HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nexpect: 100-continue\r\n\r\n"
    b"1\r\nx\r\n0\r\n\r\n",
    b"GET http://other/quick/ HTTP/1.1\r\nhost: x\r\n\r\n",
    b"\xff\xfe /quick/ HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET /quick/ HTTP/1.1\r\n" + b"a: b\r\n" * 10_000 + b"\r\n",
):
    with socket.create_connection((url.hostname, url.port)) as wire, contextlib.suppress(OSError):
        wire.settimeout(0.2)
        wire.sendall(request)
        wire.recv(10_000)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
