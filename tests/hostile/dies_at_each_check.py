# attack: a process that ends after each answer, so that it is made anew for each check
# must: ended while it answered|of 5
# passed: any
import asyncio
import os


async def headlines(request):
    asyncio.get_running_loop().call_later(0.01, os._exit, 0)
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow", delay_s=0))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
