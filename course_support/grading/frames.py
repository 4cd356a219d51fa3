"""How do judge and child talk? In frames: four bytes of length, then a JSON object.

Either side may be at the mercy of the other's bytes. Whatever is no frame raises `BadFrame`;
nothing but JSON is ever read.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import socket
from typing import Any

LARGEST = 8 * 1024 * 1024  # bytes of one frame from a child
LARGEST_JOB = 64 * 1024 * 1024  # of one with the cells for a child
LARGEST_BODY = 5 * 1024 * 1024  # bytes of a response's body, which grows by a third in a frame
MOST_PARTS = 100_000  # values in one frame from a child: eight MiB could hold millions
LARGEST_HEAD = 64 * 1024  # bytes of a response's headers, their names included
_HEAD = 4


class BadFrame(Exception):
    """What came is no frame; the text says why."""


def pack(frame: dict[str, Any]) -> bytes:
    """A frame as bytes."""
    body = json.dumps(frame).encode()
    return len(body).to_bytes(_HEAD, "big") + body


def unpack(body: bytes) -> dict[str, Any]:
    """The object in a frame's bytes.

    Raises:
        BadFrame: it is no JSON object.
    """
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError):
        raise BadFrame("a frame that is not JSON") from None
    if not isinstance(frame, dict):
        raise BadFrame("a frame that is no object")
    return frame


def length_of(head: bytes, largest: int = LARGEST) -> int:
    """How many bytes follow.

    Raises:
        BadFrame: more than `largest`.
    """
    length = int.from_bytes(head, "big")
    if length > largest:
        raise BadFrame(f"a frame of {length} bytes")
    return length


async def read_frame(reader: asyncio.StreamReader) -> dict[str, Any]:
    """The next frame.

    Raises:
        BadFrame: what came is no frame.
        asyncio.IncompleteReadError, OSError: the other side is gone.
    """
    length = length_of(await reader.readexactly(_HEAD))
    body = await reader.readexactly(length)
    parts = sum(body.count(sign) for sign in b",:[{")
    if parts > MOST_PARTS:  # each costs many times its bytes, once it is read
        raise BadFrame(f"a frame of {parts} values")
    return unpack(body)


def receive(channel: socket.socket, largest: int = LARGEST_JOB) -> dict[str, Any]:
    """The next frame, read from a blocking socket; raises as `read_frame` does."""
    return unpack(_exactly(channel, length_of(_exactly(channel, _HEAD), largest)))


def _exactly(channel: socket.socket, length: int) -> bytes:
    data = channel.recv(length, socket.MSG_WAITALL)
    if len(data) < length:
        raise asyncio.IncompleteReadError(data, length)
    return data


def text_of(data: bytes) -> str:
    """Bytes as a text for a frame."""
    return base64.b64encode(data).decode()


def bytes_of(text: object) -> bytes:
    """The bytes that `text_of` was given.

    Raises:
        BadFrame: `text` is not of that kind.
    """
    if not isinstance(text, str):
        raise BadFrame("a body that is no text")
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise BadFrame("a body that is not base64") from None
