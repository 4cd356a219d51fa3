# attack: the world outside, and a right answer
# must: 5 of 5
# passed: 5
import os
import socket

for address in (("8.8.8.8", 53), ("1.1.1.1", 443), ("169.254.169.254", 80), ("10.0.0.1", 22)):
    try:
        socket.create_connection(address, timeout=0.5)
    except OSError:
        continue
    os._exit(1)
for family in (16, 17, 29, 38, 40):  # netlink, packet, can, alg, vsock
    try:
        socket.socket(family, socket.SOCK_RAW if family == 17 else socket.SOCK_DGRAM)
    except OSError:
        continue
    os._exit(2)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
