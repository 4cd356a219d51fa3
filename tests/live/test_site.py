"""course_support/live/site.py: a cell becomes a Django site."""

import asyncio
import gc
import threading
import traceback

import httpx
import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import include, path, reverse

from course_support import Site

pytestmark = pytest.mark.anyio


async def hello(request):
    return HttpResponse("hello")


@pytest.fixture
def site():
    made = Site()
    made.urlpatterns = [path("hello/", hello, name="hello")]
    return made


async def test_site_answers_with_an_httpx_response(site):
    response = await site.get("/hello/")
    assert isinstance(response, httpx.Response)
    assert (response.status_code, response.text) == (200, "hello")


async def test_address_outside_the_urlconf_is_a_404(site):
    assert (await site.get("/nowhere/")).status_code == 404


async def test_post_carries_form_and_json_to_the_view(site):
    async def echo(request):
        return JsonResponse({"form": request.POST.get("name"), "body": request.body.decode()})

    site.urlpatterns = [path("echo/", echo)]
    assert (await site.post("/echo/", data={"name": "Ada"})).json()["form"] == "Ada"
    assert (await site.post("/echo/", json=[1])).json()["body"] == "[1]"


async def test_query_string_and_unicode_paths_arrive_decoded(site):
    async def show(request, word):
        return HttpResponse(f"{word} {request.GET['q']}")

    site.urlpatterns = [path("show/<str:word>/", show)]
    response = await site.get("/show/grün/", params={"q": "ß und mehr"})
    assert response.text == "grün ß und mehr"


async def test_two_sites_have_their_own_urlconfs(site):
    other = Site()
    other.urlpatterns = [path("other/", hello)]
    assert (await other.get("/hello/")).status_code == 404
    assert (await site.get("/hello/")).status_code == 200
    assert (await other.get("/other/")).status_code == 200


async def test_overlapping_requests_to_two_sites_keep_their_urlconfs(site):
    async def where(request):
        await asyncio.sleep(0)
        return HttpResponse(reverse("here"))

    other = Site()
    site.urlpatterns = [path("a/", where, name="here")]
    other.urlpatterns = [path("b/", where, name="here")]
    answers = await asyncio.gather(*(s.get(p) for s, p in [(site, "/a/"), (other, "/b/")] * 5))
    assert [answer.text for answer in answers] == ["/a/", "/b/"] * 5


async def test_a_sync_view_runs_in_a_thread_of_its_own_request(site):
    barrier = threading.Barrier(3, timeout=10)

    def meet(request):
        barrier.wait()  # passes only when three requests are in their views at once
        return HttpResponse(threading.current_thread().name)

    site.urlpatterns = [path("meet/", meet)]
    answers = await asyncio.gather(*(site.get("/meet/") for _ in range(3)))
    assert len({answer.text for answer in answers}) == 3


async def test_an_async_view_runs_in_the_thread_of_the_loop(site):
    async def where(request):
        return HttpResponse(threading.current_thread().name)

    site.urlpatterns = [path("where/", where)]
    assert (await site.get("/where/")).text == threading.current_thread().name


def define(source, namespace):
    exec(compile(source, "<a cell>", "exec"), namespace)


async def test_view_defined_again_takes_effect_at_once(site):
    cell = {"__name__": "cell"}
    source = (
        "from django.http import HttpResponse\nasync def news(request): return HttpResponse('{}')"
    )
    define(source.format("old"), cell)
    site.urlpatterns = [path("news/", cell["news"])]
    assert (await site.get("/news/")).text == "old"
    define(source.format("new"), cell)
    assert (await site.get("/news/")).text == "new"
    assert (await site.get("/news/")).text == "new"


async def test_views_made_in_a_function_stay_the_ones_that_were_given(site):
    def make(text):
        async def view(request):
            return HttpResponse(text)

        return view

    site.urlpatterns = [path("a/", make("a")), path("b/", make("b"))]
    assert (await site.get("/a/")).text == "a"


async def test_a_path_appended_to_the_list_is_served(site):
    site.urlpatterns.append(path("more/", hello))
    assert (await site.get("/more/")).status_code == 200


async def test_include_works_as_in_a_project(site):
    site.urlpatterns = [path("inner/", include([path("hello/", hello)]))]
    assert (await site.get("/inner/hello/")).text == "hello"


async def test_a_view_given_without_path_is_refused_with_what_to_write(site):
    with pytest.raises(TypeError, match=r'path\("address/", hello\)'):
        site.urlpatterns = [hello]
    with pytest.raises(TypeError, match="list of path"):
        site.urlpatterns = hello


async def test_what_a_view_raises_comes_with_its_own_line_and_no_library_frames(site):
    async def broken(request):
        return HttpResponse(1 / 0)

    site.urlpatterns = [path("broken/", broken)]
    with pytest.raises(ZeroDivisionError) as raised:
        await site.get("/broken/")
    files = [frame.filename for frame in traceback.extract_tb(raised.value.__traceback__)]
    assert files[-1] == __file__
    assert not any("django" in file or "asgiref" in file for file in files)


async def test_an_exception_of_a_sync_view_ends_in_its_own_line_too(site):
    def broken(request):
        return HttpResponse(1 / 0)

    site.urlpatterns = [path("broken/", broken)]
    with pytest.raises(ZeroDivisionError) as raised:
        await site.get("/broken/")
    assert traceback.extract_tb(raised.value.__traceback__)[-1].name == "broken"


async def test_a_lesson_can_look_at_the_500_instead(site):
    async def broken(request):
        raise LookupError("no such story")

    site.urlpatterns = [path("broken/", broken)]
    response = await site.get("/broken/", raise_request_exception=False)
    assert response.status_code == 500
    assert "no such story" not in response.text
    assert isinstance(response.extensions["view_exception"], LookupError)


async def none(request):
    pass


async def inner(request):
    return hello(request)


async def string(request):
    return "just text"


@pytest.mark.filterwarnings("ignore:coroutine 'hello' was never awaited")
@pytest.mark.parametrize(
    ("view", "words"),
    [
        (none, "returned None instead"),
        (inner, "You may need to add an 'await' into your view"),
        (string, "returned a str; a view returns an HttpResponse"),
    ],
)
async def test_a_view_that_returns_no_response_is_told_where_it_stands(site, view, words):
    site.urlpatterns = [path("x/", view)]
    with pytest.raises((ValueError, AttributeError)) as raised:
        await site.get("/x/")
    told = "".join(traceback.format_exception_only(raised.value))
    del raised
    gc.collect()  # the lost coroutine is reported here, not in some later test
    assert words in told
    assert f"test_site.py, line {view.__code__.co_firstlineno}: `async def {view.__name__}" in told


async def test_what_escapes_djangos_handler_is_a_500_where_a_500_is_wanted(site):
    site.urlpatterns = [path("x/", string)]
    response = await site.get("/x/", raise_request_exception=False)
    assert response.status_code == 500


async def test_a_view_that_never_answers_is_named_with_the_line_it_waits_at(site):
    async def forever(request):
        await asyncio.Event().wait()

    site.urlpatterns = [path("forever/", forever), path("hello/", hello)]
    with pytest.raises(httpx.ReadTimeout, match=r"`await asyncio.Event\(\).wait\(\)`"):
        await site.get("/forever/", timeout=0.2)
    assert (await site.get("/hello/")).status_code == 200


async def test_a_sync_view_that_never_answers_is_named_too(site):
    release = threading.Event()

    def forever(request):
        release.wait(60)
        return HttpResponse("late")

    site.urlpatterns = [path("forever/", forever)]
    try:
        with pytest.raises(httpx.ReadTimeout, match=r"`release.wait\(60\)`"):
            await site.get("/forever/", timeout=0.2)
    finally:
        release.set()


async def test_leaving_a_stream_early_cancels_the_view_behind_it(site):
    left = asyncio.Event()

    async def ticks():
        try:
            while True:
                yield "tick\n"
                await asyncio.sleep(0.01)
        finally:
            left.set()

    async def live(request):
        return StreamingHttpResponse(ticks())

    site.urlpatterns = [path("live/", live)]
    stream = site.stream("/live/")
    times = [seconds async for seconds, _ in _first(stream, 3)]
    await asyncio.wait_for(left.wait(), 10)
    assert times == sorted(times)


async def _first(stream, count):
    number = 0
    async for item in stream:
        yield item
        number += 1
        if number == count:
            await stream.aclose()
            return


async def test_a_caller_that_is_cancelled_cancels_its_async_view(site):
    started, cancelled = asyncio.Event(), asyncio.Event()

    async def wait(request):
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    site.urlpatterns = [path("wait/", wait)]
    asking = asyncio.create_task(site.get("/wait/"))
    await started.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.wait_for(cancelled.wait(), 10)


async def test_sync_orm_in_the_thread_of_the_loop_is_refused_and_run_sync_is_the_way(site):
    from course_support.live.newsdesk.models import Article

    with pytest.raises(SynchronousOnlyOperation):
        Article.objects.count()
    assert await site.run_sync(Article.objects.count) == 12
    assert await Article.objects.acount() == 12


async def test_run_sync_passes_arguments_results_and_exceptions_through(site):
    def join(*words, sep):
        return sep.join(words)

    assert await site.run_sync(join, "a", "b", sep="-") == "a-b"
    with pytest.raises(ZeroDivisionError):
        await site.run_sync(lambda: 1 / 0)


async def test_run_sync_refuses_what_would_query_later(site):
    from course_support.live.newsdesk.models import Article

    with pytest.raises(TypeError, match="wrap it in list"):
        await site.run_sync(Article.objects.all)
    with pytest.raises(TypeError, match="await it instead"):
        await site.run_sync(hello, None)


async def test_a_view_writes_rows_that_the_cell_can_read(site):
    from course_support.live.newsdesk.models import Tag

    async def add(request):
        await Tag.objects.acreate(word=request.POST["word"])
        return HttpResponse(status=201)

    site.urlpatterns = [path("tags/", add)]
    try:
        assert (await site.post("/tags/", data={"word": "planted"})).status_code == 201
        assert await Tag.objects.filter(word="planted").aexists()
    finally:
        await Tag.objects.filter(word="planted").adelete()


async def test_cookies_are_kept_between_requests(site):
    async def count(request):
        seen = int(request.COOKIES.get("seen", 0)) + 1
        response = HttpResponse(str(seen))
        response.set_cookie("seen", seen)
        return response

    site.urlpatterns = [path("count/", count)]
    assert [(await site.get("/count/")).text for _ in range(2)] == ["1", "2"]


async def test_a_site_shows_itself_in_one_line(site):
    assert repr(site) == "<Site with 1 URL patterns>"


def test_a_site_outlives_the_loop_that_it_was_used_on(site):
    for _ in range(2):
        assert asyncio.run(site.get("/hello/")).text == "hello"
