"""The channel as an RSS file: what is in it, and when it is written."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from rich.console import Console

from bot.model import Entry, Post, PostState, Reason, RecordedItem, Truth, Verdict
from bot.newsfeed import SHOWN, FeedOptions, NewsFeed, feed_of
from bot.preview import PreviewChannel
from bot.sending import Sender, SenderOptions
from bot.store import Store
from scrapers import Item
from tests.bot.conftest import SetClock
from tests.pulse import Pulse
from tests.store.samples import ANNA, CHANNEL, NOW, item, queued, sent

FAST = SenderOptions(per_minute=60_000)
URALS = ZoneInfo("Asia/Yekaterinburg")


@pytest.fixture
def options(tmp_path: Path) -> FeedOptions:
    return FeedOptions(CHANNEL, tmp_path / "public" / "feed.xml", zone=URALS)


def parsed(feed: str | bytes) -> Any:
    """Return the feed as feedparser reads it; whatever is not well-formed fails."""
    body = feed if isinstance(feed, bytes) else feed.encode()
    found = feedparser.parse(io.BytesIO(body))
    assert not found.bozo, found.bozo_exception
    return found


def read(options: FeedOptions) -> Any:
    return parsed(options.path.read_bytes())


def entry_of(news: Item, **post: Any) -> Entry:
    told = {"state": PostState.SENT, "wanted": True, "sent_at": NOW, **post}
    return Entry(
        RecordedItem(1, news, NOW, False, ("gazeta",)),
        Verdict(Reason.GOOD, 0.1, 0.5, "model"),
        NOW,
        None,
        (Post(1, 1, CHANNEL, queued_at=NOW, **told),),
    )


async def test_posts_stand_in_the_feed_the_newest_first(store: Store, options: FeedOptions) -> None:
    for number in (1, 2, 3):
        await sent(store, number, 40 + number)
    await NewsFeed(store, options).refresh()
    feed = read(options)
    assert feed.version == "rss20"
    assert [one.link for one in feed.entries] == [item(number).url for number in (3, 2, 1)]
    first = feed.entries[0]
    assert (first.title, first.id, first.author) == (item(3).title, item(3).url, "gazeta")
    assert first.summary == "<p>Движение пустили утром.</p><p>Это уже 3-й мост за год.</p>"
    # Three hours later than NOW, as the Urals tell it.
    assert first.published == "Sat, 09 Mar 2024 20:30:15 +0500"


async def test_the_feed_says_which_channel_it_is(store: Store, options: FeedOptions) -> None:
    await NewsFeed(store, options).refresh()
    feed = read(options).feed
    assert (feed.title, feed.link) == (f"Хорошие новости · {CHANNEL}", "https://t.me/good_news")
    assert feed.language == "ru"


@pytest.mark.parametrize(
    ("chat", "link"), [("-1001234567890", "https://t.me/c/1234567890"), ("preview", "about:blank")]
)
def test_a_channel_without_a_name_has_an_address_all_the_same(chat: str, link: str) -> None:
    feed = parsed(feed_of([], FeedOptions(chat, Path("feed.xml"))))
    assert (feed.feed.link, feed.feed.title) == (link, "Хорошие новости")
    assert feed.entries == []


def test_the_feed_bears_the_title_of_its_channel(tmp_path: Path) -> None:
    told = feed_of([], FeedOptions(CHANNEL, tmp_path / "feed.xml"), "Добрые & \u0001вести")
    assert "<title>Добрые &amp; вести</title>" in told


async def test_what_is_removed_leaves_the_feed_and_comes_back_with_undo(
    store: Store, options: FeedOptions
) -> None:
    post = await sent(store)
    feed = NewsFeed(store, options)
    await feed.refresh()
    assert len(read(options).entries) == 1
    # Whoever calls it bad need not wait for Telegram.
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    await feed.refresh()
    assert read(options).entries == []
    await store.posts.record_removed(post.id, at=NOW)
    await feed.refresh()
    assert read(options).entries == []
    await store.labels.undo(ANNA, at=NOW)
    await store.posts.record_restored(post.id, at=NOW)
    await feed.refresh()
    assert len(read(options).entries) == 1


async def test_posts_of_other_channels_are_not_in_it(store: Store, options: FeedOptions) -> None:
    await sent(store)
    other = FeedOptions("@other", options.path)
    await NewsFeed(store, other).refresh()
    assert read(other).entries == []


async def test_it_holds_the_newest_fifty(store: Store, options: FeedOptions) -> None:
    for number in range(1, SHOWN + 3):
        await sent(store, number, 40 + number)
    await NewsFeed(store, options).refresh()
    links = [one.link for one in read(options).entries]
    assert len(links) == SHOWN
    assert links[0] == item(SHOWN + 2).url


async def test_what_has_not_changed_is_not_written_again(
    store: Store, options: FeedOptions
) -> None:
    await sent(store)
    feed = NewsFeed(store, options)
    await feed.refresh()
    before = options.path.stat()
    await feed.refresh()
    assert options.path.stat().st_ino == before.st_ino
    options.path.unlink()
    await feed.refresh()
    assert len(read(options).entries) == 1


async def test_a_reader_never_sees_half_of_it(store: Store, options: FeedOptions) -> None:
    feed = NewsFeed(store, options)
    await feed.refresh()
    with options.path.open("rb") as held:
        await sent(store)
        await feed.refresh()
        # Who reads the old file reads all of it; the new one stands in its place.
        assert parsed(held.read()).entries == []
    assert len(read(options).entries) == 1
    assert [path.name for path in options.path.parent.iterdir()] == ["feed.xml"]


async def test_a_file_that_cannot_be_written_is_told_and_stops_nothing(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("no folder")
    feed = NewsFeed(store, FeedOptions(CHANNEL, tmp_path / "taken" / "feed.xml"))
    await feed.refresh()
    assert "channel.feed: " in caplog.text
    assert "feed_not_written" in [getattr(record, "action", "") for record in caplog.records]


class Watched(NewsFeed):
    """A feed that tells when it has looked after its file."""

    def __init__(self, store: Store, options: FeedOptions) -> None:
        super().__init__(store, options, pause=0)
        self.pulse = Pulse()

    async def refresh(self) -> None:
        await super().refresh()
        self.pulse.beat()


async def test_it_follows_what_the_sender_does(
    store: Store, options: FeedOptions, clock: SetClock
) -> None:
    channel = await PreviewChannel.open(store, Console(quiet=True), chat=CHANNEL)
    sender, feed = Sender(channel, store, FAST, now=clock), Watched(store, options)
    sender.changed = feed.wake
    stop = asyncio.Event()
    running = [asyncio.create_task(work.run(stop)) for work in (feed, sender)]

    async def until_it_shows(count: int) -> None:
        def shows() -> bool:
            return options.path.exists() and len(read(options).entries) == count

        await feed.pulse.until(shows, f"{count} posts in the file")

    await until_it_shows(0)
    for number in (1, 2):
        await queued(store, number)
        sender.wake()
        await until_it_shows(number)
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    sender.wake()
    await until_it_shows(1)
    stop.set()
    await asyncio.gather(*running)


def test_text_is_shown_up_to_its_length_and_without_a_second_title(tmp_path: Path) -> None:
    news = item(1, title="Мост открыт", text="Мост открыт.\n" + "Слово за слово. " * 50)
    its = feed_of([entry_of(news)], FeedOptions(CHANNEL, tmp_path, text_length=100))
    (shown,) = parsed(its).entries
    assert shown.summary.startswith("<p>Слово за слово.")
    assert len(shown.summary) < 110
    bare = feed_of([entry_of(news)], FeedOptions(CHANNEL, tmp_path, text_length=0))
    assert "summary" not in parsed(bare).entries[0]


def test_what_might_be_markup_is_text(tmp_path: Path) -> None:
    news = item(1, title="<b>5 < 6 & 7</b> ]]>", text='<script>alert("x")</script> &amp; слово')
    (shown,) = parsed(feed_of([entry_of(news)], FeedOptions(CHANNEL, tmp_path))).entries
    assert "<script" not in shown.summary
    assert "&lt;script&gt;" in shown.summary
    # RSS titles are text: the markup is to be read, not followed.
    raw = feed_of([entry_of(news)], FeedOptions(CHANNEL, tmp_path))
    assert "<title>&lt;b&gt;5 &lt; 6 &amp; 7&lt;/b&gt; ]]&gt;</title>" in raw


@settings(max_examples=150, deadline=None)
@given(title=st.text(), text=st.text(), url=st.text(), length=st.integers(0, 200))
def test_whatever_a_source_writes_the_file_is_well_formed(
    title: str, text: str, url: str, length: int
) -> None:
    news = Item("gazeta", f"https://gazeta.example/{url}", title, text)
    feed = feed_of([entry_of(news)], FeedOptions(CHANNEL, Path("feed.xml"), length))
    root = etree.fromstring(feed.encode("utf-8"))
    assert len(root.findall("channel/item")) == 1
