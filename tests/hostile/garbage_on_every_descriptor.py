# attack: random bytes on whatever is open
# must: ended its process
# passed: 0
import contextlib
import os
import time

for number in range(64):
    with contextlib.suppress(OSError):
        os.set_blocking(number, False)
        os.write(number, os.urandom(1_000_000))
time.sleep(600)
