"""The benchmark of the scrapers, on very little."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.bench.figures import Amount, Ratio
from bot.bench.heartbeat import Heartbeat
from bot.bench.invented import SELECTORS, article, front_page
from bot.bench.memory import KNOWN
from bot.bench.pages import read_pages
from bot.bench.scrapers import measure_pages
from bot.bench.watched import Task, newsstand, watched
from bot.errors import BotError
from scrapers import extract_article
from scrapers.listings.listing import find_links

URL = "http://127.0.0.1:8000/"


@pytest.mark.parametrize("number", range(6))
def test_selectors_and_automatic_extraction_read_the_same_on_invented_pages(number: int) -> None:
    page = article(number)
    found, selected = extract_article(page, URL), extract_article(page, URL, selectors=SELECTORS)
    assert found == selected
    assert found.title and found.published
    assert 900 < len(found.text) < 5_000


def test_all_articles_of_an_invented_front_page_are_found() -> None:
    paths = [f"news/2024/{number}.html" for number in range(40)]
    body = front_page(1, (f"/{path}" for path in paths))
    expected = [URL + path for path in paths]
    assert find_links(body, URL) == expected
    assert find_links(body, URL, selector=SELECTORS.link) == expected


def test_pages_are_measured_beside_trafilatura() -> None:
    pytest.importorskip("trafilatura")
    ratio, slowest = measure_pages([article(1), article(2)])
    assert isinstance(ratio, Ratio) and isinstance(slowest, Amount)
    assert ratio.theirs > 0
    assert slowest.found >= ratio.ours * 1e3


@pytest.mark.process
@pytest.mark.parametrize("polite", [False, True])
def test_a_process_reads_all_articles_and_tells_what_it_took(polite: bool) -> None:
    with newsstand(sites=2, articles=1 if polite else 32) as stand:
        told = watched(Task(stand.ports, at_once=2, selectors=True, polite=polite))
    assert told.crawled.pages == (2 if polite else 64)
    assert told.busy > 0
    assert told.crawled.blocked >= told.crawled.blocked_by_us
    assert bool(told.memory) == KNOWN
    assert (stand.pause > 1.9) == polite


@pytest.mark.process
def test_a_process_that_cannot_read_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BotError, match="failed"):
        watched(Task([1], at_once=1))
    assert capfd.readouterr().err.count("\n") == 1


async def test_a_heartbeat_notes_how_long_the_loop_was_kept() -> None:
    heartbeat = Heartbeat()
    async with heartbeat.listening():
        await asyncio.sleep(0.01)
        until = time.process_time() + 0.05
        while time.process_time() < until:
            pass
        await asyncio.sleep(0.01)
    assert heartbeat.longest >= heartbeat.own > 0.04


def test_pages_are_read_from_a_folder_or_invented(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.html").write_bytes(b"one")
    (tmp_path / "2.HTM").write_bytes(b"two")
    (tmp_path / "notes.txt").write_bytes(b"three")
    assert sorted(read_pages(tmp_path)) == [b"one", b"two"]
    assert all(len(page) > 20_000 for page in read_pages(None))
    with pytest.raises(BotError, match="no pages in it"):
        read_pages(tmp_path / "b")


@pytest.mark.parametrize(
    ("amount", "met"),
    [
        (Amount("speed", 60, "pages/s", least=50), True),
        (Amount("speed", 40, "pages/s", least=50), False),
        (Amount("speed", 40, "pages/s"), None),
        (Amount("pause", 3, "s", most=2, least=1), False),
    ],
)
def test_an_amount_is_within_its_limits_or_not(amount: Amount, met: bool | None) -> None:
    assert amount.met is met
