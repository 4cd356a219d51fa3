"""Who is forked for each submission? A process that has imported everything and runs nothing.

Started by `forking.py` as `python -m course_support.grading.zygote MODE FD`. It has one thread,
and runs no line of a submission. For each packet on its control socket, with two file
descriptors, it forks a keeper, and the keeper forks the child, or the database of one: the
packet says which. The keeper reports the child's pid and its end through the second descriptor,
the leash, and kills it when the leash is let go.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from course_support.grading import walls

# What a notebook's first cell imports of the course, and most views late: in each child it would
# take longer than all else.
EARLY = (
    "course_support.grading.judge", "course_support.live.loads", "course_support.live.workload",
    "course_support.quiz.mapping", "course_support.quiz.opening",
    "anyio._backends._asyncio", "anyio.streams.tls", "httpcore", "encodings.idna",
    "concurrent.futures.process", "concurrent.futures.thread", "multiprocessing.popen_fork",
    "django.views.defaults", "django.views.decorators.csrf", "django.conf.urls",
    "django.template.loaders.app_directories", "django.template.loaders.cached",
    "django.templatetags.l10n", "django.templatetags.tz", "django.templatetags.cache",
)  # fmt: skip
_TRIES, _PAUSE_S = 100, 0.2

_BEFORE: dict[str, Callable[[socket.socket], None]] = {}  # before the door is closed
_ROLES: dict[str, Callable[[socket.socket, Path], None]] = {}


def main() -> None:
    """Prepare, say so, and fork until the control socket is closed."""
    mode, descriptor = sys.argv[1:]
    control = socket.socket(fileno=int(descriptor))
    if mode == "namespaces":
        walls.take_own_root()
    _prepare()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    control.send(b"ready")
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, 64, 2)
        if not packet:
            return
        if _fork() == 0:
            control.close()
            channel, leash = (socket.socket(fileno=number) for number in descriptors)
            _keep(mode, packet.decode(), channel, leash)
        for number in descriptors:
            os.close(number)


def _prepare() -> None:
    from course_support.grading import inside, shell
    from course_support.grading.database import base, serving
    from course_support.live import settings

    settings.ensure_django({})
    shell.make_shell()
    for name in EARLY:
        with suppress(ImportError):
            import_module(name)
    assert base
    _BEFORE.update(child=inside.give_sockets, database=lambda _: None)
    _ROLES.update(child=inside.be_a_child, database=serving.be_a_database)
    gc.collect()
    gc.freeze()  # a child's collections leave these pages shared


def _keep(mode: str, role: str, channel: socket.socket, leash: socket.socket) -> NoReturn:
    """Be the keeper of one child."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if mode == "namespaces":
            _keep_one(role, channel, leash, walls.unshare_all, walls.furnish)
        else:
            with tempfile.TemporaryDirectory(prefix="course-child-") as folder:

                def furnish() -> Path:
                    walls.adopt_orphans()  # so that what a child leaves is seen to be its own
                    return Path(folder)

                _keep_one(role, channel, leash, walls.adopt_orphans, furnish)
                walls.end_descendants()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _fork() -> int:
    """`os.fork`, with patience: a submission may have taken the last process that there is."""
    for _ in range(_TRIES):
        with suppress(OSError):
            return os.fork()
        time.sleep(_PAUSE_S)
    return os.fork()


def _keep_one(
    role: str,
    channel: socket.socket,
    leash: socket.socket,
    before: Callable[[], None],
    furnish: Callable[[], Path],
) -> None:
    before()
    child = _fork()
    if child == 0:
        leash.close()
        _be(role, channel, furnish)
    channel.close()
    leash.send(json.dumps({"pid": child}).encode())
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([ended, leash.fileno()], [], [])
    if ended not in ready:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    leash.send(json.dumps({"status": status}).encode())


def _be(role: str, channel: socket.socket, furnish: Callable[[], Path]) -> NoReturn:
    code = 1
    try:
        folder = furnish()
        _BEFORE[role](channel)
        walls.close_door(channel.fileno())
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nothing, number)
        os.close(nothing)
        _ROLES[role](channel, folder)
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
