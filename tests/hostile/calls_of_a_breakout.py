# attack: system calls that take from the whole machine or leave something in it; a right answer
# must: 5 of 5
# passed: 5
import ctypes
import errno
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {  # on x86_64, on aarch64
    "sync": (162, 81), "inotify_init1": (294, 26), "io_setup": (206, 0), "memfd_create": (319, 279),
    "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180), "quotactl": (179, 60),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "kcmp": (312, 272), "swapon": (167, 224),
    "process_vm_readv": (310, 270), "pidfd_getfd": (438, 438), "fsopen": (430, 430),
    "open_by_handle_at": (304, 265), "syslog": (103, 116), "reboot": (169, 142),
    "personality": (135, 92), "fanotify_init": (300, 262), "chroot": (161, 51),
    "setns": (308, 268), "unshare": (272, 97), "ptrace": (101, 117), "acct": (163, 89),
}  # fmt: skip
column = {"x86_64": 0, "aarch64": 1}[platform.machine()]
for name, numbers in CALLS.items():
    if libc.syscall(numbers[column], 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != errno.EPERM:
        os._exit(1)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("headlines/", headlines)]
