"""What does Django run with in this kernel, and where is its database?"""

from __future__ import annotations

import atexit
import concurrent.futures
import logging
import os
import secrets
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from course_support.live import queries

P = ParamSpec("P")
T = TypeVar("T")

_PREFIX = "course-live-"
_TABLES = "course_tables"
_chosen: dict[str, Any] = {}
_lock = threading.Lock()


def ensure_django(wanted: dict[str, Any]) -> None:
    """Configure Django once in this process.

    The tables and the sample rows are made when a database connection is first opened.

    Args:
        wanted: settings that differ from the course's own; usually none.

    Raises:
        RuntimeError: Django is already configured, by other code or with other settings.
    """
    from django.conf import settings

    with _lock:
        if not settings.configured:
            _configure(wanted)
            return
        if not _chosen:
            raise RuntimeError(
                "Django is already set up in this kernel, by code other than the course's.\n"
                "    Settings can be chosen once: use Kernel > Restart, then run this cell first."
            )
        others = [name for name, value in wanted.items() if _chosen.get(name) != value]
        if others:
            raise RuntimeError(
                f"Django is already set up in this kernel with another {', '.join(others)}.\n"
                "    Settings can be chosen once: use Kernel > Restart, then run this cell first."
            )


def _configure(wanted: dict[str, Any]) -> None:
    import django
    from django.conf import settings

    folder = _temporary_folder()
    chosen = {**_course_settings(folder), **wanted}
    _make_file(folder / "newsdesk.sqlite3")
    settings.configure(**chosen)
    # Without a handler, Python prints "Not Found: /x/" and each view's traceback on stderr,
    # beside the response or the exception that the learner gets anyway.
    logging.getLogger("django").addHandler(logging.NullHandler())
    django.setup()
    _make_tables_at_first_connection()
    queries.listen()  # after the tables: making them is nobody's query
    _chosen.update(chosen)


def _course_settings(folder: Path) -> dict[str, Any]:
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "DEBUG": False,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1"],
        "ROOT_URLCONF": "course_support.live.newsdesk.urls",
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "course_support.live.newsdesk.apps.NewsdeskConfig",
        ],
        "MIDDLEWARE": [],
        "TEMPLATES": [
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        "DATABASES": {"default": database(folder / "newsdesk.sqlite3")},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "USE_TZ": True,
        "LOGGING_CONFIG": None,
    }


def _make_file(path: Path) -> None:
    # The switch to a write-ahead log wants the file for itself: done before threads can meet.
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def database(path: Path) -> dict[str, Any]:
    """Settings of a SQLite file that many threads can write to.

    An in-memory database is empty in every other thread. A file with SQLite's defaults lost 35
    of 40 read-then-write transactions to "database is locked"; with IMMEDIATE transactions and
    a write-ahead log all 40 held, in 0.1 to 0.5 of the time.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def move_database(folder: Path) -> None:
    """Let Django use a fresh database in `folder`: after a fork, before any connection."""
    from django.db import connections

    path = folder / "newsdesk.sqlite3"
    _make_file(path)
    connections.databases["default"]["NAME"] = str(path)


def use_database_at(port: int, engine: str) -> None:
    """Let Django use the database that another process serves: after a fork, before any connection.

    Its tables are made over there.
    """
    from django.db import connections
    from django.db.backends.signals import connection_created

    connections.databases["default"].update(ENGINE=engine, PORT=str(port))
    connection_created.disconnect(dispatch_uid=_TABLES)


def _make_tables_at_first_connection() -> None:
    """A site that asks nothing of the database does not wait for its tables (40 ms)."""
    from django.db.backends.signals import connection_created

    made = False
    lock = threading.RLock()

    def on_connection(connection: Any, **_: Any) -> None:
        nonlocal made
        with lock:
            if not made:
                made = True
                _make_tables(connection)

    connection_created.connect(on_connection, weak=False, dispatch_uid=_TABLES)


def _make_tables(connection: Any) -> None:
    # Straight from the models: `migrate` needs 134-146 ms for the same tables, this 17-32 ms.
    from django.apps import apps

    from course_support.live.newsdesk import sample

    with connection.schema_editor() as editor:
        for model in apps.get_models():
            editor.create_model(model)
    sample.load()


def run_in_thread(
    function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> concurrent.futures.Future[T]:
    """Call `function` in a plain thread of its own and close its database connections there.

    A cell runs in a thread whose event loop is running, where Django refuses synchronous
    database work; this thread has no loop.
    """
    done: concurrent.futures.Future[T] = concurrent.futures.Future()

    def work() -> None:
        from django.db import connections

        try:
            done.set_result(function(*args, **kwargs))
        except BaseException as error:
            done.set_exception(error)
        finally:
            connections.close_all()

    threading.Thread(target=work, name="course-sync", daemon=True).start()
    return done


def _temporary_folder() -> Path:
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _sweep() -> None:
    """Remove the folders of kernels that were killed and could not remove them."""
    if os.name != "posix":  # os.kill(pid, 0) would end the process on Windows
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not _is_running(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
