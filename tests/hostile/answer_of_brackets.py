# attack: JSON that is too deep for a parser
# must: not JSON
# passed: 4
from django.http import HttpResponse


async def headlines(request):
    async with httpx.AsyncClient() as client:
        await client.get(newswire.url("slow"))
    return HttpResponse("[" * 200_000, content_type="application/json")


site.urlpatterns = [path("headlines/", headlines)]
