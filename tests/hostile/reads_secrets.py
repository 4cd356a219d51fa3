# attack: files and processes of the machine, and a right answer
# must: 5 of 5
# passed: 5
import os

os.symlink("/etc/shadow", "shadow")
for place in ("shadow", "/etc/shadow", "/etc/hostname", "/proc/2/environ", "/root" "/.bashrc"):
    try:
        open(place).read()
    except OSError:
        continue
    os._exit(1)
if any(name.isdigit() and int(name) > 1 for name in os.listdir("/proc")):
    os._exit(2)
if any("COURSE" in name or "TOKEN" in name for name in os.environ):
    os._exit(3)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
