"""Where news comes out: the senders of the channels, their RSS files, the preview page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf

from bot.channel import Channel
from bot.chat_links import post_link
from bot.errors import PageError
from bot.language import gettext as _
from bot.model import Entry, Post
from bot.newsfeed import NewsFeed
from bot.pictures import Pictures
from bot.preview import View, write_page
from bot.render import TITLE_LENGTH, USUAL, Style, one_line, renderer
from bot.retold import retold
from bot.sending import Appearance, Ask, Render, Sender, SenderOptions
from bot.slices import ca_files, feed_options, sender_options
from bot.store import Store
from bot.styles import usable_styles
from config import PREVIEW, Settings
from scrapers import Client

logger = logging.getLogger(__name__)


def _unheard(_text: str) -> None:
    """Tell nobody."""


def _unreminded(_subject: str, _text: str) -> None:
    """Tell nobody."""


def _unwatched(_chat: str, _why: str | None) -> None:
    """Tell nobody."""


def _nobody() -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Operators:
    """How the operators are asked and told.

    Attributes:
        ask: asks them about posts that may have arrived.
        judged: is called when there may be something new for them to decide.
        alerted: is called when there is something to tell them of a source.
        note: tells them a plain line, soon.
        remind: tells them one of a subject, unless they have heard just that within a day.
        door: tells them why a channel does not let the bot in; None: it does again.
    """

    ask: Ask | None = None
    judged: Callable[[], None] = _nobody
    alerted: Callable[[], None] = _nobody
    note: Callable[[str], None] = _unheard
    remind: Callable[[str, str], None] = _unreminded
    door: Callable[[str, str | None], None] = _unwatched


class Outlets:
    """All that shows what was accepted.

    Attributes:
        senders: one for each channel.
        feeds: one for each of them, which may be an RSS file too.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        client: Client,
        channels: Sequence[Channel],
        operators: Operators,
    ) -> None:
        """Make them; where the template of a channel cannot be used, its operators are told."""
        self._settings = settings
        self._store = store
        self._operators = operators
        self._styles, unusable = usable_styles(settings)
        self._pictures = Pictures(client)
        self._pictures.ca_files = ca_files(settings)
        # The older of two pages must not be the last to be written.
        self._writing_page = asyncio.Lock()
        self.senders = [self._sender(channel) for channel in channels]
        feeds = feed_options(settings)
        self.feeds = [NewsFeed(store, feeds.get(channel.chat)) for channel in channels]
        for sender, feed in zip(self.senders, self.feeds, strict=True):
            sender.changed = self._listener(feed)
            sender.door.told = partial(operators.door, sender.chat)
            sender.tell_by_hand(self._ask_to_remove)
        for chat, why in unusable.items():
            self._tell_unusable(chat, why)

    def adopt(self, settings: Settings, styles: dict[str, Style]) -> list[str]:
        """Go on by other settings of the same channels, and the styles that they name.

        Returns the chats whose posts have another form from now on.
        """
        before, self._settings, self._styles = self._styles, settings, styles
        self._pictures.ca_files = ca_files(settings)
        options = feed_options(settings)
        for sender, feed in zip(self.senders, self.feeds, strict=True):
            sender.adopt(self._options(sender.chat), self._appearance(sender.chat))
            feed.adopt(options.get(sender.chat))
        self.wake()
        return [chat for chat in styles if styles[chat].template.text != before[chat].template.text]

    def _listener(self, feed: NewsFeed) -> Callable[[], None]:
        """Return what is to be told that the posts of a channel may have changed."""

        def changed() -> None:
            feed.wake()
            # What they had called good by mistake waits for their word once it is removed.
            self._operators.judged()

        return changed

    def know_shut(self, chats: Collection[str]) -> None:
        """Take it that the operators know of these channels that the bot cannot post there."""
        for sender in self.senders:
            if sender.chat in chats:
                sender.door.know_shut()

    def wake(self) -> None:
        """Say that there may be something to send or to remove."""
        for sender in self.senders:
            sender.wake()

    async def refresh_page(self) -> None:
        """Write the preview page anew, if one of the channels is the preview."""
        if PREVIEW not in self._styles:
            return
        options = sender_options(self._settings, PREVIEW)
        view = View(style=self._styles[PREVIEW], also=options.also, sources=options.sources)
        try:
            async with self._writing_page:
                await write_page(self._store, self._settings.preview.page, view)
        except PageError as error:
            # The page only shows what the store holds: nothing else need wait for it.
            logger.error("preview.page: %s", error, extra={"action": "page_not_written"})

    def by_chat(self) -> list[tuple[str, NewsFeed]]:
        """Return the feeds with their channels."""
        return [(sender.chat, feed) for sender, feed in zip(self.senders, self.feeds, strict=True)]

    async def refresh_feeds(self) -> None:
        """Write the RSS files anew of the channels that have changed."""
        for feed in self.feeds:
            await feed.refresh()

    def _sender(self, channel: Channel) -> Sender:
        options, looks = self._options(channel.chat), self._appearance(channel.chat)
        if channel.chat != PREVIEW:
            ask = self._operators.ask
            return Sender(channel, self._store, options, appearance=looks, ask=ask)
        shown = self.refresh_page
        return Sender(channel, self._store, options, appearance=looks, settled=shown)

    def _tell_unusable(self, chat: str, why: str) -> None:
        """Say that a channel has the usual template: a mistake in its own one stops no post."""
        told = "the template of %s cannot be used, the built-in one is: %s"
        logger.error(told, chat, why, extra={"action": "template_refused"})
        note = _("The template of {chat} cannot be used, so posts have the usual form: {why}")
        self._remind_of_template(chat, note.format(chat=chat, why=retold(why)))

    def _remind_of_template(self, chat: str, note: str) -> None:
        self._operators.remind(f"template of {chat}", note)

    def _ask_to_remove(self, post: Post, entry: Entry) -> None:
        note = _("I cannot remove this from {chat}. Please remove it by hand: {title}")
        title = one_line(entry.recorded.item.title, TITLE_LENGTH)
        told = [note.format(chat=post.chat, title=title), post_link(post)]
        self._operators.note("\n".join(filter(None, told)))

    def _options(self, chat: str) -> SenderOptions:
        options = sender_options(self._settings, chat)
        if chat == PREVIEW:
            # It is seen on this machine only: there is nobody's limit to keep. What it has
            # printed stays, and its page is written anew anyway.
            return replace(options, per_minute=inf, also=False)
        template = self._styles.get(chat, USUAL).template
        return replace(options, also=options.also and template.shows_also)

    def _appearance(self, chat: str) -> Appearance:
        render = self._renderer(chat)
        if chat == PREVIEW:
            return Appearance(render)
        return Appearance(render, self._pictures.illustrate)

    def _renderer(self, chat: str) -> Render:
        def in_trouble(why: str) -> None:
            told = "the template of %s fails, the built-in one is used: %s"
            logger.error(told, chat, why, extra={"action": "template_failed"})
            note = _("The template of {chat} fails, so posts have the usual form: {why}")
            self._remind_of_template(chat, note.format(chat=chat, why=retold(why)))

        return renderer(self._styles.get(chat, USUAL), in_trouble=in_trouble)
