# attack: frames that claim a served site, from within the cell
# must: ended its process: it sent|something else
# passed: 0
import contextlib
import json
import os
import time


def claim(**frame):
    data = json.dumps(frame).encode()
    for number in range(3, 64):
        with contextlib.suppress(OSError):
            os.write(number, len(data).to_bytes(4, "big") + data)


claim(said="ran")
claim(said="serving", trouble=None)
for number in range(50):
    claim(id=str(number), status=200, headers=[], body="e30=", routes=None)
time.sleep(600)
