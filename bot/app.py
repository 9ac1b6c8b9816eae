"""The composition root: builds everything once from the settings, and runs it.

once:  due sources ─▶ collect ─▶ judge ─▶ senders ─▶ the preview page
run:   schedule ─▶ collect ─▶ judge ─▶ wake the senders;  updates ─▶ commands ─▶ wake them
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf
from random import SystemRandom
from typing import Any

from bot.channel import Channel
from bot.clock import utc_now
from bot.collect import Collected, Plan, collect
from bot.current import CurrentModel
from bot.errors import PageError
from bot.in_force import InForce
from bot.language import gettext as _
from bot.model import Paused, Reason
from bot.newsfeed import NewsFeed
from bot.pictures import Pictures
from bot.pipeline import judge
from bot.preview import View, write_page
from bot.proposing import propose_anew
from bot.relations import Relations
from bot.render import USUAL, renderer
from bot.routing import Routing
from bot.schedule import Schedule
from bot.sending import Appearance, Ask, Render, Sender
from bot.slices import client_options, feed_options, plans_of, sender_options
from bot.store import Store
from bot.styles import styles_of
from bot.waiting import unless_stopped
from config import PREVIEW, Settings
from scrapers import Client

logger = logging.getLogger(__name__)

REST = timedelta(minutes=1)
"""How soon a paused source is looked at again, whether it still is."""

AT_ONCE = 24
"""How many sources are fetched side by side; most of them wait for an answer or their turn."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass over the due sources did.

    Attributes:
        runs: one for each source that was due.
        judged: how many items got a verdict.
        counts: how many verdicts there were for each reason.
        posted: how many posts went out.
    """

    runs: tuple[Collected, ...]
    judged: int
    counts: dict[Reason, int]
    posted: int

    @property
    def failed(self) -> int:
        """How many sources failed."""
        return sum(bool(run.error) for run in self.runs)

    @property
    def all_failed(self) -> bool:
        """Whether there were sources to fetch, and every one failed."""
        return bool(self.runs) and self.failed == len(self.runs)

    def as_json(self) -> dict[str, Any]:
        """Return the pass as plain values."""
        return {
            "sources": [_plain(run) for run in self.runs],
            "judged": self.judged,
            "verdicts": {reason.value: count for reason, count in self.counts.items()},
            "posted": self.posted,
        }


def _plain(run: Collected) -> dict[str, Any]:
    told = {"name": run.source, "shown": run.shown, "found": run.found, "new": run.new}
    return {**told, "error": run.error}


def _unheard(_text: str) -> None:
    """Tell nobody."""


def _nobody() -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Operators:
    """How the operators are asked and told.

    Attributes:
        ask: asks them about posts that may have arrived.
        judged: is called when items got verdicts.
        alerted: is called when there is something to tell them of a source.
        note: tells them a plain line, soon.
    """

    ask: Ask | None = None
    judged: Callable[[], None] = _nobody
    alerted: Callable[[], None] = _nobody
    note: Callable[[str], None] = _unheard


class App:
    """All parts of one newsieve, put together."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        client: Client,
        model: CurrentModel,
        channels: Sequence[Channel],
        *,
        operators: Operators | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self._operators = operators or Operators()
        self._styles = styles_of(settings)
        self._pictures = Pictures(client)
        self.senders = [self._sender(channel, self._operators.ask) for channel in channels]
        self.feeds = [NewsFeed(store, options) for options in feed_options(settings)]
        for sender in self.senders:
            for feed in self.feeds:
                if feed.chat == sender.chat:
                    sender.changed = feed.wake
        self.routing = Routing.from_settings(settings)
        self.model = model
        self.in_force = InForce(store)
        self._client = client
        self._plans: dict[str, Plan] = {plan.source.name: plan for plan in plans_of(settings)}
        self._schedule: Schedule | None = None
        self._random = SystemRandom()
        self._relations = Relations(store)
        # Two sources that end together must not judge the same items twice.
        self._judging = asyncio.Lock()
        # Nor may the older of two pages be the last to be written.
        self._writing_page = asyncio.Lock()
        self._places = asyncio.Semaphore(AT_ONCE)

    def summary(self) -> str:
        """Return in one line what this newsieve works with."""
        model, chats = self.model.classifier.model, ", ".join(self.routing.wanted)
        return f"{len(self._plans)} sources, model {model}, posting to {chats}"

    async def once(self, stop: asyncio.Event | None = None, *, send: bool = True) -> Pass:
        """Fetch the sources that are due, judge what is new, and send what is queued.

        Args:
            stop: when it is set, fetching is cut off and nothing more is sent; a post that is
                on its way is waited for.
            send: if false, what is queued waits in the store.
        """
        began, stop = utc_now(), stop or asyncio.Event()
        await self._ensure_sources(began)
        states = await self.store.sources.states(list(self._plans))
        paused = await self.store.pauses.all(Paused.SOURCE)
        due = [one.name for one in states if one.due_at <= began and one.name not in paused]
        runs = await unless_stopped(stop, self._collect_all(due, began)) or ()
        judged = await self._judge()
        if send:
            await asyncio.gather(*(sender.drain(stop) for sender in self.senders))
        await self.refresh_page()
        await self.refresh_feeds()
        counts = await self.store.ledger.counts(began)
        posted = await self.store.posts.sent_since(began)
        return Pass(tuple(runs), judged, counts, posted)

    async def run_source(self, name: str) -> datetime:
        """Fetch one source, judge what is new, wake the senders; return when it is due next.

        A paused one is not fetched, and looked at again soon: another process may let it go on.
        """
        if await self.store.pauses.is_paused(Paused.SOURCE, name):
            return utc_now() + REST
        collected = await self._collect(name)
        if await self._judge():
            self.wake_senders()
            await self.refresh_page()
        elif collected.found:
            # What was seen elsewhere before may have been queued for this source's channels.
            self.wake_senders()
        return collected.due_at

    async def propose(self, name: str) -> str | None:
        """Return how the source ``name`` could be read now that its layout has changed.

        That is a ``[[source]]`` block to copy; None means that no way was found.
        """
        said = next((said for said in self.settings.source if said.name == name), None)
        return await propose_anew(said, self._client) if said else None

    def fetch_soon(self, name: str) -> None:
        """Fetch a source at once, or after the run over it that is under way, if `run` does."""
        if self._schedule is not None:
            self._schedule.plan(name, utc_now())

    def wake_senders(self) -> None:
        """Say that there may be something to send or to remove."""
        for sender in self.senders:
            sender.wake()

    async def keep_schedule(self, stop: asyncio.Event) -> None:
        """Judge what was left unjudged, then fetch each source when it is due, until ``stop``.

        Raises:
            Exception: what nobody foresaw in a run.
        """
        await self._ensure_sources(utc_now())
        await self._judge()
        self.wake_senders()
        states = await self.store.sources.states(list(self._plans))
        self._schedule = Schedule(self.run_source)
        await self._schedule.run(states, stop)

    async def refresh_page(self) -> None:
        """Write the preview page anew, if one of the channels is the preview."""
        if PREVIEW not in self._styles:
            return
        view = View(style=self._styles[PREVIEW])
        try:
            async with self._writing_page:
                await write_page(self.store, self.settings.preview.page, view)
        except PageError as error:
            # The page only shows what the store holds: nothing else need wait for it.
            logger.error("preview.page: %s", error, extra={"action": "page_not_written"})

    async def refresh_feeds(self) -> None:
        """Write the RSS files anew of the channels that have changed."""
        for feed in self.feeds:
            await feed.refresh()

    async def _ensure_sources(self, at: datetime) -> None:
        addresses = {name: plan.source.url for name, plan in self._plans.items()}
        readings = {name: plan.reading for name, plan in self._plans.items()}
        await self.store.sources.ensure(addresses, at=at, readings=readings)

    def _sender(self, channel: Channel, ask: Ask | None) -> Sender:
        options = sender_options(self.settings, channel.chat)
        render = self._renderer(channel.chat)
        if channel.chat != PREVIEW:
            looks = Appearance(render, self._pictures.illustrate)
            return Sender(channel, self.store, options, appearance=looks, ask=ask)
        # Only this machine sees it: there is nobody's limit to keep.
        options = replace(options, per_minute=inf)
        looks = Appearance(render)
        return Sender(channel, self.store, options, appearance=looks, settled=self.refresh_page)

    def _renderer(self, chat: str) -> Render:
        def in_trouble(why: str) -> None:
            told = "the template of %s fails, the built-in one is used: %s"
            logger.error(told, chat, why, extra={"action": "template_failed"})
            note = _("The template of {chat} fails, so posts have the usual form: {why}")
            self._operators.note(note.format(chat=chat, why=why))

        return renderer(self._styles.get(chat, USUAL), in_trouble=in_trouble)

    async def _collect_all(self, names: Sequence[str], began: datetime) -> list[Collected]:
        return await asyncio.gather(*(self._collect(name, began) for name in names))

    async def _collect(self, name: str, began: datetime | None = None) -> Collected:
        async with self._places:
            chats = self.routing.chats([name])
            plan = self._plans[name]
            collected = await collect(
                plan, self.store, self._client, chats, self._random, began=began
            )
        if collected.alerted:
            self._operators.alerted()
        return collected

    async def _judge(self) -> int:
        async with self._judging:
            await self.model.follow()
            classifier = self.model.classifier
            rules = await self.in_force.rules(self.settings, classifier.threshold)
            judged = await judge(self.store, classifier, rules, self.routing, self._relations)
        if judged:
            self._operators.judged()
        return judged


@asynccontextmanager
async def open_app(
    settings: Settings,
    store: Store,
    channels: Sequence[Channel],
    *,
    operators: Operators | None = None,
) -> AsyncIterator[App]:
    """Put an App together and take it apart again at the end of the block.

    Args:
        settings: what to build.
        store: an open store, which only this process works on.
        channels: where posts go, in the order of the settings.
        operators: who is asked and told; left out: nobody.

    Raises:
        ConfigError: if the template of a channel cannot be used.
        ModelError: if the model cannot be used.
    """
    model = await CurrentModel.open(settings, store)
    async with Client(client_options(settings)) as client:
        yield App(settings, store, client, model, channels, operators=operators)
