# attack: files without end
# must: No space left|File too large
# passed: 0
for number in range(10_000):
    with open(f"{number}.bin", "wb") as file:
        for _ in range(100):
            file.write(bytes(1_000_000))
