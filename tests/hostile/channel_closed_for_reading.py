# attack: a channel that is closed for reading, so that no request comes in any more
# must: ended while it answered|did not answer|no longer answered
# passed: 0
import contextlib
import os
import socket

for number in range(3, 64):
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as channel:
        if channel.family == socket.AF_UNIX:
            channel.shutdown(socket.SHUT_RD)


async def headlines(request):
    return JsonResponse({})


site.urlpatterns = [path("headlines/", headlines)]
