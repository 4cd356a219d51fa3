# words: The wire's whole answer was put into the JSON
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    async with httpx.AsyncClient() as client:
        response = await client.get(newswire.url("slow"))
    return JsonResponse({"headlines": response})


site.urlpatterns = [path("headlines/", headlines)]
