"""course_support/live/settings.py: Django is configured once, with a database of its own."""

import subprocess
import sys
import threading

import pytest

from course_support import Site
from course_support.live import settings


def run(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60
    )


def test_other_settings_ask_for_a_restart():
    Site()
    with pytest.raises(RuntimeError, match="another TIME_ZONE.*\n.*Kernel > Restart"):
        Site(TIME_ZONE="Europe/Oslo")


def test_the_first_site_may_choose_settings_and_the_same_again_are_fine():
    code = "from course_support import Site; Site(TIME_ZONE='UTC'); Site(TIME_ZONE='UTC'); Site()"
    assert run(code).returncode == 0


def test_django_configured_by_other_code_asks_for_a_restart():
    code = (
        "from django.conf import settings; settings.configure()\n"
        "from course_support import Site; Site()"
    )
    assert "by code other than the course's" in run(code).stderr


def test_the_unsafe_switch_of_django_is_never_set():
    code = "from course_support import Site; Site(); import os; print(sorted(os.environ))"
    assert "DJANGO_ALLOW_ASYNC_UNSAFE" not in run(code).stdout


def test_the_database_file_is_gone_when_the_process_has_ended():
    code = (
        "from course_support import Site; Site()\n"
        "from django.conf import settings; print(settings.DATABASES['default']['NAME'])"
    )
    from pathlib import Path

    result = run(code)
    assert result.returncode == 0, result.stderr
    assert not Path(result.stdout.strip()).parent.exists()


def test_folders_of_killed_kernels_are_swept_and_those_of_living_ones_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = tmp_path / f"course-live-{ended.pid}-abc"
    alive = tmp_path / f"course-live-{settings.os.getpid()}-abc"
    for folder in (dead, alive):
        folder.mkdir()
    settings._sweep()
    assert not dead.exists()
    assert alive.exists()


def test_many_threads_add_votes_and_none_is_lost():
    Site()
    from django.db import transaction

    from course_support.live.newsdesk.models import Source

    source = settings.run_in_thread(Source.objects.create, name="0").result()

    def count_up():
        with transaction.atomic():
            row = Source.objects.get(pk=source.pk)
            row.name = str(int(row.name) + 1)
            row.save()

    results = [settings.run_in_thread(count_up) for _ in range(20)]
    for result in results:
        result.result(60)
    final = settings.run_in_thread(Source.objects.get, pk=source.pk).result()
    settings.run_in_thread(final.delete).result()
    assert final.name == "20"


def test_run_in_thread_works_where_an_event_loop_runs():
    import asyncio

    Site()
    from course_support.live.newsdesk.models import Author

    async def cell():
        return settings.run_in_thread(Author.objects.count).result()

    assert asyncio.run(cell()) == 4
    assert not [t for t in threading.enumerate() if t.name == "course-sync" and not t.daemon]
