# attack: answers of the newswire without end
# must: 5 of 5
# passed: 5
changes = ("size=10000000000000000", "pieces=0", "pieces=10000000000", "status=99999", "pause_s=1e9")
for change in changes:
    try:
        with httpx.stream("GET", f"{newswire.url('huge')}?{change}", timeout=0.5) as answer:
            answer.num_bytes_downloaded
    except httpx.HTTPError:
        pass


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
