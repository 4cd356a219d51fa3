# attack: a core dump, which goes to a program of the machine's; and a right answer
# must: 5 of 5
# passed: 5
import os
import resource
import sys

for soft in (0, resource.RLIM_INFINITY):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, soft))
    except (OSError, ValueError):
        continue
    os._exit(1)
if os.fork() == 0:
    os.abort()
os.wait()


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
