"""From items to Telegram HTML. Pure: nothing is fetched, posted or stored here."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone, tzinfo
from itertools import takewhile
from typing import Protocol
from urllib.parse import urlsplit

from bot.also import NOBODY, Also
from bot.channel import Message
from bot.model import Entry
from bot.post_template import BUILT_IN, Other, PostTemplate, Shown, TemplateError
from bot.sentences import sentence_ends
from scrapers import Item, names_day_alone

LIMIT = 4096
"""UTF-16 units Telegram takes in one message, counted after its tags are parsed."""

CAPTION_LIMIT = 1024
"""The same, of the text below a picture."""

TITLE_LENGTH = 300
"""UTF-16 units of a title in a post."""

NAME_LENGTH = 100
"""UTF-16 units of a source's name in a post."""

REMOVED_NOTICE = "<i>Новость снята редакцией.</i>"
"""What readers see when Telegram refuses to delete a post."""

_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\s*\n\s*")
# Control, format (bidirectional overrides, zero-width characters), surrogate, private use.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}
_JOINERS = {"\u200c", "\u200d", "\ufe0f"}


def utf16_length(text: str) -> int:
    """Return the length of ``text`` in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str) -> str:
    """Return ``text`` without control and bidirectional characters, spaces tidied.

    Paragraphs stay, one a line; the joiners inside emoji stay too.
    """
    kept = "".join(" " if c == "\t" else c for c in text if _is_visible(c))
    return _EMPTY_LINES.sub("\n", _SPACES.sub(" ", kept)).strip()


def _is_visible(char: str) -> bool:
    if char in "\n\t" or char in _JOINERS:
        return True
    return unicodedata.category(char) not in _INVISIBLE


def one_line(text: str, limit: int) -> str:
    """Return ``text`` on one line, plain, of at most ``limit`` UTF-16 units."""
    return trim(plain(text).replace("\n", " "), limit)


def trim(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` UTF-16 units.

    It ends after a sentence if one ends in the second half of what fits, else
    after a word, with an ellipsis.
    """
    if utf16_length(text) <= limit:
        return text
    cut = _cut(text, limit)
    end = max(takewhile(lambda end: end <= len(cut), sentence_ends(text)), default=0)
    if end and end >= len(cut) // 2:
        return text[:end]
    return _at_word_end(text, _cut(text, limit - 1)) + "…" if limit > 0 else ""


def _cut(text: str, limit: int) -> str:
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * max(limit, 0)]
    return units.decode("utf-16-le", "ignore")


def _ends_there(text: str, end: int) -> bool:
    return end == len(text) or text[end].isspace()


def _at_word_end(text: str, cut: str) -> str:
    if not cut or _ends_there(text, len(cut)):
        return cut.rstrip()
    words, space, _ = cut.rpartition(" ")
    lines, newline, _ = cut.rpartition("\n")
    shorter = max(words if space else "", lines if newline else "", key=len)
    return (shorter or cut).rstrip(" \n,;:–—-")


def plain_text(markup: str) -> str:
    """Return what readers see of Telegram HTML: no tags, entities resolved."""
    return html.unescape(_TAG.sub("", markup))


def is_web_address(url: str) -> bool:
    """Tell whether ``url`` may stand in a link: http or https, a host, no odd characters."""
    if any(char.isspace() or not _is_visible(char) for char in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def link(url: str, words: str) -> str:
    """Return ``words`` linked to ``url``; without the link if the address is none for the web."""
    if not is_web_address(url):
        return html.escape(words, quote=False)
    return f'<a href="{html.escape(url, quote=True)}">{html.escape(words, quote=False)}</a>'


@dataclass(frozen=True, slots=True)
class Style:
    """How the posts of a channel look.

    Attributes:
        template: their form.
        text_length: how much of an item's text is shown, in UTF-16 units; 0 shows none.
        zone: of the times shown.
    """

    template: PostTemplate = BUILT_IN
    text_length: int = 800
    zone: tzinfo = timezone.utc


USUAL = Style()
"""How posts look where nothing is configured."""


def render_post(
    item: Item, *, source_name: str, style: Style = USUAL, also: Also = NOBODY
) -> Message:
    """Return the post of ``item``: its title, the beginning of its text, a link to it.

    Args:
        item: what to show.
        source_name: what its source is called; empty: by its host.
        style: of the channel.
        also: who else tells it; the text gives way to them, and they to all the rest.

    Raises:
        TemplateError: if the template fails, or what it adds leaves no room.
        ValueError: if the item's address is not one for the web: a post without
            its item's link could never be recognised in the channel.
    """
    if not is_web_address(item.url):
        raise ValueError(f"{item.url!r} cannot stand in a link")
    shown = replace(_shown(item, source_name, style.zone), also=_others(also), more=also.more)
    image = item.image if item.image and is_web_address(item.image) else None
    caption = _caption(style, shown) if image else None
    return Message(_fitted(style, shown, LIMIT), item.url, image, caption)


def _caption(style: Style, shown: Shown) -> str | None:
    """Return the post in the length of a caption, or None if the template leaves no room."""
    try:
        return _fitted(style, shown, CAPTION_LIMIT)
    except TemplateError:
        # Without a picture there is more room; if there is another mistake, that tells it.
        return None


def _shown(item: Item, source_name: str, zone: tzinfo) -> Shown:
    """Return what templates show of ``item``, with all of its text."""
    title = one_line(item.title, TITLE_LENGTH)
    return Shown(
        title=title,
        lead=without_title(plain(item.text), title),
        url=item.url,
        source=_name(source_name, item.url),
        published=item.published and _when(item.published, zone),
    )


def _when(published: datetime, zone: tzinfo) -> date:
    """Return a moment in ``zone``; a day alone is the day of its site, wherever it is read."""
    return published.date() if names_day_alone(published) else published.astimezone(zone)


def _others(also: Also) -> tuple[Other, ...]:
    return tuple(
        Other(_name(one.source, one.url), one.url) for one in also.named if is_web_address(one.url)
    )


def _name(source_name: str, url: str) -> str:
    """Return what to call a source; by its host if it has no name."""
    return one_line(source_name, NAME_LENGTH) or urlsplit(url).netloc


class _NoRoomError(TemplateError):
    """A post is too long even without its text."""


def _fitted(style: Style, shown: Shown, limit: int) -> str:
    """Return the post in at most ``limit`` UTF-16 units, naming others if there is room for it."""
    try:
        return _shortened(style, shown, limit)
    except _NoRoomError:
        if not shown.also:
            raise
    return _shortened(style, replace(shown, also=(), more=0), limit)


def _shortened(style: Style, shown: Shown, limit: int) -> str:
    """Return the post in at most ``limit`` UTF-16 units, its text as long as that allows."""
    room = min(style.text_length, limit)
    while True:
        lead = trim(shown.lead, room)
        html = style.template.render(replace(shown, lead=lead))
        excess = utf16_length(plain_text(html)) - limit
        if excess <= 0:
            return html
        if not lead:
            raise _NoRoomError(f"a post is longer than {limit} characters even without its text")
        room = max(utf16_length(lead) - excess, 0)


class Render(Protocol):
    """Makes what readers see of an item."""

    def __call__(self, entry: Entry, also: Also = NOBODY, /) -> Message:
        """Return the post of an item; raises ValueError if there is no way to show it."""


def renderer(style: Style = USUAL, *, in_trouble: Callable[[str], None] | None = None) -> Render:
    """Return what makes posts of items; see ``render_post``.

    Where the template of ``style`` fails, the built-in one is used.

    Args:
        style: of the channel.
        in_trouble: is told why the template failed, the first time that it does.
    """
    told = False

    def render(entry: Entry, also: Also = NOBODY, /) -> Message:
        nonlocal told
        recorded = entry.recorded
        name = (recorded.sources or (recorded.item.source,))[0]
        try:
            return render_post(recorded.item, source_name=name, style=style, also=also)
        except TemplateError as error:
            if in_trouble is not None and not told:
                in_trouble(str(error))
            told = True
            plainer = replace(style, template=BUILT_IN)
            return render_post(recorded.item, source_name=name, style=plainer, also=also)

    return render


def without_title(text: str, title: str) -> str:
    """Return ``text`` without its first line if that is the title: some sources tell it twice."""
    first, _, rest = text.partition("\n")
    return rest if title and first.strip(" .") == title.strip(" .") else text
