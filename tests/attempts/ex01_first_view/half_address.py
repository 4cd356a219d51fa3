# words: Take it from `newswire.url("slow")` as it is
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    async with httpx.AsyncClient() as client:
        response = await client.get("slow")
    return JsonResponse(response.json())


site.urlpatterns = [path("headlines/", headlines)]
