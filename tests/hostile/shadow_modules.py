# attack: modules beside the notebook that hide the real ones
# must: 5 of 5
# passed: 5
for name in ("json", "asyncio", "httpx", "django", "course_support", "sitecustomize"):
    with open(f"{name}.py", "w") as file:
        file.write("import os; os._exit(1)")


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
