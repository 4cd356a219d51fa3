# attack: memory that counts for no process: files without a name, System V segments; a right answer
# must: 5 of 5
# passed: 5
import contextlib
import ctypes
import os

libc = ctypes.CDLL(None)
kept = []
with contextlib.suppress(OSError):
    for _ in range(60):
        kept.append(os.memfd_create("hoard"))
        os.write(kept[-1], bytes(16_000_000))
segments = [libc.shmget(0, 16_000_000, 0o1600) for _ in range(60)]
if kept or max(segments) >= 0:
    os._exit(1)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
