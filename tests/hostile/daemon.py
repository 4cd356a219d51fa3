# attack: a process that leaves its family, lives on and writes
# must: 5 of 5
# passed: 5
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            for folder in ("/", "/tmp", "/var/tmp", "/dev/shm", "."):
                try:
                    with open(f"{folder}/hostile-was-here", "a") as file:
                        file.write("x")
                except OSError:
                    pass
            time.sleep(0.01)
    os._exit(0)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
