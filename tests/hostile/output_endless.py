# attack: output without end
# must: had not ended after
# passed: 0
import sys

while True:
    sys.stdout.write("x" * 1_000_000)
    sys.stderr.write("y" * 1_000_000)
