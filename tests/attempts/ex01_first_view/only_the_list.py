# words: with a list inside
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    async with httpx.AsyncClient() as client:
        response = await client.get(newswire.url("slow"))
    return JsonResponse(response.json()["headlines"], safe=False)


site.urlpatterns = [path("headlines/", headlines)]
