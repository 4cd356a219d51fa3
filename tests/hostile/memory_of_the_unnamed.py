# attack: more memory than is allowed, by a process whose name is no text
# must: MiB of memory
# passed: 0
import ctypes
import time

ctypes.CDLL(None).prctl(15, b"\xff\xfe\xff", 0, 0, 0)
hoard = [bytearray(b"x") * 100_000_000 for _ in range(10)]
time.sleep(600)
