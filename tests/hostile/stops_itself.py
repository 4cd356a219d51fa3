# attack: the process stops itself, like a terminal would
# must: 5 of 5
# passed: 5
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
