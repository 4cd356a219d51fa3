# attack: a frame of brackets without end
# must: ended its process: it sent a frame (that is not JSON|of [0-9]+ values)
# passed: 0
import contextlib
import os
import time

for number in range(3, 64):
    with contextlib.suppress(OSError):
        os.write(number, (90_000).to_bytes(4, "big") + b"[" * 90_000)
time.sleep(600)
