"""The pictures of README, made from the demo."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from matplotlib.image import imread

from bot.clock import utc_now
from bot.demo.figures import DAYS, invented_figures
from bot.demo.photograph import browser, photograph
from bot.demo.pictures import WIDTH, card_page, doubtful_entry, make_pictures
from bot.errors import BotError
from bot.model import Reason


def words(page: str, selector: str) -> list[str]:
    found = BeautifulSoup(page, "lxml").select(selector)
    return [" ".join(one.get_text(" ").split()) for one in found]


def test_where_there_is_no_browser_the_pages_are_left(tmp_path: Path) -> None:
    left = make_pictures(tmp_path / "docs", None)
    assert [page.name for page in left] == ["channel.html", "card.html"]
    assert sorted(path.name for path in (tmp_path / "docs").iterdir()) == [
        "card.html",
        "channel.html",
        "stats.png",
    ]
    posts = words(left[0].read_text(encoding="utf-8"), "article b")
    assert len(posts) == 3
    assert "Фестиваль ремёсел в Тальниковске собрал 15 тысяч гостей" in posts


def test_the_card_is_in_russian_with_its_buttons_and_of_a_story_that_is_hard_to_tell() -> None:
    now = utc_now()
    entry = doubtful_entry(now)
    assert 0.05 < entry.verdict.score < 0.95
    page = card_page(entry, now)
    assert words(page, ".row span")[:2] == ["Хорошая", "Плохая"]
    assert entry.recorded.item.title in words(page, ".bubble")[0]


def test_the_invented_figures_are_the_same_each_time_and_agree_with_one_another() -> None:
    its = invented_figures()
    assert its == invented_figures()
    assert len(its.tallies) == DAYS
    for reason in (Reason.GOOD, Reason.UNSURE, Reason.BAD):
        assert sum(its.scores[reason]) == its.counts[reason]
    assert sum(one.judged for one in its.sources) == pytest.approx(its.judged, abs=2)
    assert sum(one.accepted for one in its.sources) == pytest.approx(its.counts[Reason.GOOD], abs=2)


def test_a_browser_photographs_a_page_as_high_as_it_is(tmp_path: Path) -> None:
    program = browser()
    if program is None:
        pytest.skip("no Chromium here")
    page, picture = tmp_path / "page.html", tmp_path / "page.png"
    page.write_text(
        "<body style='margin:0'><div style='height:300px;background:#c00'></div>", encoding="utf-8"
    )
    photograph(page, picture, program=program, width=WIDTH)
    height, width, _ = imread(picture).shape
    assert width == 2 * WIDTH
    assert 600 <= height < 700


def test_a_browser_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="false"):
        photograph(tmp_path / "page.html", tmp_path / "page.png", program="false", width=WIDTH)
