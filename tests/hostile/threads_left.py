# attack: threads that go on for ever, and a right answer
# must: 5 of 5
# passed: 5
import threading
import time


def hum():
    while True:
        time.sleep(0.05)


for _ in range(20):
    threading.Thread(target=hum).start()


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
