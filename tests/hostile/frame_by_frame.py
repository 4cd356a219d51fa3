# attack: answers that nobody asked for, by the million
# must: ended while it answered: it sent an answer that nobody waits for
# passed: 0
import os
import socket
import threading


def flood():
    frame = b'{"id": "0"}'
    data = (len(frame).to_bytes(4, "big") + frame) * 10_000
    for number in range(3, 64):
        try:
            with socket.socket(fileno=os.dup(number)) as channel:
                if channel.family == socket.AF_UNIX:
                    while True:
                        channel.sendall(data)
        except OSError:
            continue


async def headlines(request):
    threading.Thread(target=flood).start()
    while True:
        await asyncio.sleep(1)


import asyncio

site.urlpatterns = [path("headlines/", headlines)]
