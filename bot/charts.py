"""The figures of /stats as one picture, to be read on a phone.

Drawing takes up to a second: it is for a thread, and one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from threading import Lock
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bot import chart_look as look
from bot.figures import BINS, Figures, SourceTally, Tally, best_and_worst, checked
from bot.language import gettext as _
from bot.language import pgettext
from bot.model import Reason
from bot.render import one_line
from bot.written import between, day, number, period, score, share

SIZE = (10.8, 15.0)
"""Inches of 100 pixels; Telegram shows up to 1280 pixels of the longer side on a phone."""

COLOURS = {
    Reason.GOOD: "#2a9d5c",
    Reason.UNSURE: "#e9b44c",
    Reason.BAD: "#cf4452",
    Reason.DUPLICATE: "#7d8ca3",
    Reason.STALE: "#b59f86",
    Reason.SHORT: "#c4c9cf",
    Reason.LANGUAGE: "#8e6c8a",
    Reason.RULE: "#4a7fb5",
}
"""From the bottom of a bar to its top."""

SOURCES = 10
FEWEST = 5
"""Of so many sources the bars are as thick as they ever get."""

POINTS = 10
"""Of the precision: so many at most, each of as many days as it takes."""

NAME_LENGTH = 44
TICKS = 7

# matplotlib does not promise to draw in two threads at once.
_drawing = Lock()


def draw(figures: Figures) -> bytes:
    """Return the picture of ``figures`` as PNG, 1080 × 1500 pixels, in the language spoken."""
    with _drawing:
        layout = ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.12, hspace=0.03)
        picture = Figure(figsize=SIZE, dpi=100, layout=layout, facecolor="white")
        canvas: Any = FigureCanvasAgg(picture)
        look.title(picture, period(figures.first_day, figures.last_day), look.TEXT + 4)
        parts = picture.subplots(4, 1, height_ratios=(4.0, 2.7, 2.3, 3.8))
        for part, show in zip(parts, (_days, _scores, _precision, _sources), strict=True):
            look.style(part)
            show(part, figures)
        file = BytesIO()
        # savefig would draw everything twice.
        canvas.print_png(file)
    return file.getvalue()


def _days(axes: Any, figures: Figures) -> None:
    look.head(axes, _("Items: {count}").format(count=number(figures.judged)))
    tallies, places = figures.tallies, range(len(figures.tallies))
    below = [0] * len(tallies)
    for reason, colour in COLOURS.items():
        if not figures.counts.get(reason):
            continue
        heights = [tally.counts.get(reason, 0) for tally in tallies]
        label = f"{_reason(reason)} {number(figures.counts[reason])}"
        axes.bar(places, heights, 0.82, bottom=below, color=colour, label=label)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    if figures.posts:
        label = _("posts {count}").format(count=number(figures.posts))
        posts = [tally.posts for tally in tallies]
        size = look.dot(len(posts))
        axes.plot(
            places,
            posts,
            "o-",
            color=look.DARK,
            lw=2,
            ms=size,
            label=label,
            clip_on=False,
        )
    _time_ticks(axes, figures, [tally.stretch.begin for tally in tallies], list(places))
    look.counts(axes)
    if figures.judged or figures.posts:
        look.legend(axes)
    else:
        look.nothing(axes)


def _scores(axes: Any, figures: Figures) -> None:
    look.head(axes, _("Scores: good on the left, bad on the right"))
    places = [(place + 0.5) / BINS for place in range(BINS)]
    below = [0] * BINS
    for reason, heights in figures.scores.items():
        axes.bar(places, heights, 0.9 / BINS, bottom=below, color=COLOURS[reason])
        below = [low + height for low, height in zip(below, heights, strict=True)]
    for threshold in figures.thresholds[:-1]:
        axes.axvline(threshold, color=look.PALE, lw=1.5, ls=":")
    axes.set_ylim(0, max(*below, 1) * 1.3)
    for threshold in figures.thresholds[-1:]:
        _threshold(axes, threshold)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: score(value)))
    look.counts(axes)
    if not any(below):
        look.nothing(axes)


def _threshold(axes: Any, threshold: float) -> None:
    axes.axvline(threshold, color=look.DARK, lw=2.5, ls="--")
    beside = {"ha": "left", "x": threshold + 0.012}
    if threshold > 0.6:
        beside = {"ha": "right", "x": threshold - 0.012}
    told = _("threshold {score}").format(score=score(threshold))
    top = axes.get_ylim()[1]
    white = {"facecolor": "white", "edgecolor": "none", "pad": 2}
    axes.text(
        y=0.97 * top,
        s=told,
        va="top",
        color=look.DARK,
        fontproperties=look.font(look.SMALL),
        bbox=white,
        **beside,
    )


def _precision(axes: Any, figures: Figures) -> None:
    whole = figures.checked
    if whole.share is None or whole.between is None:
        look.head(axes, _("Accepted and labelled by you"))
        axes.set_yticks([])
        _time_ticks(axes, figures, [], [])
        look.nothing(axes)
        return
    told = _("Accepted and labelled: {count}, good {share} ({between})")
    ends = between(whole.between)
    count = number(whole.labelled)
    look.head(axes, told.format(count=count, share=share(whole.share), between=ends))
    axes.axhspan(*(100 * end for end in whole.between), color=COLOURS[Reason.GOOD], alpha=0.15)
    axes.axhline(100 * whole.share, color=COLOURS[Reason.GOOD], lw=2)
    begins, lowest = [], 100 * whole.between[0]
    groups = _in_groups(figures.tallies, POINTS)
    for place, tallies in enumerate(groups):
        begins.append(tallies[0].stretch.begin)
        its = checked(tallies)
        if its.share is None or its.between is None:
            continue
        low, high = its.between
        reach = [[100 * (its.share - low)], [100 * (high - its.share)]]
        axes.errorbar([place], [100 * its.share], reach, fmt="o", color=look.DARK, lw=2.5, ms=9)
        lowest = min(lowest, 100 * low)
    axes.set_ylim(max(0.0, lowest - 5), 103)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(look.percent))
    _time_ticks(axes, figures, begins, list(range(len(groups))))


def _sources(axes: Any, figures: Figures) -> None:
    best, worst = best_and_worst(figures.sources, SOURCES)
    shown = [*best, *worst]
    look.head(axes, _sources_head(len(figures.sources), len(shown)))
    if not shown:
        axes.set_xticks([])
        axes.set_yticks([])
        look.nothing(axes)
        return
    # The first one on top, and a gap between the best and the worst.
    places = [-place - (0.6 if place >= len(best) else 0) for place in range(len(shown))]
    lengths = [100 * one.accepted / one.judged for one in shown]
    axes.barh(places, [100] * len(shown), 0.78, color="#eef1f4")
    axes.barh(places, lengths, 0.78, color="#8ed1ac")
    told = _("{accepted} of {judged}")
    for place, one in zip(places, shown, strict=True):
        text = told.format(accepted=number(one.accepted), judged=number(one.judged))
        look.write(axes, 1, place, _name(one), "left")
        look.write(axes, 99, place, text, "right")
    axes.set_yticks([])
    axes.set_xlim(0, 100)
    axes.set_ylim(min(places[-1], 1 - FEWEST) - 0.6, 0.6)
    axes.xaxis.set_major_formatter(FuncFormatter(look.percent))
    axes.grid(visible=False)


def _sources_head(known: int, shown: int) -> str:
    if known <= shown:
        return _("What was accepted of each source")
    return _("Best and worst of {count} sources: what was accepted").format(count=number(known))


def _name(source: SourceTally) -> str:
    return look.drawable(one_line(source.name, NAME_LENGTH))


def _reason(reason: Reason) -> str:
    return {
        Reason.GOOD: pgettext("chart", "accepted"),
        Reason.UNSURE: pgettext("chart", "for review"),
        Reason.BAD: pgettext("reason", "bad"),
        Reason.DUPLICATE: pgettext("reason", "duplicate"),
        Reason.STALE: pgettext("reason", "stale"),
        Reason.SHORT: pgettext("reason", "short"),
        Reason.LANGUAGE: pgettext("reason", "language"),
        Reason.RULE: pgettext("reason", "rule"),
    }[reason]


def _in_groups(tallies: Sequence[Tally], most: int) -> list[Sequence[Tally]]:
    """Return ``tallies`` in at most so many groups, all but the first one equally long."""
    size = -(-len(tallies) // most)
    begins = range(-(-len(tallies) % size), len(tallies), size)
    return [tallies[max(begin, 0) : begin + size] for begin in begins]


def _time_ticks(axes: Any, figures: Figures, moments: Sequence[Any], places: list[int]) -> None:
    """Write below some of ``places`` when they begin."""
    step = -(-len(places) // TICKS) or 1
    hours = figures.first_day == figures.last_day
    # Of hours the first one tells most, of days the last one.
    shown = places[::step] if hours else places[::-1][::step][::-1]
    local = [moments[place].astimezone(figures.zone) for place in shown]
    labels = [f"{moment:%H:%M}" if hours else day(moment) for moment in local]
    axes.set_xticks(shown, labels, fontproperties=look.font(look.SMALL))
    if places:
        axes.set_xlim(-0.6, len(places) - 0.4)
