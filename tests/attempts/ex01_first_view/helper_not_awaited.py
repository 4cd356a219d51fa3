# words: stands for a coroutine, which was never run
import httpx
from django.http import JsonResponse
from django.urls import path


async def fetch():
    async with httpx.AsyncClient() as client:
        return (await client.get(newswire.url("slow"))).json()


async def headlines(request):
    document = fetch()
    return JsonResponse({"source": "slow", "headlines": document["headlines"]})


site.urlpatterns = [path("headlines/", headlines)]
