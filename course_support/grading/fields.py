"""What does a child's frame say? Values of ours, or `BadFrame`: a child can send anything."""

from __future__ import annotations

import codecs
import re
from typing import Any, Literal

import httpx

from course_support.grading.frames import LARGEST_HEAD, BadFrame, bytes_of
from course_support.grading.targets import LONGEST, Answer, Raised, Stuck
from course_support.live.watching import Hold

Frame = dict[str, Any]
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MOST = 200  # headers, routes, holds
_LONGEST_TYPE = 200  # to read a content type takes the square of its length
# Python knows decoders that unpack, such as "zip": a megabyte becomes a gigabyte.
_CHARSETS = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-32"}


def answer_of(frame: Frame, request: httpx.Request) -> Answer:
    """What came of a request.

    Raises:
        BadFrame: the frame does not say.
    """
    if "raised" in frame:
        return Answer(raised=raised_of(frame["raised"]))
    routes = frame.get("routes")
    response = _response(frame, request)
    return Answer(response, routes=None if routes is None else _texts(routes))


def raised_of(value: object) -> Raised | None:
    """What was raised; None where it says that nothing was."""
    if value is None:
        return None
    one = _object(value)
    return Raised(
        kind=_text(one, "kind"),
        message=_text(one, "message"),
        notes=_texts(one.get("notes")),
        line=_text(one, "line"),
        not_written=one.get("not_written") is True,
        held=one.get("held") is True,
    )


def stuck_of(frame: Frame | None) -> Stuck:
    """Where a request stands; without a frame, nobody knows."""
    if frame is None:
        return Stuck("", blocked=False)
    return Stuck(_text(frame, "line"), frame.get("blocked") is True)


def holds_of(frame: Frame | None) -> tuple[Hold, ...]:
    """What held the loop; without a frame, nobody knows."""
    return tuple(_hold(_object(one)) for one in _list(frame["holds"])) if frame else ()


def _hold(one: Frame) -> Hold:
    kind: Literal["computing", "waiting"]
    kind = "computing" if one.get("kind") == "computing" else "waiting"
    return Hold(_text(one, "view"), _number(one, "held_s"), kind, _text(one, "line"))


def _response(frame: Frame, request: httpx.Request) -> httpx.Response:
    status = frame.get("status")
    if type(status) is not int or not 100 <= status <= 599:
        raise BadFrame("an answer without a status")
    headers = [_header(pair) for pair in _list(frame.get("headers"))]
    if sum(len(name) + len(value) for name, value in headers) > LARGEST_HEAD:
        raise BadFrame("headers of more than 64 KiB")
    # The body was unpacked by the child; here it must not be unpacked a second time.
    plain = [pair for pair in headers if pair[0].lower() != b"content-encoding"]
    response = httpx.Response(
        status, headers=plain, content=bytes_of(frame.get("body")), request=request
    )
    response.headers = httpx.Headers(headers)
    if not _is_plain(response):
        response.encoding = "utf-8"
    return response


def _is_plain(response: httpx.Response) -> bool:
    if len(response.headers.get("content-type", "")) > _LONGEST_TYPE:
        return False
    try:
        charset = response.charset_encoding
        return charset is None or codecs.lookup(charset).name in _CHARSETS
    except (LookupError, ValueError):
        return False


def _header(pair: object) -> tuple[bytes, bytes]:
    match pair:
        case [str(name), str(value)]:
            try:
                return name.encode("latin-1"), value.encode("latin-1")
            except UnicodeEncodeError:
                pass
    raise BadFrame("a header that is none")


def _object(value: object) -> Frame:
    if not isinstance(value, dict):
        raise BadFrame("an entry that is no object")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list) or len(value) > _MOST:
        raise BadFrame("an entry that is no list, or a long one")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_clean(one) for one in _list(value))


def _text(one: Frame, key: str) -> str:
    return _clean(one.get(key))


def plain(text: str) -> str:
    """A text of a submission's, not too long and without control codes: for any terminal."""
    return _CONTROL.sub("", text[:LONGEST]).encode("utf-8", "replace").decode()


def _clean(value: object) -> str:
    if not isinstance(value, str):
        raise BadFrame("an entry that is no text")
    return plain(value)


def _number(one: Frame, key: str) -> float:
    value = one.get(key)
    if not isinstance(value, int | float):
        raise BadFrame("an entry that is no number")
    return float(min(max(value, 0), 1_000_000)) if value == value else 0.0
