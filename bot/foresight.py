"""What would be decided otherwise: by another threshold, model or rule. Pure.

    entries of the ledger ─▶ verdicts before, verdicts after ─▶ Outlook

Only what is decided by the content of an item can turn: a duplicate stays one, whatever the
threshold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bot.decide import Rules, decide_by_content
from bot.model import REJECTIONS, Decision, Entry, Reason, Truth, Verdict
from bot.rulebook import Rulebook
from classifier import Classifier, Score, compose

EXAMPLES = 4
"""How many flips of each turn are shown, the newest ones."""

Turn: TypeAlias = "tuple[Decision, Decision]"
Judge: TypeAlias = "Callable[[Sequence[Entry]], Sequence[Verdict]]"
"""Returns what it would decide on each entry."""

_BY_CONTENT = (frozenset(Reason) - REJECTIONS) | {Reason.BAD, Reason.RULE}


@dataclass(frozen=True, slots=True)
class Flip:
    """An item that would be decided otherwise."""

    entry: Entry
    before: Verdict
    after: Verdict

    @property
    def turn(self) -> Turn:
        """From which decision to which."""
        return self.before.decision, self.after.decision

    @property
    def is_right(self) -> bool | None:
        """Whether it goes where an operator's label says; None: no label, or not decided."""
        if self.entry.label is None or self.after.decision is Decision.REVIEW:
            return None
        is_good = self.entry.label.truth is Truth.GOOD
        return is_good == (self.after.decision is Decision.ACCEPT)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would be otherwise among some items.

    Attributes:
        items: how many were looked at.
        spoken_of: of these, how many a phrase rule in question speaks of.
        turns: how many would turn from which decision to which.
        right: of these, how many would go where an operator's label says.
        wrong: how many would go elsewhere.
        examples: some of them.
        unmoved: some that the rule speaks of without a turn.
        quotes: of examples and unmoved, by id, the words that the rule speaks of.
        is_cut: there were more items than were looked at.
    """

    items: int = 0
    spoken_of: int = 0
    turns: Mapping[Turn, int] = field(default_factory=dict)
    right: int = 0
    wrong: int = 0
    examples: tuple[Flip, ...] = ()
    unmoved: tuple[Entry, ...] = ()
    quotes: Mapping[int, str] = field(default_factory=dict)
    is_cut: bool = False

    @property
    def flips(self) -> int:
        """How many would be decided otherwise."""
        return sum(self.turns.values())

    def __add__(self, other: Outlook) -> Outlook:
        """Return the two together; the examples of the first come first."""
        return Outlook(
            self.items + other.items,
            self.spoken_of + other.spoken_of,
            Counter(self.turns) + Counter(other.turns),
            self.right + other.right,
            self.wrong + other.wrong,
            tuple(_first_of_each((*self.examples, *other.examples))),
            (*self.unmoved, *other.unmoved)[:EXAMPLES],
            {**self.quotes, **other.quotes},
            self.is_cut or other.is_cut,
        )


@dataclass(frozen=True, slots=True)
class ByContent:
    """A judge with a model and rules; what that model has scored before is not scored again."""

    classifier: Classifier
    rules: Rules
    _scored: dict[int, Score] = field(default_factory=dict)

    def by(self, rules: Rules) -> ByContent:
        """Return a judge with the same model and other rules: what one scores, both know."""
        return replace(self, rules=rules)

    def __call__(self, entries: Sequence[Entry]) -> list[Verdict]:
        """Return what would be decided on each entry."""
        scores = self._scores(entries)
        return [
            decide_by_content(score, self.rules.phrases.find(_text(entry)), self.rules)
            if entry.verdict.reason in _BY_CONTENT
            else entry.verdict
            for entry, score in zip(entries, scores, strict=True)
        ]

    def _scores(self, entries: Sequence[Entry]) -> list[Score]:
        known = self.classifier.model
        anew = [
            entry
            for entry in entries
            if entry.verdict.model != known
            and entry.verdict.reason in _BY_CONTENT
            and entry.recorded.id not in self._scored
        ]
        scores = self.classifier.score([_text(entry) for entry in anew])
        self._scored.update((one.recorded.id, its) for one, its in zip(anew, scores, strict=True))
        return [
            self._scored.get(entry.recorded.id, Score(entry.verdict.score, known))
            for entry in entries
        ]


def as_recorded(entries: Sequence[Entry]) -> list[Verdict]:
    """Return what was decided on each entry."""
    return [entry.verdict for entry in entries]


def foresee(
    entries: Sequence[Entry], before: Judge, after: Judge, *, asked: Rulebook | None = None
) -> Outlook:
    """Return what ``after`` would decide otherwise than ``before``.

    Args:
        entries: of the ledger, the newest first.
        before: decides as now.
        after: decides as it would be.
        asked: of these rules it is counted of how many entries they speak.
    """
    judged = zip(entries, before(entries), after(entries), strict=True)
    flips = [Flip(*one) for one in judged if one[1].decision is not one[2].decision]
    examples = tuple(_first_of_each(flips))
    spoken_of = [entry for entry in entries if asked and asked.matching(_text(entry))]
    turned = {flip.entry.recorded.id for flip in flips}
    unmoved = [entry for entry in spoken_of if entry.recorded.id not in turned][:EXAMPLES]
    shown = (*(flip.entry for flip in examples), *unmoved) if asked else ()
    return Outlook(
        items=len(entries),
        spoken_of=len(spoken_of),
        turns=Counter(flip.turn for flip in flips),
        right=sum(flip.is_right is True for flip in flips),
        wrong=sum(flip.is_right is False for flip in flips),
        examples=examples,
        unmoved=tuple(unmoved),
        quotes={entry.recorded.id: asked.quote(_text(entry)) for entry in shown} if asked else {},
    )


def _first_of_each(flips: Sequence[Flip]) -> Iterator[Flip]:
    seen: Counter[Turn] = Counter()
    for flip in flips:
        seen[flip.turn] += 1
        if seen[flip.turn] <= EXAMPLES:
            yield flip


def _text(entry: Entry) -> str:
    return compose(entry.recorded.item.title, entry.recorded.item.text)
