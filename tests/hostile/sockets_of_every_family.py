# attack: sockets that reach past a network of one's own, or load a module; and a right answer
# must: 5 of 5
# passed: 5
import os
import socket

KINDS = [(family, kind, 0) for family in (16, 17, 38, 40, 30, 44, 29, 31) for kind in (1, 2, 3, 5)]
KINDS += [(socket.AF_INET, 5, 132), (socket.AF_INET, 1, 262), (socket.AF_INET, 2, 136)]
KINDS += [(socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_INET, 6, 33)]
for family, kind, protocol in KINDS:
    for make in (socket.socket, socket.socketpair):
        try:
            make(family, kind, protocol)
        except OSError:
            continue
        os._exit(1)
for name in ("\0dbus", "\0/" + "tmp/.X11-unix/X0", "/run/docker.sock", "/var/run/dbus/system_bus_socket"):
    with socket.socket(socket.AF_UNIX) as wire:
        if wire.connect_ex(name) == 0:
            os._exit(1)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
