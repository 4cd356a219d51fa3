# attack: an answer whose charset is a decoder that unpacks
# must: not JSON
# passed: 4
import zlib

from django.http import HttpResponse


async def headlines(request):
    async with httpx.AsyncClient() as client:
        await client.get(newswire.url("slow"))
    kind = "application/json; charset=zip"
    return HttpResponse(zlib.compress(bytes(20_000_000)), content_type=kind)


site.urlpatterns = [path("headlines/", headlines)]
