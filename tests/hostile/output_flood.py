# attack: forty megabytes of output, and a right answer
# must: 5 of 5
# passed: 5
for _ in range(40):
    print("x" * 1_000_000)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
