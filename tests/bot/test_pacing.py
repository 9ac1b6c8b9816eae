"""When a source is due next."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from bot.pacing import JITTER, LONGEST_ASKED, MAX_BACKOFF, Pacing, next_run, next_try
from bot.slices import pacing_of
from config.settings import ScheduleSettings, SourceSettings
from scrapers import FetchError, ParseError
from tests.store.samples import HOUR, NOW

MINUTE = timedelta(minutes=1)
PACING = Pacing(every=15 * MINUTE, fastest=5 * MINUTE, slowest=2 * HOUR)
DOWN = FetchError("https://gazeta.example", "answered 502", status=502)


def pause(interval: timedelta, failures: int, error: Exception = DOWN, seed: int = 1) -> timedelta:
    assert isinstance(error, (FetchError, ParseError))
    return next_try(NOW, interval, failures, error, Random(seed)) - NOW


def settled(news_every: int, pacing: Pacing = PACING) -> timedelta:
    """Return the interval after many runs of which each ``news_every``-th brought news."""
    interval = pacing.interval(None)
    for number in range(300):
        interval = pacing.adapted(interval, news=number % news_every == 0)
    return interval


# Adaptive intervals.


def test_a_new_source_begins_with_every() -> None:
    assert PACING.interval(None) == 15 * MINUTE


def test_what_always_brings_news_is_fetched_fastest_and_what_never_does_slowest() -> None:
    assert settled(news_every=1) == PACING.fastest
    assert settled(news_every=1000) == PACING.slowest


def test_news_make_the_interval_shorter_and_none_make_it_longer() -> None:
    assert PACING.adapted(HOUR, news=True) < HOUR < PACING.adapted(HOUR, news=False)


@pytest.mark.parametrize("hours", [0.5, 1, 4])
def test_the_interval_settles_where_one_run_in_five_brings_news(hours: float) -> None:
    """A source publishes at random; no run sees more than that something is new."""
    random, between = Random(7), hours * HOUR
    interval, clock, publishes, runs, news = 15 * MINUTE, 0 * HOUR, 0 * HOUR, 0, 0
    pacing = Pacing(15 * MINUTE, MINUTE, 24 * HOUR)
    while runs < 4000:
        clock, runs = clock + interval, runs + 1
        found = publishes <= clock
        while publishes <= clock:
            publishes += between * random.expovariate(1)
        news += found
        interval = pacing.adapted(interval, news=found)
    assert 0.17 < news / runs < 0.25


def test_a_source_with_an_interval_of_its_own_keeps_to_it() -> None:
    said = SourceSettings(name="Вести", url="https://vesti.example", every="1h")
    fixed = pacing_of(said, ScheduleSettings())
    assert settled(news_every=1, pacing=fixed) == settled(news_every=1000, pacing=fixed) == HOUR


def test_the_limits_follow_every_unless_they_are_given() -> None:
    said = SourceSettings(name="Вести", url="https://vesti.example")
    assert pacing_of(said, ScheduleSettings()) == PACING
    given = ScheduleSettings(every="1h", fastest="10m", slowest="1d")
    assert pacing_of(said, given) == Pacing(HOUR, 10 * MINUTE, 24 * HOUR)


def test_new_limits_hold_for_what_was_learned_under_the_old_ones() -> None:
    assert PACING.interval(MINUTE) == PACING.fastest
    assert PACING.interval(24 * HOUR) == PACING.slowest


# After a good run.


def test_a_run_is_followed_by_the_next_after_the_interval() -> None:
    assert next_run(NOW, HOUR) == NOW + HOUR


def test_a_server_that_asks_to_wait_for_its_pages_is_obeyed() -> None:
    busy = FetchError("https://gazeta.example/1", "answered 429", status=429, retry_after=7200)
    assert next_run(NOW, HOUR, [DOWN, busy]) == NOW + 2 * HOUR
    assert next_run(NOW, 3 * HOUR, [busy]) == NOW + 3 * HOUR


@pytest.mark.parametrize("took", [timedelta(), MINUTE, 10 * MINUTE])
def test_what_is_read_in_a_pass_is_due_in_the_next_one_after_the_interval(took: timedelta) -> None:
    """However long the pass takes, and if the next one begins a few seconds earlier than it."""
    due_at = next_run(NOW + took, 15 * MINUTE, began=NOW)
    assert NOW + 10 * MINUTE < due_at <= NOW + 15 * MINUTE - timedelta(seconds=30)


def test_a_server_that_asks_to_wait_is_obeyed_by_passes_to_the_second() -> None:
    busy = FetchError("https://gazeta.example/1", "answered 429", status=429, retry_after=880)
    at = NOW + MINUTE
    assert next_run(at, 15 * MINUTE, [busy], began=NOW) == at + timedelta(seconds=880)


# After failures.


@pytest.mark.parametrize("interval", [MINUTE, 15 * MINUTE, HOUR])
def test_the_pause_begins_with_the_interval_and_doubles(interval: timedelta) -> None:
    for failures in (1, 2, 3):
        shortest = interval * 2 ** (failures - 1)
        assert shortest <= pause(interval, failures) <= shortest * (1 + JITTER)


def test_however_long_it_fails_it_is_still_tried() -> None:
    for failures in (10, 100, 10_000):
        assert pause(15 * MINUTE, failures) <= MAX_BACKOFF * (1 + JITTER)
    assert pause(timedelta(days=2), 50) <= timedelta(days=2) * (1 + JITTER)


def test_what_failed_together_is_not_tried_again_together() -> None:
    random = Random(3)
    moments = {next_try(NOW, HOUR, 1, DOWN, random) for _ in range(50)}
    assert len(moments) == 50
    assert max(moments) - min(moments) > 5 * MINUTE


def test_the_same_randomness_gives_the_same_pause() -> None:
    assert pause(HOUR, 2, seed=5) == pause(HOUR, 2, seed=5) != pause(HOUR, 2, seed=6)


def test_the_pause_is_never_shorter_than_the_server_asked_for() -> None:
    for seed in range(20):
        busy = FetchError("https://gazeta.example", "503", status=503, retry_after=3 * 3600)
        assert pause(15 * MINUTE, 1, busy, seed) >= 3 * HOUR


@pytest.mark.parametrize("asked", [10**9, float(10**30)])
def test_no_server_may_ask_for_longer_than_a_day(asked: float) -> None:
    greedy = FetchError("https://gazeta.example", "503", status=503, retry_after=asked)
    assert pause(MINUTE, 1, greedy) <= LONGEST_ASKED * (1 + JITTER)


def test_with_no_interval_at_all_a_failing_source_still_rests_a_moment() -> None:
    assert pause(timedelta(), 5, ParseError("https://gazeta.example", "no feed")) >= timedelta(
        seconds=1
    )
