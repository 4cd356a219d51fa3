# attack: descriptors without end, in many processes, each with something of the kernel's behind it
# must: files and sockets open|MiB of memory
# passed: 0
import contextlib
import os
import socket
import time

for _ in range(20):
    if os.fork() == 0:
        kept = []
        with contextlib.suppress(OSError):
            while True:
                kept += socket.socketpair()
        time.sleep(600)
time.sleep(600)
