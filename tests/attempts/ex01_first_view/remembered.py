# words: the view sent what an earlier request had got
import httpx
from django.http import JsonResponse
from django.urls import path


known = {}


async def headlines(request):
    if not known:
        async with httpx.AsyncClient() as client:
            known.update((await client.get(newswire.url("slow"))).json())
    return JsonResponse(known)


site.urlpatterns = [path("headlines/", headlines)]
