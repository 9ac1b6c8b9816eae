"""What is believed of a source after runs, and when the operators are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.health import Alert, Health, check_up
from scrapers.health import Condition, Diagnosis, Usual
from tests.store.samples import HOUR, NOW

FINE, NOTHING_NEW, MOVED = Condition.FINE, Condition.NOTHING_NEW, Condition.MOVED
GONE, BLOCKED, DOWN = Condition.GONE, Condition.BLOCKED, Condition.UNREACHABLE
BROKEN = [condition for condition in Condition if condition.is_broken]


def live(*conditions: Condition, relapses: int = 0) -> tuple[Health, list[Alert]]:
    """Return the health after runs an hour apart, and what the operators were told."""
    health, alerts = Health(), []
    for hour, condition in enumerate(conditions):
        diagnosis = Diagnosis(condition, condition.value, Usual(runs=hour))
        news, at = condition is FINE, NOW + hour * HOUR
        checkup = check_up("Вести", health, diagnosis, at=at, news=news, relapses=relapses)
        health = checkup.health
        alerts += [checkup.alert] if checkup.alert else []
    return health, alerts


def told(*conditions: Condition, relapses: int = 0) -> list[Condition]:
    return [alert.condition for alert in live(*conditions, relapses=relapses)[1]]


@pytest.mark.parametrize("broken", BROKEN)
def test_two_bad_runs_in_a_row_are_told_once(broken: Condition) -> None:
    assert told(FINE, broken) == []
    assert told(FINE, broken, broken) == [broken]
    assert told(FINE, *[broken] * 50) == [broken]


def test_one_bad_run_among_good_ones_is_never_told() -> None:
    assert told(*[FINE, DOWN] * 20) == []
    assert told(*[NOTHING_NEW, GONE, FINE, BLOCKED] * 20) == []


def test_a_recovery_is_told_once_and_at_once() -> None:
    assert told(FINE, DOWN, DOWN, NOTHING_NEW) == [DOWN, NOTHING_NEW]
    assert told(FINE, DOWN, DOWN, *[FINE, NOTHING_NEW] * 20) == [DOWN, FINE]


def test_a_source_that_never_worked_is_told_too() -> None:
    assert told(GONE, GONE, GONE) == [GONE]


def test_bad_runs_of_different_kinds_count_together() -> None:
    assert told(FINE, DOWN, GONE) == [GONE]


def test_what_is_wrong_may_change_without_another_alert() -> None:
    health, alerts = live(FINE, DOWN, DOWN, GONE, GONE)
    assert [alert.condition for alert in alerts] == [DOWN]
    assert (health.condition, health.standing) == (GONE, GONE)


def test_a_move_is_told_once_and_is_no_breakdown() -> None:
    health, alerts = live(FINE, *[MOVED] * 10)
    assert [alert.condition for alert in alerts] == [MOVED]
    assert health.good_at == NOW + 10 * HOUR


def test_what_has_moved_may_break_and_recover() -> None:
    assert told(FINE, MOVED, MOVED, GONE, GONE, MOVED, MOVED) == [MOVED, GONE, MOVED]
    assert told(FINE, MOVED, MOVED, GONE, MOVED) == [MOVED]
    assert told(FINE, MOVED, MOVED, FINE) == [MOVED, FINE]


def test_an_alert_says_since_when_and_when_the_last_good_run_was() -> None:
    _, (broke, recovered) = live(FINE, NOTHING_NEW, DOWN, DOWN, DOWN, FINE)
    assert (broke.before, broke.condition) == (NOTHING_NEW, DOWN)
    assert (broke.good_at, broke.since, broke.at) == (NOW + HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR)
    assert (recovered.before, recovered.condition) == (DOWN, FINE)
    assert (recovered.since, recovered.at) == (NOW + 2 * HOUR, NOW + 5 * HOUR)


def test_good_runs_and_news_are_remembered_by_their_moments() -> None:
    health, _ = live(FINE, NOTHING_NEW, DOWN)
    assert (health.news_at, health.good_at) == (NOW, NOW + HOUR)
    assert (health.condition, health.standing, health.streak) == (DOWN, NOTHING_NEW, 1)
    assert health.usual == Usual(runs=2)


def test_a_relapse_has_to_last_longer_each_time() -> None:
    assert told(FINE, DOWN, DOWN, DOWN, relapses=1) == []
    assert told(FINE, *[DOWN] * 4, relapses=1) == [DOWN]
    assert told(FINE, *[DOWN] * 7, relapses=2) == []
    assert told(FINE, *[DOWN] * 16, relapses=99) == [DOWN]


def test_a_source_that_was_broken_at_its_old_address_recovers_at_the_new_one() -> None:
    kept = Health(condition=GONE, standing=GONE, since=NOW)
    fine = Diagnosis(FINE, "", Usual())
    alert = check_up("Вести", kept, fine, at=NOW + HOUR, news=True).alert
    assert alert is not None
    assert (alert.before, alert.condition, alert.since) == (GONE, FINE, NOW)
    still = check_up("Вести", kept, replace(fine, condition=GONE), at=NOW + HOUR, news=False)
    assert still.alert is None
