# attack: answers forged on the channel while a request is in flight
# must: ended while it answered: it sent
# passed: 0
import contextlib
import json
import os


async def headlines(request):
    frame = {"id": "1", "status": 200, "headers": [], "body": "e30="}
    data = json.dumps(frame).encode()
    for number in range(3, 64):
        with contextlib.suppress(OSError):
            os.write(number, len(data).to_bytes(4, "big") + data)
    return JsonResponse({})


site.urlpatterns = [path("headlines/", headlines)]
