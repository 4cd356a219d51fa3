import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path


async def ping(request):
    return HttpResponse("pong")


async def ask(source):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url(source))
    return answer.json()


async def front_matter():
    headlines = (await ask("quick"))["headlines"]
    return {"lead": headlines[0], "stories": len(headlines)}


async def front(request):
    return JsonResponse(await front_matter())


site.urlpatterns = [path("front/", front), path("ping/", ping)]
