# attack: one file larger than is allowed, and a right answer
# must: 5 of 5
# passed: 5
try:
    with open("large.bin", "wb") as file:
        file.truncate(10**12)
except OSError:
    pass


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
