# attack: more memory than is allowed, a little in each of many processes
# must: MiB of memory
# passed: 0
import os
import time

for _ in range(8):
    if os.fork() == 0:
        hoard = bytearray(200_000_000)
        hoard[::4096] = b"x" * len(hoard[::4096])
        time.sleep(600)
time.sleep(600)
