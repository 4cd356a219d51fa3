import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path


async def ask_wire():
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("quick"))
    return answer.json()


async def story(request):
    document = await ask_wire()
    return JsonResponse(document)


async def make_front():
    document = await ask_wire()
    return JsonResponse({"front": document["headlines"]})


async def front(request):
    return await make_front()


async def notify(request):
    await ask_wire()
    return HttpResponse("The wire has been told.")


site.urlpatterns = [path("story/", story), path("front/", front), path("notify/", notify)]
