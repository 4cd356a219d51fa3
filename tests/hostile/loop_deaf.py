# attack: an endless loop that is deaf to all signals
# must: had not ended after
# passed: 0
import contextlib
import signal

for number in signal.valid_signals():
    with contextlib.suppress(OSError):
        signal.signal(number, signal.SIG_IGN)
while True:
    with contextlib.suppress(BaseException):
        while True:
            pass
