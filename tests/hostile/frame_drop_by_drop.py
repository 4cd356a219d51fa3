# attack: a frame that comes a byte at a time, and is never whole
# must: had not ended after
# passed: 0
import contextlib
import os
import time

for byte in b"\x00\x00\x10\x00" + b" " * 4096:
    for number in range(3, 64):
        with contextlib.suppress(OSError):
            os.write(number, bytes([byte]))
    time.sleep(0.05)
