# attack: files of the machine, read and written by the database's process; and a right answer
# must: 5 of 5
# passed: 5
import os

from django.db import connection


def reached():
    with connection.cursor() as cursor:
        for query in (
            "ATTACH '/etc/passwd' AS a; SELECT * FROM a.sqlite_master",
            "SELECT load_extension('x')",
            "SELECT readfile('/etc/passwd')",
            "VACUUM INTO '/hostile-was-here'",
            "VACUUM INTO '/var/../hostile-was-here'",
        ):
            try:
                cursor.execute(query)
            except Exception:
                continue
            return True


import threading

found = []
thread = threading.Thread(target=lambda: found.append(reached()))
thread.start()
thread.join()
if found != [None]:
    os._exit(1)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
