"""What becomes of new items: reprints, other texts on one event, and a restart in between."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.clock import utc_now
from bot.decide import Rules
from bot.model import PostState, Reason
from bot.pipeline import judge
from bot.relations import Relations
from bot.routing import Routing
from bot.store import Store
from classifier import Classifier, default_bundle_path, load_bundle
from config import ChannelSettings, Settings, SourceSettings
from scrapers import Item
from tests.kinship.texts import BRIDGE, LIBRARY, SERIES, STORY, Told, shortened, signed

SETTINGS = Settings(
    source=tuple(
        SourceSettings(name=name, url=f"https://{name}.example", tags=(name,))
        for name in ("gazeta", "agency", "radio")
    ),
    channel=(
        ChannelSettings(chat="@all"),
        ChannelSettings(chat="@radio", sources=("radio",)),
    ),
)
ROUTING = Routing.from_settings(SETTINGS)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(load_bundle(default_bundle_path()))


class Desk:
    """Records what sources show and has it judged."""

    def __init__(self, store: Store, classifier: Classifier) -> None:
        self.store = store
        self._classifier = classifier
        self._relations = Relations(store)
        self._urls = 0

    async def show(
        self, source: str, *shown: Told, published: datetime | None = None, new: bool = False
    ) -> list[int]:
        """Record a run; unless the source is ``new``, it has had runs before."""
        if not new:
            await self.store.sources.record_run(source, [], at=utc_now(), due_at=utc_now())
        items = []
        for told in shown:
            self._urls += 1
            url = f"https://{source}.example/news/{self._urls}"
            items.append(Item(source, url, told.title, told.text, published))
        now = utc_now()
        recorded = await self.store.sources.record_run(source, items[::-1], at=now, due_at=now)
        return [one.id for one in recorded]

    async def judge(self) -> None:
        rules = Rules.from_settings(SETTINGS, model_threshold=0.99)
        await judge(self.store, self._classifier, rules, ROUTING, self._relations)

    async def told(self, item_id: int) -> tuple[Reason, str]:
        entry = await self.store.ledger.entry(item_id)
        assert entry is not None
        return entry.verdict.reason, entry.verdict.detail

    def restart(self) -> None:
        self._relations = Relations(self.store)


@pytest.fixture
def desk(store: Store, classifier: Classifier) -> Desk:
    return Desk(store, classifier)


async def test_the_first_is_posted_and_reprints_are_linked_to_it(desk: Desk) -> None:
    (first,) = await desk.show("gazeta", BRIDGE)
    await desk.judge()
    (shorter,) = await desk.show("agency", shortened(BRIDGE))
    await desk.judge()
    (again,) = await desk.show("radio", signed(BRIDGE))
    await desk.judge()
    assert (await desk.told(first))[0] is Reason.GOOD
    for item_id in (shorter, again):
        assert await desk.told(item_id) == (Reason.DUPLICATE, f"of item {first}")
    assert [item.id for item in await desk.store.items.repeats(first)] == [shorter, again]
    posts = [post for chat in ("@all", "@radio") for post in await desk.store.posts.pending(chat)]
    assert [(post.item_id, post.chat, post.state) for post in posts] == [
        (first, "@all", PostState.QUEUED),
        (first, "@radio", PostState.QUEUED),
    ]


async def test_reprints_in_one_batch_are_found(desk: Desk) -> None:
    (first,) = await desk.show("gazeta", BRIDGE)
    (again,) = await desk.show("agency", signed(BRIDGE))
    await desk.judge()
    assert [await desk.told(item_id) for item_id in (first, again)] == [
        (Reason.GOOD, ""),
        (Reason.DUPLICATE, f"of item {first}"),
    ]


async def test_after_a_restart_reprints_are_found_as_before(desk: Desk) -> None:
    (first,) = await desk.show("gazeta", BRIDGE)
    await desk.judge()
    desk.restart()
    (again,) = await desk.show("agency", signed(BRIDGE))
    await desk.judge()
    assert await desk.told(again) == (Reason.DUPLICATE, f"of item {first}")


async def test_what_another_process_judged_is_known(desk: Desk, classifier: Classifier) -> None:
    other = Desk(desk.store, classifier)
    await desk.show("radio", LIBRARY)
    await desk.judge()
    (first,) = await other.show("gazeta", BRIDGE)
    await other.judge()
    (again,) = await desk.show("agency", signed(BRIDGE))
    await desk.judge()
    assert await desk.told(again) == (Reason.DUPLICATE, f"of item {first}")


async def test_a_process_that_ended_before_the_verdict_costs_nothing(desk: Desk) -> None:
    (first,) = await desk.show("gazeta", BRIDGE)
    (again,) = await desk.show("agency", signed(BRIDGE))
    await Relations(desk.store).find(await desk.store.items.unjudged())
    desk.restart()
    await desk.judge()
    assert (await desk.told(first))[0] is Reason.GOOD
    assert await desk.told(again) == (Reason.DUPLICATE, f"of item {first}")


async def test_bulletins_of_two_days_are_both_posted(desk: Desk) -> None:
    today, tomorrow = SERIES[0]
    ids = [*await desk.show("gazeta", today), *await desk.show("agency", tomorrow)]
    await desk.judge()
    assert Reason.DUPLICATE not in [(await desk.told(item_id))[0] for item_id in ids]


async def test_another_text_on_the_event_is_posted_and_linked(desk: Desk) -> None:
    one, other = STORY[1]
    (first,) = await desk.show("gazeta", one)
    (second,) = await desk.show("agency", other)
    await desk.judge()
    assert (await desk.told(second))[0] is Reason.GOOD
    for item_id, linked in ((first, second), (second, first)):
        (found,) = await desk.store.items.same_story(item_id)
        assert (found.id, len(found.sources)) == (linked, 1)


async def test_a_reprint_of_a_reprint_is_linked_to_the_first(desk: Desk) -> None:
    (first,) = await desk.show("gazeta", BRIDGE)
    (second,) = await desk.show("agency", signed(BRIDGE))
    (third,) = await desk.show("radio", signed(signed(BRIDGE)))
    await desk.judge()
    assert (
        await desk.told(second)
        == await desk.told(third)
        == (
            Reason.DUPLICATE,
            f"of item {first}",
        )
    )


async def test_what_a_new_source_had_already_keeps_no_dated_news_out(desk: Desk) -> None:
    (seeded,) = await desk.show("gazeta", BRIDGE, published=utc_now() - 2 * DAY, new=True)
    (dated,) = await desk.show("agency", signed(BRIDGE), published=utc_now())
    (again,) = await desk.show("radio", signed(BRIDGE), published=utc_now())
    await desk.judge()
    assert (await desk.told(seeded))[0] is Reason.SEEDED
    assert (await desk.told(dated))[0] is Reason.GOOD
    assert await desk.told(again) == (Reason.DUPLICATE, f"of item {dated}")


async def test_what_a_new_source_had_already_is_no_news_without_a_date(desk: Desk) -> None:
    (seeded,) = await desk.show("gazeta", BRIDGE, new=True)
    await desk.judge()
    (undated,) = await desk.show("agency", signed(BRIDGE))
    await desk.judge()
    assert await desk.told(undated) == (Reason.DUPLICATE, f"of item {seeded}")


async def test_stale_news_does_not_come_back_in_another_place(desk: Desk) -> None:
    (stale,) = await desk.show("gazeta", BRIDGE, published=utc_now() - 9 * DAY)
    await desk.judge()
    (again,) = await desk.show("agency", signed(BRIDGE), published=utc_now())
    await desk.judge()
    assert (await desk.told(stale))[0] is Reason.STALE
    assert await desk.told(again) == (Reason.DUPLICATE, f"of item {stale}")


async def test_a_changed_title_makes_no_new_item(desk: Desk) -> None:
    (first,) = await desk.show("gazeta", BRIDGE)
    entry = (await desk.store.items.get([first]))[0].item
    again = Item("agency", f"http://www.{entry.url[8:]}/?utm_source=x", "Иначе", entry.text)
    now = utc_now()
    assert await desk.store.sources.record_run("agency", [again], at=now, due_at=now) == []
