"""What is reckoned from the figures of some days."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.figures import Checked, Figures, SourceTally, Stretch, Tally, best_and_worst, stretches
from bot.model import Reason

NOW = datetime(2024, 3, 9, 22, 30, tzinfo=timezone.utc)
URALS = ZoneInfo("Asia/Yekaterinburg")
BERLIN = ZoneInfo("Europe/Berlin")
ANY = Stretch(NOW, NOW + timedelta(days=1))


def figures(*tallies: Tally) -> Figures:
    return Figures(tallies, {}, (), (), 0, timezone.utc)


def test_days_are_those_of_the_zone_and_the_last_one_is_today() -> None:
    # In the Urals it is past three in the morning of the 10th already.
    first, *_, last = stretches(7, NOW, URALS)
    assert first.begin.astimezone(URALS) == datetime(2024, 3, 4, tzinfo=URALS)
    assert last.end.astimezone(URALS) == datetime(2024, 3, 11, tzinfo=URALS)


def test_stretches_follow_one_another_without_a_gap() -> None:
    days = stretches(90, NOW, BERLIN)
    assert len(days) == 90
    assert [one.end for one in days[:-1]] == [one.begin for one in days[1:]]


def test_a_single_day_is_told_by_its_hours() -> None:
    hours = stretches(1, NOW, timezone.utc)
    assert [hour.begin.hour for hour in hours] == list(range(24))


@pytest.mark.parametrize(("day", "hours"), [("2024-03-31", 23), ("2024-10-27", 25)])
def test_a_day_on_which_clocks_are_set_has_its_own_number_of_hours(day: str, hours: int) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=BERLIN)
    assert len(stretches(1, noon, BERLIN)) == hours


def test_what_was_there_before_is_counted_apart() -> None:
    its = figures(Tally(ANY, {Reason.GOOD: 2, Reason.SEEDED: 300}))
    assert (its.judged, its.seeded) == (2, 300)


def test_precision_is_what_operators_said_of_what_they_looked_at() -> None:
    its = figures(
        Tally(ANY, {Reason.GOOD: 600}, confirmed=55, corrected=3),
        Tally(ANY, {Reason.GOOD: 400}, confirmed=40, corrected=2, untimely=4),
    ).checked
    assert its == Checked(accepted=1000, right=95, wrong=5, untimely=4)
    assert (its.unopposed, its.labelled, its.share) == (991, 100, 0.95)
    # Wilson's interval of 95 of 100.
    assert its.between == pytest.approx((0.8882, 0.9785), abs=1e-4)


def test_what_nobody_looked_at_says_nothing_of_the_precision() -> None:
    its = figures(Tally(ANY, {Reason.GOOD: 1000})).checked
    assert (its.unopposed, its.share, its.between) == (1000, None, None)


def test_the_days_are_told_in_the_zone() -> None:
    tallies = tuple(map(Tally, stretches(3, NOW, URALS)))
    its = Figures(tallies, {}, (), (), 0, URALS)
    assert (its.first_day, its.last_day) == (date(2024, 3, 8), date(2024, 3, 10))


def test_few_sources_are_all_shown_the_surest_first() -> None:
    one, many, none = SourceTally("a", 1, 1), SourceTally("b", 50, 40), SourceTally("c", 50, 0)
    best, worst = best_and_worst([one, none, many], 10)
    assert ([its.name for its in best], worst) == (["b", "a", "c"], [])


def test_of_many_sources_the_best_and_the_worst_are_shown_and_a_single_item_makes_neither() -> None:
    middling = [SourceTally(f"m{n}", 40, 10 + n % 20) for n in range(396)]
    lucky, unlucky = SourceTally("lucky", 1, 1), SourceTally("unlucky", 1, 0)
    good, poor = SourceTally("good", 100, 90), SourceTally("poor", 100, 1)
    best, worst = best_and_worst([lucky, unlucky, poor, good, *middling], 4)
    assert best[0] == good
    assert worst[-1] == poor
    assert len(best) == len(worst) == 2
    assert not {lucky, unlucky} & {*best, *worst}
