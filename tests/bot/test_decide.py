from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.decide import Case, Rules, blind_spot, decide, decide_by_score
from bot.model import Decision, Reason, RecordedItem
from classifier import Score
from scrapers import Item

NOW = datetime(2026, 5, 20, 12, tzinfo=timezone.utc)
RULES = Rules(
    threshold=0.5,
    review_band=None,
    first_run_age=timedelta(days=1),
    max_age=timedelta(days=3),
    min_words=5,
    cyrillic_share=0.5,
)
ITEM = Item(
    source="Городские новости",
    url="https://news.example/1",
    title="В городе открыли новую библиотеку",
    text="Читальный зал и мастерские работают каждый день.",
    published=NOW - timedelta(hours=2),
)


def case(
    *,
    score: float = 0.1,
    twin: int | None = None,
    seeding: bool = False,
    age: timedelta | None = timedelta(hours=2),
    title: str = ITEM.title,
    text: str = ITEM.text,
) -> Case:
    published = None if age is None else NOW - age
    item = replace(ITEM, title=title, text=text, published=published)
    recorded = RecordedItem(7, item, NOW, seeding, (item.source,))
    return Case(recorded, Score(score, "default-1234"), twin, NOW)


def test_a_good_item_is_accepted_and_keeps_score_threshold_and_model() -> None:
    verdict = decide(case(score=0.2), RULES)
    assert verdict.decision is Decision.ACCEPT
    assert (verdict.score, verdict.threshold, verdict.model) == (0.2, 0.5, "default-1234")


@pytest.mark.parametrize(
    ("score", "reason"), [(0.5, Reason.GOOD), (0.500001, Reason.BAD), (1.0, Reason.BAD)]
)
def test_an_item_is_bad_only_above_the_threshold(score: float, reason: Reason) -> None:
    assert decide(case(score=score), RULES).reason is reason


@pytest.mark.parametrize(
    ("score", "decision"),
    [
        (0.39, Decision.ACCEPT),
        (0.4, Decision.REVIEW),
        (0.6, Decision.REVIEW),
        (0.61, Decision.REJECT),
    ],
)
def test_scores_inside_the_review_band_go_to_an_operator(score: float, decision: Decision) -> None:
    rules = replace(RULES, review_band=(0.4, 0.6))
    assert decide(case(score=score), rules).decision is decision


@pytest.mark.parametrize(
    ("threshold", "band", "unseen"),
    [
        (0.35, None, None),
        (0.35, (0.25, 0.5), None),
        (0.25, (0.25, 0.5), None),
        (0.5, (0.25, 0.5), None),
        (0.35, (0.4, 0.6), (0.35, 0.4)),
        (0.7, (0.4, 0.6), (0.6, 0.7)),
    ],
)
def test_a_band_beside_the_threshold_leaves_scores_unseen(
    threshold: float, band: tuple[float, float] | None, unseen: tuple[float, float] | None
) -> None:
    rules = replace(RULES, threshold=threshold, review_band=band)
    assert rules.unseen == unseen
    assert (blind_spot(rules) is None) is (unseen is None)


@pytest.mark.parametrize(
    ("found", "reason", "detail"),
    [
        (case(twin=3), Reason.DUPLICATE, "of item 3"),
        (case(age=timedelta(days=4)), Reason.STALE, "4d old"),
        (case(title="Парк", text="открыт"), Reason.SHORT, "2 words"),
        (
            case(title="A new library", text="opened in the city today, officials say"),
            Reason.LANGUAGE,
            "0% Cyrillic",
        ),
        (case(seeding=True, age=timedelta(hours=30)), Reason.SEEDED, "1d6h old"),
        (case(seeding=True, age=None), Reason.SEEDED, "undated"),
    ],
)
def test_each_rule_rejects_with_its_reason(found: Case, reason: Reason, detail: str) -> None:
    verdict = decide(found, RULES)
    assert (verdict.decision, verdict.reason, verdict.detail) == (Decision.REJECT, reason, detail)


def test_a_rule_speaks_before_the_score() -> None:
    verdict = decide(case(score=0.99, twin=3), RULES)
    assert (verdict.reason, verdict.score) == (Reason.DUPLICATE, 0.99)


def test_fresh_items_of_a_first_run_are_news() -> None:
    assert decide(case(seeding=True, age=timedelta(hours=3)), RULES).decision is Decision.ACCEPT


def test_an_undated_item_of_a_later_run_is_news() -> None:
    assert decide(case(age=None), RULES).decision is Decision.ACCEPT


@pytest.mark.parametrize("age", [None, timedelta(days=2)])
def test_with_first_run_age_at_max_age_the_first_run_is_like_any_other(
    age: timedelta | None,
) -> None:
    rules = replace(RULES, first_run_age=RULES.max_age)
    assert decide(case(seeding=True, age=age), rules).decision is Decision.ACCEPT


def test_an_item_from_the_future_is_not_stale() -> None:
    assert decide(case(age=timedelta(days=-2)), RULES).decision is Decision.ACCEPT


def test_a_day_without_a_time_is_as_old_as_its_end() -> None:
    ended_on_the_third_day = case(age=timedelta(days=3, hours=12))
    assert decide(ended_on_the_third_day, RULES).decision is Decision.ACCEPT
    assert decide(case(age=timedelta(days=4, hours=12)), RULES).detail == "3d old"


def test_an_item_without_letters_is_not_in_the_language() -> None:
    found = case(title="", text="1 2 3 4 5 6 7")
    assert decide(found, RULES).reason is Reason.LANGUAGE


def test_the_language_rule_can_be_switched_off() -> None:
    rules = replace(RULES, cyrillic_share=0.0)
    found = case(title="A new library", text="opened in the city today")
    assert decide(found, rules).decision is Decision.ACCEPT


def test_the_classifier_alone_knows_no_other_rule() -> None:
    assert decide_by_score(Score(0.4, "m"), RULES).reason is Reason.GOOD
