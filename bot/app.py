"""The composition root: builds everything once from the settings, and runs it.

once:  due sources ─▶ collect ─▶ judge ─▶ senders ─▶ the preview page
run:   schedule ─▶ collect ─▶ judge ─▶ wake the senders;  updates ─▶ commands ─▶ wake them
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import SystemRandom

from bot.channel import Channel
from bot.clock import utc_now
from bot.collect import Collected, Plan, collect
from bot.current import CurrentModel
from bot.decide import Rules
from bot.enduring import tell_busy
from bot.errors import StoreBusy
from bot.in_force import InForce
from bot.model import Paused
from bot.outlets import Operators, Outlets
from bot.passes import Pass
from bot.pipeline import judge
from bot.proposing import propose_anew
from bot.relations import Relations
from bot.routing import Routing
from bot.schedule import Schedule
from bot.slices import client_options, plans_of, premoderated
from bot.store import Store
from bot.styles import styles_of
from bot.waiting import unless_stopped
from config import Settings
from config.changes import channel_key
from scrapers import Client

REST = timedelta(minutes=1)
"""How soon a source is looked at again that is paused, or had no use of the database."""

AT_ONCE = 24
"""How many sources are fetched side by side; most of them wait for an answer or their turn."""


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
        self.outlets = Outlets(settings, store, client, channels, self._operators)
        self.routing = Routing.from_settings(settings)
        self.model = model
        self.in_force = InForce(store)
        self.client = client
        self._plans: dict[str, Plan] = {plan.source.name: plan for plan in plans_of(settings)}
        self._schedule: Schedule | None = None
        self._random = SystemRandom()
        self._relations = Relations(store)
        # Two sources that end together must not judge the same items twice.
        self._judging = asyncio.Lock()
        self._places = asyncio.Semaphore(AT_ONCE)
        # No source may come or go while others are planned.
        self._planning = asyncio.Lock()

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
            await asyncio.gather(*(sender.drain(stop) for sender in self.outlets.senders))
        await self.outlets.refresh_page()
        await self.outlets.refresh_feeds()
        counts = await self.store.ledger.counts(began)
        posted = await self.store.posts.sent_since(began)
        return Pass(tuple(runs), judged, counts, posted)

    async def run_source(self, name: str) -> datetime:
        """Fetch one source, judge what is new, wake the senders; return when it is due next.

        A paused one is not fetched, and looked at again soon: another process may let it go on.
        So is one whose run the database was too busy for.
        """
        try:
            return await self._run_source(name)
        except StoreBusy as error:
            tell_busy(error, REST.total_seconds())
            return utc_now() + REST

    async def _run_source(self, name: str) -> datetime:
        plan = self._plans.get(name)
        if plan is None or await self.store.pauses.is_paused(Paused.SOURCE, name):
            return utc_now() + REST
        collected = await self._collect(plan)
        if await self._judge():
            self.wake_senders()
            await self.outlets.refresh_page()
        elif collected.found:
            # What was seen elsewhere before may have been queued for this source's channels, and
            # may wait there for an operator.
            self.wake_senders()
            self._operators.judged()
        return collected.due_at

    async def adopt(self, settings: Settings) -> list[str]:
        """Work by other settings from now on; they differ in nothing that takes a restart.

        What is being fetched, judged or sent comes to its end by the old ones. Returns the keys
        of the channels whose template says something else than before.

        Raises:
            ConfigError: if the template of a channel cannot be used; then all is as before.
        """
        styles = await asyncio.to_thread(styles_of, settings)
        async with self._planning:
            before, self.settings = self._plans, settings
            self.routing = Routing.from_settings(settings)
            self._plans = {plan.source.name: plan for plan in plans_of(settings)}
            anew = self.outlets.adopt(settings, styles)
            await self.store.premoderation.set(premoderated(settings))
            await self._ensure_sources(utc_now())
            await self._plan_anew(
                {name for name, plan in self._plans.items() if before.get(name) != plan}
            )
        await self.outlets.refresh_page()
        return [channel_key(chat, "template") for chat in anew]

    async def propose(self, name: str) -> str | None:
        """Return how the source ``name`` could be read now that its layout has changed.

        That is a ``[[source]]`` block to copy; None means that no way was found.
        """
        said = next((said for said in self.settings.source if said.name == name), None)
        return await propose_anew(said, self.client) if said else None

    def fetch_soon(self, name: str) -> None:
        """Fetch a source at once, or after the run over it that is under way, if `run` does."""
        if self._schedule is not None:
            self._schedule.plan(name, utc_now())

    async def rules(self) -> Rules:
        """Return the rules in force."""
        return await self.in_force.rules(self.settings, self.model.classifier.threshold)

    def wake_senders(self) -> None:
        """Say that there may be something to send or to remove."""
        self.outlets.wake()

    async def keep_schedule(self, stop: asyncio.Event) -> None:
        """Judge what was left unjudged, then fetch each source when it is due, until ``stop``.

        Raises:
            Exception: what nobody foresaw in a run.
        """
        await self._ensure_sources(utc_now())
        await self._judge()
        self.wake_senders()
        async with self._planning:
            states = await self.store.sources.states(list(self._plans))
            self._schedule = Schedule(self.run_source)
        await self._schedule.run(states, stop)

    async def _plan_anew(self, altered: Collection[str]) -> None:
        if self._schedule is None:
            return
        self._schedule.keep(self._plans)
        now = utc_now()
        for state in await self.store.sources.states(list(altered)):
            # Whoever asks for it more often does not wait for the end of the old interval.
            soonest = now + self._plans[state.name].pacing.interval(state.interval)
            self._schedule.plan(state.name, min(state.due_at, soonest))

    async def _ensure_sources(self, at: datetime) -> None:
        addresses = {name: plan.source.url for name, plan in self._plans.items()}
        readings = {name: plan.reading for name, plan in self._plans.items()}
        await self.store.sources.ensure(addresses, at=at, readings=readings)

    async def _collect_all(self, names: Sequence[str], began: datetime) -> list[Collected]:
        plans = [self._plans[name] for name in names]
        return await asyncio.gather(*(self._collect(plan, began) for plan in plans))

    async def _collect(self, plan: Plan, began: datetime | None = None) -> Collected:
        async with self._places:
            chats = self.routing.chats([plan.source.name])
            collected = await collect(
                plan, self.store, self.client, chats, self._random, began=began
            )
        if collected.alerted:
            self._operators.alerted()
        return collected

    async def _judge(self) -> int:
        async with self._judging:
            await self.model.follow()
            classifier, routing = self.model.classifier, self.routing
            rules = await self.rules()
            judged = await judge(self.store, classifier, rules, routing, self._relations)
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
        ModelError: if the model cannot be used.
    """
    model = await CurrentModel.open(settings, store)
    async with Client(client_options(settings)) as client:
        yield App(settings, store, client, model, channels, operators=operators)
