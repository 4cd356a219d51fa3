# attack: more memory than there is
# must: ended its process|MemoryError
# passed: 0
hoard = []
while True:
    hoard.append(bytearray(50_000_000))
