# words: One request asked harbour 0 times, hill 0 times

from django.http import JsonResponse
from django.urls import path

NAMES = ["harbour", "hill", "night", "coast", "market", "valley", "station", "garden"]


async def ask(client, limit, name):
    async with limit:
        answer = await client.get(newswire.url(name))
    answer.raise_for_status()
    return answer.json()


async def front_page(request):
    return JsonResponse({"sources": [{"source": name, "headlines": []} for name in NAMES]})


site.urlpatterns = [path("front-page/", front_page)]
