"""How does the judge get a fresh process? From a zygote, by a packet with two descriptors."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from course_support.places import ROOT

Mode = Literal["namespaces", "weak"]
START_S = 60.0
FORK_S = 300.0  # one that is gone is noticed at once; one that is slow is on a busy machine
END_S = 10.0
REPORT_S = 60.0  # a keeper says at once how its child ended; a busy machine is no fault
GRACE_S = 0.5
SOCKETS = b"sockets"  # with these descriptors a child begins: for the newswire, for the database
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


class GraderFault(RuntimeError):
    """The grader itself failed: no verdict on any submission, and no zero. Stop and say so."""


@dataclass
class Fork:
    """One child, as seen by the judge.

    Attributes:
        channel: to the child; blocking, until a stream takes it over.
        leash: to its keeper; the child is killed when it is closed.
        pid: the child's, in the judge's own numbers.
    """

    channel: socket.socket
    leash: socket.socket
    pid: int

    def listening_sockets(self) -> list[socket.socket]:
        """What the child made for the newswire and for its database, before any cell.

        Raises:
            GraderFault: the child ended before.
        """
        # Blocking: until now only the course's own code runs in the child.
        try:
            packet, descriptors, _, _ = socket.recv_fds(self.channel, len(SOCKETS), 2)
        except OSError:
            packet, descriptors = b"", []
        if packet != SOCKETS or len(descriptors) != 2:
            how = self.end(kill=False)
            self.channel.close()
            raise GraderFault(f"A child ended before it ran anything: {how}")
        return [socket.socket(fileno=number) for number in descriptors]

    def kill(self) -> None:
        """Let the keeper kill the child, with all that came from it."""
        with suppress(OSError):
            self.leash.shutdown(socket.SHUT_WR)

    def end(self, *, kill: bool) -> str:
        """Wait for the child's end, and say in words how it came; kill it if it does not end.

        Raises:
            GraderFault: the keeper does not say.
        """
        # Its channel is closed: what could it still do?
        packet = b"" if kill else self._said(GRACE_S)
        if not packet:
            self.kill()
            packet = self._said(REPORT_S)
        self.leash.close()
        if not packet:
            raise GraderFault("The keeper of a child did not report its end.")
        return _in_words(int(json.loads(packet)["status"]))

    def _said(self, limit_s: float) -> bytes:
        """What the keeper says within so many seconds; not by `select`, which ends at 1024."""
        try:
            self.leash.settimeout(limit_s)
            return self.leash.recv(256)
        except OSError:
            return b""


def _in_words(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"signal {number} ({signal.strsignal(number)})"
    return f"exit code {os.waitstatus_to_exitcode(status)}"


class Zygote:
    """The process that is forked; `start()` it, `fork()` from any thread, `close()` it."""

    def __init__(self, mode: Mode) -> None:
        self.mode: Mode = mode
        self._lock = threading.Lock()
        self._control, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it has imported everything.

        Raises:
            GraderFault: it did not start.
        """
        number = self._theirs.fileno()
        words = ["-m", "course_support.grading.zygote", self.mode, str(number)]
        self._process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            pass_fds=[number],
            stdin=subprocess.DEVNULL,
            stdout=self._errors,
            stderr=self._errors,
            start_new_session=True,
        )
        self._theirs.close()
        self._control.settimeout(START_S)
        try:
            ready = self._control.recv(64)
        except TimeoutError:
            ready = b""
        if ready != b"ready":
            self._end()
            raise self._fault("The process to be forked did not start")

    def fork(self, role: bytes = b"child") -> Fork:
        """A fresh process, to be a `child`, or the `database` of one.

        Raises:
            GraderFault: there is none.
        """
        channel, theirs = socket.socketpair()
        leash, keepers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with self._lock, theirs, keepers:
                socket.send_fds(self._control, [role], [theirs.fileno(), keepers.fileno()])
            leash.settimeout(FORK_S)
            packet: dict[str, Any] = json.loads(leash.recv(256) or b"{}")
        except OSError:
            packet = {}
        if "pid" not in packet:
            channel.close()
            leash.close()
            raise self._fault("A child could not be made")
        channel.settimeout(FORK_S)
        return Fork(channel, leash, int(packet["pid"]))

    def fork_child(self) -> tuple[Fork, list[socket.socket]]:
        """A fresh child, and what it made for the newswire and for its database.

        Raises:
            GraderFault: it did not come to life; the text has what its keeper said.
        """
        fork = self.fork()
        try:
            return fork, fork.listening_sockets()
        except GraderFault as fault:
            raise self._fault(str(fault)) from None

    def try_out(self) -> None:
        """Make a child, with all its walls, and end it.

        Raises:
            GraderFault: it did not come to life.
        """
        fork, sockets = self.fork_child()
        for one in sockets:
            one.close()
        fork.end(kill=True)
        fork.channel.close()

    def close(self) -> None:
        """End the zygote; its keepers end with their leashes."""
        self._end()
        self._errors.close()

    @property
    def pid(self) -> int:
        """Its pid; the children are below it."""
        assert self._process is not None, "start() first"
        return self._process.pid

    def _end(self) -> None:
        self._control.close()
        self._theirs.close()
        if self._process is None:
            return
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _fault(self, what: str) -> GraderFault:
        self._errors.seek(0)
        said = self._errors.read()[-2000:].decode(errors="replace").strip()
        return GraderFault(f"{what}: {said or 'it said nothing'}")
