"""The preview channel: on the terminal, and as one page that looks like a channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.also import NOBODY, Also
from bot.channel import Message, Span
from bot.model import Entry, Post, PostState
from bot.pages import write_whole
from bot.render import TITLE_LENGTH, USUAL, Style, is_web_address, one_line, renderer
from bot.store import Store
from config import PREVIEW

SHOWN = 200
"""How many posts, and how many rejections, the page shows: the newest ones."""


_READABLE = 90
"""Columns of a post on a wide terminal."""


class PreviewChannel:
    """A channel that only this machine sees: it prints each post.

    Args:
        console: where to print.
        last_id: highest message id the channel has given so far; 0 if none.
        chat: the channel, as configured.
    """

    def __init__(self, console: Console, *, last_id: int = 0, chat: str = PREVIEW) -> None:
        self._console = console
        self._last_id = last_id
        self._chat = chat

    @classmethod
    async def open(cls, store: Store, console: Console, *, chat: str = PREVIEW) -> PreviewChannel:
        """Return the channel, which goes on counting where the store's posts end."""
        last_id = await store.posts.highest_message_id(chat)
        return cls(console, last_id=last_id or 0, chat=chat)

    @property
    def chat(self) -> str:
        """The chat, as configured."""
        return self._chat

    async def send(self, message: Message) -> int:
        """Print ``message`` and return its message id."""
        self._last_id += 1
        post = Padding(styled(message.html), (0, 0, 1, 2), expand=False)
        self._console.print(post, width=_READABLE)
        return self._last_id

    async def remove(self, message_id: int) -> bool:
        """Say that a post is gone; the page leaves it out because the store does."""
        self._console.print(Text(f"  Post {message_id} removed.", style="dim"))
        return True

    async def rewrite(self, message_id: int, message: Message) -> bool:
        """Return False: what was printed cannot be changed, and of a removed post nothing is left.

        The page shows by itself what there is to say by now.
        """
        return False

    async def find(self, message: Message, span: Span) -> int | None:
        """Return None: what the store does not hold as sent is not on the page either."""
        return None


def styled(telegram_html: str) -> Text:
    """Return Telegram HTML as text for a terminal: bold, italic and links are kept."""
    parser = _Styler()
    parser.feed(telegram_html)
    parser.close()
    return parser.text


_STYLES = {"b": "bold", "i": "italic", "u": "underline", "s": "strike"}


class _Styler(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = Text()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a style."""
        href = dict(attrs).get("href")
        self._open.append(f"cyan link {href}" if href else _STYLES.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        """End the style that began last: Telegram HTML is well nested."""
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Take words in the styles that are open."""
        self.text.append(data, style=" ".join(filter(None, self._open)))


@dataclass(frozen=True, slots=True)
class _Bubble:
    """A post as the page shows it: ``html`` is what Telegram would be given."""

    message_id: int
    html: Markup
    sent_at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows of the store, and how.

    Attributes:
        chat: the channel whose posts are shown.
        style: of its posts; its zone is that of all times shown.
        note: a line to end the page with.
        also: posts name who else tells their story.
        sources: those that may be named; None: all.
    """

    chat: str = PREVIEW
    style: Style = USUAL
    note: str = ""
    also: bool = True
    sources: frozenset[str] | None = None


async def write_page(store: Store, path: Path, view: View = View()) -> None:
    """Write the page of a channel: its posts, and beside them the rejections of the ledger.

    The page needs no other file and runs no script. Its folder is made if need
    be, and the file is replaced at once: a reader never sees half of it.

    Raises:
        PageError: if the file cannot be written.
    """
    posted = await store.ledger.posted(SHOWN, chat=view.chat)
    rejected = await store.ledger.rejections(SHOWN)
    seen = [post for entry in posted if (post := _seen(entry, view))]
    also = await store.mentions.also(seen, sources=view.sources) if view.also else {}
    await asyncio.to_thread(_write, path, posted, also, rejected, view)


def _write(
    path: Path,
    posted: Sequence[Entry],
    also: Mapping[int, Also],
    rejected: Sequence[Entry],
    view: View,
) -> None:
    bubbles = (_bubble(entry, also, view) for entry in posted)
    page = _PAGE.render(
        posts=sorted(filter(None, bubbles), key=lambda bubble: bubble.message_id),
        rejections=rejected,
        made_at=datetime.now(view.style.zone),
        note=view.note,
    )
    write_whole(path, page)


def _seen(entry: Entry, view: View) -> Post | None:
    """Return the post of an item in the shown channel, or None if it is not seen there."""
    posts = (post for post in entry.posts if post.chat == view.chat and post.message_id)
    return next((post for post in posts if post.state is PostState.SENT), None)


def _bubble(entry: Entry, also: Mapping[int, Also], view: View) -> _Bubble | None:
    """Return how the post of an item looks, or None if it is not seen."""
    post = _seen(entry, view)
    if post is None or post.message_id is None:
        return None
    message = renderer(view.style)(entry, also.get(post.id, NOBODY))
    sent_at = (post.sent_at or entry.decided_at).astimezone(view.style.zone)
    # The renderer has escaped all that is not a tag of its own.
    return _Bubble(post.message_id, Markup(message.html), sent_at, sent_at.date())  # noqa: S704


def _headline(entry: Entry) -> str:
    item = entry.recorded.item
    return one_line(item.title or item.text, TITLE_LENGTH) or item.url


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment.date())}, {moment:%H:%M}"


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot"), autoescape=True, undefined=StrictUndefined
    )
    filters: dict[str, Callable[..., object]] = {
        "clock": lambda moment: f"{moment:%H:%M}",
        "day": _day,
        "moment": _moment,
        "headline": _headline,
        "linkable": is_web_address,
    }
    environment.filters.update(filters)
    return environment


_PAGE = _templates().get_template("preview.html.j2")
