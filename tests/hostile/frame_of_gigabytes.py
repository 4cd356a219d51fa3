# attack: the head of a frame of four gigabytes
# must: ended its process: it sent a frame of 4294967295 bytes
# passed: 0
import contextlib
import os
import time

for number in range(3, 64):
    with contextlib.suppress(OSError):
        os.write(number, b"\xff" * 4)
time.sleep(600)
