# attack: a frame of eight megabytes that would be two hundred when read
# must: ended its process: it sent a frame of [0-9]+ values
# passed: 0
import contextlib
import os
import time

data = b'{"said": [' + b"[]," * 2_700_000 + b"1]}"
for number in range(3, 64):
    with contextlib.suppress(OSError):
        os.write(number, len(data).to_bytes(4, "big") + data)
time.sleep(600)
