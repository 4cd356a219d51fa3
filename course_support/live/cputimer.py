"""How can Python code look at a thread whose C call keeps the interpreter to itself?"""

from __future__ import annotations

import signal
import threading
from typing import Any

_EVERY_S = 0.01


class Timer:
    """A signal for every 10 ms of processor time, handled in the main thread.

    A call that keeps the interpreter to itself, such as `re.match`, keeps the sampling thread
    from looking. When the call is over, several threads may wait for their turn, and the view
    may have gone on before the sampling thread has its own. A signal is handled first.
    """

    def __init__(self, before: Any) -> None:
        self._before = before

    @classmethod
    def started(cls, handler: Any) -> Timer | None:
        """The timer; None where there is no such signal, or others use it."""
        main = threading.current_thread() is threading.main_thread()
        if not main or not hasattr(signal, "SIGVTALRM"):
            return None
        if signal.getsignal(signal.SIGVTALRM) is not signal.SIG_DFL:
            return None
        timer = cls(signal.signal(signal.SIGVTALRM, handler))
        signal.siginterrupt(signal.SIGVTALRM, False)
        signal.setitimer(signal.ITIMER_VIRTUAL, _EVERY_S, _EVERY_S)
        return timer

    def stop(self) -> None:
        """No more signals; in another thread than the main one, the handler has to stay."""
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGVTALRM, self._before)
