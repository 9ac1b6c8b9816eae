"""The preview channel: what it prints, and the page it makes of the store."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from rich.console import Console

from bot.channel import Message, Span
from bot.errors import PageError
from bot.model import Operator, Reason, Truth, Verdict
from bot.preview import PreviewChannel, View, styled, write_page
from bot.render import Style
from bot.sending import Sender, SenderOptions
from bot.store import Store
from config import PREVIEW
from scrapers import Item
from tests.store.samples import reprinted

NOW = datetime(2026, 3, 5, 20, 30, tzinfo=timezone.utc)
SOURCE = "Городские вести"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(f"sqlite:///{tmp_path / 'newsieve.db'}") as opened:
        await opened.sources.ensure({SOURCE: "https://gazeta.example/rss"}, at=NOW)
        yield opened


def item(title: str, text: str = "Подробности расскажем вечером.", url: str = "") -> Item:
    return Item(SOURCE, url or f"https://example.org/{quote(title)}", title, text, NOW)


async def record(store: Store, news: Item, reason: Reason = Reason.GOOD, **said: object) -> int:
    (recorded,) = await store.sources.record_run(SOURCE, [news], at=NOW, due_at=NOW)
    score = 0.91 if reason is Reason.BAD else 0.08
    verdict = Verdict(reason, score, 0.5, "test-model", str(said.get("detail", "")))
    await store.ledger.record_verdict(recorded.id, verdict, [PREVIEW], at=NOW)
    return recorded.id


async def drain(store: Store, console: Console | None = None, now: datetime = NOW) -> None:
    channel = await PreviewChannel.open(store, console or quiet())
    await Sender(channel, store, SenderOptions(per_minute=100_000), now=lambda: now).drain()


def quiet() -> Console:
    return Console(file=io.StringIO(), width=80)


async def page_of(store: Store, folder: Path, view: View | None = None) -> BeautifulSoup:
    path = folder / "page.html"
    await write_page(store, path, view or View())
    return BeautifulSoup(path.read_bytes(), "lxml")


def words(page: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(found.get_text(" ").split()) for found in page.select(selector)]


async def test_posts_stand_on_the_page_in_the_order_they_were_sent(
    store: Store, tmp_path: Path
) -> None:
    await record(store, item("Открыт новый парк"))
    await record(store, item("Построена школа"))
    await drain(store)
    page = await page_of(store, tmp_path)
    assert words(page, ".post b") == ["Открыт новый парк", "Построена школа"]


async def test_a_post_on_the_page_carries_the_link_that_telegram_would_get(
    store: Store, tmp_path: Path
) -> None:
    await record(store, item("Открыт новый парк", url="https://example.org/park?a=1&b=2"))
    await drain(store)
    (link,) = (await page_of(store, tmp_path)).select(".post a")
    assert link["href"] == "https://example.org/park?a=1&b=2"
    assert link.text == "Открыт новый парк"


async def test_a_post_on_the_page_names_the_other_sources_of_its_story(
    store: Store, tmp_path: Path
) -> None:
    first = await record(store, item("Открыт новый парк"))
    await drain(store)
    await reprinted(store, first, 2)
    assert words(await page_of(store, tmp_path), ".post a") == ["Открыт новый парк", "radio"]
    silent = await page_of(store, tmp_path, View(also=False))
    assert words(silent, ".post a") == ["Открыт новый парк"]


async def test_a_rejection_stands_beside_the_channel_with_reason_and_score(
    store: Store, tmp_path: Path
) -> None:
    await record(store, item("Скидки на всё"), Reason.BAD)
    await record(store, item("Старая новость"), Reason.STALE, detail="9d old")
    page = await page_of(store, tmp_path)
    assert page.select(".post") == []
    stale, bad = words(page, ".card")
    assert stale == f"Старая новость stale 9d old · {SOURCE} 0.08 ≤ 0.50"
    assert bad == f"Скидки на всё bad {SOURCE} 0.91 > 0.50"


async def test_a_rejection_that_an_operator_corrected_says_so_and_is_posted(
    store: Store, tmp_path: Path
) -> None:
    number = await record(store, item("Ярмарка мёда"), Reason.BAD)
    editor = Operator(7, "editor")
    await store.labels.add(number, Truth.GOOD, editor, chats=[PREVIEW], at=NOW)
    await drain(store)
    page = await page_of(store, tmp_path)
    assert words(page, ".post b") == ["Ярмарка мёда"]
    assert "labelled good" in words(page, ".card")[0]


async def test_a_post_labelled_bad_leaves_the_page(store: Store, tmp_path: Path) -> None:
    number = await record(store, item("Лучшие окна города"))
    await drain(store)
    assert words(await page_of(store, tmp_path), ".post b") == ["Лучшие окна города"]
    await store.labels.add(number, Truth.BAD, Operator(7, "editor"), chats=[PREVIEW], at=NOW)
    console = quiet()
    await drain(store, console)
    assert words(await page_of(store, tmp_path), ".post b") == []
    assert "Post 1 removed" in printed(console)


async def test_posts_of_another_channel_are_not_on_the_page(store: Store, tmp_path: Path) -> None:
    await record(store, item("Открыт новый парк"))
    await drain(store)
    page = await page_of(store, tmp_path, View(chat="@elsewhere"))
    assert page.select(".post") == []


async def test_hostile_items_cannot_bring_markup_or_links_into_the_page(
    store: Store, tmp_path: Path
) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    await record(store, item(f"Новость {evil}", f"Текст {evil}"))
    await record(store, item(f"Реклама {evil}", url="javascript:alert(3)"), Reason.BAD)
    await drain(store)
    page = await page_of(store, tmp_path)
    assert page.select("script, img, [onerror]") == []
    assert evil in words(page, ".post b")[0]
    assert evil in words(page, ".card h3")[0]
    assert all(a["href"].startswith(("https://", "#")) for a in page.select("a"))


async def test_the_page_loads_nothing_from_elsewhere(store: Store, tmp_path: Path) -> None:
    await record(store, item("Открыт новый парк"))
    await drain(store)
    page = await page_of(store, tmp_path)
    assert page.select("script, link, img, iframe, [src]") == []
    assert "url(" not in "".join(style.text for style in page.select("style"))
    (policy,) = page.select("meta[http-equiv=Content-Security-Policy]")
    assert str(policy["content"]).startswith("default-src 'none'")


async def test_an_item_without_a_title_is_named_by_its_text_or_its_address(
    store: Store, tmp_path: Path
) -> None:
    await record(store, item("", "Пишите в личные сообщения."), Reason.SHORT)
    await record(store, item("", "", url="https://example.org/photo"), Reason.SHORT)
    page = await page_of(store, tmp_path)
    assert words(page, ".card h3") == ["https://example.org/photo", "Пишите в личные сообщения."]


async def test_an_empty_store_gives_a_page_that_says_so(store: Store, tmp_path: Path) -> None:
    page = await page_of(store, tmp_path)
    assert words(page, ".empty") == ["No posts yet", "Nothing was rejected yet"]


async def test_times_and_days_are_those_of_the_channel_zone(store: Store, tmp_path: Path) -> None:
    await record(store, item("Открыт новый парк"))
    await drain(store)
    page = await page_of(store, tmp_path, View(style=Style(zone=ZoneInfo("Asia/Yekaterinburg"))))
    assert words(page, ".day") == ["6 March 2026"]
    assert words(page, ".post time") == ["01:30"]


async def test_each_day_of_posts_has_one_heading(store: Store, tmp_path: Path) -> None:
    for day, title in enumerate(["Первая", "Вторая", "Третья"]):
        await record(store, item(title))
        await drain(store, now=NOW + timedelta(days=min(day, 1)))
    page = await page_of(store, tmp_path)
    assert words(page, ".day") == ["5 March 2026", "6 March 2026"]


async def test_the_page_is_replaced_whole_and_leaves_no_draft(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    await write_page(store, folder / "page.html", View(note="первая"))
    await write_page(store, folder / "page.html", View(note="вторая"))
    assert [file.name for file in folder.iterdir()] == ["page.html"]
    text = (folder / "page.html").read_text(encoding="utf-8")
    assert "вторая" in text
    assert "первая" not in text


async def test_a_page_that_cannot_be_written_leaves_no_draft(store: Store, tmp_path: Path) -> None:
    taken = tmp_path / "pages" / "page.html"
    taken.mkdir(parents=True)
    with pytest.raises(PageError, match=r"page\.html: Is a directory"):
        await write_page(store, taken)
    assert list(taken.parent.iterdir()) == [taken]


async def test_message_ids_go_on_after_a_restart(store: Store) -> None:
    first = await record(store, item("Открыт новый парк"))
    await drain(store)
    second = await record(store, item("Построена школа"))
    await drain(store)
    entries = [await store.ledger.entry(number) for number in (first, second)]
    assert [entry.posts[0].message_id for entry in entries if entry] == [1, 2]


async def test_a_post_cut_off_halfway_is_known_not_to_be_in_the_preview() -> None:
    channel = PreviewChannel(quiet(), last_id=4)
    message = Message('<a href="https://example.org/1">вести</a>', "https://example.org/1")
    assert await channel.find(message, Span(4)) is None


async def test_a_post_that_is_wanted_again_is_printed_anew(store: Store, tmp_path: Path) -> None:
    number = await record(store, item("Лучшие окна города"))
    await drain(store)
    editor = Operator(7, "editor")
    await store.labels.add(number, Truth.BAD, editor, chats=[PREVIEW], at=NOW)
    await drain(store)
    await store.labels.undo(editor, at=NOW)
    console = quiet()
    await drain(store, console)
    assert "Лучшие окна города" in printed(console)
    assert words(await page_of(store, tmp_path), ".post b") == ["Лучшие окна города"]


async def test_a_post_is_printed_with_its_words_and_without_its_tags() -> None:
    console = quiet()
    await PreviewChannel(console).send(
        Message("<b>Парк &amp; сад</b>\n\nОткрыт [вчера]", "https://example.org/1")
    )
    assert printed(console).split("\n")[:3] == ["  Парк & сад", "", "  Открыт [вчера]"]


def test_bold_words_and_links_keep_their_style_on_the_terminal() -> None:
    text = styled('<b>Парк</b> открыт: <a href="https://example.org/1">вести</a>')
    assert text.plain == "Парк открыт: вести"
    styles = {text.plain[span.start : span.end]: str(span.style) for span in text.spans}
    assert styles == {"Парк": "bold", "вести": "cyan link https://example.org/1"}


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())
