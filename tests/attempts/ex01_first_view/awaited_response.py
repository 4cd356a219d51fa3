# words: return it without `await`
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    async with httpx.AsyncClient() as client:
        response = await client.get(newswire.url("slow"))
    return await JsonResponse(response.json())


site.urlpatterns = [path("headlines/", headlines)]
