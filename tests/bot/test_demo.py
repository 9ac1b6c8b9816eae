"""The demo: its sample sites, and the whole way of their items with the real model."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from bs4 import BeautifulSoup
from rich.console import Console

from bot.demo import DemoResult, run_demo
from bot.demo.server import serving
from bot.demo.sites import SITES, Site
from bot.demo.stories import LIPOGORSK, TALNIKOVSK, VERKHNEOZERSK

NOW = datetime(2026, 3, 5, 20, 30, tzinfo=timezone.utc)
BRIDGE = "Мост через Талицу откроют на две недели раньше срока"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoResult, str]:
    """One run of the demo: what it returned and what it printed."""
    console = Console(file=io.StringIO(), width=100)
    page = tmp_path_factory.mktemp("demo") / "shown" / "page.html"
    result = asyncio.run(run_demo(page, console=console))
    assert isinstance(console.file, io.StringIO)
    return result, console.file.getvalue()


@pytest.fixture
def result(outcome: tuple[DemoResult, str]) -> DemoResult:
    return outcome[0]


def reasons(result: DemoResult) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for title, reason, _ in result.rejected:
        found.setdefault(reason, []).append(title)
    return found


def test_every_item_of_the_sites_that_work_has_a_verdict(result: DemoResult) -> None:
    stories = [*LIPOGORSK, *VERKHNEOZERSK, *TALNIKOVSK]
    told = [title for title, _ in result.posted] + [title for title, _, _ in result.rejected]
    assert sorted(told) == sorted(story.title for story in stories)


def test_good_news_of_every_site_reaches_the_channel(result: DemoResult) -> None:
    posted = {title for title, _ in result.posted}
    assert len(posted) == len(result.posted)
    for stories in (LIPOGORSK, VERKHNEOZERSK, TALNIKOVSK):
        assert posted & {story.title for story in stories}


def test_the_model_rejects_advertisements_and_horoscopes(result: DemoResult) -> None:
    bad = " ".join(reasons(result)["bad"])
    for word in ("Гороскоп", "скидкой", "рецептов", "Доход"):
        assert word in bad


def test_what_two_sites_published_word_for_word_is_posted_once(result: DemoResult) -> None:
    assert [title for title, _ in result.posted].count(BRIDGE) == 1
    assert reasons(result)["duplicate"] == [BRIDGE]


def test_an_old_item_is_stale_and_a_caption_alone_is_short(result: DemoResult) -> None:
    assert reasons(result)["short"] == ["Фото дня"]
    (stale,) = reasons(result)["stale"]
    assert "библиотека" in stale


def test_one_threshold_parts_the_scores_of_good_and_bad(result: DemoResult) -> None:
    bad = [score for _, reason, score in result.rejected if reason == "bad"]
    assert 0 <= max(score for _, score in result.posted) < min(bad) <= 1


def test_the_broken_site_is_told_and_stops_no_other(result: DemoResult) -> None:
    ((name, reason),) = result.failures
    assert name == "Степногорье.Инфо"
    assert "500" in reason


def test_the_page_shows_what_the_result_says(result: DemoResult) -> None:
    page = BeautifulSoup(result.page.read_bytes(), "lxml")
    assert [b.text for b in page.select(".post b")] == [title for title, _ in result.posted]
    shown = {h3.text.strip() for h3 in page.select(".card h3")}
    assert shown == {title for title, _, _ in result.rejected}
    assert "invented" in page.select_one(".note").text


def test_the_demo_leaves_nothing_but_the_page(result: DemoResult) -> None:
    assert list(result.page.parent.iterdir()) == [result.page]


def test_the_posts_are_printed_as_they_go_out(outcome: tuple[DemoResult, str]) -> None:
    result, printed = outcome
    assert all(title[:40] in printed for title, _ in result.posted)
    assert not any(title[:40] in printed for title, reason, _ in result.rejected if reason == "bad")


def test_the_result_is_plain_json(result: DemoResult) -> None:
    told = result.as_json()
    assert set(told) == {"posted", "rejected", "failures", "page"}
    assert set(told["rejected"][0]) == {"title", "reason", "score"}
    assert Path(told["page"]).is_absolute()


async def test_the_demo_asks_neither_the_environment_nor_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSIEVE_CLASSIFIER__THRESHOLD", "0")
    monkeypatch.setenv("NEWSIEVE_HTTP__PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    result = await run_demo(tmp_path / "page.html", console=None)
    assert result.posted
    assert len(result.failures) == 1


@pytest.mark.parametrize(
    "site", [s for s in SITES if isinstance(s, Site)], ids=lambda s: s.encoding
)
def test_a_site_serves_its_pages_in_its_own_encoding(site: Site) -> None:
    with serving() as server, httpx.Client(trust_env=False) as client:
        server.answers = site.answers(server.root, NOW)
        entrance = client.get(server.root + site.entrance)
        article = client.get(urljoin(server.root, f"/news/{site.stories[0].slug}/"))
    assert site.encoding in entrance.content.decode("ascii", "replace")
    for answer in (entrance, article):
        assert "charset" not in answer.headers["content-type"] or site.encoding == "utf-8"
        assert site.stories[0].title in answer.content.decode(site.encoding)


def test_dates_on_the_sites_are_relative_to_now() -> None:
    site = SITES[1]
    assert isinstance(site, Site)
    listing = site.answers("http://127.0.0.1:1", NOW)[site.entrance]
    page = BeautifulSoup(listing.body, "lxml", from_encoding=site.encoding)
    newest = NOW.astimezone(site.timezone) - min(story.age for story in site.stories)
    assert page.select_one(".when").text == f"6 марта 2026, {newest:%H:%M}"


def test_a_sample_server_knows_only_its_own_pages() -> None:
    with serving() as server:
        answer = httpx.get(server.root + "/nothing", trust_env=False)
    assert answer.status_code == 404


def test_a_sample_server_is_gone_after_its_block() -> None:
    with serving() as server:
        root = server.root
    with pytest.raises(httpx.ConnectError):
        httpx.get(root, trust_env=False)
