from __future__ import annotations

import json
import time

import pytest

from scrapers import parse_feed
from scrapers.text.closing import without_closing
from tests.scrapers.test_feed import URL, rss

NEWS = "В Заречье открыли мост.\nДвижение пустили утром."


@pytest.mark.parametrize(
    "closing",
    [
        "\nЧитать далее",
        "\nЧитать далее →",
        "\nЧитать полностью...",
        "\nчитать дальше »",
        "\n→ Подробнее",
        "\nПодробнее:",
        "\nRead more",
        " Читать далее",
        " Подробнее",
        " [Читать далее]",
        " (Подробнее…)",
        "\nЧитать далее «В Заречье открыли мост»",
        "\nThe post В Заречье открыли мост appeared first on Вести.",
        "\nЗапись В Заречье открыли мост впервые появилась Вести.",
        "\nСообщение В Заречье открыли мост появились сначала на Вести.",
        " The post Мост appeared first on Вести.",
        " Читать далее\nЗапись Мост впервые появилась Вести.",
    ],
)
def test_what_a_blog_engine_appends_is_dropped(closing: str) -> None:
    assert without_closing(NEWS + closing) == NEWS


@pytest.mark.parametrize(
    "text",
    [
        "Об открытии моста расскажем подробнее",
        "Об этом можно узнать подробнее.",
        "Ведущие программы «Подробнее»",
        "Подробнее об открытии моста расскажут вечером.",
        "Читать далее запрещено.\nТак решил совет.",
        "Детям нравится читать далее.",
        "Был концерт.\nЗапись концерта впервые появилась на сайте филармонии.",
        "Открыли мост. Сообщение об этом появилось сначала на сайте города.",
        "Подробнее\n«Мост ждали все», — сказали в мэрии.",
        "Запись на экскурсию впервые появилась весной.\nМест больше нет.",
        "Прибыл поезд.\nThe post office appeared first on the map.\nКонец.",
        "",
    ],
)
def test_the_news_itself_stays(text: str) -> None:
    assert without_closing(text) == text


def test_a_link_that_closes_an_entry_does_not_reach_the_reader() -> None:
    body = rss(
        "<title>Мост</title><link>/1</link><description><![CDATA[<p>Движение пустили утром"
        ' [&#8230;] <a href="/1">Читать далее</a></p>\n<p>Запись <a href="/1">Мост</a> впервые '
        'появилась <a href="/">Вести</a>.</p>]]></description>'
    )
    assert parse_feed(body, URL)[0].text == "Движение пустили утром […]"


@pytest.mark.parametrize("key", ["content_html", "content_text"])
def test_a_json_feed_is_closed_in_the_same_way(key: str) -> None:
    entry = {"id": "1", "url": "/1", "title": "Мост", key: "Открыли мост.\n\nПодробнее"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [entry]}
    assert parse_feed(json.dumps(feed).encode(), URL)[0].text == "Открыли мост."


def test_the_body_with_more_news_in_it_wins_not_the_one_with_the_longer_closing() -> None:
    body = rss(
        "<title>Мост</title><link>/1</link><description>Движение пустили утром.</description>"
        '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        "Мост открыт. The post Мост appeared first on Вести.</content:encoded>"
    )
    assert parse_feed(body, URL)[0].text == "Движение пустили утром."


def test_a_hostile_text_takes_no_time() -> None:
    began = time.process_time()
    for piece in ("The post ", "Читать далее «", "Запись x впервые появил", "Подробнее. "):
        without_closing(piece * 20_000)
    assert time.process_time() - began < 1
