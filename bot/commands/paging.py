"""/last and /rejected: the newest of each, and the pages behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.commands.desk import Desk, is_id, number
from bot.commands.request import Button, Reply, Request, data_of, key_of
from bot.commands.states import posted_line, rejected_line
from bot.commands.texts import NAME_LENGTH, escape, fitting, reason_word
from bot.errors import CommandError
from bot.language import gettext as _
from bot.language import pgettext
from bot.model import REJECTIONS, Entry, PostState, Reason
from bot.render import one_line

LINES = 10
MOST_LINES = 20
MOST_NAMES = 5

NEWEST = 0
"""In place of an item's id: the page begins with the newest."""

_LINES_ROOM = 100
"""Two digits of a button's second number are for the lines; what is before them tells which
rejections are shown, or when the post before the page was sent."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which rejections are shown: all, or those of one reason or one source."""

    reason: Reason | None = None
    source: str | None = None

    @property
    def key(self) -> int:
        """A number that tells it from the others: a button has no room for a name."""
        if self.reason is not None:
            return key_of("reason", self.reason.value)
        if self.source is not None:
            return key_of("source", self.source)
        return 0

    def __str__(self) -> str:
        return reason_word(self.reason) if self.reason is not None else self.source or ""


async def last(desk: Desk, request: Request) -> Reply:
    """Show the newest posts."""
    return await _posted(desk, None, _lines(request.arguments))


async def turn_last(desk: Desk, request: Request) -> Reply:
    """Show the page of posts that a button names."""
    before, *rest = map(int, request.arguments)
    ticks, lines = divmod(rest[0] if rest else LINES, _LINES_ROOM)
    # A button of an earlier newsieve has no moment: it leads to the newest.
    behind = (_BEGINNING + ticks * _TICK, before) if before != NEWEST and ticks else None
    return await _posted(desk, behind, _lines([str(lines)]))


async def rejected(desk: Desk, request: Request) -> Reply:
    """Show the newest rejections with their reasons: all, or those of a reason or a source."""
    words, lines = list(request.arguments), LINES
    if words and is_id(words[-1]):
        lines = _lines(words[-1:])
        words = words[:-1]
    return await _rejections(desk, NEWEST, lines, await _narrowed(desk, " ".join(words)))


async def turn_rejected(desk: Desk, request: Request) -> Reply:
    """Show the page of rejections that a button names."""
    before, *rest = map(int, request.arguments)
    key, lines = divmod(rest[0] if rest else LINES, _LINES_ROOM)
    known = [Narrowed(), *await _known(desk)]
    narrowed = next((one for one in known if one.key == key), None)
    if narrowed is None:
        raise CommandError(_("This list is no longer there. /rejected begins a new one."))
    return await _rejections(desk, before, _lines([str(lines)]), narrowed)


async def _posted(desk: Desk, behind: tuple[datetime, int] | None, lines: int) -> Reply:
    found = await desk.store.pages.posted(lines + 1, before=behind)
    if not found and behind is None:
        return Reply(_("Nothing is posted yet."))
    marked = [*map(desk.routing.marked, found)]
    before = NEWEST if behind is None else behind[1]
    return _page(_("The newest posts:"), marked, lines, before, Button.LAST, 0)


def _ticks(entry: Entry) -> int:
    """Return when the newest of its posts was sent that are seen now, in microseconds."""
    sent = [post.sent_at for post in entry.posts if post.state is PostState.SENT and post.sent_at]
    return (max(sent, default=_BEGINNING) - _BEGINNING) // _TICK


async def _rejections(desk: Desk, before: int, lines: int, narrowed: Narrowed) -> Reply:
    found = await desk.store.pages.rejections(
        lines + 1, before=before or None, reason=narrowed.reason, source=narrowed.source
    )
    if not found and before == NEWEST:
        return Reply(_none_of(narrowed))
    opening = _("The newest rejections:")
    if narrowed.key:
        by_reason = _("The newest rejections, for the reason “{only}”:")
        told = by_reason if narrowed.reason else _("The newest rejections from {only}:")
        opening = told.format(only=escape(one_line(str(narrowed), NAME_LENGTH)))
    marked = [*map(desk.routing.marked, found)]
    return _page(opening, marked, lines, before, Button.REJECTED, narrowed.key)


def _none_of(narrowed: Narrowed) -> str:
    told = _("Nothing was rejected yet.")
    if narrowed.key:
        by_reason = _("Nothing was rejected for the reason “{only}” yet.")
        told = by_reason if narrowed.reason else _("Nothing from {only} was rejected yet.")
    return told.format(only=escape(one_line(str(narrowed), NAME_LENGTH)))


def _page(
    opening: str, found: Sequence[Entry], lines: int, before: int, button: Button, key: int
) -> Reply:
    """Return a page of what was found, which is one line more if there are more."""
    if not found:
        opening = _("Nothing is before that.")
    line = posted_line if button is Button.LAST else rejected_line
    wanted = [opening, *map(line, found[:lines])]
    told = fitting(wanted)
    # What did not fit stands on the next page; the last line then tells only how much that is.
    shown = found[: len(told) - 1 if told == wanted else len(told) - 2]
    buttons = []
    if before != NEWEST:
        data = data_of(button, NEWEST, key * _LINES_ROOM + lines)
        buttons.append((pgettext("button", "Newest"), data))
    if shown and len(shown) < len(found):
        behind = _ticks(shown[-1]) if button is Button.LAST else key
        data = data_of(button, shown[-1].recorded.id, behind * _LINES_ROOM + lines)
        buttons.append((pgettext("button", "Older"), data))
    return Reply("\n".join(told), buttons=tuple(buttons))


def _lines(arguments: Sequence[str]) -> int:
    if not arguments:
        return LINES
    if not is_id(arguments[0]) or not 1 <= (asked := number(arguments[0])) <= MOST_LINES:
        raise CommandError(_("I can show 1 to {most} lines.").format(most=MOST_LINES))
    return asked


async def _narrowed(desk: Desk, written: str) -> Narrowed:
    """Return which rejections are meant by a reason's word, or by a source's name or part of it."""
    wanted = written.casefold()
    if not wanted:
        return Narrowed()
    known = await _known(desk)
    exact = [one for one in known if wanted in _words(one)]
    alike = exact or [one for one in known if one.source and wanted in one.source.casefold()]
    if len(alike) == 1 or exact:
        return alike[0]
    words = one_line(written, NAME_LENGTH)
    if not alike:
        told = _("{words} is no reason and no source. Reasons: {reasons}.")
        reasons = ", ".join(sorted(map(reason_word, REJECTIONS)))
        raise CommandError(told.format(words=words, reasons=reasons))
    told = _("More than one source has {words} in its name: {names}.")
    raise CommandError(told.format(words=words, names=_names(alike)))


def _words(narrowed: Narrowed) -> set[str]:
    reason = narrowed.reason
    return {str(narrowed).casefold()} | ({reason.value} if reason else set())


def _names(sources: Iterable[Narrowed]) -> str:
    names = [one_line(str(one), NAME_LENGTH) for one in sources]
    more = ["…"] if len(names) > MOST_NAMES else []
    return ", ".join([*names[:MOST_NAMES], *more])


async def _known(desk: Desk) -> list[Narrowed]:
    """Return all that rejections can be narrowed to; reasons before sources that are named so."""
    states = await desk.store.sources.states()
    names = dict.fromkeys([*desk.routing.tags, *(state.name for state in states)])
    reasons = [Narrowed(reason=reason) for reason in Reason if reason in REJECTIONS]
    return [*reasons, *(Narrowed(source=name) for name in names)]
