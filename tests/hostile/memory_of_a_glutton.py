# attack: more memory than most may have at one time, and less than one may have; a right answer
# must: 5 of 5
# passed: 5
hoard = bytearray(b"x") * 150_000_000


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
