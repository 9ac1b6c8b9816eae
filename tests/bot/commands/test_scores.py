"""How verdicts and their scores are told: in idiomatic words, and exact where it is close."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.commands.outlooks import outlook_lines
from bot.commands.scores import decimal, score_of
from bot.commands.texts import why_of
from bot.foresight import Flip, Outlook
from bot.language import speaking
from bot.model import BY_RULE, Decision, Entry, Reason, RecordedItem, Verdict
from tests.store.samples import item

NOW = datetime(2024, 3, 9, tzinfo=timezone.utc)


def verdict(reason: Reason, score: float, detail: str = "", threshold: float = 0.5) -> Verdict:
    return Verdict(reason, score, threshold, "model", detail)


def flip_line(before: Verdict, after: Verdict) -> str:
    entry = Entry(RecordedItem(7, item(), NOW, False, ()), before, NOW, None, ())
    turns = {(Decision.ACCEPT, Decision.REJECT): 1}
    outlook = Outlook(1, turns=turns, examples=(Flip(entry, before, after),))
    return outlook_lines(outlook)[-1]


@pytest.mark.parametrize(
    ("score", "threshold", "told"),
    [(0.2, 0.5, "0,20"), (0.35, 0.35, "0,35"), (0.3512, 0.35, "0,351"), (0.35001, 0.35, "0,35001")],
)
def test_a_score_is_told_as_exactly_as_its_threshold_asks(
    score: float, threshold: float, told: str
) -> None:
    with speaking("ru"):
        assert score_of(verdict(Reason.BAD, score, threshold=threshold)) == told
    assert decimal(score) == f"{score:.2f}"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (verdict(Reason.SHORT, 0.5, "2 words"), "короткая: 2 слова"),
        (verdict(Reason.LANGUAGE, 0.5, "0% Cyrillic"), "другой язык: кириллицы 0%"),
        (verdict(Reason.SEEDED, 0.5, "1w2d old"), "была до подключения: возраст 1 нед. 2 дн."),
        (verdict(Reason.DUPLICATE, 0.5, "of item 5"), "повтор новости 5"),
        (verdict(Reason.RULE, 0.5, "14 «погиб»"), "правило 14 «погиб»"),
        (verdict(Reason.BAD, 0.5), "плохая"),
    ],
)
def test_the_detail_of_a_reason_reads_as_russian(given: Verdict, told: str) -> None:
    with speaking("ru"):
        assert why_of(given) == told


def test_what_turns_close_to_the_threshold_is_told_with_more_digits() -> None:
    line = flip_line(
        verdict(Reason.GOOD, 0.0112, threshold=0.35), verdict(Reason.BAD, 0.0112, threshold=0.01)
    )
    assert "good 0.011 → bad 0.011" in line


def test_a_rule_that_decides_stands_without_a_score() -> None:
    with speaking("ru"):
        line = flip_line(verdict(Reason.GOOD, 0.001), verdict(Reason.RULE, 0.001, "14 «погиб»"))
        assert "хорошая 0,00 → правило 14 «погиб»" in line
        line = flip_line(verdict(Reason.BAD, 0.9), verdict(Reason.GOOD, 0.9, f"{BY_RULE}7 «мост»"))
    assert "плохая 0,90 → хорошая по правилу 7 «мост»" in line
