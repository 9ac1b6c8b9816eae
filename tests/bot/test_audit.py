"""Which rejections are drawn, and what is concluded from them."""

from __future__ import annotations

import pytest

from bot.audit import AUDITED, Audit, is_drawn
from bot.model import Reason


def drawn(share: float, count: int = 20_000) -> set[int]:
    return {number for number in range(1, count + 1) if is_drawn(number, Reason.BAD, share)}


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_about_the_share_is_drawn(share: float) -> None:
    assert len(drawn(share)) == pytest.approx(share * 20_000, rel=0.1)


def test_none_or_all_are_drawn_when_that_is_asked() -> None:
    assert drawn(0.0, 1000) == set()
    assert len(drawn(1.0, 1000)) == 1000


def test_the_same_ones_are_drawn_each_time_and_more_of_them_with_a_larger_share() -> None:
    assert drawn(0.05) == drawn(0.05)
    assert drawn(0.05) < drawn(0.1)
    # In every process, on every machine.
    assert sorted(drawn(0.02, 300)) == [2, 84, 110, 117, 163, 186, 268]


def test_only_what_was_rejected_for_its_text_is_drawn() -> None:
    assert {reason for reason in Reason if is_drawn(1, reason, 1.0)} == AUDITED


def test_nothing_is_concluded_from_nothing() -> None:
    audit = Audit(rejected=500)
    assert (audit.share, audit.between, audit.thrown_away) == (None, None, None)


def test_a_sample_tells_how_much_good_news_is_thrown_away_and_how_surely() -> None:
    audit = Audit(rejected=1000, drawn=50, answered=50, good=5, known_good=5, known_bad=45)
    assert audit.share == 0.1
    assert audit.between == pytest.approx((0.0435, 0.2136), abs=1e-4)
    assert audit.thrown_away == (43, 214)


def test_what_was_found_drawn_or_not_is_the_least_and_what_is_left_the_most() -> None:
    # One good of three drawn ones alone would say: from 1 to 9 of these 11.
    audit = Audit(rejected=11, drawn=3, answered=3, good=1, known_good=5, known_bad=4)
    assert audit.thrown_away == (5, 7)


def test_few_answers_to_many_drawn_ones_may_be_a_choice() -> None:
    assert Audit(rejected=100, drawn=4, answered=3, good=3).may_mislead
    assert not Audit(rejected=100, drawn=20, answered=19, good=3).may_mislead
