# attack: memory hidden in files that live in memory
# must: No space left|File too large|MiB of memory|Bus error
# passed: 0
import os

for number in range(1000):
    with open(f"/dev/shm/{number}", "wb") as file:
        file.write(os.urandom(4_000_000))
