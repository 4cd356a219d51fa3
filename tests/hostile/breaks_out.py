# attack: new namespaces, mounts, tracing, and a right answer
# must: 5 of 5
# passed: 5
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
attempts = [
    libc.unshare(0x10000000),
    libc.unshare(0x00020000),
    libc.mount(b"none", b"/work", b"tmpfs", 0, None),
    libc.umount2(b"/work", 2),
    libc.umount2(b"/proc", 2),
    libc.chroot(b"/work"),
    libc.ptrace(16, 1, 0, 0),
    libc.syscall(425, 8, ctypes.create_string_buffer(256)),  # io_uring_setup
    libc.setuid(0),
    libc.sethostname(b"x", 1),
    libc.prctl(38, 0, 0, 0, 0),
]
if 0 in attempts or os.path.exists("/proc/1/root" "/home"):
    os._exit(1)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
