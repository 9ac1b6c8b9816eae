"""The decider: from what is known of an item to a verdict. No clock, no network, no store."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.model import BY_RULE, Decision, Reason, RecordedItem, Verdict
from bot.rulebook import Rulebook
from bot.rules import PhraseRule
from bot.urgency import published_at
from classifier import Score, compose
from config import Settings
from config.durations import format_duration

_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile(r"[\u0400-\u04FF]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Rules:
    """What an item must satisfy.

    Attributes:
        threshold: an item is bad when its score is above this.
        review_band: scores from low to high, both included, go to an operator.
        first_run_age: on a source's first run only items younger than this are news.
        max_age: older items are stale.
        min_words: shorter texts are short, title included.
        cyrillic_share: of all letters, at least this share must be Cyrillic.
        phrases: the operators' own rules.
        audit_share: of the rejections, so many are shown to the operators.
    """

    threshold: float
    review_band: tuple[float, float] | None
    first_run_age: timedelta
    max_age: timedelta
    min_words: int
    cyrillic_share: float
    phrases: Rulebook = field(default_factory=Rulebook)
    audit_share: float = 0.0

    @property
    def unseen(self) -> tuple[float, float] | None:
        """The scores between the threshold and a review band that lies to one side of it.

        What is doubtful are they, and nobody is asked about them. None: there are none.
        """
        if self.review_band is None:
            return None
        low, high = self.review_band
        if self.threshold < low:
            return self.threshold, low
        return (high, self.threshold) if high < self.threshold else None

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        model_threshold: float,
        *,
        chosen: float | None = None,
        phrases: Rulebook | None = None,
    ) -> Rules:
        """Return the configured rules; what is left out of the settings comes from the model.

        Args:
            settings: of this newsieve.
            model_threshold: what the model itself says.
            chosen: the threshold that operators have put above both, if they have.
            phrases: their phrase rules.
        """
        said = settings.classifier.threshold if chosen is None else chosen
        return cls(
            threshold=model_threshold if said is None else said,
            review_band=settings.classifier.review_band,
            first_run_age=settings.schedule.first_run_age,
            max_age=settings.schedule.max_age,
            min_words=settings.filter.min_words,
            cyrillic_share=settings.filter.cyrillic_share,
            phrases=phrases or Rulebook(),
            audit_share=settings.review.audit_share,
        )


@dataclass(frozen=True, slots=True)
class Case:
    """All that a verdict may rest on.

    Attributes:
        twin: id of the earlier item that has the same text, or nearly, or None.
        now: the moment of the decision.
        phrase: the operators' rule that speaks of its text, or None.
    """

    recorded: RecordedItem
    score: Score
    twin: int | None
    now: datetime
    phrase: PhraseRule | None = None


def decide(case: Case, rules: Rules) -> Verdict:
    """Return the verdict: the first rule that speaks gives the reason, the score comes last.

    An operator's phrase rule comes before the score and behind all else: it says what is good
    news and what is not, and makes no news of what is old, told already or no text to read.
    """
    for rule in _RULES:
        found = rule(case, rules)
        if found is not None:
            reason, detail = found
            return replace(decide_by_score(case.score, rules), reason=reason, detail=detail)
    return decide_by_content(case.score, case.phrase, rules)


def decide_by_content(score: Score, phrase: PhraseRule | None, rules: Rules) -> Verdict:
    """Return what is decided on news that nothing else speaks against.

    What a phrase rule accepts is good like any other; the detail tells that it was the rule.
    """
    verdict = decide_by_score(score, rules)
    if phrase is None:
        return verdict
    if phrase.decision is Decision.ACCEPT:
        return replace(verdict, reason=Reason.GOOD, detail=f"{BY_RULE}{phrase}")
    return replace(verdict, reason=Reason.RULE, detail=str(phrase))


def decide_by_score(score: Score, rules: Rules) -> Verdict:
    """Return what the classifier alone would decide.

    A score inside the review band is unsure, whichever side of the threshold
    it is on; above the threshold it is bad.
    """
    band = rules.review_band
    if band and band[0] <= score.value <= band[1]:
        reason = Reason.UNSURE
    else:
        reason = Reason.BAD if score.value > rules.threshold else Reason.GOOD
    return Verdict(reason, score.value, rules.threshold, score.model)


Found = tuple[Reason, str] | None


def blind_spot(rules: Rules) -> str | None:
    """Return in one line what a review band beside the threshold leaves unseen, or None."""
    if rules.unseen is None or rules.review_band is None:
        return None
    low, high = rules.unseen
    done = "rejected" if rules.threshold == low else "posted"
    band = "{:g} to {:g}".format(*rules.review_band)
    return (
        f"classifier.review_band, {band}, is all to one side of the threshold "
        f"{rules.threshold:g}: scores from {low:g} to {high:g} are {done} unseen"
    )


def _duplicate(case: Case, rules: Rules) -> Found:
    return None if case.twin is None else (Reason.DUPLICATE, f"of item {case.twin}")


def _seeded(case: Case, rules: Rules) -> Found:
    """What was there when the source was added is no news.

    With first_run_age at max_age or above, the first run is a run like any
    other: undated items, of which nobody knows the age, pass then too.
    """
    if not case.recorded.seeding or rules.first_run_age >= rules.max_age:
        return None
    age = _age(case)
    if age is not None and age <= rules.first_run_age:
        return None
    return Reason.SEEDED, "undated" if age is None else f"{_told(age)} old"


def _stale(case: Case, rules: Rules) -> Found:
    age = _age(case)
    return (Reason.STALE, f"{_told(age)} old") if age and age > rules.max_age else None


def _short(case: Case, rules: Rules) -> Found:
    words = len(_WORD.findall(_whole_text(case)))
    told = f"{words} word{'' if words == 1 else 's'}"
    return (Reason.SHORT, told) if words < rules.min_words else None


def _language(case: Case, rules: Rules) -> Found:
    text = _whole_text(case)
    letters = len(_LETTER.findall(text))
    share = len(_CYRILLIC.findall(text)) / letters if letters else 0.0
    return (Reason.LANGUAGE, f"{share:.0%} Cyrillic") if share < rules.cyrillic_share else None


_RULES: tuple[Callable[[Case, Rules], Found], ...] = (
    _duplicate,
    _seeded,
    _stale,
    _short,
    _language,
)


def _whole_text(case: Case) -> str:
    return compose(case.recorded.item.title, case.recorded.item.text)


def _age(case: Case) -> timedelta | None:
    published = case.recorded.item.published
    if published is None:
        return None
    return case.now - published_at(published, case.recorded.seen_at)


def _told(age: timedelta) -> str:
    """Round to the hour above two hours, to the minute below, so that a reader sees one figure."""
    unit = timedelta(days=1) if age >= timedelta(days=2) else timedelta(hours=1)
    if age < timedelta(hours=2):
        unit = timedelta(minutes=1)
    return format_duration(unit * (age // unit))
