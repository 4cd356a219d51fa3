# attack: a hundred busy threads in C, so that others get no turn
# must: of 5
# passed: any
import hashlib
import threading


def burn():
    hashlib.pbkdf2_hmac("sha256", b"x", b"y", 1_000_000_000)


for _ in range(100):
    threading.Thread(target=burn, daemon=True).start()


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
