# attack: connections to the database's process that promise queries of megabytes; a right answer
# must: 5 of 5
# passed: 5
import contextlib
import socket

from django.db import connection

kept = []
with contextlib.suppress(OSError):
    for _ in range(100):
        kept.append(socket.create_connection(("127.0.0.1", connection.settings_dict["PORT"]), 1))
        kept[-1].sendall(b"\x01\x00\x00\x00" + b'{"do": "execute", "sql": ')


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
