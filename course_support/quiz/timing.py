"""How long is there still? A timer that is off until asked for, on the kernel's clock.

The browser counts down what it was told; only this clock decides whether an answer was in time.
The clock is the wall's, so the time goes on while the notebook is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

EXTENSION_S = 120.0
MINUTES_A_QUESTION = 1.0


@dataclass(frozen=True)
class Timer:
    """A timer that runs.

    Attributes:
        started_s: when it was started, in seconds since the epoch.
        limit_s: how long there is from then on, extensions included.
    """

    started_s: float
    limit_s: float

    def left_s(self, now_s: float) -> float:
        """Seconds left; 0 when it has run out."""
        return max(0.0, self.started_s + self.limit_s - now_s)

    def in_time(self, now_s: float) -> bool:
        """Whether an answer that comes now is in time."""
        return now_s <= self.started_s + self.limit_s

    def extended(self, now_s: float) -> Timer:
        """With `EXTENSION_S` more, counted from now where it had run out."""
        over_s = max(0.0, now_s - self.started_s - self.limit_s)
        return Timer(self.started_s, self.limit_s + over_s + EXTENSION_S)

    def kept(self) -> dict[str, float]:
        """Ready for JSON; `read` is the way back."""
        return {"started_s": self.started_s, "limit_s": self.limit_s}


def read(kept: Any) -> Timer | None:
    """The timer in a kept state; None where it is off or makes no sense."""
    try:
        return Timer(float(kept["started_s"]), float(kept["limit_s"]))
    except (KeyError, TypeError, ValueError):
        return None
