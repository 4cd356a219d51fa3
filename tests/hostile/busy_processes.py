# attack: sixteen busy processes, so that others get no turn
# must: of 5
# passed: any
# beside: right answers
import os
import sys

for _ in range(16):
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-S", "-E", "-c", "while True: pass"])


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
