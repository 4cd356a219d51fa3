"""course_support/live/loads.py and its pictures: arithmetic on requests written by hand."""

import math
import re
import xml.etree.ElementTree as ET

import pytest

from course_support.live.bars import comparison_svg, distribution_svg
from course_support.live.loads import LoadResult, Request, compare, percentile
from course_support.live.rows import MOST, requests_svg
from course_support.live.svg import KEEPS, WIDTH

SVG = "{http://www.w3.org/2000/svg}"


def answered(start_s, end_s, status=200):
    return Request(start_s, end_s, end_s - 0.001, status)


def load(*requests, label="a load", **more):
    return LoadResult(tuple(requests), label, **more)


QUEUE = load(*(answered(0.0, 0.5 * turn) for turn in (1, 1, 2, 2, 3, 3)), label="two threads")
AT_ONCE = load(*(answered(0.001 * n, 0.5 + 0.001 * n) for n in range(6)), label="all at once")
REFUSED = Request(0.0, 0.01, error="[Errno 111] Connect call failed")


def texts(picture, tag):
    return [element.text for element in picture.iter(SVG + tag) if element.text]


def test_wall_time_is_from_the_first_start_to_the_last_end():
    assert load(answered(0.0, 0.3), answered(0.1, 0.9), answered(0.2, 0.4)).wall_s == 0.9


def test_throughput_counts_whole_answers():
    assert load(answered(0.0, 0.5), answered(0.0, 2.0), REFUSED).throughput == 1.0


@pytest.mark.parametrize(
    ("values", "percent", "wanted"),
    [([0.4], 95, 0.4), ([1.0, 2.0], 50, 1.5), ([1, 2, 3, 4, 5], 50, 3), (range(101), 95, 95)],
)
def test_percentiles_are_linear_interpolations(values, percent, wanted):
    assert percentile(list(values), percent) == wanted


def test_a_load_without_an_answer_has_no_percentile():
    assert math.isnan(load(REFUSED).p50_s)
    assert "p50 none, p95 none, 1 failed" in repr(load(REFUSED))


def test_latencies_are_those_of_whole_answers_whatever_their_status():
    assert load(answered(0.0, 0.5, 500), REFUSED, answered(0.0, 0.25)).latencies_s == (0.5, 0.25)


def test_peak_in_flight_is_how_many_overlap():
    assert AT_ONCE.peak_in_flight == 6
    assert load(answered(0, 2), answered(1, 3), answered(2.5, 4)).peak_in_flight == 2


def test_a_request_that_starts_when_another_ends_does_not_overlap_it():
    assert load(answered(0, 1), answered(1, 2), answered(2, 3)).peak_in_flight == 1


def test_failures_are_counted_by_what_went_wrong():
    result = load(answered(0, 1), answered(0, 1, 500), answered(0, 1, 500), REFUSED)
    assert result.failed == 3
    assert result.failures == {"500": 2, "[Errno 111] Connect call failed": 1}
    assert "failed                 3 (2 x 500, 1 x [Errno 111]" in result.table()


def test_a_comparison_says_how_many_times_the_ideal_each_load_took():
    compared = compare(AT_ONCE, QUEUE, ideal_s=0.5)
    assert compared.ratios == pytest.approx({"all at once": 1.01, "two threads": 3.0})
    assert repr(compared) == "<Comparison with 0.5 s: all at once x1.0, two threads x3.0>"
    assert re.search(r"two threads +x3.0 +1.50 s", compared.table())


def test_results_with_one_label_are_refused():
    with pytest.raises(ValueError, match=r'called .all at once.[\s\S]*label="sync view"'):
        compare(AT_ONCE, AT_ONCE, ideal_s=0.5)


@pytest.mark.parametrize("ideal_s", [0, -1])
def test_an_ideal_that_is_not_positive_is_refused(ideal_s):
    with pytest.raises(ValueError, match="ideal_s above 0"):
        compare(QUEUE, ideal_s=ideal_s)


def test_a_guess_for_an_unknown_load_lists_the_known_ones():
    with pytest.raises(LookupError, match="'threads'. The results are: all at once; two threads"):
        compare(AT_ONCE, QUEUE, ideal_s=0.5, guesses={"threads": 3})


def test_a_guess_that_was_not_made_is_not_drawn():
    made = compare(AT_ONCE, ideal_s=0.5, guesses={AT_ONCE.label: None})
    assert made.guesses == {}
    assert "your guess" not in made._repr_html_()


def test_each_request_is_a_row_with_its_numbers_as_tooltip():
    titles = texts(ET.fromstring(requests_svg(QUEUE)), "title")
    assert titles.count("5: starts 0.0 ms, first byte 1.50 s, ends 1.50 s, status 200") == 2


def test_waiting_and_receiving_differ_in_pattern_and_not_in_colour_alone():
    picture = ET.fromstring(requests_svg(QUEUE))
    looks = {group.get("fill") for group in picture.iter(f"{SVG}g")}
    assert KEEPS in looks
    assert any(look.startswith("url(#waits-") for look in looks)


def test_failed_requests_have_a_cross_and_a_legend():
    assert "✕ failed" in texts(ET.fromstring(requests_svg(load(answered(0, 1), REFUSED))), "text")
    assert "✕ failed" not in requests_svg(QUEUE)


def test_of_many_requests_an_even_choice_is_drawn_and_the_picture_says_so():
    many = load(*(answered(0.001 * n, 0.5) for n in range(450)))
    picture = requests_svg(many)
    titles = {title.split(":")[0] for title in texts(ET.fromstring(picture), "title")}
    assert len(titles) == MOST
    assert "200 of 450 requests" in picture


def test_two_hundred_requests_stay_under_a_hundred_kilobytes():
    result = load(*(answered(0.001 * n, 0.7 + 0.0013 * n) for n in range(200)))
    assert len(result._repr_html_()) < 100_000


def test_pictures_are_named_for_a_screen_reader_and_followed_by_a_table():
    for shown in (QUEUE, compare(QUEUE, ideal_s=0.5), QUEUE.distribution()):
        html = shown._repr_html_()
        assert re.search(r"<svg role='img' aria-label='[^']{40,}'", html)
        assert "<details>" in html
        assert "<th scope='col'>" in html


def test_names_and_errors_are_shown_as_text_and_never_as_markup():
    evil = load(
        Request(0, 1, error="<script>x</script>"), answered(0, 1), label="<script>x</script>"
    )
    for shown in (evil, compare(evil, ideal_s=1), evil.distribution()):
        assert "<script" not in shown._repr_html_()


def test_bars_are_as_long_as_the_ratios_and_named_by_them():
    picture = ET.fromstring(comparison_svg(compare(AT_ONCE, QUEUE, ideal_s=0.5)))
    groups = [group for group in picture.iter(f"{SVG}g") if group.find(f"{SVG}rect") is not None]
    lengths = [sum(float(rect.get("width")) for rect in g.iter(f"{SVG}rect")) for g in groups]
    assert lengths[1] / lengths[0] == pytest.approx(3 / 1.01, rel=0.01)
    assert max(lengths) < WIDTH
    assert "x3.0" in texts(picture, "tspan")


def test_a_guess_is_drawn_beside_the_measurement():
    picture = comparison_svg(compare(AT_ONCE, QUEUE, ideal_s=0.5, guesses={"two threads": 6}))
    assert "your guess: x6" in picture


def test_a_distribution_counts_each_answer_once():
    spread = QUEUE.distribution()
    assert sum(spread.counts) == 6
    assert spread.counts[-1] == 2, "the longest lies in the last bin"
    assert spread.edges_s[0] == 0
    assert spread.edges_s[-1] == 1.5


def test_a_distribution_shows_its_percentiles():
    words = texts(ET.fromstring(distribution_svg(QUEUE.distribution())), "text")
    assert "p50 1.00 s" in words
    assert "p95 1.50 s" in words


def test_a_load_without_an_answer_can_be_shown():
    for shown in (load(REFUSED), load(REFUSED).distribution(), compare(load(REFUSED), ideal_s=1)):
        assert shown._repr_html_()


def hold(start_s, held_s, words="`digest` held the event loop"):
    class Hold:
        def __str__(self):
            return words

    found = Hold()
    found.start_s, found.held_s = start_s, held_s
    return found


def test_holds_are_marked_at_their_time_since_the_first_start():
    marked = load(answered(0.0, 1.0), began_s=100.0).marked([hold(100.25, 0.5)])
    assert [(stall.start_s, stall.held_s) for stall in marked.stalls] == [(0.25, 0.5)]


def test_holds_before_and_after_a_load_are_not_marked():
    result = load(answered(0.0, 1.0), began_s=100.0)
    assert not result.marked([hold(98.0, 0.5), hold(102.0, 0.5)]).stalls


def test_a_marked_hold_is_a_band_with_a_legend_and_a_line_of_text():
    marked = load(answered(0.0, 1.0), began_s=100.0).marked([hold(100.25, 0.5, "<b>`digest`")])
    words = [text for text in texts(ET.fromstring(requests_svg(marked)), "text")]
    assert "the loop was held" in words
    html = marked._repr_html_()
    assert "from 250.0 ms on: &lt;b&gt;`digest`" in html
    assert "<b>`digest`" not in html
    assert "The loop was held 1 times." in html
