# attack: more memory than is allowed, in a process whose first thread has ended
# must: MiB of memory
# passed: 0
import ctypes
import os
import platform
import threading
import time

if os.fork() == 0:

    def hog():
        time.sleep(0.2)
        hoard = [bytearray(b"x") * 100_000_000 for _ in range(10)]
        time.sleep(600)

    threading.Thread(target=hog).start()
    ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[platform.machine()], 0)
time.sleep(600)
