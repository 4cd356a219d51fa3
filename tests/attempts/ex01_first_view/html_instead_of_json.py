# words: The content type was text/html
import httpx
from django.http import HttpResponse
from django.urls import path


async def headlines(request):
    async with httpx.AsyncClient() as client:
        response = await client.get(newswire.url("slow"))
    return HttpResponse(response.text)


site.urlpatterns = [path("headlines/", headlines)]
