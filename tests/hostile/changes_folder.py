# attack: another working folder, and a right answer
# must: 5 of 5
# passed: 5
import os

os.chdir("/")
os.environ.clear()


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
