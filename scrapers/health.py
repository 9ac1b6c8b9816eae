"""What a run says of how its source is doing. Pure.

Run or ScrapeError, what is usual ─▶ diagnose ─▶ Diagnosis: Condition, why, what is usual now

One bad run proves nothing: whoever asks twice before believing it is right.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from scrapers.address import canonical_url
from scrapers.errors import Blocked, Challenged, FetchError, LayoutChanged, ScrapeError
from scrapers.item import Item
from scrapers.run import Run
from scrapers.source import Kind

_GONE = (404, 410)
_REFUSED = (401, 403, 429, 451)
_TOO_MANY = 429
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}

# Of the articles that a source shows at least, a page with less than a third is another page.
_FAR_FEWER = 3
# Below this, a third is one or two, and nothing can be told from it.
_ENOUGH_SHOWN = 6
_ENOUGH_IN_A_FEED = 3
# One run is no habit, and a few articles are none.
_ENOUGH_RUNS = 2
_ENOUGH_ARTICLES = 4
# A photo without words may come any time, and another right behind it hardly ever.
_HABIT = 0.8
_BARREN = 2
_MANY_FAILURES = 3
# The least rises slowly: a page of today's news is short every midnight and no alarm.
_RISE = 1 / 500
_FALL = 1 / 16
_SHARE = 1 / 16


class Condition(str, Enum):
    """How a source is doing."""

    FINE = "fine"
    NOTHING_NEW = "nothing_new"
    MOVED = "moved"
    LAYOUT_CHANGED = "layout_changed"
    BLOCKED = "blocked"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"

    @property
    def is_sound(self) -> bool:
        """Whether all is well."""
        return self in (Condition.FINE, Condition.NOTHING_NEW)

    @property
    def is_broken(self) -> bool:
        """Whether no news can come in; what has moved is neither sound nor broken."""
        return not self.is_sound and self is not Condition.MOVED


@dataclass(frozen=True, slots=True)
class Usual:
    """What the runs over a source have shown so far.

    Attributes:
        runs: how many of them there were, since the first that was told what there is.
        shown: how many articles it shows at least, as a rule.
        articles: how many articles were read.
        titles, texts: the share of them with a title and with a text, 0…1.
        barren: how many articles in a row gave nothing, or less than is usual.
    """

    runs: int = 0
    shown: float = 0.0
    articles: int = 0
    titles: float = 1.0
    texts: float = 1.0
    barren: int = 0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one run says.

    Attributes:
        detail: why, in one line for people; empty if all is well.
        usual: what is usual from now on.
    """

    condition: Condition
    detail: str
    usual: Usual


def diagnose(
    outcome: Run | ScrapeError,
    usual: Usual,
    *,
    url: str,
    fresh: Sequence[Item] = (),
    dead: int = 0,
    before: Condition = Condition.FINE,
) -> Diagnosis:
    """Return what a run over a source, or its failure, says of the source.

    Args:
        outcome: what came of it.
        usual: of the source, by its runs until now.
        url: the address the source was asked for at.
        fresh: of the run's items, those that had not been seen before.
        dead: how many pages of the run are dead that had not been found dead before.
        before: what the last run said.
    """
    if isinstance(outcome, ScrapeError):
        condition, detail = _of_error(outcome, url)
        return Diagnosis(condition, detail, usual)
    poor = _poor(outcome, usual, fresh, dead)
    found = (
        _shows_too_little(outcome, usual)
        or _is_turned_away(outcome, fresh)
        or _reads_too_little(outcome, usual, poor, before)
    )
    if found is None:
        condition, detail = _of_good_run(outcome, url, fresh)
        return Diagnosis(condition, detail, _learned(usual, outcome, fresh, poor))
    if fresh and not poor.barren:
        # It shows less and goes on bringing news: in time that becomes usual.
        usual = replace(usual, shown=usual.shown + (outcome.shown - usual.shown) * _FALL)
    return Diagnosis(*found, replace(usual, barren=poor.barren))


_Found = tuple[Condition, str]


@dataclass(frozen=True, slots=True)
class _Poor:
    """The articles that gave nothing, or less than is usual.

    Attributes:
        here: how many of them this run tells of.
        barren: how many there were in a row by now.
    """

    here: int
    barren: int


def _of_error(error: ScrapeError, url: str) -> _Found:
    is_article = canonical_url(error.source) != canonical_url(url)
    if isinstance(error, FetchError):
        if is_article and error.status in _GONE:
            return Condition.LAYOUT_CHANGED, f"its links lead nowhere: {error}"
        return _of_answer(error), error.reason
    if isinstance(error, LayoutChanged):
        return Condition.LAYOUT_CHANGED, error.reason
    if is_article:
        return Condition.LAYOUT_CHANGED, f"its articles cannot be read: {error}"
    return Condition.UNREADABLE, error.reason


def _of_answer(error: FetchError) -> Condition:
    if isinstance(error, Blocked) or error.status in _REFUSED:
        return Condition.BLOCKED
    if error.status in _GONE or _has_no_address(error):
        return Condition.GONE
    return Condition.UNREACHABLE


def _has_no_address(error: BaseException) -> bool:
    """Say whether the name is not known; a resolver that is out of reach knows nothing of it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return cause.errno in _NO_SUCH_NAME
        cause = cause.__cause__ or cause.__context__
    return False


def _of_good_run(run: Run, url: str, fresh: Sequence[Item]) -> _Found:
    if run.moved_to is not None and canonical_url(run.moved_to) != canonical_url(url):
        return Condition.MOVED, f"has moved for good to {run.moved_to}"
    return (Condition.FINE if fresh else Condition.NOTHING_NEW), ""


def _shows_too_little(run: Run, usual: Usual) -> _Found | None:
    if run.unchanged or usual.runs < _ENOUGH_RUNS or run.kind is Kind.SITEMAP:
        # A news sitemap tells of two days: after holidays it may be empty.
        return None
    if run.shown == 0 and usual.shown >= _ENOUGH_IN_A_FEED:
        few = "no articles"
    elif (
        run.kind is Kind.LISTING
        and usual.shown >= _ENOUGH_SHOWN
        and run.shown * _FAR_FEWER < usual.shown
    ):
        few = "1 article" if run.shown == 1 else f"{run.shown} articles"
    else:
        return None
    return Condition.LAYOUT_CHANGED, f"shows {few}; usually at least {usual.shown:.0f}"


def _is_turned_away(run: Run, fresh: Sequence[Item]) -> _Found | None:
    """Say whether the run ended at the first article that it was not given."""
    if fresh or not run.failures:
        return None
    last = run.failures[-1]
    if isinstance(last, Challenged) or (isinstance(last, FetchError) and last.status == _TOO_MANY):
        return Condition.BLOCKED, f"its articles cannot be fetched: {last}"
    return None


def _reads_too_little(run: Run, usual: Usual, poor: _Poor, before: Condition) -> _Found | None:
    """Say what it means that articles in a row gave less than is usual."""
    if not poor.here:
        # Nothing new to read: what several articles have said holds until one is whole.
        if poor.barren < _BARREN:
            return None
        blocked = before is Condition.BLOCKED
        return before if blocked else Condition.LAYOUT_CHANGED, _of_articles(poor.barren)
    failures = [error for error in run.failures if isinstance(error, FetchError)]
    if run.items or not failures or len(failures) < len(run.failures):
        return Condition.LAYOUT_CHANGED, _of_articles(poor.barren)
    conditions = {_of_answer(error) for error in failures}
    if Condition.GONE in conditions:
        return Condition.LAYOUT_CHANGED, f"its links lead nowhere: {failures[0]}"
    (condition, *others) = conditions
    told = f"its articles cannot be fetched: {failures[0]}"
    return Condition.UNREACHABLE if others else condition, told


def _of_articles(barren: int) -> str:
    if barren == 1:
        return "its newest article has no title or no text, or cannot be read"
    return f"its last {barren} articles have no title or no text, or cannot be read"


def _poor(run: Run, usual: Usual, fresh: Sequence[Item], dead: int) -> _Poor:
    poor = sum(_is_poor(item, usual) for item in fresh)
    if poor < len(fresh):
        return _Poor(0, 0)
    if run.kind is Kind.FEED:
        # Its failures are single entries, not articles that were not read.
        return _Poor(poor, usual.barren + poor)
    lasting = poor + dead
    # These are tried again and seen again; one or two happen to the best of sites.
    passing = len(run.failures) - len(run.dead)
    passing = passing if passing >= _MANY_FAILURES else 0
    return _Poor(lasting + passing, lasting + max(passing, usual.barren))


def _is_poor(item: Item, usual: Usual) -> bool:
    if usual.articles < _ENOUGH_ARTICLES:
        return not (item.title or item.text)
    no_title = not item.title and usual.titles >= _HABIT
    no_text = not item.text and usual.texts >= _HABIT
    return no_title or no_text


def _learned(usual: Usual, run: Run, fresh: Sequence[Item], poor: _Poor) -> Usual:
    learned = replace(_with_articles(usual, fresh), barren=poor.barren)
    if run.unchanged:
        # It shows what it showed the last time.
        return replace(learned, runs=usual.runs + bool(usual.runs))
    least = usual.shown + (run.shown - usual.shown) * _RISE
    shown = min(run.shown, least) if usual.runs else run.shown
    return replace(learned, runs=usual.runs + 1, shown=float(shown))


def _with_articles(usual: Usual, fresh: Sequence[Item]) -> Usual:
    titles, texts, count = usual.titles, usual.texts, usual.articles
    for item in fresh:
        count += 1
        # The mean at first, later the newer ones count more.
        weight = max(1 / count, _SHARE)
        titles += (bool(item.title) - titles) * weight
        texts += (bool(item.text) - texts) * weight
    return replace(usual, articles=count, titles=titles, texts=texts)
