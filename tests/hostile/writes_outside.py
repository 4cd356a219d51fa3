# attack: files wherever a file can be written, and a right answer
# must: 5 of 5
# passed: 5
import os
import sys
from pathlib import Path

import course_support

places = [
    "/", "/tmp", "/var/tmp", "/dev", "/dev/shm", "/etc", "/home", "/root", "/usr/lib", "/proc/1",
    "..", sys.prefix, sys.base_prefix, Path(course_support.__file__).parent, Path(os.__file__).parent,
]
for place in places:
    try:
        with open(f"{place}/hostile-was-here", "w") as file:
            file.write("x")
    except OSError:
        pass


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
