"""What can be chosen, placed or put in order?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen, placed or put in order; or an answer that people expect.

    Attributes:
        key: short and unique in its question; what `answer` takes.
        text: Markdown, or plain code where the kind says so.
        why: the reason why it is wrong (or right), Markdown.
        right: whether it is (part of) the answer of a choice; always False where an answer
            is more than a choice.
        misconception: the belief behind it, such as "m6", or empty.
    """

    key: str
    text: str
    why: str = ""
    right: bool = False
    misconception: str = ""

    @property
    def label(self) -> str:
        """Key and text in one line; the key alone where the text says no more or is long."""
        told = self.text.strip()
        return self.key if told == self.key or "\n" in told else f"{self.key} ({told})"
